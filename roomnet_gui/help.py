"""F1 and Help: which page of the guide belongs to which dialog or page of the window, and the window that shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QWidget

from roomnet_gui.help_window import HelpWindow
from roomnet_gui.jobs.runner import Runner

GUIDE = (
    "quick-start.md",
    "review.md",
    "sorting.md",
    "templates.md",
    "exports.md",
    "training.md",
    "models.md",
    "command-line.md",
    "problems.md",
)
"""The pages of the guide, in the order in which they are listed."""

PAGES = {
    # pages of the main window
    "EmptyState": "quick-start.md",
    "ReviewPage": "review.md",
    "TrainPage": "training.md",
    # dialogs, by class
    "AboutDialog": "problems.md#report-a-fault",
    "EarlierSorts": "sorting.md#take-it-back",
    "ExportDialog": "exports.md",
    "InterruptedBox": "sorting.md#after-a-crash",
    "LogDialog": "problems.md#the-log",
    "ModelsDialog": "models.md",
    "ProgressDialog": "exports.md",
    "SortDialog": "sorting.md",
    "TaskDialog": "problems.md#some-files-were-left-out",
    "UnfinishedBox": "training.md#while-it-runs",
    "Welcome": "quick-start.md",
    # boxes that a function asks with, by object name
    "cancellingBox": "training.md#while-it-runs",
    "catalogBox": "problems.md#the-catalog-cannot-be-used",
    "errorBox": "problems.md",
    "leavingBox": "training.md#while-it-runs",
    "removeQuestion": "models.md",
    "unsavedBox": "review.md#everything-is-kept",
}
"""The page of the guide, and the heading on it, for each of them."""


def page_of(widget: QWidget) -> str:
    """The page for this dialog or page. Every one of them has one, which a test sees to."""
    return PAGES.get(type(widget).__name__) or PAGES[widget.objectName()]


class Help(QObject):
    """The help of the main window and of every dialog over it: one window of its own beside them."""

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self._runner = runner
        self.window: HelpWindow | None = None

    def open_for(self, widget: QWidget) -> None:
        """Show the page for `widget`."""
        self.open(page_of(widget))

    def open(self, page: str) -> None:
        """Show `page`, a file name of the guide with or without a heading: `sorting.md#take-it-back`."""
        if self.window is None:
            # Without a parent, so that a dialog over the main window does not lock it.
            self.window = HelpWindow(self._runner, GUIDE)
        self.window.show_page(page)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()


def add_help(dialog: QDialog, *, button: bool = True) -> None:
    """Give `dialog` its F1, and unless it is a message box a Help button in its row of buttons.

    To be called when the row is there. The dialog must lie over a window that has a `Help`.
    """

    def show() -> None:
        if (help_ := _help_over(dialog)) is not None:
            help_.open_for(dialog)

    if dialog.windowModality() == Qt.WindowModality.NonModal and isinstance(dialog, QMessageBox):
        dialog.setWindowModality(Qt.WindowModality.WindowModal)  # `exec` would lock the help too
    QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), dialog, show)
    if button and not isinstance(dialog, QMessageBox):
        row = dialog.findChild(QDialogButtonBox)
        added = row.addButton(QDialogButtonBox.StandardButton.Help)
        added.setAutoDefault(False)
        added.setText(QCoreApplication.translate("Help", "Help"))
        row.helpRequested.connect(show)


def _help_over(widget: QWidget) -> Help | None:
    """That of the nearest window below `widget` which has one."""
    above: QObject | None = widget
    while above is not None:
        found = above.findChild(Help, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if found is not None:
            return found
        above = above.parent()
    return None
