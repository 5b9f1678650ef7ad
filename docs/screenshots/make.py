"""Take the picture of the window: python docs/screenshots/make.py FOLDER OUT.png [--blur] [--dialog sort|export]

Runs the real window on FOLDER with the shipped model until everything is classified, and grabs it. `--blur` leaves of
each photo only its colours, for photos that may not be shown. `--dialog` takes the picture of that dialog instead.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QWidget

from roomnet_gui import application
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.review import thumbnail_source
from roomnet_gui.sort.sort_dialog import SortDialog


def blurred(rgb: object, box: QSize) -> QImage:
    """The thumbnail, reduced to a few colours and enlarged again."""
    image = to_image(rgb, box)
    smooth, ignore = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(QSize(7, 5), ignore, smooth).scaled(image.size(), ignore, smooth)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("out", type=Path)
parser.add_argument("--blur", action="store_true")
parser.add_argument("--dialog", choices=["sort", "export"])
args = parser.parse_args()
to_image = thumbnail_source.to_image
if args.blur:
    thumbnail_source.to_image = blurred

with tempfile.TemporaryDirectory() as data:
    os.environ["ROOMNET_DATA_DIR"] = data
    app = application.create_application(["roomnet"])
    window = application.create_window(ErrorReporter(app))
    window.resize(1280, 800)
    window.show()
    window.open_paths([args.folder])
    saved = []

    def grab() -> None:
        if args.dialog is None:
            finish(window)
            return
        getattr(window.actions_, args.dialog).trigger()
        dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
        if isinstance(dialog, SortDialog):
            dialog.options.template.set_text("{order:02}_{room}_{n}")
        QTimer.singleShot(1500, dialog, lambda: finish(dialog))

    def finish(widget: QWidget) -> None:
        saved.append(widget.grab().save(str(args.out)))
        if widget is not window:
            widget.close()
        app.quit()

    window.session.run.ended.connect(lambda end: QTimer.singleShot(1500, grab))
    app.exec()
    window.session.undo_stack.setClean()
    window.close()
sys.exit(0 if saved == [True] else 1)
