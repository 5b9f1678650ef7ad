"""The bar over the grid: how many photos are shown, how they are sorted, how large they are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from roomnet_gui import texts
from roomnet_gui.icons import action_icon
from roomnet_gui.language import Retranslating
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS
from roomnet_gui.review.query import Sort


class GridBar(Retranslating, QWidget):
    """Says what was chosen; what it shows is set by `show_sort`, `show_zoom` and `show_counts`."""

    sort_chosen = Signal(object, bool)  # Sort, descending
    zoom_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gridBar")
        self._counts = QLabel()
        self._counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.sort_box = QComboBox()
        self.sort_box.setObjectName("sortBox")
        for sort in Sort:
            self.sort_box.addItem("", sort)
        self.sort_box.activated.connect(lambda _: self._chosen())
        self._direction = QToolButton()
        self._direction.setObjectName("sortDirection")
        self._direction.setAutoRaise(True)
        self._direction.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._direction.clicked.connect(self._turn)
        self._label = QLabel()
        self._label.setBuddy(self.sort_box)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("zoomSlider")
        self.slider.setRange(0, len(ZOOMS) - 1)
        self.slider.setPageStep(1)
        self.slider.setValue(NORMAL_ZOOM)
        self.slider.setFixedWidth(130)
        self.slider.valueChanged.connect(self.zoom_chosen)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(8)
        layout.addWidget(self._counts, 1)
        layout.addWidget(self._label)
        layout.addWidget(self.sort_box)
        layout.addWidget(self._direction)
        layout.addSpacing(12)
        layout.addWidget(self.slider)
        self._shown, self._selected = 0, 0
        self.show_sort(Sort.NAME, False)
        self.retranslate()

    def retranslate(self) -> None:
        names = {
            Sort.NAME: self.tr("Name"),
            Sort.CAPTURED: self.tr("Capture time"),
            Sort.ROOM: self.tr("Room"),
            Sort.CONFIDENCE: self.tr("Confidence"),
            Sort.MARGIN: self.tr("Margin"),
        }
        for row, sort in enumerate(Sort):
            self.sort_box.setItemText(row, names[sort])
        self.sort_box.setAccessibleName(self.tr("Sort by"))
        self.sort_box.view().setAccessibleName(self.tr("Sort by"))
        self.sort_box.setToolTip(
            self.tr("The order of the photos. By margin, those come first between whose rooms the model wavered most.")
        )
        self._label.setText(self.tr("Sort &by"))
        self.slider.setAccessibleName(self.tr("Size of the thumbnails"))
        self.slider.setToolTip(self.tr("Size of the thumbnails (Ctrl + and Ctrl -)"))
        self._name_direction()
        self.show_counts(self._shown, self._selected)

    def show_sort(self, sort: Sort, descending: bool) -> None:
        self.sort_box.setCurrentIndex(self.sort_box.findData(sort))
        self._descending = descending
        self._direction.setIcon(action_icon("descending" if descending else "ascending"))
        self._name_direction()

    def _name_direction(self) -> None:
        up, down = self.tr("Ascending; click for descending"), self.tr("Descending; click for ascending")
        words = down if self._descending else up
        self._direction.setToolTip(words)
        self._direction.setAccessibleName(words)

    def show_zoom(self, zoom: int) -> None:
        self.slider.setValue(zoom)

    def show_counts(self, shown: int, selected: int) -> None:
        self._shown, self._selected = shown, selected
        text = texts.photos(shown)
        if selected > 1:
            text += self.tr("   ·   {count} selected").format(count=texts.number(selected))
        self._counts.setText(text)

    def _chosen(self) -> None:
        self.sort_chosen.emit(self.sort_box.currentData(), self._descending)

    def _turn(self) -> None:
        self.sort_chosen.emit(self.sort_box.currentData(), not self._descending)
