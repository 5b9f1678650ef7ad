"""The status bar's contents: what is being done, how fast, how long still, and what the network runs on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from roomnet_core.session.summary import Summary
from roomnet_gui import texts
from roomnet_gui.icons import action_icon
from roomnet_gui.jobs.classification import EngineInfo
from roomnet_gui.review.run import Progress, RunEnd


class ProgressArea(QWidget):
    """One line; the bar and the Cancel button are there only while something runs."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressArea")
        self._message = QLabel()
        self._message.setObjectName("statusMessage")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Progress of the classification"))
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(220, 12))
        self._figures = QLabel()
        self._cancel = QToolButton()
        self._cancel.setObjectName("cancelButton")
        self._cancel.setIcon(action_icon("cancel"))
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._cancel.setToolTip(self.tr("Stop classifying; what is done stays (Esc)"))
        self._cancel.setAutoRaise(True)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._cancel.clicked.connect(self.cancel_requested)
        self._engine = QLabel()
        self._engine.setObjectName("engineLabel")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(12)
        layout.addWidget(self._message, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._figures)
        layout.addWidget(self._cancel)
        layout.addWidget(self._engine)
        self.set_running(False)

    @property
    def message(self) -> str:
        return self._message.text()

    def say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setToolTip(text)

    def set_running(self, running: bool) -> None:
        for widget in (self._bar, self._figures, self._cancel):
            widget.setVisible(running)
        if running:
            self._bar.setRange(0, 0)
            self._figures.clear()

    def show_progress(self, progress: Progress) -> None:
        total = max(progress.total, progress.done)
        text = self.tr("Classifying {done} of {total}").format(done=f"{progress.done:,}", total=texts.photos(total))
        if progress.scanning:
            text = self.tr("Looking for photos: {total} so far").format(total=texts.photos(total))
        if progress.waiting == 1:
            text += self.tr(", 1 more folder waits")
        elif progress.waiting:
            text += self.tr(", {count} more folders wait").format(count=progress.waiting)
        self.say(text)
        if total:
            self._bar.setRange(0, total)
            self._bar.setValue(progress.done)
        figures = []
        if progress.per_second:
            figures.append(self.tr("{rate} photos/s").format(rate=_rate(progress.per_second)))
        if progress.seconds_left is not None:
            figures.append(self.tr("{time} left").format(time=texts.duration(progress.seconds_left)))
        self._figures.setText(" · ".join(figures))

    def show_end(self, end: RunEnd, summary: Summary) -> None:
        """The line that sums a run up."""
        unread = self.tr("{count} could not be read").format(count=summary.problems)
        parts = [texts.photos(summary.photos)]
        if summary.unsure:
            parts.append(self.tr("{count} unsure").format(count=f"{summary.unsure:,}"))
        if summary.problems:
            parts.append(unread)
        text = ", ".join(parts)
        if end.classified and not end.cancelled:
            speed = _rate(end.classified / max(end.seconds, 1e-3))
            text += " · " + self.tr("done in {time} ({rate} photos/s)").format(
                time=texts.duration(end.seconds) if end.seconds >= 1 else self.tr("less than a second"), rate=speed
            )
        elif end.cancelled:
            text += " · " + self.tr("stopped; Photos > Classify the rest goes on")
        if not summary.photos:
            text = self.tr("No photo was found there.")
        self.say(text)

    def show_engine(self, info: EngineInfo, model: str) -> None:
        self._engine.setText(self.tr("{model} · {engine}").format(model=model, engine=texts.engine(info)))
        self._engine.setToolTip(info.notice or self.tr("The model, and what it runs on"))


def _rate(per_second: float) -> str:
    return f"{per_second:.0f}" if per_second >= 10 else f"{per_second:.1f}"
