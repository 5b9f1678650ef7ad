"""What the overlay of keys says: the actions' own keys, and those that widgets know by themselves."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from roomnet_core.rooms import RoomSet
from roomnet_gui import texts
from roomnet_gui.actions import Actions
from roomnet_gui.review.key_overlay import KeyGroup, KeyLine, key_name, line_of
from roomnet_gui.review.room_keys import room_keys


def tr(text: str) -> str:
    return QCoreApplication.translate("KeyList", text)


# More lines than this make a column higher than the others.
_MOST_LINES = 14


def key_columns(actions: Actions, rooms: RoomSet) -> list[list[KeyGroup]]:
    """Labelling, in more columns the more rooms have keys, then moving about, then the rest."""
    keys = room_keys(rooms)
    labels = [
        KeyLine(tuple(key for key in (keys[room.id].digit, keys[room.id].letter) if key), texts.room_name(room))
        for room in rooms
        if keys[room.id].digit or keys[room.id].letter
    ]
    again = [KeyLine(("Ctrl+Z",), tr("Undo")), KeyLine(("Ctrl+Shift+Z", "Ctrl+Y"), tr("Redo"))]
    marks = [line_of(action) for action in (actions.accept, actions.take_back, actions.reject, actions.cover)]
    moving = [
        line_of(actions.next_unsure),
        line_of(actions.previous_unsure),
        KeyLine(("←", "→", "↑", "↓"), tr("Move about")),
        KeyLine((key_name("Home"), key_name("End")), tr("First and last photo")),
        KeyLine(("Shift+→", "Ctrl+A"), tr("Select several")),
        line_of(actions.next_panel),
        line_of(actions.previous_panel),
    ]
    large = [
        KeyLine((key_name("Space"),), tr("Open and leave")),
        KeyLine(("←", "→"), tr("Previous and next")),
        KeyLine(("Z",), tr("100 %, and fitted again")),
        KeyLine(("Ctrl++", "Ctrl+-"), tr("Larger, smaller")),
        KeyLine(("←", "→", "↑", "↓"), tr("Pan, when enlarged")),
        KeyLine((key_name("PgUp"), key_name("PgDown")), tr("Previous and next, always")),
    ]
    window = [
        line_of(actions.open_folder),
        line_of(actions.add_folder),
        line_of(actions.find),
        line_of(actions.export),
        line_of(actions.export_excel),
        line_of(actions.sort),
        line_of(actions.classify_rest),
        line_of(actions.cancel),
        line_of(actions.inspector),
        line_of(actions.show_review),
        line_of(actions.show_train),
        KeyLine(("Ctrl++", "Ctrl+-", "Ctrl+0"), tr("Size of the thumbnails")),
        line_of(actions.help),
        KeyLine(("?",), tr("All keys")),
    ]
    title, further = tr("The selected photos show"), (KeyGroup(tr("And"), (*marks, *again)),)
    parts = [tuple(labels[start : start + _MOST_LINES]) for start in range(0, len(labels), _MOST_LINES)]
    columns = [[KeyGroup(title, lines)] for lines in parts]
    if len(columns) == 1:
        columns[0].extend(further)
    else:
        columns.append(list(further))
    return [
        *columns,
        [KeyGroup(tr("Moving about"), tuple(moving)), KeyGroup(tr("Large picture"), tuple(large))],
        [KeyGroup(tr("Window"), tuple(window))],
    ]
