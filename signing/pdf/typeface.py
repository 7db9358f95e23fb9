"""A font of the system: whether it has what a seal says, upright in a column, and its subset that a PDF embeds."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fontTools import subset
from fontTools.ttLib import TTFont

from signing.pdf.options import Glyphs

_KEPT = frozenset({"CFF ", "glyf", "loca", "head", "hhea", "hmtx", "maxp", "cmap", "GlyphOrder"})
_NO_EMBEDDING = 0x0002 | 0x0200  # OS/2 fsType: not without leave of the maker; as bitmaps only
_CID = "cid"  # how the library calls the glyphs of a CID-keyed font


@dataclass(frozen=True, slots=True)
class FontFile:
    """`number` is that of the face in a collection (.ttc)."""

    path: Path
    number: int = 0


class FontUnusableError(Exception):
    """Another font has to be tried."""


class Typeface:
    """A font that is open; a context manager.

    A character is one code point, or two where a variation selector chooses its form.
    """

    def __init__(self, file: FontFile) -> None:
        """Raises FontUnusableError where it cannot be read, or must not or cannot be embedded."""
        try:
            self._file = file.path.open("rb")
        except OSError as error:
            raise FontUnusableError from error
        try:
            self._font = TTFont(self._file, fontNumber=file.number, lazy=True)
            self._glyphs = self._font.getBestCmap() or {}
            self._forms = _forms(self._font)
            self.ascent = self._ascent()
            usable = not self._font["OS/2"].fsType & _NO_EMBEDDING and bool({"CFF ", "glyf"} & set(self._font.keys()))
        except Exception as error:  # the library raises whatever it stumbles over in a broken font
            self.close()
            raise FontUnusableError from error
        if not usable:
            self.close()
            raise FontUnusableError

    def _ascent(self) -> float:
        """From the base line to the upper edge of the square in which an ideograph stands, in ems."""
        table, em = self._font["OS/2"], self._font["head"].unitsPerEm
        whole = table.sTypoAscender - table.sTypoDescender == em
        return table.sTypoAscender / em if whole else 0.88

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def glyph(self, character: str, *, upright: bool = False) -> str | None:
        """The glyph of a character, `upright` as it stands in a column; None where the font has none."""
        base, *selectors = map(ord, character)
        found = self._glyphs.get(base)
        if selectors:
            if (base, selectors[0]) not in self._forms:
                return None  # the form that was asked for, and no other
            found = self._forms[base, selectors[0]] or found
        return self._upright().get(found, found) if upright and found else found

    def advance(self, glyph: str) -> float:
        """How wide it is, in ems."""
        return float(self._font["hmtx"][glyph][0]) / float(self._font["head"].unitsPerEm)

    def _upright(self) -> dict[str, str]:
        table = self._font["GSUB"].table if "GSUB" in self._font else None
        if table is None or not table.FeatureList:
            return {}
        features = [each.Feature for each in table.FeatureList.FeatureRecord if each.FeatureTag == "vert"]
        numbers = {number for feature in features for number in feature.LookupListIndex}
        return dict(pair for number in numbers for pair in _replacements(table.LookupList.Lookup[number]))

    def embedded(self, said: Mapping[str, str]) -> tuple[Glyphs, dict[str, int]]:
        """A subset with these glyphs, each with what it says, and the CID of each. The font is used up."""
        font = self._font
        is_cff = "CFF " in font
        name = str(font["name"].getDebugName(6) or "Seal") if "name" in font else "Seal"
        em, head = font["head"].unitsPerEm, font["head"]
        box = tuple(round(edge * 1000 / em) for edge in (head.xMin, head.yMin, head.xMax, head.yMax))
        for tag in set(font.keys()) - _KEPT:
            del font[tag]
        options = subset.Options(hinting=False, desubroutinize=True, layout_features=[], notdef_outline=True)
        work = subset.Subsetter(options)
        work.populate(glyphs=list(said))
        work.subset(font)
        by_identifier = is_cff and hasattr(font["CFF "].cff.topDictIndex[0], "ROS")
        codes = {
            glyph: int(glyph.removeprefix(_CID)) if by_identifier else int(font.getGlyphID(glyph)) for glyph in said
        }
        program = bytes(font.getTableData("CFF ")) if is_cff else _saved(font)
        tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(program).digest()[:6])  # 9.9.2
        plain = "".join(each for each in name if each.isalnum() or each == "-")
        characters = tuple((codes[glyph], text) for glyph, text in said.items())
        return Glyphs(f"{tag}+{plain}", program, is_cff, (box[0], box[1], box[2], box[3]), characters), codes


def _forms(font: TTFont) -> dict[tuple[int, int], str | None]:
    """Which form a variation selector chooses (cmap format 14); None: the one that the font shows anyway."""
    tables = [each for each in font["cmap"].tables if each.format == 14]
    return {
        (base, selector): glyph
        for table in tables
        for selector, pairs in table.uvsDict.items()
        for base, glyph in pairs
    }


def _replacements(lookup: Any) -> Iterator[tuple[str, str]]:
    for table in lookup.SubTable:
        inner = getattr(table, "ExtSubTable", table)
        yield from getattr(inner, "mapping", {}).items()


def _saved(font: TTFont) -> bytes:
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
