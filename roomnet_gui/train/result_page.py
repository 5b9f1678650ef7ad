"""What came of a training: the verdict, the comparison, the mistakes, the plots; and what to do with the new model."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_core.training.report import Row, TrainingReport
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel, tone_color
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import Badge
from roomnet_gui.review.query import Query, Selection, Show
from roomnet_gui.review.thumbnail_source import ThumbnailSource
from roomnet_gui.tables import set_up_rows
from roomnet_gui.train.chart import Chart, Line
from roomnet_gui.train.confusion import ConfusionTable
from roomnet_gui.train.photo_panel import Filter, PhotoPanel
from roomnet_gui.train.photo_set import Labelled, LoadedPhotos, PhotoSet, load_photos
from roomnet_gui.train.run_page import TRAINING_COLOR, VALIDATION_COLOR
from roomnet_gui.train.words import tr

Index = QModelIndex | QPersistentModelIndex
_PER_CLASS = (("F-score", "f_score"), ("Precision", "precision"), ("Recall", "recall"))
CHARTS = (
    QT_TRANSLATE_NOOP("Train", "Validation accuracy"),
    QT_TRANSLATE_NOOP("Train", "Loss"),
    QT_TRANSLATE_NOOP("Train", "F-score"),
    QT_TRANSLATE_NOOP("Train", "Precision"),
    QT_TRANSLATE_NOOP("Train", "Recall"),
    QT_TRANSLATE_NOOP("Train", "Reliability"),
)


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with its mistakes ready to be shown; made on a worker."""

    report: TrainingReport
    rooms: RoomSet
    mistakes: LoadedPhotos | None


def view_of(report: TrainingReport) -> ReportView:
    """Look at the files of the mistakes."""
    rooms = RoomSet.from_names(report.classes)
    shown = [
        Labelled(
            mistake.path,
            mistake.label,
            functools.partial(_called, rooms, mistake.predicted, mistake.confidence),
            Badge.UNSURE,
        )
        for mistake in report.mistakes
    ]
    return ReportView(report, rooms, load_photos(shown, rooms, ranked=True) if shown else None)


def _called(rooms: RoomSet, predicted: str, confidence: float) -> str:
    words = tr("Called {room}, {confidence}")
    return words.format(room=_spoken(rooms, predicted), confidence=texts.per_cent(confidence))


