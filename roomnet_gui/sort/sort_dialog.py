"""Sort into folders: the options on the left, and on the right what would come of them. Nothing is touched here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QModelIndex, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.plan import Mode, SortOptions, SortPlan
from roomnet_gui import texts
from roomnet_gui.appearance import ToneLabel
from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.sort.options_panel import OptionsPanel
from roomnet_gui.sort.plan_models import FolderModel, PlanModel
from roomnet_gui.sort.presets import Presets
from roomnet_gui.sort.preview import Preview, make_preview
from roomnet_gui.tables import ElidedInTheMiddle, set_up_rows, set_up_table

_PAUSE_MS = 180
_NOW, _THEN, _REMARK = range(3)


class SortDialog(QDialog):
    """`wanted` carries the plan that was on the screen when the person said yes."""

    wanted = Signal(object)

    def __init__(
        self,
        photos: Sequence[SessionPhoto],
        rooms: RoomSet,
        options: SortOptions,
        presets: Presets,
        runner: Runner,
        settings: QSettings,
        parent: QWidget | None = None,
        *,
        may_move: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sortDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Sort into folders"))
        self._photos, self._rooms = tuple(photos), rooms
        self._presets, self._runner, self._settings = presets, runner, settings
        self._job: Job | None = None
        self.preview: Preview | None = None  # of the options that stand in the fields now, or None
        self._shown = Preview()  # the last one that has something to show
        self.options = OptionsPanel(rooms, presets.destinations())
        self.options.set_options(options)
        if not may_move:
            self.options.forbid_moving(self.tr("Photos can be moved when all of them are classified."))
        self.folder_model, self.plan_model = FolderModel(self), PlanModel(self)
        self.summary, self.message = ToneLabel(), ToneLabel()
        self.message.setObjectName("message")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.sort_button = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.sort_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._make_left())
        self.splitter.addWidget(self._make_right())
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.summary)
        layout.addWidget(self.buttons)
        add_help(self)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._make_preview)
        self.options.changed.connect(self._options_changed)
        self._restore()
        self._options_changed()
        self.options.destination_box.setFocus()
        self.finished.connect(lambda _: self._closed())

    # --- parts

    def _make_left(self) -> QWidget:
        self.preset_box = QComboBox()
        self.preset_box.setAccessibleName(self.tr("Preset"))
        self.preset_box.setPlaceholderText(self.tr("None"))
        self.preset_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.preset_box.activated.connect(lambda _: self._take_preset())
        label = QLabel(self.tr("&Preset:"))
        label.setBuddy(self.preset_box)
        save = QPushButton(self.tr("&Save…"))
        save.setToolTip(self.tr("Keep these options under a name"))
        self._delete = QPushButton(self.tr("D&elete"))
        self._delete.setToolTip(self.tr("Forget this preset"))
        save.clicked.connect(self._save_preset)
        self._delete.clicked.connect(self._delete_preset)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 6, 0)
        row.addWidget(label)
        row.addWidget(self.preset_box, 1)
        for button in (save, self._delete):
            button.setAutoDefault(False)
            row.addWidget(button)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.options)
        scroll.setMinimumWidth(self.options.minimumSizeHint().width() + 24)
        self._scroll = scroll
        left = QWidget()
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(scroll, 1)
        self._fill_presets("")
        return left

    def _make_right(self) -> QWidget:
        self.tree = QTreeView()
        self.tree.setObjectName("folderTree")
        self.tree.setModel(self.folder_model)
        set_up_table(self.tree, self.tr("How many photos go to which folder"), stretch=0)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setExpandsOnDoubleClick(False)
        self.folder_model.modelReset.connect(self._tree_reset)
        self.tree.selectionModel().currentRowChanged.connect(lambda *_: self._show_rows())
        self.table = QTableView()
        self.table.setObjectName("planTable")
        self.table.setModel(self.plan_model)
        set_up_rows(self.table, self.tr("Old names and new names"), _NOW, _THEN)
        for column in (_NOW, _THEN):
            self.table.setItemDelegateForColumn(column, ElidedInTheMiddle(self.table))
        self.table.horizontalHeader().resizeSection(_REMARK, self.fontMetrics().averageCharWidth() * 26)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.addWidget(self.tree)
        self.parts.addWidget(self.table)
        self.parts.setSizes([270, 330])
        self.parts.setStretchFactor(1, 1)
        self.parts.setChildrenCollapsible(False)
        return self.parts

    def _restore(self) -> None:
        geometry = self._settings.value("sort/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            available = QGuiApplication.primaryScreen().availableGeometry().size()
            self.resize(self.sizeHint().expandedTo(self._roomy()).boundedTo(available * 0.92))
        splitter = self._settings.value("sort/splitter")
        if isinstance(splitter, QByteArray):
            self.splitter.restoreState(splitter)

    def _roomy(self) -> object:
        metrics = self.fontMetrics()
        return metrics.boundingRect("x" * 150).size().expandedTo(metrics.boundingRect("x").size() * 46)

    # --- presets

    def _fill_presets(self, current: str) -> None:
        self.preset_box.clear()
        self.preset_box.addItems(self._presets.names())
        self.preset_box.setCurrentIndex(self.preset_box.findText(current) if current else -1)
        self.preset_box.setEnabled(self.preset_box.count() > 0)
        self._delete.setEnabled(self.preset_box.currentIndex() >= 0)

    def _take_preset(self) -> None:
        options = self._presets.get(self.preset_box.currentText(), self.options.destination)
        if options is not None:
            self.options.set_preset(options)
        self._delete.setEnabled(True)

    def _save_preset(self) -> None:
        name, accepted = QInputDialog.getText(
            self, self.tr("Save preset"), self.tr("Name of the preset:"), text=self.preset_box.currentText()
        )
        if accepted and name.strip():
            self._presets.save(name.strip(), self.options.options())
            self._fill_presets(name.strip())

    def _delete_preset(self) -> None:
        self._presets.delete(self.preset_box.currentText())
        self._fill_presets("")

    # --- the preview

    def _options_changed(self) -> None:
        self.preview = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._update_button()
        self._timer.start()

    def _make_preview(self) -> None:
        options, photos, rooms = self.options.options(), self._photos, self._rooms
        job: Job

        def work(job: Job) -> Preview:
            return make_preview(photos, rooms, options, job.cancelled)

        def done(preview: Preview) -> None:
            if job is self._job:
                self._job = None
                self._show(preview)

        job = self._job = self._runner.start(Lane.FILES, "preview the sort", work, Callbacks(done=done))

    def _show(self, preview: Preview) -> None:
        self.preview = preview
        if not preview.template_is_wrong:  # while a name is being typed the last good preview stays
            self._shown = preview
            self.folder_model.show(preview.folders)
            self._show_rows()
        self.options.template.show_example(preview.example, wrong=preview.template_is_wrong)
        self.summary.setText(preview.summary)
        self.message.say(preview.message, preview.tone)
        self.message.setVisible(bool(preview.message))
        self._update_button()

    def _show_rows(self) -> None:
        self.plan_model.show(self._shown.rows_in(self.folder_model.folder(self.tree.currentIndex())))

    def _tree_reset(self) -> None:
        self.tree.expandAll()
        self.tree.setCurrentIndex(self.folder_model.index(0, 0, QModelIndex()))

    def _update_button(self) -> None:
        preview = self.preview
        patterns = {
            Mode.COPY: self.tr("Copy {photos}"),
            Mode.MOVE: self.tr("Move {photos}"),
            Mode.LINK: self.tr("Link {photos}"),
        }
        if preview is not None or not self.sort_button.text():
            count = len(preview.plan.items) if preview is not None and preview.plan is not None else 0
            self.sort_button.setText(
                patterns[self.options.mode].format(photos=texts.photos(count) if count else self.tr("photos"))
            )
        self.sort_button.setEnabled(preview is not None and preview.can_start)

    # --- the end

    def accept(self) -> None:
        if self.preview is None or not self.preview.can_start:
            return
        assert self.preview.plan is not None
        plan: SortPlan = self.preview.plan
        self._presets.remember(self.options.options())
        super().accept()
        self.wanted.emit(plan)

    def _closed(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._settings.setValue("sort/geometry", self.saveGeometry())
        self._settings.setValue("sort/splitter", self.splitter.saveState())
