"""The delegate draws every state, and every state looks different, in light and dark and on fine screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.painting import (
    ACCEPTED_COLOR,
    BADGE_COLORS,
    CORRECTED_COLOR,
    COVER_COLOR,
    PROBLEM_COLOR,
    REJECTED_COLOR,
    UNSURE_COLOR,
    readable_on,
)
from roomnet_gui.review.photo_delegate import ZOOMS, PhotoDelegate
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.thumbnails import ThumbnailStore
from tests.windows import ROOMS

ROOT = Path("/photos")
STATES = ["waiting", "sure", "unsure", "corrected", "confirmed", "problem", "problem labelled", "rejected", "cover"]
BADGES = {
    "unsure": UNSURE_COLOR,
    "corrected": CORRECTED_COLOR,
    "confirmed": ACCEPTED_COLOR,
    "problem": PROBLEM_COLOR,
    "rejected": REJECTED_COLOR,
    "cover": COVER_COLOR,
}


def palette(dark: bool) -> QPalette:
    colours = QPalette()
    colours.setColor(QPalette.ColorRole.Base, QColor("#1f2123" if dark else "#ffffff"))
    colours.setColor(QPalette.ColorRole.Text, QColor("#e6e6e6" if dark else "#101010"))
    return colours


def prediction(room: int, confidence: float) -> Prediction:
    rest = (1 - confidence) / 5
    return Prediction(tuple(confidence if index == room else rest for index in range(6)), confidence < 0.6)


@pytest.fixture
def model(qapp: QApplication) -> Iterator[PhotoModel]:
    document = SessionDocument(ROOMS)
    runner = Runner(pytest.fail)
    store = ThumbnailStore(runner, QSize(184, 124))
    store.comes_anyway = lambda photo: True
    ids = document.add(PhotoFile(ROOT / f"{state}.jpg", ROOT, 1, 1) for state in STATES)
    broken = Problem(ROOT / "x.jpg", ROOT, "damaged", "x.jpg is damaged.")
    document.record(
        {
            ids[1]: prediction(4, 0.97),
            ids[2]: prediction(4, 0.41),
            ids[3]: prediction(4, 0.97),
            ids[4]: prediction(4, 0.97),
            ids[5]: broken,
            ids[6]: broken,
            ids[7]: prediction(4, 0.97),
            ids[8]: prediction(4, 0.97),
        }
    )
    document.apply(Change({ids[3]: Marks(2), ids[4]: Marks(4), ids[6]: Marks(4)}))
    document.apply(Change({ids[7]: Marks(None, rejected=True), ids[8]: Marks(4, cover=True)}))
    yield PhotoModel(document, store)
    assert runner.shutdown(60)


def new_delegate(model: PhotoModel) -> PhotoDelegate:
    return PhotoDelegate(model, model._thumbnails, QApplication.font())


def draw(model: PhotoModel, state: str, *, dark: bool = False, ratio: float = 1.0, flags: Any = None) -> QImage:
    delegate = new_delegate(model)
    image = QImage(delegate.cell * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    option = QStyleOptionViewItem()
    option.palette = palette(dark)
    option.font = QApplication.font()
    option.rect = QRect(0, 0, delegate.cell.width(), delegate.cell.height())
    option.state = QStyle.StateFlag.State_Enabled | (flags or QStyle.StateFlag.State_None)
    image.fill(option.palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    delegate.paint(painter, option, model.index_of(STATES.index(state) + 1))
    painter.end()
    return image


def colours(image: QImage) -> dict[str, int]:
    found: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


@pytest.mark.parametrize("dark", [False, True])
def test_every_state_looks_different(model: PhotoModel, dark: bool) -> None:
    pictures = [draw(model, state, dark=dark) for state in STATES]
    for index, picture in enumerate(pictures):
        assert all(picture != other for other in pictures[:index])


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("state", sorted(BADGES))
def test_each_badge_has_its_colour(model: PhotoModel, state: str, dark: bool) -> None:
    assert colours(draw(model, state, dark=dark)).get(BADGES[state].name(), 0) > 100


def test_the_chip_has_the_colour_of_the_room_that_counts(model: PhotoModel) -> None:
    kitchen, bedroom = ROOMS[4].color, ROOMS[2].color
    assert colours(draw(model, "sure")).get(kitchen, 0) > 500
    corrected = colours(draw(model, "corrected"))
    assert corrected.get(bedroom, 0) > 500
    assert corrected.get(kitchen, 0) == 0
    assert colours(draw(model, "problem labelled")).get(kitchen, 0) > 500


def test_selected_and_hovered_differ_from_plain(model: PhotoModel) -> None:
    plain = draw(model, "sure")
    selected = draw(model, "sure", flags=QStyle.StateFlag.State_Selected)
    hovered = draw(model, "sure", flags=QStyle.StateFlag.State_MouseOver)
    focused = draw(model, "sure", flags=QStyle.StateFlag.State_HasFocus)
    assert len({bytes(image.constBits()) for image in (plain, selected, hovered, focused)}) == 4


def test_a_fine_screen_gets_the_same_picture_in_more_pixels(model: PhotoModel) -> None:
    one, two = colours(draw(model, "unsure")), colours(draw(model, "unsure", ratio=2.0))
    badge = UNSURE_COLOR.name()
    assert 3.2 < two[badge] / one[badge] < 5


def test_the_size_never_depends_on_the_photo(model: PhotoModel) -> None:
    delegate = new_delegate(model)
    sizes = {delegate.sizeHint(QStyleOptionViewItem(), model.index(row)).toTuple() for row in range(len(STATES))}
    assert sizes == {delegate.cell.toTuple()}
    assert delegate.sizeHint(QStyleOptionViewItem(), QModelIndex()) == delegate.cell


def test_every_zoom_draws_a_larger_picture(model: PhotoModel) -> None:
    delegate = new_delegate(model)
    widths = []
    for zoom in range(len(ZOOMS)):
        delegate.set_zoom(zoom)
        widths.append(delegate.cell.width())
    assert widths == sorted(set(widths))


def test_text_on_every_room_has_enough_contrast() -> None:
    def luminance(color: QColor) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for color in [room.color for room in ROOMS] + [badge.name() for badge in BADGE_COLORS.values()]:
        lighter, darker = sorted([luminance(QColor(color)), luminance(readable_on(color))], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, color
    assert readable_on("#ffffff") == QColor(Qt.GlobalColor.black)
