"""The error tree: every error a user can meet says what happened, to which file, and what to do."""

from __future__ import annotations


class RoomNetError(Exception):
    """Base of every error that is meant to be shown to the user as it is."""


class UsageError(RoomNetError):
    """The request makes no sense as it stands (a folder that is not there, an option out of range)."""


class PhotoError(RoomNetError):
    """One photo cannot be read. `kind` is a stable word for machines, the message is for people.

    Kinds: `missing`, `permission`, `empty`, `unsupported`, `damaged`, `too_large`, `unreadable`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class ModelError(RoomNetError):
    """A model cannot be built, read or trusted."""


class CatalogError(RoomNetError):
    """The catalog cannot be opened, read or written; nothing in it was changed. `kind` is a stable word for machines.

    Kinds: `damaged` (there may be a backup), `newer` (a later version of the program made it), `locked` (another
    program holds it), `full` (no space left), `unwritable` (permissions, a failing drive).
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class TrainingError(RoomNetError):
    """Training cannot start or go on."""


class SortError(RoomNetError):
    """Sorting cannot start or go on; no file was lost."""


class JournalError(SortError):
    """The record of earlier sorts cannot be used, or does not hold what was asked for."""


class BatchError(RoomNetError):
    """A batch on a cluster cannot start or go on; what it had finished is kept."""


class ExportError(RoomNetError):
    """An export file cannot be written."""


class MetadataError(ExportError):
    """A photo's metadata cannot be read or changed. The message is the reason, without the file's name."""