class ResultPage(Retranslating, QWidget):
    """`show_report` fills it; the signals say what the person wants."""

    activate_wanted = Signal()
    again_wanted = Signal()  # with the corrected mistakes
    new_wanted = Signal()
    save_wanted = Signal()

    def __init__(
        self,
        runner: Runner,
        source: ThumbnailSource,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("resultPage")
        self.report: TrainingReport | None = None
        self._view: ReportView | None = None
        self.photos = PhotoSet(self)
        self.headline, self.verdict = ToneLabel(), ToneLabel()
        font = self.headline.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self.headline.setFont(font)
        self.comparison = ComparisonModel(self)
        self.table = QTableView()
        self.table.setObjectName("comparison")
        self.table.setModel(self.comparison)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        set_up_rows(self.table, "", 0)
        self.panel = PhotoPanel(self.photos, runner, source, fill_menu)
        self.no_mistakes = ToneLabel(Tone.QUIET)
        self.no_mistakes.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.confusion = ConfusionTable()
        self.charts: dict[str, Chart] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._make_buttons()
        self._lay_out()
        self.photos.changed.connect(self._count)

    def _make_buttons(self) -> None:
        self.activate_button, self.again_button = QPushButton(), QPushButton()
        self.save_button, self.new_button = QPushButton(), QPushButton()
        for button, signal in (
            (self.activate_button, self.activate_wanted),
            (self.again_button, self.again_wanted),
            (self.save_button, self.save_wanted),
            (self.new_button, self.new_wanted),
        ):
            button.setAutoDefault(True)
            button.clicked.connect(signal)

    def _lay_out(self) -> None:
        mistakes = QWidget()
        column = QVBoxLayout(mistakes)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel, 1)
        column.addWidget(self.no_mistakes)
        plots = QScrollArea()
        plots.setWidgetResizable(True)
        plots.setFrameShape(QScrollArea.Shape.NoFrame)
        self._plots = QWidget()
        self._grid = QGridLayout(self._plots)
        self._grid.setContentsMargins(4, 8, 4, 8)
        self._grid.setSpacing(8)
        plots.setWidget(self._plots)
        for number, title in enumerate(CHARTS):
            chart = Chart("", "", shares=title != "Loss")
            chart.setMinimumHeight(230)
            self.charts[title] = chart
            self._grid.addWidget(chart, number // 2, number % 2)
        for page in (self.table, mistakes, plots, self.confusion):
            self.tabs.addTab(page, "")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.activate_button, self.again_button, self.save_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.new_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 12)
        layout.setSpacing(8)
        layout.addWidget(self.headline)
        layout.addWidget(self.verdict)
        layout.addLayout(buttons)
        layout.addWidget(self.tabs, 1)
        self.retranslate()

    def retranslate(self) -> None:
        self.table.setAccessibleName(self.tr("The new model beside the one in use"))
        self.activate_button.setToolTip(self.tr("Photos are classified with it from now on; Photos > Model changes it"))
        self.again_button.setText(self.tr("&Train again with these"))
        self.again_button.setToolTip(self.tr("Take the labels corrected here over, and train anew"))
        self.save_button.setText(self.tr("&Save pictures and tables…"))
        self.save_button.setToolTip(self.tr("The plots as SVG and their numbers as CSV, into a folder of your choice"))
        self.new_button.setText(self.tr("&New training"))
        self.tabs.setTabText(0, self.tr("C&omparison"))
        self.tabs.setTabText(1, self.tr("&Mistakes"))
        self.tabs.setTabText(2, self.tr("P&lots"))
        self.tabs.setTabText(3, self.tr("Confus&ion"))
        self.no_mistakes.setText(self.tr("Every validation photo was called right."))
        for title, chart in self.charts.items():
            chart.set_titles(tr(title), tr("Confidence") if title == "Reliability" else tr("Epoch"))
        self.show_active(not self.activate_button.isEnabled())
        if self._view is not None:
            self._say(self._view)

    def parts(self) -> list[QWidget]:
        """What F6 goes through."""
        return [self.activate_button, self.tabs.tabBar(), self.table, *self.panel.parts(), self.confusion]

    # --- what is shown

    def show_report(self, view: ReportView, *, active: bool) -> None:
        """`active`: the model is in use already."""
        report = self.report = view.report
        self._view = view
        self._say(view)
        for column in (1, 2, 3):
            title = self.comparison.headerData(column, Qt.Orientation.Horizontal)
            width = max(self.fontMetrics().horizontalAdvance(title) + 24, self.fontMetrics().averageCharWidth() * 16)
            self.table.horizontalHeader().resizeSection(column, min(width, 320))
        self.photos.show(view.mistakes)
        self.panel.setVisible(view.mistakes is not None)
        self.no_mistakes.setVisible(view.mistakes is None)
        if view.mistakes is not None:
            self.panel.show_photos(_mistake_filters(view))
        self.confusion.show_matrix(view.rooms, report.confusion)
        self.show_active(active)
        self._count()

    def _say(self, view: ReportView) -> None:
        """What is said of the report in words."""
        report = view.report
        self.headline.setText(self.tr("“{name}” is ready.").format(name=report.model))
        self.verdict.say(spoken(report.verdict), Tone.WARNING if report.worse else Tone.PLAIN)
        self.comparison.show_rows(report.table, report.model, report.old_model)
        self.tabs.setTabText(1, self.tr("&Mistakes ({count})").format(count=texts.number(len(report.mistakes))))
        self._show_charts(report, view.rooms)

    def show_active(self, active: bool) -> None:
        self.activate_button.setEnabled(not active)
        self.activate_button.setText(self.tr("In use") if active else self.tr("&Use this model"))

    def focus_start(self) -> None:
        (self.activate_button if self.activate_button.isEnabled() else self.tabs.tabBar()).setFocus()

    @property
    def corrected(self) -> dict[Path, str]:
        return self.photos.relabelled()

    def _count(self) -> None:
        self.again_button.setEnabled(bool(self.photos.relabelled()) or bool(self.photos.left_out()))

    def _show_charts(self, report: TrainingReport, rooms: RoomSet) -> None:
        history = report.history
        for title, key in (("Validation accuracy", "accuracy"), ("Loss", "loss")):
            training = tuple((float(event["epoch"]), float(event[key])) for event in history)
            validation = tuple((float(event["epoch"]), float(event[f"val_{key}"])) for event in history)
            self.charts[title].show_lines(
                [
                    Line(tr("Training"), TRAINING_COLOR, training, dashed=True),
                    Line(tr("Validation"), VALIDATION_COLOR, validation, dots=len(validation) < 40),
                ]
            )
        for title, key in _PER_CLASS:
            self.charts[title].show_lines(
                [
                    Line(
                        texts.room_name(room),
                        room.color,
                        tuple((float(event["epoch"]), float(event[key][room.id])) for event in history),
                    )
                    for room in rooms
                ]
            )
        reliability = tuple((confidence, right) for confidence, right, photos in report.reliability if photos)
        self.charts["Reliability"].show_lines(
            [
                Line(tr("Ideal"), "#808080", ((0.0, 0.0), (1.0, 1.0)), dashed=True),
                Line(tr("Share right"), VALIDATION_COLOR, reliability, dots=True),
            ],
            x_end=1.0,
        )


