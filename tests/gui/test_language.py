"""Two languages: the files are complete, the window changes over while it is open, and the core's sentences follow."""

from __future__ import annotations

import contextlib
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QCoreApplication, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from roomnet_core.export.excel import write_excel
from roomnet_core.inference.model_file import find_model
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import photo_error
from roomnet_core.prediction import Prediction
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.training.report import Row, TrainingReport
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.export.work import excel_words
from roomnet_gui.language import LANGUAGES, Language
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.run import RunEnd
from roomnet_gui.train.result_page import view_of
from roomnet_gui.train.training_run import Figures, State
from tests.labelled import make_labelled
from tests.windows import ROOMS, MakeWindow, drop, wait_idle, write_rooms
from tools import translations

CHINESE = "zh_CN"
_FIELD = re.compile(r"\{\{|\}\}|\{\w*\}|%L?n")
_MNEMONIC = re.compile(r"&(?!&)(\w)")
_HOW = (
    "run python -m tools.translations, translate them in assets/translations/roomnet_{}.ts, and run it again; what is "
    "no sentence for people is named in tools/translations.py, _NO_SENTENCE"
)
# What is the same in every language: names, keys, formats; and what Qt names once and for all.
_SAME = re.compile(
    r"RoomNet|Language|English|Excel|Lightroom|LiteRT|TensorFlow|colours|roomnet-\w+|house|it is a test"
    r"|WebP|IMG_\u200b?\d|Ctrl|Shift|Esc|Space|Tab|Return|Alt|/\S+|\.\u200b?jpg|Scroll Left|Scroll Right"
)


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    chosen = Language.of(qapp)
    yield chosen
    chosen.use("en")


# --- the files


def test_every_text_is_translated_and_every_translation_is_used() -> None:
    for name in translations.LANGUAGES:
        missing = translations.wanted(name).keys() - translations.read(name).keys()
        assert not missing, _HOW.format(name)
    stale = [path.name for path, content in translations.files().items() if path.read_bytes() != content]
    assert not stale, "out of date; run: python -m tools.translations"


def test_translations_keep_fields_keys_and_spaces() -> None:
    wrong = []
    for (context, text), forms in translations.read(CHINESE).items():
        for form in forms:
            fields = Counter(_FIELD.findall(text)) == Counter(_FIELD.findall(form))
            keys = [one.upper() for one in _MNEMONIC.findall(text)] == _MNEMONIC.findall(form)
            edges = (text[:1] == " ", text[-1:] == " ") == (form[:1] == " ", form[-1:] == " ") or form.startswith("，")
            dots = text.endswith("…") == form.endswith("…")
            if (context, text) != ("Core", "{0} photo{1}") and not (fields and keys and edges and dots):
                wrong.append((context, text, form))
    assert wrong == []


@pytest.mark.parametrize("name", ["en", CHINESE])
def test_no_menu_uses_a_letter_twice(window: MainWindow, language: Language, name: str) -> None:
    language.use(name)
    QApplication.processEvents()
    menus = [window.menuBar(), *window.menuBar().findChildren(QMenu)]
    for menu in menus:
        rooms = window.actions_.rooms.values()
        letters = [
            letter.upper()
            for action in menu.actions()
            if action not in rooms
            for letter in _MNEMONIC.findall(action.text())
        ]
        assert len(letters) == len(set(letters)), [action.text() for action in menu.actions()]


# --- the window


Words = Counter[tuple[str, str, str]]


def _words(root: QObject) -> Words:
    """Every text that the window shows or says to a screen reader: whose, what, and the text."""
    found: list[tuple[str, str, str]] = []
    for one in [root, *root.findChildren(QObject)]:
        values: dict[str, str] = {}
        if isinstance(one, QAction):
            values = {"text": one.text(), "tip": one.toolTip(), "icon text": one.iconText()}
        elif isinstance(one, QMenu):
            values = {"title": one.title()}
        elif isinstance(one, QWidget):
            values = {"tip": one.toolTip(), "name": one.accessibleName(), "about": one.accessibleDescription()}
            if isinstance(one, QLabel | QAbstractButton):
                values["text"] = one.text()
            if isinstance(one, QLineEdit):
                values["placeholder"] = one.placeholderText()
            if isinstance(one, QComboBox):
                values |= {f"item {row}": one.itemText(row) for row in range(one.count())}
            if isinstance(one, QTabWidget):
                values |= {f"tab {row}": one.tabText(row) for row in range(one.count())}
            if isinstance(one, QAbstractItemView) and not isinstance(one, QHeaderView) and one.model() is not None:
                values |= _cells(one.model())
        whose = f"{type(one).__name__} {one.objectName()}"
        found += [(whose, what, text) for what, text in values.items() if text]
    return Counter(found)


def _settled(qtbot: QtBot, root: QObject, right: Callable[[Words], bool]) -> Words:
    """The texts once they are `right`, or as they are when that does not come about."""
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: right(_words(root)))
    return _words(root)


