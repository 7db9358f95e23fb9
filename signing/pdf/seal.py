"""The picture of a seal: a name cut in vermilion, or one's own picture, and its appearance on a page.

It is a picture that anybody can make, and no proof; what proves is the signature, to whose widget it belongs.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from signing import errors
from signing.pdf.options import Picture, Seal
from signing.pdf.typeface import FontFile, FontUnusableError, Typeface


class Shape(StrEnum):
    ROUND = "round"
    SQUARE = "square"


_INK = "0.765 0.2 0.176"  # vermilion
_PRACTICE_INK = "0.357 0.247 0.627"
_PRACTICE_WORD = "練習"
_BORDER = 0.042  # of the width
_LONGEST_COLUMN = 5
_CIRCLE = 0.5523  # where the handles of a quarter of a circle stand
_MARKED_KANA = re.compile("[\\u3040-\\u30ff][\\u3099\\u309a]")  # a letter and its mark, as some systems write them
_CHARACTER = re.compile("[^\\U000e0100-\\U000e01ef\\ufe00-\\ufe0f][\\U000e0100-\\U000e01ef\\ufe00-\\ufe0f]?")
# The part of the width and the height that the writing fills: a column is narrow in a circle, a square full.
_ROOM = {
    (Shape.ROUND, 1, 1): (0.62, 0.62),
    (Shape.ROUND, 1, 2): (0.48, 0.78),
    (Shape.ROUND, 1, 3): (0.40, 0.82),
    (Shape.ROUND, 1, 4): (0.34, 0.85),
    (Shape.ROUND, 1, 5): (0.30, 0.86),
    (Shape.ROUND, 2, 2): (0.64, 0.66),
    (Shape.ROUND, 2, 3): (0.60, 0.70),
    (Shape.ROUND, 2, 4): (0.56, 0.73),
    (Shape.ROUND, 2, 5): (0.52, 0.76),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one character stands, in a square that is 1 wide and high, from its lower left corner."""

    character: str
    left: float
    bottom: float
    width: float
    height: float


def cut_name(text: str, shape: Shape, fonts: Sequence[FontFile]) -> Seal:
    """A seal that says `text`, in the first of the fonts that has all of its characters.

    Japanese is set in one column of up to four characters (two in a square), or in two from right to left, parted by
    a space where there is one; other writing in lines. The width is that of 18 mm, the largest that is customary.
    Raises SealTextUnsuitable, SealGlyphMissing, SealFontMissing.
    """
    words = _words(text)
    is_japanese = all(_is_wide(each) for word in words for each in word)
    wanted = [each for word in words for each in _characters(word)]
    with _face_with([*wanted, *_PRACTICE_WORD], fonts) as face:
        cells = _in_columns(_columns(words, shape), shape) if is_japanese else _in_lines(words, shape, face)
        pen = _Pen(face)
        written = [pen.write(cell, upright=is_japanese) for cell in cells]
        mark = [pen.write(cell, upright=False) for cell in _practice_cells(1.0)]
        glyphs, codes = face.embedded(pen.used)
    drawing = f"{_INK} RG {_INK} rg {_border(shape)} {_text(written, codes)}"
    practice = _practised(drawing, 1.0, _text(mark, codes))
    return Seal(18.0, 1.0, " ".join(words), drawing.encode(), practice, glyphs)