def _mistake_filters(view: ReportView) -> list[Filter]:
    assert view.mistakes is not None

    def text() -> str:
        return tr(
            "Most confident first. Where the model is right and the label wrong, a class's key corrects it; "
            "X leaves a photo out. “Train again with these” takes that over."
        )

    rows = [Filter(lambda: tr("All mistakes"), Query(), text), Filter(lambda: tr("Labelled"))]
    labels = {photo.decided for photo in view.mistakes.document}
    rows += [
        Filter(functools.partial(texts.room_name, room), Query(Selection(Show.ROOM, room.id)), text, room_id=room.id)
        for room in view.rooms
        if room.id in labels
    ]
    left_out = Filter(lambda: tr("Left out"), Query(Selection(Show.REJECTED)), "", Badge.REJECTED)
    rows += [Filter(lambda: tr("Done")), left_out]
    return rows


def _spoken(rooms: RoomSet, name: str) -> str:
    room = rooms.by_name(name)
    return name if room is None else texts.room_name(room)


class ComparisonModel(QAbstractTableModel):
    """One figure a row: the new model, the one in use, the difference."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._titles = ("", "", "", "")

    def show_rows(self, rows: Sequence[Row], new: str, old: str) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        in_use = self.tr("{name} (in use)").format(name=old) if old else self.tr("In use")
        self._titles = (self.tr("On the same validation photos"), new, in_use, self.tr("Difference"))
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if column == 0:
                return spoken(row.title)
            if column in (1, 2):
                return _figure(row, row.new if column == 1 else row.old)
            return _difference(row)
        if role == Qt.ItemDataRole.ForegroundRole and column == 3:
            return _judgement(row)
        if role == Qt.ItemDataRole.FontRole and column == 1:
            font = QFont()
            font.setBold(True)
            return font
        return None


def _figure(row: Row, value: float | None) -> str:
    if value is None:
        return "-"
    return texts.per_cent(value, 1) if row.percent else f"{value:,.4g}"


def _difference(row: Row) -> str:
    if row.new is None or row.old is None:
        return ""
    difference = row.new - row.old
    if row.percent:
        return tr("{value} points").format(value=f"{100 * difference:+.1f}")
    return f"{difference:+,.4g}"


def _judgement(row: Row) -> QColor | None:
    """Worse figures are in the colour of warnings."""
    if row.new is None or row.old is None or row.new == row.old:
        return None
    return None if (row.new > row.old) == row.higher_is_better else tone_color(Tone.WARNING)
