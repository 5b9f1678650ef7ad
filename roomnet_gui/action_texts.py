"""What the window's actions and menus are called, in the language of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction

from roomnet_gui.language import LANGUAGES

if TYPE_CHECKING:
    from roomnet_gui.actions import Actions


def tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def of_actions(actions: Actions) -> list[tuple[QAction, str, str]]:
    """Each action with its text and its tooltip; those that `undo`, `reject` and the like name are not among them."""
    return [
        (actions.open_folder, tr("&Open folder…"), tr("Start with the photos of a folder")),
        (actions.add_folder, tr("Add &folder…"), tr("Add the photos of another folder")),
        (actions.add_photos, tr("&Add photos…"), tr("Add single photos")),
        (
            actions.close_photos,
            tr("&Close photos"),
            tr("Take all photos out of the window; their rooms are kept"),
        ),
        (actions.export_excel, tr("Export to E&xcel…"), tr("Write photos and rooms to an Excel file")),
        (actions.export, tr("&Export…"), tr("Write tables, labelled copies or keywords for other programs")),
        (actions.sort, tr("&Sort into folders…"), tr("Copy or move the photos into a folder a room")),
        (actions.undo_sort, "", tr("Bring the files of the last sort back")),
        (actions.earlier_sorts, tr("&Earlier sorts…"), tr("Undo, redo or finish any sort, also of earlier days")),
        (actions.quit, tr("&Quit"), tr("Close RoomNet")),
        (actions.select_all, tr("Select &all"), tr("Select all photos shown")),
        (actions.find, tr("&Find by name"), tr("Search the file names")),
        (
            actions.take_back,
            tr("&Back to the model's room"),
            tr("Take back your own room of the selected photos"),
        ),
        (actions.accept, tr("&Accept the model's room"), tr("The model is right; on to the next photo")),
        (actions.cover, tr("&Cover of its room"), tr("This photo stands for its room; again: no longer")),
        (actions.next_unsure, tr("&Next unsure"), tr("Go to the next photo to check")),
        (actions.previous_unsure, tr("Pre&vious unsure"), tr("Go to the previous photo to check")),
        (
            actions.classify_rest,
            tr("Classify the &rest"),
            tr("Look for new photos and classify what has no room yet"),
        ),
        (actions.cancel, tr("Canc&el classifying"), tr("Stop; what is done stays")),
        (actions.preview, tr("&Large picture"), tr("Show the photo large (Space)")),
        (
            actions.actual_size,
            tr("Actual si&ze"),
            tr("The large picture at 100 %, or fitted into the window again"),
        ),
        (actions.zoom_in, tr("Zoom &in"), tr("Larger thumbnails, or a larger picture")),
        (actions.zoom_out, tr("Zoom &out"), tr("Smaller thumbnails, or a smaller picture")),
        (actions.zoom_normal, tr("&Normal zoom"), tr("The zoom that RoomNet starts with")),
        (actions.show_review, tr("&Review photos"), tr("Look through photos and their rooms")),
        (actions.show_train, tr("&Train a model"), tr("Teach RoomNet your own rooms, with your own photos")),
        (actions.manage_models, tr("&Manage models…"), tr("Use, rename, export, import and remove models")),
        (actions.inspector, tr("&Details"), tr("Show all that is known of the photo")),
        (actions.next_panel, tr("Ne&xt panel"), tr("Take the keyboard to the next panel")),
        (actions.previous_panel, tr("&Previous panel"), tr("Take the keyboard to the previous panel")),
        (actions.help, tr("RoomNet &help"), tr("The page of the guide about what is on the screen")),
        (actions.keys, tr("&Keys"), tr("Show all keys")),
        (actions.welcome, tr("&Welcome…"), tr("What RoomNet does, in three steps")),
        (actions.samples, tr("&Sample photos"), tr("Open the photos that come with RoomNet, to try it")),
        (actions.logs, tr("&Logs…"), tr("What went wrong lately, for a report")),
        (actions.about, tr("&About RoomNet"), tr("Versions and licences")),
    ]


def of_the_tool_bar(actions: Actions) -> list[tuple[QAction, str]]:
    """Short, so that the whole bar fits into a small window; the tooltips say it at length."""
    return [
        (actions.open_folder, tr("Open folder")),
        (actions.add_photos, tr("Add photos")),
        (actions.export_excel, tr("Excel")),
        (actions.sort, tr("Sort")),
        (actions.show_review, tr("Review")),
        (actions.show_train, tr("Train")),
    ]


def menus() -> dict[str, str]:
    return {
        "file": tr("&File"),
        "recent": tr("Open &recent"),
        "edit": tr("&Edit"),
        "photos": tr("&Photos"),
        "room": tr("&Room"),
        "model": tr("&Model"),
        "view": tr("&View"),
        "appearance": tr("&Appearance"),
        "language": tr("Lan&guage · 语言"),  # whoever is lost in the wrong one finds it
        "help": tr("&Help"),
    }


def schemes() -> dict[str, str]:
    return {"system": tr("As the &system"), "light": tr("&Light"), "dark": tr("&Dark")}


def languages() -> dict[str, str]:
    """A language is called what it calls itself."""
    return {key: name or tr("As the &system") for key, name in LANGUAGES.items()}


def undo(what: str) -> str:
    return tr("&Undo {what}").format(what=what.replace("&", "&&")) if what else tr("&Undo")


def redo(what: str) -> str:
    return tr("&Redo {what}").format(what=what.replace("&", "&&")) if what else tr("&Redo")


def undo_sort(sort: str | None) -> str:
    return tr("U&ndo last sort") if sort is None else tr("U&ndo {sort}").format(sort=sort)


def room_tip(room: str) -> str:
    return tr("The selected photos show: {room}").format(room=room)


def reject(training: bool) -> tuple[str, str]:
    """Text and tooltip of the action that leaves a photo out, of the review or of a training."""
    if training:
        return tr("&Leave out"), tr("Do not learn from the selected photos, or take them in again")
    return tr("Re&ject"), tr("Set the selected photos aside, or take rejected ones back")
