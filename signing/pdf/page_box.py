"""A page as it is shown, cropped and turned, and how its millimetres become the units of its content."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import DictionaryObject

from signing.pdf.options import Frame
from signing.pdf.reader import entry

Box = tuple[float, float, float, float]

_MILLIMETRES = 25.4 / 72  # in one unit, where the page says nothing else
_LETTER: Box = (0, 0, 612, 792)  # what viewers take where a page has no size
_DEEPEST = 64  # levels of a page tree
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class PageBox:
    """What is shown of a page: a box in its own units, turned clockwise by `rotation` degrees."""

    box: Box
    rotation: int
    unit: float  # millimetres

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres, as shown."""
        width, height = (self.box[2] - self.box[0]) * self.unit, (self.box[3] - self.box[1]) * self.unit
        return (height, width) if self.rotation % 180 else (width, height)

    def rectangle(self, left: float, top: float, width: float, height: float) -> Box:
        """What is so many millimetres from the left and the upper edge, in the units and axes of the page."""
        below = self.size[1] - top - height
        corners = [self._point(left, below), self._point(left + width, below + height)]
        (x, y), (far_x, far_y) = map(min, *corners), map(max, *corners)
        return x, y, far_x, far_y

    def frame(self, box: Box) -> Frame:
        """Where such a rectangle is seen, in millimetres."""
        near, far = self._seen(box[0], box[1]), self._seen(box[2], box[3])
        (right, up), (far_right, far_up) = map(min, near, far), map(max, near, far)
        return Frame(right, self.size[1] - far_up, far_right - right, far_up - up)

    def _seen(self, across: float, along: float) -> tuple[float, float]:
        """The other way round than `_point`."""
        x, y, far_x, far_y = self.box
        right, up = {
            0: (across - x, along - y),
            90: (along - y, far_x - across),
            180: (far_x - across, far_y - along),
            270: (far_y - along, across - x),
        }[self.rotation]
        return right * self.unit, up * self.unit

    def _point(self, right: float, up: float) -> tuple[float, float]:
        """A point as shown, in millimetres from the lower left corner."""
        right, up = right / self.unit, up / self.unit
        x, y, far_x, far_y = self.box
        return {
            0: (x + right, y + up),
            90: (far_x - up, y + right),
            180: (far_x - right, far_y - up),
            270: (x + up, far_y - right),
        }[self.rotation]


def page_box(page: DictionaryObject) -> PageBox:
    """Of a page from a stranger: what makes no sense is taken as absent (ISO 32000-2, table 31)."""
    media = box_in(_inherited(page, "/MediaBox")) or _LETTER
    crop = box_in(_inherited(page, "/CropBox")) or media
    shown = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    if not (shown[0] < shown[2] and shown[1] < shown[3]):
        shown = media
    turned = _number(_inherited(page, "/Rotate")) or 0
    unit = _number(entry(page, "/UserUnit")) or 1
    rotation = round(turned / 90) * 90 % 360
    return PageBox((shown[0], shown[1], shown[2], shown[3]), rotation, _MILLIMETRES * (unit if unit > 0 else 1))


def _inherited(page: DictionaryObject, key: str) -> object:
    node: object = page
    for _ in range(_DEEPEST):
        if (value := entry(node, key)) is not None:
            return value
        if (node := entry(node, "/Parent")) is None:
            break
    return None


def box_in(value: object) -> Box | None:
    """A rectangle that a stranger wrote, its corners in order; None where it has no extent."""
    if not isinstance(value, Sequence) or len(value) != 4:
        return None
    numbers = [_number(_followed(value, place)) for place in range(4)]
    if None in numbers:
        return None
    x, y, far_x, far_y = (number or 0.0 for number in numbers)
    box = min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y)
    return box if box[0] < box[2] and box[1] < box[3] else None


def _followed(values: Sequence[object], place: int) -> object:
    try:
        return values[place]  # references are followed
    except Exception:  # the library raises whatever it stumbles over
        return None


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever a stranger wrote there
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < _FARTHEST else None
