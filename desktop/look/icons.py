"""Line icons of one weight, and pictures, drawn from SVG in the colours of the theme."""

from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, QRectF, QSize
from PyQt6.QtGui import QIcon, QImage, QPainter, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QWidget

from desktop.look import theme

if TYPE_CHECKING:
    from PyQt6.QtSvg import QSvgRenderer

_DENSITIES = (1, 2)
_FAINT = 0.4
_LARGEST_KEPT = 128  # pixels: icons, and not pictures
_DRAWN_FOR_PIXELS = (16, 22, 24)


@cache
def _source(name: str) -> str:
    from desktop.places import icons_folder  # not before something is painted, so that the window opens sooner

    return (icons_folder() / f"{name}.svg").read_text("utf-8")


@cache
def _renderer(name: str, colour: str, now: theme.Colours) -> "QSvgRenderer":
    """Icons are drawn in currentColor; pictures in the light colours, which stand for those in force."""
    from PyQt6.QtSvg import QSvgRenderer

    source = _source(name)
    source = source.replace("currentColor", getattr(now, colour))
    if now is not theme.LIGHT:
        for light, other in zip(theme.LIGHT, now, strict=True):
            source = source.replace(f'"{light}"', f'"{other}"')
    return QSvgRenderer(QByteArray(source.encode()))


def icon(name: str, colour: str = "ink") -> QIcon:
    """For lists; buttons and pictures draw theirs when they are painted."""
    return _drawn(name, colour, theme.colours(), size())


@cache
def _drawn(name: str, colour: str, _colours: theme.Colours, width: int) -> QIcon:
    renderer, made = _renderer(name, colour, _colours), QIcon()
    for density in _DENSITIES:
        side = width * density
        image = _image(renderer, side, side)
        image.setDevicePixelRatio(density)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # a style would tint the latter with the accent
            made.addPixmap(QPixmap.fromImage(image), mode)
    return made


def application_icon() -> QIcon:
    """The seal, at the sizes that task bars ask for."""
    made = QIcon()
    for side in (16, 22, 24, 32, 48, 64, 128, 256):
        renderer = _renderer(application_icon_name(side), "seal", theme.LIGHT)
        made.addPixmap(QPixmap.fromImage(_image(renderer, side, side)))
    return made


def application_icon_name(side: int) -> str:
    """The drawing for this many pixels: small ones have fewer strokes, which lie on the pixels."""
    return f"jitsuin-{side}" if side in _DRAWN_FOR_PIXELS else "jitsuin"


def size() -> int:
    """Side of an icon beside text, growing with the text."""
    return theme.icon_size()


def paint(painter: QPainter, name: str, colour: str, where: QRectF, *, faint: bool = False) -> None:
    """Draw an icon in the colours in force; `faint` is that of what cannot be pressed."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if faint:
        painter.setOpacity(_FAINT)
    density = painter.device().devicePixelRatioF()  # type: ignore[union-attr]  # a painter at work has one
    if max(where.width(), where.height()) * density > _LARGEST_KEPT:
        _renderer(name, colour, theme.colours()).render(painter, where)
    else:
        drawn = _drawn_once(name, colour, theme.colours(), where.width(), where.height(), density)
        painter.drawPixmap(where, drawn, QRectF(drawn.rect()))


@lru_cache(maxsize=512)
def _drawn_once(
    name: str, colour: str, _colours: theme.Colours, width: float, height: float, density: float
) -> QPixmap:
    """Drawing a hundred rows anew would take longer than a person notices."""
    renderer = _renderer(name, colour, _colours)
    return QPixmap.fromImage(_image(renderer, ceil(width * density), ceil(height * density)))


def _image(renderer: "QSvgRenderer", width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


class Picture(QWidget):
    """An icon or picture that is no button; it has no meaning of its own for a screen reader."""

    def __init__(self, name: str, colour: str = "ink", *, width: int = 0, height: int = 0) -> None:
        super().__init__()
        self._name, self._colour = name, colour
        self.setFixedSize(QSize(width or size(), height or width or size()))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint(QPainter(self), self._name, self._colour, QRectF(self.rect()))
