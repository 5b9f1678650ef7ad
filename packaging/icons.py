"""Draws the program's icon, from the SVG files in assets/icons, in the formats and sizes that systems want."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# In all of them the small drawing is used up to 24 pixels, as in the window itself.
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_SMALL = 24


def make(drawings: Path, target: Path) -> dict[str, Path]:
    """Write `roomnet-SIZE.png`, `roomnet.ico` and `roomnet.icns` into `target`; returns them as `48`, `ico`, `icns`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    target.mkdir(parents=True, exist_ok=True)
    made = {}
    for size in (*SIZES, 1024):
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        name = "roomnet-small.svg" if size <= _SMALL else "roomnet.svg"
        QSvgRenderer(str(drawings / name)).render(painter, QRectF(0, 0, size, size))
        painter.end()
        made[str(size)] = target / f"roomnet-{size}.png"
        if not image.save(str(made[str(size)])):
            raise OSError(f"{made[str(size)]} could not be written")
    del application
    pictures = {size: Image.open(made[str(size)]) for size in (*SIZES, 1024)}
    made["ico"], made["icns"] = target / "roomnet.ico", target / "roomnet.icns"
    icon_sizes = (16, 24, 32, 48, 64, 128, 256)
    pictures[256].save(
        made["ico"], sizes=[(size, size) for size in icon_sizes], append_images=[pictures[s] for s in icon_sizes]
    )
    pictures[1024].save(made["icns"], append_images=[pictures[size] for size in (32, 64, 128, 256, 512)])
    return made


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
