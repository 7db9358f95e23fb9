"""Draws the icon of the program as PNG in every size, from resources/icons/, into resources/application/.

    .venv/bin/python -m installer.icons

Each small size has a seal of its own, with fewer strokes that lie on the pixels. Windows and macOS want all sizes in
one file: `write` puts them together when the program is frozen.
"""

import os
import shutil
import struct
import sys
from pathlib import Path

from desktop.places import application_icons_folder, icons_folder

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_TYPES = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def write(path: Path) -> Path:
    """All sizes as one file, of the kind that its name ends in: .ico or .icns. Each stays the PNG that it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_ico() if path.suffix == ".ico" else _icns())
    return path


def _png(size: int) -> bytes:
    return (application_icons_folder() / f"{size}.png").read_bytes()


def _ico() -> bytes:
    pictures = {size: _png(size) for size in _ICO_SIZES}
    head, at = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, picture in pictures.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures.values())


def _icns() -> bytes:
    entries = b"".join(
        kind + struct.pack(">I", 8 + len(picture)) + picture
        for kind, picture in ((kind, _png(size)) for kind, size in _ICNS_TYPES.items())
    )
    return b"icns" + struct.pack(">I", 8 + len(entries)) + entries


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtGui import QGuiApplication, QImage, QPainter
    from PyQt6.QtSvg import QSvgRenderer

    from desktop.look.icons import application_icon_name

    _app = QGuiApplication(["icons"])
    folder = application_icons_folder()
    folder.mkdir(exist_ok=True)
    shutil.copyfile(icons_folder() / "jitsuin.svg", folder / "jitsuin.svg")
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(str(icons_folder() / f"{application_icon_name(size)}.svg")).render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
