"""The models there are: use, rename, export, import, remove. All of it on a worker, and the trash keeps what goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSettings, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.errors import RoomNetError
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.models.store import SUFFIX, ModelStore
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.motion import show_busy
from roomnet_gui.tables import set_up_rows

Index = QModelIndex | QPersistentModelIndex
_NAME, _CLASSES, _ACCURACY, _SIZE, _ORIGIN = range(5)


@dataclass(frozen=True, slots=True)
class ListedModel:
    model: ModelFile
    own: bool
    size: int  # bytes
    has_report: bool


def list_all(store: ModelStore) -> list[ListedModel]:
    """Every model with what the table shows of it; reads the disk."""
    return [
        ListedModel(
            model,
            store.is_own(model),
            sum(int(entry["bytes"]) for entry in model.card.files.values()),
            (model.folder / "report").is_dir(),
        )
        for model in store.list()
    ]


class ModelTable(QAbstractTableModel):
    """One row a model; the one in use is bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ListedModel] = ()
        self._current: Path | None = None
        self._titles = (self.tr("Model"), self.tr("Classes"), self.tr("Accuracy"), self.tr("Size"), self.tr("Origin"))

    def show(self, rows: Sequence[ListedModel], current: ModelFile) -> None:
        self.beginResetModel()
        self.rows, self._current = rows, current.folder
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            names = ", ".join(texts.room_name(room) for room in row.model.rooms)
            return f"{row.model.name}\n{texts.model_description(row.model.card)}\n{names}"
        if role == Qt.ItemDataRole.FontRole and row.model.folder == self._current:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _text(self, row: ListedModel, column: int) -> str:
        if column == _NAME:
            in_use = row.model.folder == self._current
            return self.tr("{name} (in use)").format(name=row.model.name) if in_use else row.model.name
        if column == _CLASSES:
            return str(len(row.model.rooms))
        if column == _ACCURACY:
            measured = row.model.card.measured
            figures = measured.get("test") or measured.get("val") or {}
            accuracy = figures.get("accuracy") if isinstance(figures, dict) else None
            return texts.per_cent(accuracy, 1) if isinstance(accuracy, int | float) else "-"
        if column == _SIZE:
            return texts.size(row.size)
        return self.tr("Your own") if row.own else self.tr("Ships with RoomNet")


