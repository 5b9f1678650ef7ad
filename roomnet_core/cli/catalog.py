"""The catalog on the command line: used where it can be, and otherwise said and done without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from roomnet_core.errors import CatalogError
from roomnet_core.session.store import Catalog


@contextmanager
def open_catalog(wanted: bool = True) -> Iterator[Catalog | None]:
    """The user's catalog, closed at the end; None where it is not wanted or cannot be used, which is said."""
    if not wanted:
        yield None
        return
    try:
        catalog = Catalog.open(on_error=tell)
    except CatalogError as error:
        tell_unused(error)
        yield None
        return
    try:
        yield catalog
    finally:
        try:
            catalog.close()
        except CatalogError as error:
            tell(error)


def tell(error: CatalogError) -> None:
    """What cannot be written."""
    print(error, file=sys.stderr)


def tell_unused(error: CatalogError) -> None:
    """What cannot be opened or read."""
    print(f"{error} Going on without it: corrections made earlier do not count this time.", file=sys.stderr)
