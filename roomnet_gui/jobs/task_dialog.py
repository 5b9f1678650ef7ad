"""A dialog over the window while files are written: how far it is, Cancel, and afterwards what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.errors import RoomNetError
from roomnet_core.photos.problems import escaped, printable
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.motion import show_busy
from roomnet_gui.tables import set_up_rows

Index = QModelIndex | QPersistentModelIndex
# Before this the time left is a guess that jumps.
_ESTIMATE_AFTER_SECONDS = 2.0
_MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that the task did not do, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Further:
    """A button under the result: closes the dialog and goes on with `action`."""

    text: str
    action: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person reads when a task has ended. `folder` and `file` can be opened from there."""

    headline: str
    text: str = ""
    warning: bool = False
    left_title: str = ""
    left: tuple[LeftOut, ...] = ()
    folder: Path | None = None
    file: Path | None = None
    further: tuple[Further, ...] = ()

    def report(self) -> str:
        """Everything as plain text, for the clipboard."""
        left = (f"{escaped(str(one.path))}\t{one.reason}" for one in self.left)
        lines = [self.headline, self.text, self.left_title, *left]
        return "\n".join(line for line in lines if line) + "\n"


class LeftOutModel(QAbstractTableModel):
    """One row a file: its name and the reason."""

    def __init__(self, left: tuple[LeftOut, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = left
        self._titles = (self.tr("File"), self.tr("Why"))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._left)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        left = self._left[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return printable(left.path.name) if index.column() == 0 else left.reason
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{left.path}\n{left.reason}"
        return None


class TaskDialog(QDialog):
    """Follows one job: `present` turns its result into an `Outcome`, or into None where nothing needs saying.

    Closing it while the job runs cancels the job; the result, as far as it came, is still presented. An error that is
    meant for people is a result too; any other goes to the runner's error handler.
    """

    ended = Signal()  # the job has; the outcome, if any, is on the screen

    def __init__(self, title: str, doing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("taskDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.outcome: Outcome | None = None
        self._job: Job | None = None
        self._present: Callable[[Any], Outcome | None] = lambda result: None
        self._started = time.monotonic()
        self._further: Callable[[], None] | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_progress(doing))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.buttons)
        add_help(self, button=False)

    def follow(
        self,
        runner: Runner,
        name: str,
        work: Callable[[Job], Any],
        present: Callable[[Any], Outcome | None],
    ) -> None:
        """Start `work` and show the dialog."""
        self._present = present
        self._started = time.monotonic()
        self._job = runner.start(
            Lane.FILES,
            name,
            work,
            Callbacks(progress=self._show_progress, done=self._done, failed=self._failed, cancelled=self._end),
        )
        self.open()

    def _make_progress(self, doing: str) -> QWidget:
        page = QWidget()
        self._doing = QLabel(doing)
        self._doing.setWordWrap(True)
        self.bar = QProgressBar()
        show_busy(self.bar)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(doing)
        self._figures = QLabel()
        self._figures.setObjectName("figures")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._doing)
        layout.addWidget(self.bar)
        layout.addWidget(self._figures)
        layout.addStretch(1)
        return page

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        text = self.tr("{done} of {total}").format(done=texts.number(done), total=texts.number(total))
        elapsed = time.monotonic() - self._started
        if 0 < done < total and elapsed > _ESTIMATE_AFTER_SECONDS:
            left = texts.duration(elapsed / done * (total - done))
            text += self.tr(" · {time} left").format(time=left)
        self._figures.setText(text)

    # --- the end

    def _done(self, result: Any) -> None:
        self._show(self._present(result))

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, RoomNetError):
            self._end()
            raise error  # the runner hands it to the one place for errors
        self._show(Outcome(spoken(str(error)), warning=True))

    def _end(self) -> None:
        self._job = None
        self.ended.emit()
        self.close()

    def _show(self, outcome: Outcome | None) -> None:
        if outcome is None:
            self._end()
            return
        self._job = None
        self.outcome = outcome
        self._pages.addWidget(self._make_result(outcome))
        self._pages.setCurrentIndex(1)
        self._set_buttons(outcome)
        if outcome.left:
            metrics = self.fontMetrics()
            rows = min(len(outcome.left), _MOST_ROWS)
            self.resize(110 * metrics.averageCharWidth(), (10 + 2 * rows) * metrics.height())
        else:
            self.adjustSize()
        self.ended.emit()

    def _make_result(self, outcome: Outcome) -> QWidget:
        page = QWidget()
        kinds = QStyle.StandardPixmap
        kind = kinds.SP_MessageBoxWarning if outcome.warning or outcome.left else kinds.SP_MessageBoxInformation
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize)
        icon = QLabel()
        icon.setPixmap(self.style().standardIcon(kind).pixmap(side, side))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        headline = _words(outcome.headline, "headline")
        if outcome.text or outcome.left:
            font = headline.font()
            font.setBold(True)
            headline.setFont(font)
        words.addWidget(headline)
        if outcome.text:
            words.addWidget(_words(outcome.text, "outcomeText"))
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(icon)
        top.addLayout(words, 1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(top)
        if outcome.left:
            title = QLabel(outcome.left_title)
            table = QTableView()
            table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
            table.setModel(LeftOutModel(outcome.left, table))
            set_up_rows(table, outcome.left_title, 1)
            table.horizontalHeader().resizeSection(0, 200)
            title.setBuddy(table)
            layout.addWidget(title)
            layout.addWidget(table, 1)
        return page

    def _set_buttons(self, outcome: Outcome) -> None:
        roles = QDialogButtonBox.ButtonRole
        self.buttons.clear()
        close = self.buttons.addButton(QDialogButtonBox.StandardButton.Close)
        if outcome.file is not None:
            self._add(self.tr("Open &file"), roles.ActionRole, lambda: _open(outcome.file))
        if outcome.folder is not None:
            self._add(self.tr("&Open folder"), roles.ActionRole, lambda: _open(outcome.folder))
        if outcome.left:
            self._add(self.tr("&Copy report"), roles.ActionRole, lambda: _copy(outcome.report()))
        for further in outcome.further:
            self._add(further.text, roles.ActionRole, lambda further=further: self._go_on(further.action))
        close.setDefault(True)
        close.setFocus()

    def _add(self, text: str, role: QDialogButtonBox.ButtonRole, action: Callable[[], None]) -> QPushButton:
        button = self.buttons.addButton(text, role)
        button.setAutoDefault(False)
        button.clicked.connect(lambda checked: action())
        return button

    def _go_on(self, action: Callable[[], None]) -> None:
        self.close()
        action()

    def reject(self) -> None:
        """Esc, Cancel and the close button of the window all come here."""
        if self._job is None:
            super().reject()
            return
        self._job.cancel()  # its end comes next
        self._doing.setText(self.tr("Stopping…"))
        for button in self.buttons.buttons():
            button.setEnabled(False)


def _words(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return label


def _open(path: Path | None) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
