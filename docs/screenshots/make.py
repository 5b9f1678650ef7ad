"""Take the picture of the window: python docs/screenshots/make.py FOLDER OUT.png [--blur]

Runs the real window on FOLDER with the shipped model until everything is classified, and grabs it. `--blur` leaves of
each photo only its colours, for photos that may not be shown.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage

from roomnet_gui import application
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.review import session as review_session


def blurred(rgb: object, box: QSize) -> QImage:
    """The thumbnail, reduced to a few colours and enlarged again."""
    image = to_image(rgb, box)
    smooth, ignore = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(QSize(7, 5), ignore, smooth).scaled(image.size(), ignore, smooth)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("out", type=Path)
parser.add_argument("--blur", action="store_true")
args = parser.parse_args()
to_image = review_session.to_image
if args.blur:
    review_session.to_image = blurred

with tempfile.TemporaryDirectory() as data:
    os.environ["ROOMNET_DATA_DIR"] = data
    app = application.create_application(["roomnet"])
    window = application.create_window(ErrorReporter(app))
    window.resize(1280, 800)
    window.show()
    window.open_paths([args.folder])
    saved = []

    def grab() -> None:
        saved.append(window.grab().save(str(args.out)))
        app.quit()

    window.session.run_ended.connect(lambda end: QTimer.singleShot(1500, grab))
    app.exec()
    window.session.undo_stack.setClean()
    window.close()
sys.exit(0 if saved == [True] else 1)
