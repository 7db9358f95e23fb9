"""The seal of last time, remembered where the person wants that, and forgotten when not."""

import contextlib
from pathlib import Path
from typing import NamedTuple

from PyQt6.QtCore import QSettings

from desktop.sign.seal_work import SealWish
from signing.pdf.options import Place

_SHAPES = ("round", "square")


class Remembered(NamedTuple):
    """What it was, how wide in millimetres, and where it stood."""

    wish: SealWish
    width: float
    place: Place


def recall() -> Remembered | None:
    """None where nothing is remembered, or what is cannot be read."""
    store = _store()
    with contextlib.suppress(TypeError, ValueError):
        text, shape, picture = (str(store.value(key, "")) for key in ("text", "shape", "picture"))
        width, left, top = (float(store.value(key)) for key in ("width", "left", "top"))
        page = int(store.value("page"))
        if (text or picture) and shape in _SHAPES and 3 <= width <= 90:
            wish = SealWish(text, shape, Path(picture) if picture else None)
            return Remembered(wish, width, Place(page, left, top))
    return None


def remember(seal: Remembered) -> None:
    store = _store()
    for key, value in (
        ("text", seal.wish.text),
        ("shape", seal.wish.shape),
        ("picture", str(seal.wish.picture or "")),
        ("width", seal.width),
        ("page", seal.place.page),
        ("left", seal.place.left),
        ("top", seal.place.top),
    ):
        store.setValue(key, value)


def forget() -> None:
    _store().clear()


def _store() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "jitsuin", "seal")