def cut_picture(picture: Picture, fonts: Sequence[FontFile]) -> Seal:
    """A seal that is one's own picture. Raises SealPictureUnusable."""
    if min(picture.width, picture.height) < 1 or not 0.1 <= picture.height / picture.width <= 10:
        raise errors.SealPictureUnusable
    aspect = picture.height / picture.width
    drawing = f"q 1 0 0 {aspect:.5f} 0 0 cm /P Do Q"
    glyphs = None
    try:
        with _face_with(list(_PRACTICE_WORD), fonts) as face:
            pen = _Pen(face)
            mark = [pen.write(cell, upright=False) for cell in _practice_cells(aspect)]
            glyphs, codes = face.embedded(pen.used)
        writing = _text(mark, codes)
    except errors.SealError:  # no Japanese font here: the mark is written in the one that every viewer has
        plate = _practice_plate(aspect)
        size = min(plate.height * 0.7, plate.width / 6)  # the word is 5.1 wide
        left, base_line = plate.left + plate.width / 2 - size * 2.55, plate.bottom + plate.height / 2 - size * 0.36
        writing = f"BT /H {size:.5f} Tf {left:.5f} {base_line:.5f} Td (PRACTICE) Tj ET"
    return Seal(18.0, aspect, "", drawing.encode(), _practised(drawing, aspect, writing), glyphs, picture)


# --- what is written


def _words(text: str) -> list[str]:
    """No normalisation of Unicode: it would make new forms of old ones (U+FA19 becomes U+795E)."""
    composed = _MARKED_KANA.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    words = composed.split()
    if any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for each in "".join(words)):
        raise errors.SealTextUnsuitable
    longest = max((len(_characters(word)) for word in words), default=0)
    total = sum(len(_characters(word)) for word in words)
    if not 1 <= len(words) <= 3 or longest > 16 or (total > 2 * _LONGEST_COLUMN and _is_wide(words[0][0])):
        raise errors.SealTextUnsuitable
    return words


def _characters(word: str) -> list[str]:
    return _CHARACTER.findall(word)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or unicodedata.category(character) == "Mn"


def _columns(words: Sequence[str], shape: Shape) -> list[list[str]]:
    """From right to left; a square is filled. Raises SealTextUnsuitable."""
    columns = [_characters(word) for word in words]
    if len(columns) == 1 and len(columns[0]) > (4 if shape is Shape.ROUND else 2):
        half = (len(columns[0]) + 1) // 2
        columns = [columns[0][:half], columns[0][half:]]
    if len(columns) > 2 or max(map(len, columns)) > _LONGEST_COLUMN:
        raise errors.SealTextUnsuitable
    return columns


def _face_with(characters: Sequence[str], fonts: Sequence[FontFile]) -> Typeface:
    missing: list[str] | None = None
    for file in fonts:
        try:
            face = Typeface(file)
        except FontUnusableError:
            continue
        lacks = [each for each in characters if face.glyph(each) is None]
        if not lacks:
            return face
        face.close()
        missing = lacks if missing is None or len(lacks) < len(missing) else missing
    if missing is None:
        raise errors.SealFontMissing
    raise errors.SealGlyphMissing(characters="".join(dict.fromkeys(missing)))


# --- where it stands


def _room(shape: Shape, columns: int, longest: int) -> tuple[float, float]:
    return _ROOM[shape, columns, longest] if shape is Shape.ROUND and (shape, columns, longest) in _ROOM else (0.8, 0.8)


def _in_columns(columns: Sequence[Sequence[str]], shape: Shape) -> list[Cell]:
    longest = max(map(len, columns))
    wide, high = _room(shape, len(columns), longest)
    if shape is Shape.SQUARE and len(columns) == 1:
        wide = min(0.8, 1.15 * high / longest)
    width = wide / len(columns)
    return [
        Cell(character, 0.5 + wide / 2 - (column + 1) * width, 0.5 + high / 2 - (place + 1) * height, width, height)
        for column, characters in enumerate(columns)
        for height in [high / len(characters)]
        for place, character in enumerate(characters)
    ]


def _in_lines(words: Sequence[str], shape: Shape, face: Typeface) -> list[Cell]:
    """Each word a line as wide as there is room; all equally high."""
    wide = 0.82 if shape is Shape.SQUARE else {1: 0.84, 2: 0.74, 3: 0.64}[len(words)]
    lines = [[(each, face.advance(face.glyph(each) or ".notdef")) for each in _characters(word)] for word in words]
    longest = max(sum(advance for _, advance in line) for line in lines)
    em = min(wide / longest, wide / len(words) / 0.9)
    cells = []
    for number, line in enumerate(lines):
        left = 0.5 - sum(advance for _, advance in line) * em / 2
        bottom = 0.5 + len(lines) * em / 2 - (number + 1) * em
        for character, advance in line:
            cells.append(Cell(character, left, bottom, em, em))
            left += advance * em
    return cells


