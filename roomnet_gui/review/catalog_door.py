"""Opening the catalog, what to do when that fails, and telling when it cannot be written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from roomnet_core.errors import CatalogError
from roomnet_core.session.store import Catalog
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner

# How often to look whether a catalog that could not be written can be by now.
_LOOK_MS = 1000

Ask = Callable[[CatalogError, Callable[[str], None]], None]
"""Asks a person; the answer is `restore`, `anew`, `without` or `again`."""


class CatalogDoor(QObject):
    """`catalog` is there, or None for good, once `decided`."""

    opened = Signal()  # it is decided
    trouble = Signal(str)  # it cannot be written, in words for people; empty: it can be again
    _write_failed = Signal(object)

    def __init__(self, runner: Runner, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._ask = runner, ask
        self.catalog: Catalog | None = None
        self._made: Catalog | None = None  # also where the window is closed before it was told
        self.decided = False
        self._write_failed.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look_again)

    def open(self) -> None:
        """Open the catalog on a worker."""
        self._try(lambda: None)

    def close(self, timeout: float) -> None:
        """Wait until everything is on the disk.

        Raises:
            CatalogError: something could not be saved.
        """
        self._timer.stop()
        made, self._made = self._made, None
        if made is not None:
            made.close(timeout)

    def _try(self, before: Callable[[], object]) -> None:
        def work(job: Job) -> Catalog:
            before()
            catalog = Catalog.open(on_error=self._write_failed.emit)
            if job.cancelled():  # the window was closed meanwhile
                catalog.close()
                raise CatalogError("locked", "The window was closed.")
            self._made = catalog
            return catalog

        def failed(error: BaseException) -> None:
            if not isinstance(error, CatalogError):
                self._decide(None)
                raise error
            self._ask(error, self._answered)

        self._runner.start(Lane.CATALOG, "open the catalog", work, Callbacks(done=self._decide, failed=failed))

    def _answered(self, answer: str) -> None:
        if answer == "without":
            self._decide(None)
        else:
            ways = {"restore": Catalog.restore_backup, "anew": Catalog.start_anew}
            self._try(ways.get(answer, lambda: None))

    def _decide(self, catalog: Catalog | None) -> None:
        self.catalog, self.decided = catalog, True
        self.opened.emit()

    def _tell(self, error: CatalogError) -> None:
        self.trouble.emit(str(error))
        self._timer.start()

    def _look_again(self) -> None:
        if self.catalog is None or self.catalog.pending == 0:
            self._timer.stop()
            self.trouble.emit("")
