"""The status bar's contents: what is being done, how fast, how long still, and what the network runs on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from roomnet_core.session.summary import Summary
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.icons import action_icon
from roomnet_gui.jobs.classification import EngineInfo
from roomnet_gui.language import Retranslating
from roomnet_gui.motion import show_busy
from roomnet_gui.review.run import Progress, RunEnd


class ProgressArea(Retranslating, QWidget):
    """One line; the bar and the Cancel button are there only while something runs."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressArea")
        self._message = QLabel()
        self._message.setObjectName("statusMessage")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(220, 12))
        self._figures = QLabel()
        self._cancel = QToolButton()
        self._cancel.setObjectName("cancelButton")
        self._cancel.setIcon(action_icon("cancel"))
        self._cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
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
        self._again: Callable[[], None] | None = None  # says what is being done, or came of it, once more
        self._engine_shown: tuple[EngineInfo, str] | None = None
        self.set_running(False)
        self.retranslate()

    def retranslate(self) -> None:
        """A passing remark goes; what is being done, or came of it, is said again."""
        self._bar.setAccessibleName(self.tr("Progress of the classification"))
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop classifying; what is done stays (Esc)"))
        if self._engine_shown is not None:
            self.show_engine(*self._engine_shown)
        if self._again is not None:
            self._again()
        else:
            self.say("")

    @property
    def engine(self) -> str:
        """What the network runs on, in words; empty while it is not loaded."""
        return "" if self._engine_shown is None else texts.engine(self._engine_shown[0])

    @property
    def message(self) -> str:
        return self._message.text()

    def say(self, text: str) -> None:
        self._again = None
        self._message.setText(text)
        self._message.setToolTip(text)

    def set_running(self, running: bool) -> None:
        for widget in (self._bar, self._figures, self._cancel):
            widget.setVisible(running)
        if running:
            show_busy(self._bar)
            self._figures.clear()

    def show_progress(self, progress: Progress) -> None:
        total = max(progress.total, progress.done)
        done = texts.number(progress.done)
        text = self.tr("Classifying {done} of {total}").format(done=done, total=texts.photos(total))
        if progress.scanning:
            text = self.tr("Looking for photos: {total} so far").format(total=texts.photos(total))
        if progress.waiting:
            text += self.tr(", %Ln more folder(s) to come", "", progress.waiting)
        self.say(text)
        self._again = lambda: self.show_progress(progress)
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
        unread = self.tr("{count} could not be read").format(count=texts.number(summary.problems))
        parts = [texts.photos(summary.photos)]
        if summary.unsure:
            parts.append(self.tr("{count} unsure").format(count=texts.number(summary.unsure)))
        if summary.problems:
            parts.append(unread)
        text = texts.listed(parts)
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
        self._again = lambda: self.show_end(end, summary)

    def show_engine(self, info: EngineInfo, model: str) -> None:
        self._engine_shown = info, model
        self._engine.setText(self.tr("{model} · {engine}").format(model=model, engine=texts.engine(info)))
        self._engine.setToolTip(spoken(info.notice) or self.tr("The model, and what it runs on"))


def _rate(per_second: float) -> str:
    return texts.number(per_second, 0 if per_second >= 10 else 1)
