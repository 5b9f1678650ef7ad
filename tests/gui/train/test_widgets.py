"""The small widgets of training: curves, the confusion matrix, the fields under Advanced, the choice of the method."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from roomnet_core.rooms import RoomSet
from roomnet_core.training.options import OPTIONS, RECIPES
from roomnet_gui.train.chart import Chart, Line
from roomnet_gui.train.confusion import ConfusionTable
from roomnet_gui.train.method_page import MethodPage
from roomnet_gui.train.option_form import OptionForm

RED, BLUE = "#ff0000", "#0000ff"


def reds(image: QImage) -> list[QPoint]:
    """The points of the picture that are quite red."""
    return [
        QPoint(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if (color := QColor(image.pixel(x, y))).red() > 200 and color.green() < 90 and color.blue() < 90
    ]


def test_a_rising_line_is_painted_from_the_lower_left_to_the_upper_right(qtbot: QtBot) -> None:
    chart = Chart("Accuracy", "Epoch", shares=True)
    qtbot.addWidget(chart)
    chart.resize(420, 260)
    chart.show_lines([Line("Validation", RED, ((0.0, 0.0), (10.0, 1.0)))], x_end=10)
    points = reds(chart.grab().toImage())
    first, last = min(points, key=QPoint.x), max(points, key=QPoint.x)
    assert first.x() < 100 and last.x() > 360
    assert first.y() > last.y() + 120
    assert chart.accessibleDescription() == "Validation 100%"


def test_the_axis_keeps_room_for_what_is_to_come(qtbot: QtBot) -> None:
    chart = Chart("Loss", "Epoch", shares=False)
    qtbot.addWidget(chart)
    chart.resize(420, 260)
    chart.show_lines([Line("Training", RED, ((0.0, 2.0), (5.0, 1.0)))], x_end=10)
    assert max(points.x() for points in reds(chart.grab().toImage())) < 260


def test_an_empty_chart_says_why(qtbot: QtBot) -> None:
    chart = Chart("Loss", "Epoch", shares=False)
    qtbot.addWidget(chart)
    chart.show_lines([Line("Training", RED, ()), Line("Validation", BLUE, ())], waiting="Soon.")
    chart.grab()
    assert chart.accessibleDescription() == "Soon."


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6, allow_nan=False), st.floats(allow_nan=True, allow_infinity=True)), max_size=50
    )
)
@example([(0.0, 5e-324), (1.0, -1.7e308)])  # an error while painting crashes Qt
@example([(0.0, 1.7e308), (1.0, 0.5)])
def test_any_numbers_can_be_painted(qapp: object, points: list[tuple[float, float]]) -> None:
    chart = Chart("Loss", "Epoch", shares=False)
    chart.resize(300, 200)
    chart.show_lines([Line("a", RED, tuple(sorted(points, key=lambda point: point[0]))), Line("b", BLUE, ())])
    assert not chart.grab().isNull()
    chart.deleteLater()


def test_very_many_points_are_thinned_and_both_ends_stay(qtbot: QtBot) -> None:
    chart = Chart("Loss", "Epoch", shares=False)
    qtbot.addWidget(chart)
    points = tuple((float(number), math.sin(number) + 1) for number in range(100_000))
    chart.show_lines([Line("Training", RED, points)])
    (line,) = chart.lines
    assert len(line.points) <= 1201
    assert (line.points[0], line.points[-1]) == (points[0], points[-1])


@pytest.mark.parametrize("classes", [2, 8, 50])
def test_the_confusion_matrix_can_be_read_cell_by_cell(qtbot: QtBot, classes: int) -> None:
    rooms = RoomSet.from_names([f"Room {number}" for number in range(classes)])
    counts = [[0] * classes for _ in range(classes)]
    counts[0][0], counts[0][1] = 3, 1
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.show_matrix(rooms, counts)
    matrix = table.matrix
    assert (matrix.rowCount(), matrix.columnCount()) == (classes, classes)
    assert matrix.index(0, 1).data() == "1"
    assert matrix.index(1, 0).data() == ""
    said = matrix.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "1 of 4 photos of Room 0 called Room 1"
    table.grab()
    counts[0][1] = 2
    table.show_matrix(rooms, counts)
    assert matrix.index(0, 1).data() == "2"


@pytest.mark.parametrize("recipe", [one.name for one in RECIPES])
def test_advanced_shows_the_options_of_the_recipe_with_their_defaults(qtbot: QtBot, recipe: str) -> None:
    form = OptionForm()
    qtbot.addWidget(form)
    form.show()
    form.set_recipe(recipe)
    for option in OPTIONS:
        field = form.fields[option.name]
        assert field.isVisible() == (recipe in option.recipes)
        assert field.toolTip() == option.meaning != ""
    assert form.error == ""
    assert form.options() == {}


def test_what_is_changed_is_an_option_and_nonsense_is_refused(qtbot: QtBot) -> None:
    form = OptionForm()
    qtbot.addWidget(form)
    form.set_recipe("standard")
    epochs, rate = form.fields["epochs"], form.fields["learning_rate"]
    assert isinstance(epochs, QSpinBox) and isinstance(rate, QLineEdit)
    epochs.setValue(3)
    rate.setText("2e-4")
    assert form.options() == {"epochs": 3, "learning_rate": 2e-4}
    for nonsense in ("", "fast", "-1", "1000", "nan"):
        rate.setText(nonsense)
        assert "Learning rate" in form.error, nonsense
    augmentation = form.fields["augmentation"]
    assert isinstance(augmentation, QComboBox)
    form.reset()
    assert form.options() == {} and form.error == ""
    augmentation.setCurrentIndex(0)
    assert form.options() == {"augmentation": "none"}


@pytest.fixture
def method(qtbot: QtBot) -> MethodPage:
    page = MethodPage(lambda name: "" if name == "good" else f"{name} will not do.", full=True)
    qtbot.addWidget(page)
    page.show()
    return page


def test_training_starts_only_with_a_good_name_and_good_numbers(qtbot: QtBot, method: MethodPage) -> None:
    method.name_field.setText("bad")
    assert not method.start_button.isEnabled()
    method.name_field.setText("good")
    assert method.start_button.isEnabled()
    epochs = method.form.fields["l2"]
    assert isinstance(epochs, QLineEdit)
    epochs.setText("much")
    assert not method.start_button.isEnabled()
    method.reset_button.click()
    method.set_blocked("Another training runs.")
    assert not method.start_button.isEnabled()
    method.set_blocked("")
    with qtbot.waitSignal(method.start_wanted):
        qtbot.keyClick(method.name_field, Qt.Key.Key_Return)


def test_the_light_version_offers_quick_alone_and_says_why(qtbot: QtBot) -> None:
    page = MethodPage(lambda name: "", full=False)
    qtbot.addWidget(page)
    page.show()
    enabled = {one.name: page.recipes.button(number).isEnabled() for number, one in enumerate(RECIPES)}
    assert enabled == {"quick": True, "standard": False, "classic": False}
    assert page.recipe == "quick"
    said = [label.text() for label in page.findChildren(type(page.summary)) if "TensorFlow" in label.text()]
    assert len(said) == 2 and all("full version" in words for words in said)
    page.set_choice("x", "classic", {})  # as after a training on another installation
    assert page.recipe == "quick"


def test_the_time_is_estimated_from_the_last_training(method: MethodPage) -> None:
    method.set_photos(1000, 6, {"quick": 0.06})
    said = [label.text() for label in method.findChildren(type(method.summary))]
    assert "About 1 min 00 s, as fast as the last time" in said