@dataclass(frozen=True, slots=True)
class _Plate:
    """On which it stands that the practice card signed: below the seal, or beside one that is low."""

    left: float
    bottom: float
    width: float
    height: float


def _practice_plate(aspect: float) -> _Plate:
    if aspect < 0.5:
        wide = min(0.4, aspect * 2.5)
        return _Plate(1 - wide, 0, wide, aspect)
    return _Plate(0, 0, 1, min(0.28, aspect * 0.4))


def _practice_cells(aspect: float) -> list[Cell]:
    plate = _practice_plate(aspect)
    high = min(plate.height * 0.78, plate.width / 2.5)
    start, bottom = plate.left + plate.width / 2 - high * 1.15, plate.bottom + plate.height / 2 - high / 2
    return [
        Cell(character, start + place * high * 1.3, bottom, high, high)
        for place, character in enumerate(_PRACTICE_WORD)
    ]


# --- how it is drawn (ISO 32000-2, 8.5 and 9.4)


class _Pen:
    """Remembers which glyphs were used."""

    def __init__(self, face: Typeface) -> None:
        self._face = face
        self.used: dict[str, str] = {}

    def write(self, cell: Cell, *, upright: bool) -> "Written":
        glyph = self._face.glyph(cell.character, upright=upright) or ".notdef"
        self.used[glyph] = cell.character
        base_line = cell.bottom + (1 - self._face.ascent) * cell.height
        return Written(glyph, cell.left, base_line, cell.width, cell.height)


@dataclass(frozen=True, slots=True)
class Written:
    """A glyph, where it begins on its base line, and how wide and high an em is there."""

    glyph: str
    left: float
    base_line: float
    width: float
    height: float


def _text(written: Sequence[Written], codes: Mapping[str, int]) -> str:
    lines = [
        f"{each.width:.5f} 0 0 {each.height:.5f} {each.left:.5f} {each.base_line:.5f} Tm <{codes[each.glyph]:04X}> Tj"
        for each in written
    ]
    return " ".join(["BT /S 1 Tf", *lines, "ET"])


def _border(shape: Shape) -> str:
    near, far = _BORDER / 2, 1 - _BORDER / 2
    if shape is Shape.SQUARE:
        return f"{_BORDER} w 1 j {near} {near} {far - near} {far - near} re S"
    reach = _CIRCLE * (0.5 - near)
    low, high = 0.5 - reach, 0.5 + reach
    return (
        f"{_BORDER} w {far} 0.5 m {far} {high:.5f} {high:.5f} {far} 0.5 {far} c "
        f"{low:.5f} {far} {near} {high:.5f} {near} 0.5 c {near} {low:.5f} {low:.5f} {near} 0.5 {near} c "
        f"{high:.5f} {near} {far} {low:.5f} {far} 0.5 c s"
    )


def _practised(drawing: str, aspect: float, writing: str) -> bytes:
    """The seal where the practice card signs: smaller, so that nothing hides what it says, with the plate."""
    plate = _practice_plate(aspect)
    if plate.left:
        size, left, bottom = plate.left, 0.0, (1 - plate.left) * aspect / 2
    else:
        size = 1 - plate.height / aspect
        left, bottom = (1 - size) / 2, plate.height
    seal = f"q {size:.5f} 0 0 {size:.5f} {left:.5f} {bottom:.5f} cm {drawing} Q"
    box = f"{plate.left + 0.01:.5f} {plate.bottom + 0.01:.5f} {plate.width - 0.02:.5f} {plate.height - 0.02:.5f} re"
    return f"{seal} 1 g {_PRACTICE_INK} RG 0.02 w {box} B {_PRACTICE_INK} rg {writing}".encode()
