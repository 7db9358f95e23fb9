"""What is chosen for a signature in a PDF beside its form: what may change afterwards, its field, its seal."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signing.pdf.pages import Picture as Drawn


class Permission(IntEnum):
    """What a certification signature lets others do (ISO 32000-2, table 257, /P); signing is among the last two."""

    NO_CHANGES = 1
    FILL_FORMS = 2
    ANNOTATE = 3


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A subset of a font, as PDF embeds it. `characters` are pairs of a CID and what it says."""

    name: str
    program: bytes
    is_cff: bool  # otherwise TrueType
    box: tuple[int, int, int, int]  # of all glyphs, in thousandths of an em
    characters: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels row by row, from the top: three bytes each in `rgb`, one each in `alpha`; both deflated (RFC 1950)."""

    width: int
    height: int
    rgb: bytes
    alpha: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """A picture of a seal, ready to be put on any page. It proves nothing; the signature does.

    `width` is in millimetres. `drawing` is a content stream in which the seal is 1 wide and `aspect` high, and
    `practice_drawing` the same where the practice card signs, and says so. `text` is what it says.
    """

    width: float
    aspect: float
    text: str
    drawing: bytes
    practice_drawing: bytes
    glyphs: Glyphs | None = None
    picture: Picture | None = None

    @property
    def height(self) -> float:
        """In millimetres."""
        return self.width * self.aspect

    def sized(self, width: float) -> "Seal":
        """The same, so many millimetres wide."""
        return replace(self, width=width)


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a page: from its left and upper edge, in one unit."""

    left: float
    top: float
    width: float
    height: float

    def centred(self, width: float, aspect: float) -> "Frame":
        """What is `aspect` as high as wide, in the middle: as wide as is wanted, or as there is room for."""
        wide = min(width, self.width, self.height / aspect)
        high = wide * aspect
        return Frame(self.left + (self.width - wide) / 2, self.top + (self.height - high) / 2, wide, high)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a document of so many, `width` x `height` millimetres as it is shown, and how it looks.

    `field` is where on it the field stands that was asked for, None where none was or it is not seen.
    """

    pages: int
    number: int
    width: float
    height: float
    picture: "Drawn"
    field: Frame | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seal is put: millimetres from the left and the upper edge of the page as it is shown.

    `page` counts from 0, or from the end where it is negative; of a shorter document the last one is taken.
    """

    page: int = 0
    left: float = 0.0
    top: float = 0.0


_FIRST_PAGE = Place()


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """`permission` makes a certification of the signature; `field` names an empty field, otherwise one is made."""

    permission: Permission | None = None
    field: str = ""
    seal: Seal | None = None
    place: Place = _FIRST_PAGE


AS_USUAL = PdfOptions()  # a new field that is not seen, and nothing forbidden
