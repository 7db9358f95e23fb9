"""Making a seal: carried out in the helper process, because pictures and fonts come from elsewhere."""

import os
import re
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.places import home
from signing import errors
from signing.document import Document
from signing.pdf.options import Picture, Place, Seal, Sheet

if TYPE_CHECKING:
    from PyQt6.QtGui import QImage

    from signing.pdf.pages import Picture as Drawn
    from signing.pdf.typeface import FontFile

_MOST_PIXELS = 40_000_000  # what has more is no picture of a seal
_SHARPEST = 1000  # pixels a side that are kept: 18 mm at 1,400 dots per inch
_KINDS = ("png", "jpeg")
_FONTS = tuple(  # names without spaces, in small letters; in a collection the first face is the Japanese one
    map(
        re.compile,
        (
            r"notoserifcjk(jp)?-bold",
            r"(notoserifcjk(jp)?-|notoserifjp|sourcehanserif)",
            r"(yumindb|yumin|ヒラギノ明朝|hiragino.*mincho|biz-?ud.*mincho|msmincho|ipa(ex)?m|.*mincho)",
            r"(notosanscjk(jp)?-bold|notosansjp|sourcehansans)",
            r"(notosanscjk(jp)?-|ヒラギノ角ゴ|hiragino|yugoth|meiryo|ipa(ex)?g|.*gothic)",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class SealWish:
    """What a seal shall be: a name, or where `picture` is set that picture."""

    text: str = ""
    shape: str = "round"
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class SealSample:
    """The seal and how it looks."""

    wish: SealWish
    seal: Seal
    drawn: "Drawn"


def look_at_page(document: Document, place: Place, field: str, pixels: int) -> Sheet:
    """Runs in the helper. Raises DocumentError."""
    from signing.pdf.seal_preview import sheet

    return sheet(document, place, pixels, field=field)


def make_seal(wish: SealWish, practice: bool, pixels: int) -> SealSample:
    """Runs in the helper. Raises SealError."""
    from signing.pdf.seal import Shape, cut_name, cut_picture
    from signing.pdf.seal_preview import seal_picture

    fonts = list(_fonts())
    if wish.picture:
        seal = cut_picture(read_picture(wish.picture), fonts)
    else:
        seal = cut_name(wish.text, Shape(wish.shape), fonts)
    return SealSample(wish, seal, seal_picture(seal, pixels, practice=practice))


def read_picture(path: Path) -> Picture:
    """A PNG or JPEG, made smaller where it is sharper than any paper. Raises SealPictureUnusable."""
    from PyQt6.QtCore import QSize, Qt
    from PyQt6.QtGui import QImage, QImageReader

    reader = QImageReader(str(path))
    if bytes(reader.format().data()).decode("ascii", "replace") not in _KINDS:
        raise errors.SealPictureUnusable
    size = reader.size()
    if not (size.isValid() and 0 < size.width() * size.height() <= _MOST_PIXELS):
        raise errors.SealPictureUnusable
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise errors.SealPictureUnusable
    if max(image.width(), image.height()) > _SHARPEST:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(_SHARPEST, _SHARPEST), keep, smooth)
    rgba = _rows(image.convertToFormat(QImage.Format.Format_RGBA8888))
    rgb = bytearray(len(rgba) // 4 * 3)
    for channel in range(3):
        rgb[channel::3] = rgba[channel::4]
    return Picture(image.width(), image.height(), zlib.compress(bytes(rgb)), zlib.compress(rgba[3::4]))


def _rows(image: "QImage") -> bytes:
    bits = image.constBits()
    if bits is None:
        raise errors.SealPictureUnusable
    return bytes(bits.asarray(image.sizeInBytes()))  # rows of four bytes a pixel need no padding


def _fonts() -> "Iterator[FontFile]":
    """Japanese fonts of this system, those with serifs first: seals are cut in such letters.

    Told by their names; whether one has a character, only the font itself tells.
    """
    from signing.pdf.typeface import FontFile

    ranked = []
    for folder in _font_folders():
        for path in sorted(folder.rglob("*")):
            name = unicodedata.normalize("NFC", path.stem).lower().replace(" ", "")
            if path.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc"):
                ranked += [(rank, path) for rank, known in enumerate(_FONTS) if known.match(name)][:1]
    yield from (FontFile(path) for _rank, path in sorted(ranked, key=lambda pair: pair[0]))


def _font_folders() -> list[Path]:
    if sys.platform == "win32":
        return [
            Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
            home() / "AppData/Local/Microsoft/Windows/Fonts",
        ]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home() / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home() / ".local/share/fonts", home() / ".fonts"]
