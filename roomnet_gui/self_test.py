"""The window tries itself out, on photos that may be thrown away: `roomnet-gui --self-test REQUEST.json FOLDER`.

What is built into an installer is tested as it is, without the test tools that the installer leaves out.
"""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from roomnet_core.inference.model_file import list_models
from roomnet_core.sorting.plan import SortOptions
from roomnet_gui.export.excel_export import ExcelExport
from roomnet_gui.jobs.task_dialog import TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.sort.sort_dialog import SortDialog

_STEP_SECONDS = 120.0
_Widget = TypeVar("_Widget", bound=QWidget)


@dataclass(frozen=True, slots=True)
class Request:
    """`report` is the JSON file to write. `work` is an empty folder to export and sort into; None: only classify."""

    report: Path
    work: Path | None = None

    @classmethod
    def read(cls, path: Path) -> Request:
        wanted = json.loads(path.read_text(encoding="utf-8"))
        work = wanted.get("work")
        return cls(Path(wanted["report"]), None if work is None else Path(work))


class SelfTest(QObject):
    """Goes through the window's actions, writes the report, and closes the window: exit status 0, or 1 if one failed.

    Times in the report are seconds since 1970, so that whoever started the program can subtract its own.
    """

    def __init__(self, window: MainWindow, request: Request) -> None:
        super().__init__(window)
        self._window, self._request = window, request
        self._report: dict[str, Any] = {"error": None}
        window.installEventFilter(self)
        self._watch = QTimer(self, interval=5)
        self._watch.timeout.connect(self._look_for_prediction)
        self._watch.start()
        QTimer.singleShot(0, self, self._run)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and "window" not in self._report:
            self._report["window"] = None
            QTimer.singleShot(0, self, lambda: self._report.update(window=time.time()))  # once it has been painted
        return False

    def _look_for_prediction(self) -> None:
        if any(photo.prediction is not None for photo in self._window.session.document):
            self._report["first_prediction"] = time.time()
            self._watch.stop()

    # --- the steps

    def _run(self) -> None:
        try:
            self._classify()
            if self._request.work is not None:
                self._models()
                self._excel(self._request.work / "rooms.xlsx")
                self._sort(self._request.work / "sorted")
                self._undo()
                self._help()
        except Exception:  # whatever it is, it belongs into the report
            self._report["error"] = traceback.format_exc()
        self._request.report.write_text(json.dumps(self._report, ensure_ascii=False, indent=1), encoding="utf-8")
        self._window.session.undo_stack.setClean()  # nothing was decided that is worth a question
        self._window.close()
        QApplication.exit(0 if self._report["error"] is None else 1)

    def _classify(self) -> None:
        window = self._window
        self._wait("the window", lambda: self._report.get("window") is not None)
        self._wait("the photos", lambda: len(window.session.document) > 0 and self._idle())
        self._wait("a prediction", lambda: "first_prediction" in self._report)
        self._report["photos"] = len(window.session.document)

    def _models(self) -> None:
        """Classify with each model, chosen from the menu as a person would."""
        session, found = self._window.session, {}
        for model in list_models():
            self._window.actions_.models_wanted.emit()
            for action in self._window.actions_.models.actions():
                if action.data().folder == model.folder:
                    action.trigger()
            self._wait(
                f"model {model.name}",
                lambda model=model: session.model_name == model.name
                and self._idle()
                and all(photo.prediction is not None for photo in session.document),
            )
            rooms = session.rooms
            found[model.name] = Counter(rooms[photo.prediction.room_id].name for photo in session.document)
        self._report["models"] = found

    def _excel(self, path: Path) -> None:
        window, session = self._window, self._window.session
        ended: list[object] = []
        ExcelExport(window.runner, window).run(
            path, session.photos(), session.rooms, session.model_name, ended.append, ended.append
        )
        self._wait("the Excel file", lambda: bool(ended))
        if isinstance(ended[0], BaseException):
            raise ended[0]
        self._report["excel"] = str(path)

    def _sort(self, destination: Path) -> None:
        self._window.actions_.sort.trigger()
        dialog = self._dialog(SortDialog)
        dialog.options.set_options(SortOptions(destination))
        self._wait("the preview of the sort", lambda: dialog.sort_button.isEnabled())
        dialog.sort_button.click()
        self._report["sorted"] = self._outcome()

    def _undo(self) -> None:
        self._wait("the sort to undo", self._window.actions_.undo_sort.isEnabled)
        self._window.actions_.undo_sort.trigger()
        self._report["undone"] = self._outcome()

    def _help(self) -> None:
        """The guide is there, and a page of it is shown."""
        self._window.actions_.help.trigger()
        shown = self._window.help.window
        assert shown is not None
        self._wait("the help", lambda: bool(shown.text.toPlainText()))
        self._report["help"] = shown.text.toPlainText()
        shown.close()

    # --- helpers

    def _idle(self) -> bool:
        return not self._window.session.busy and self._window.door.decided

    def _dialog(self, kind: type[_Widget]) -> _Widget:
        def visible() -> list[_Widget]:
            return [dialog for dialog in self._window.findChildren(kind) if dialog.isVisible()]

        self._wait(kind.__name__, lambda: bool(visible()))
        return visible()[0]

    def _outcome(self) -> str:
        """What the dialog of a task says at its end."""
        task = self._dialog(TaskDialog)
        self._wait("the task", lambda: task.outcome is not None)
        assert task.outcome is not None
        words = task.outcome.report()
        task.close()
        return words

    def _wait(self, what: str, ready: Callable[[], bool], seconds: float = _STEP_SECONDS) -> None:
        give_up = time.monotonic() + seconds
        while not ready():
            box = QApplication.activeModalWidget()
            if isinstance(box, QMessageBox):
                raise RuntimeError(f"While waiting for {what}, a box said: {box.text()}\n{box.informativeText()}")
            if time.monotonic() > give_up:
                raise TimeoutError(f"Waited {seconds:.0f} s for {what}.")
            QApplication.processEvents()
            time.sleep(0.002)