class ModelsDialog(QDialog):
    """`use` makes a model the one in use; `current` is that one."""

    report_wanted = Signal(object)  # ModelFile

    def __init__(
        self,
        store: ModelStore,
        runner: Runner,
        settings: QSettings,
        current: Callable[[], ModelFile],
        use: Callable[[ModelFile], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Models"))
        self._store, self._runner, self._settings = store, runner, settings
        self._current, self._use = current, use
        self._job: Job | None = None
        self._select: Path | None = None
        self.table_model = ModelTable(self)
        self.table = QTableView()
        self.table.setObjectName("modelsTable")
        self.table.setModel(self.table_model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        set_up_rows(self.table, self.tr("Models"), _NAME)
        character = self.fontMetrics().averageCharWidth()
        for number, width in ((_CLASSES, 12), (_ACCURACY, 13), (_SIZE, 13), (_ORIGIN, 26)):
            self.table.horizontalHeader().resizeSection(number, width * character)
        self.message = ToneLabel()
        self.message.setObjectName("message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        show_busy(self.bar)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Working"))
        self.use_button = self._button(self.tr("&Use"), self.tr("Classify with this model from now on"), self._use_it)
        self.rename_button = self._button(self.tr("&Rename…"), self.tr("Another name"), self._rename)
        self.export_button = self._button(
            self.tr("&Export…"), self.tr("Write the model as one file, for another computer"), self._export
        )
        self.import_button = self._button(
            self.tr("&Import…"), self.tr("Take in a model from a file of another computer"), self._import
        )
        self.remove_button = self._button(self.tr("Re&move…"), self.tr("Put the model into the trash"), self._remove)
        self.report_button = self._button(
            self.tr("Re&port"), self.tr("Show what came of its training"), self._show_report
        )
        column = QVBoxLayout()
        for button in (
            self.use_button,
            self.report_button,
            self.rename_button,
            self.export_button,
            self.import_button,
            self.remove_button,
        ):
            column.addWidget(button)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.table, 1)
        row.addLayout(column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(row, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.bar)
        layout.addWidget(buttons)
        add_help(self)
        self.resize(character * 130, self.fontMetrics().height() * 22)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._update())
        self.table_model.modelReset.connect(self._update)
        self.table.doubleClicked.connect(lambda _: self._use_it())
        self.finished.connect(lambda _: self._closed())
        self._set_busy(False)
        self._list()
        self.table.setFocus()

    # --- the list

    @property
    def chosen(self) -> ListedModel | None:
        row = self.table.currentIndex().row()
        return self.table_model.rows[row] if 0 <= row < len(self.table_model.rows) else None

    def _list(self, select: Path | None = None) -> None:
        store = self._store
        self._select = select or (self.chosen.model.folder if self.chosen else self._current().folder)
        self._run("list the models", lambda job: list_all(store), self._show)

    def _show(self, rows: list[ListedModel]) -> None:
        self.table_model.show(rows, self._current())
        for number, row in enumerate(rows):
            if row.model.folder == self._select:
                self.table.selectRow(number)
        if self.chosen is None and rows:
            self.table.selectRow(0)

    # --- what can be done

    def _use_it(self) -> None:
        if self.chosen is not None and self._job is None:
            self._use(self.chosen.model)
            self.message.say(
                self.tr("{name} is in use.").format(name=self.chosen.model.name), Tone.PLAIN
            )
            self._list()

    def _show_report(self) -> None:
        if self.chosen is not None:
            model = self.chosen.model
            self.close()
            self.report_wanted.emit(model)

    def _rename(self) -> None:
        row = self.chosen
        if row is None:
            return
        name, accepted = QInputDialog.getText(
            self, self.tr("Rename the model"), self.tr("New name:"), text=row.model.name
        )
        name = name.strip()
        if not accepted or not name or name == row.model.name:
            return
        store, in_use = self._store, row.model.folder == self._current().folder

        def done(model: ModelFile) -> None:
            if in_use:
                self._use(model)
            self.message.say(self.tr("The model is called {name} now.").format(name=model.name), Tone.PLAIN)
            self._list(model.folder)

        self._run("rename a model", lambda job: store.rename(row.model, name), done)

    def _export(self) -> None:
        row = self.chosen
        if row is None:
            return
        folder = Path(str(self._settings.value("train/exportFolder", str(Path.home()))))
        wanted, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export the model"),
            str(folder / f"{row.model.name}{SUFFIX}"),
            self.tr("RoomNet models (*{suffix})").format(suffix=SUFFIX),
        )
        if not wanted:
            return
        path = Path(wanted)
        if path.suffix.casefold() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        self._settings.setValue("train/exportFolder", str(path.parent))
        store = self._store
        self._run(
            "export a model",
            lambda job: store.export_file(row.model, path),
            lambda written: self.message.say(self.tr("Exported to {path}").format(path=str(written)), Tone.PLAIN),
        )

    def _import(self) -> None:
        folder = str(self._settings.value("train/exportFolder", str(Path.home())))
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Import a model"),
            folder,
            self.tr("RoomNet models (*{suffix});;All files (*)").format(suffix=SUFFIX),
        )
        if chosen:
            self.import_file(Path(chosen))

    def import_file(self, path: Path) -> None:
        """Take in the model in that file; a refusal is said in the dialog."""
        store = self._store

        def done(model: ModelFile) -> None:
            self.message.say(self.tr("{name} was imported. Use makes it the one in use.").format(name=model.name),
                             Tone.PLAIN)
            self._list(model.folder)

        self._run("import a model", lambda job: store.import_file(path), done)

    def _remove(self) -> None:
        row = self.chosen
        if row is None:
            return
        question = QMessageBox(self)
        question.setObjectName("removeQuestion")
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Remove the model"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(self.tr("Put {name} into the trash?").format(name=row.model.name))
        question.setInformativeText(self.tr("What it said of photos is kept. The trash gives the model back."))
        remove = question.addButton(self.tr("&Move to trash"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(QMessageBox.StandardButton.Cancel)
        add_help(question)
        question.exec()
        if question.clickedButton() is not remove:
            return
        store = self._store
        if row.model.folder == self._current().folder:
            others = [other.model for other in self.table_model.rows if not other.own]
            if not others:
                self.message.say(self.tr("This is the only model; it stays."), Tone.WARNING)
                return
            self._use(others[0])

        def done(_: object) -> None:
            self.message.say(self.tr("{name} is in the trash.").format(name=row.model.name), Tone.PLAIN)
            self._list(self._current().folder)

        self._run("remove a model", lambda job: store.remove(row.model), done)

    # --- work

    def _run(self, name: str, work: Callable[[Job], Any], then: Callable[[Any], None]) -> None:
        job: Job

        def done(result: Any) -> None:
            if job is self._job:
                self._set_busy(False)
                then(result)

        def failed(error: BaseException) -> None:
            if job is self._job:
                self._set_busy(False)
                if isinstance(error, RoomNetError | OSError):
                    self.message.say(spoken(str(error)), Tone.ERROR)
                    return
            raise error  # the runner hands it to the one place for errors

        job = self._job = self._runner.start(Lane.TRAINING, name, work, Callbacks(done=done, failed=failed))
        self._set_busy(True, job)

    def _set_busy(self, busy: bool, job: Job | None = None) -> None:
        self._job = job
        self.bar.setVisible(busy)
        self._update()

    def _update(self) -> None:
        row, idle = self.chosen, self._job is None
        own = row is not None and row.own
        self.use_button.setEnabled(idle and row is not None and row.model.folder != self._current().folder)
        self.report_button.setEnabled(idle and row is not None and row.has_report)
        self.export_button.setEnabled(idle and row is not None)
        self.import_button.setEnabled(idle)
        self.rename_button.setEnabled(idle and own)
        self.remove_button.setEnabled(idle and own)

    def _button(self, text: str, tip: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _: act())
        return button

    def _closed(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