def _steady(qtbot: QtBot, root: QObject) -> Words:
    """The texts once nothing changes them any more."""
    before: list[Words] = []

    def steady() -> bool:
        before.append(_words(root))
        return before[-1:] == before[-2:-1]

    qtbot.wait(100)
    qtbot.waitUntil(steady)
    return _words(root)


def _english_in(words: Words, own: re.Pattern[str]) -> list[tuple[str, str, str]]:
    return [word for word in words if re.search(r"[a-z]{2}", own.sub("", word[2]))]


def _without_texts(words: Words) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for (whose, what, _), count in words.items():
        found[whose, what] += count
    return found


def _cells(model: QAbstractItemModel) -> dict[str, str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    cells = {
        f"cell {row} {column} {role}": str(model.index(row, column).data(role) or "")
        for row in range(model.rowCount(QModelIndex()))
        for column in range(columns)
        for role in roles
    }
    for column in range(columns):
        cells[f"header {column}"] = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
    return cells


def test_the_whole_window_changes_over_and_back(
    qtbot: QtBot, make_window: MakeWindow, language: Language, tmp_path: Path
) -> None:
    window = make_window()
    house = write_rooms(tmp_path / "house", [0, 1, None])
    (house / "IMG_9.jpg").write_bytes(b"")
    window.opening.start_with([house])
    wait_idle(qtbot, window)
    session = window.session
    window.progress.show_end(RunEnd(classified=4, seconds=2.0, cancelled=False), session.summary())
    window.review.grid.select_row(0)
    window.review.label_selected(4)
    window.review.toggle_cover()
    window.session.undo_stack.undo()
    wait_idle(qtbot, window)  # and until the counts are up to date
    window.review.notices.say("folders", lambda: texts.tr("%Ln new photo(s)", 3))
    english = _steady(qtbot, window)

    next(action for action in window.actions_.languages.actions() if action.data() == CHINESE).trigger()
    qtbot.waitUntil(lambda: window.actions_.quit.text().startswith("退出"))
    chinese = _settled(qtbot, window, lambda words: not _english_in(words, _SAME))
    assert _english_in(chinese, _SAME) == []
    assert _without_texts(english) == _without_texts(chinese)
    assert "客厅" in {text for _, _, text in chinese}
    assert texts.photos(3) == "3 张照片"
    # Steps done in one language can be undone in another.
    assert window.actions_.undo.text() == "撤销(&U)：将 1 张照片标为厨房"
    assert "封面" in window.actions_.redo.text()

    next(action for action in window.actions_.languages.actions() if action.data() == "en").trigger()
    again = _settled(qtbot, window, lambda words: words == english)
    assert (english - again, again - english) == (Counter(), Counter())


def test_the_training_pages_change_over(
    qtbot: QtBot, make_window: MakeWindow, language: Language, tmp_path: Path
) -> None:
    window = make_window(find_model("roomnet-compact"))
    window.actions_.show_train.trigger()
    train = window.train
    folder = make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6})
    (folder / "Bath" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    (folder / "loose.jpg").write_bytes((folder / "Bath" / "Bath_1_0.jpg").read_bytes())
    drop(window, [folder])
    qtbot.waitUntil(train.data.next_button.isEnabled, timeout=30_000)
    train.data.next_button.click()
    train.run.figures = Figures(
        name="house", recipe="quick", classes=("Attic", "Bath"), stage="reading", training_photos=10,
        validation_photos=2, photos_per_second=40.0, seconds_left=125.0,
    )  # fmt: skip
    train.run.state = State.FAILED
    train.run.figures.message = "Training failed (ValueError: odd). It can be resumed."
    train.run.changed.emit()
    train.result.show_report(view_of(_report()), active=False)
    english = _steady(qtbot, train)
    language.use(CHINESE)
    # Names, and what Pillow says of a file, behind our own sentence.
    own = re.compile(r"Attic|Bath|broken|loose|house|newer|older|ValueError|odd|SyntaxError: [\w ]+|" + _SAME.pattern)
    qtbot.waitUntil(lambda: train.method.start_button.text().startswith("开始训练"))
    chinese = _settled(qtbot, train, lambda words: not _english_in(words, own))
    assert _english_in(chinese, own) == []
    language.use("en")
    again = _settled(qtbot, train, lambda words: words == english)
    assert (english - again, again - english) == (Counter(), Counter())


def _report() -> TrainingReport:
    """Of a training that nobody ran: what the pages say of it is the point here."""
    epoch = {"epoch": 1, "best": True, "loss": 0.5, "val_loss": 0.6, "accuracy": 0.9, "val_accuracy": 0.8}
    epoch |= {key: [0.8, 0.9] for key in ("f_score", "precision", "recall")} | {"confusion": [[4, 1], [0, 5]]}
    rows = (Row("Accuracy", 0.9, 0.8), Row("Mean recall of the classes", 0.9, None), Row("Recall of Attic", 0.8, 0.9))
    verdict = "newer is right on 90.0% of the 10 photos it was checked with. On the same photos it is better than "
    verdict += "older: 90.0% against 80.0%. With so few photos that may be chance."
    values = {
        "model": "newer", "old_model": "older", "classes": ("Attic", "Bath"), "table": rows, "verdict": verdict,
        "worse": False, "history": (epoch,), "reliability": ((0.9, 0.8, 10),), "mistakes": (),
    }  # fmt: skip
    return TrainingReport(**{field.name: values.get(field.name, {}) for field in fields(TrainingReport)})


def test_the_choice_is_remembered(window: MainWindow, make_window: MakeWindow, language: Language) -> None:
    next(action for action in window.actions_.languages.actions() if action.data() == CHINESE).trigger()
    assert window._state.language == CHINESE
    language.use("en")
    language.use(window._state.language)
    assert QCoreApplication.translate("Actions", "&Help") == "帮助(&H)"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"  # Qt's own buttons


def test_a_language_that_nobody_knows_is_the_computers(language: Language) -> None:
    language.use("tlh")
    assert language.choice == "system"
    assert set(LANGUAGES) == {"system", "en", CHINESE}


def test_numbers_and_dates_are_written_as_the_language_does(language: Language) -> None:
    moment = datetime(2026, 5, 17, 14, 30, 5)
    assert texts.photos(1) == "1 photo"
    assert texts.photos(1234) == "1,234 photos"
    assert "2026" in texts.moment(moment)
    language.use(CHINESE)
    assert texts.moment(moment, seconds=True) == "2026/5/17 14:30:05"
    assert texts.photos(1234) == "1,234 张照片"
    assert texts.duration(125) == "2 分 05 秒"


def test_a_workbook_speaks_the_windows_language(language: Language, tmp_path: Path) -> None:
    language.use(CHINESE)
    file = PhotoFile(tmp_path / "a.jpg", tmp_path, 1, 1)
    prediction = Prediction((0.02, 0.02, 0.02, 0.02, 0.9, 0.02), False)
    info = PhotoInfo(3000, 2000, datetime(2026, 5, 17, 14, 30, 5), "")
    photos = [
        SessionPhoto(1, file, prediction=prediction, info=info),
        SessionPhoto(2, file, problem=Problem(file.path, tmp_path, "empty", str(photo_error(file.path, "empty")))),
    ]
    write_excel(tmp_path / "rooms.xlsx", photos, ROOMS, model="tiny", words=excel_words())
    book = load_workbook(tmp_path / "rooms.xlsx")
    assert book.sheetnames == ["照片", "汇总"]
    titles, first, second = book["照片"].iter_rows(values_only=True)
    row = dict(zip(titles, first, strict=True))
    assert (row["房间"], row["模型判断"], row["判定者"], row["状态"]) == ("厨房", "厨房", "模型", "确定")
    assert {"后院", "浴室", "卧室", "前院", "厨房", "客厅"} <= set(titles)
    assert str(second[-1]).startswith("问题：a.jpg 是空文件")
    taken = book["照片"].cell(2, titles.index("拍摄时间") + 1)
    assert BUILTIN_FORMATS_REVERSE[taken.number_format] == 22  # which Excel writes as the reader's country does
    assert book["汇总"].cell(1, 1).value == "房间"


# --- the core's sentences


def test_every_sentence_of_the_core_is_recognised(language: Language) -> None:
    language.use(CHINESE)
    wrong = []
    for context, text in translations.core_texts():
        values = [f"{letter}:/x1" if "{" in text else "" for letter in string.ascii_lowercase[:8]]
        if text.startswith("{") and len(re.sub(r"\{\d\}", "", text)) < 12:
            values = ["7"] * 8
        said = QCoreApplication.translate(context, text).format(*values)
        if spoken(text.format(*values)) != said:
            wrong.append((text, spoken(text.format(*values)), said))
    assert wrong == []


def test_a_photos_problem_is_said_in_the_windows_language(language: Language, tmp_path: Path) -> None:
    error = photo_error(tmp_path / "Küche 1.jpg", "damaged", "the file's beginning is lost")
    problem = Problem(tmp_path / "Küche 1.jpg", tmp_path, error.kind, str(error))
    assert spoken(problem.message) == problem.message  # English stays as it is
    language.use(CHINESE)
    assert spoken(problem.message) == (
        "Küche 1.jpg 已损坏或不完整。请从相机或存储卡重新复制，或用图片软件打开后重新保存。（文件开头已丢失）"
    )
    assert spoken("nobody has ever said this") == "nobody has ever said this"
    assert spoken("Kitchen holds no folders with photos. Put the photos into one subfolder for each class, named after "
                  "it.").startswith("Kitchen 中没有含照片的文件夹")  # fmt: skip
