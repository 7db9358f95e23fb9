"""Draws the icon of the program as PNG in every size, from resources/icons/, into resources/application/.

    .venv/bin/python -m installer.icons

Up to 24 pixels it is drawn from a seal of its own, with fewer strokes that lie on the pixels.
"""

import os
import shutil
import sys

from desktop.places import application_icons_folder, icons_folder

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SMALL = 24  # pixels


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtGui import QGuiApplication, QImage, QPainter
    from PyQt6.QtSvg import QSvgRenderer

    _app = QGuiApplication(["icons"])
    folder = application_icons_folder()
    folder.mkdir(exist_ok=True)
    shutil.copyfile(icons_folder() / "jitsuin.svg", folder / "jitsuin.svg")
    for size in SIZES:
        source = "jitsuin-small" if size <= SMALL else "jitsuin"
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(str(icons_folder() / f"{source}.svg")).render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
