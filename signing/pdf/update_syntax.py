"""Whether a later revision of a PDF is written so that every reader finds the same in it.

A reader that stumbles over cross references searches the whole file for objects instead, and shows those that it
finds (incremental saving attacks). So nothing may make a reader stumble, and nothing may lie there to be found.
"""

import re
from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionMetaInfo, XRefSectionType

from signing.pdf.history import History, UnclassifiableError

_LARGEST = 64 << 20  # of one revision; it is held in memory
_NEAR = 1 << 16
_BLANKS = 64  # how many at most between the word "trailer" and what it announces
_LINE_END = rb"[ \t]*(?:\r\n|\n|\r)"
_TABLE = re.compile(  # ISO 32000-2, 7.5.4: entries of exactly 20 bytes. Signers that start a line early are common.
    rb"(?:\r\n|\n|\r)?xref%s(?:\d+ \d+%s(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*)+trailer\s*(?=<<)"
    % (_LINE_END, _LINE_END)
)
_HEADER = re.compile(rb"(\d+)\s(\d+)\sobj\b\s*")
_ANY_HEADER = re.compile(rb"\d\s+\d+\s+obj")  # as generous as the most generous reader
_END_OF_STREAM = re.compile(rb"endstream\s*endobj\s*")
_END_OF_OBJECT = re.compile(rb"endobj\s*")
_END_OF_REVISION = re.compile(rb"\s*startxref\s+(\d+)\s+%%EOF")
_OF_TRAILERS = re.compile(rb"\btrailer\s*<<|\bstartxref\b|%%EOF")


def has_one_reading(reader: PdfFileReader, history: History, revision: int) -> bool:
    """Whether all readers agree on which objects the revision holds."""
    try:
        _require_one_reading(reader, history, revision)
    except Exception:  # the library raises whatever it stumbles over
        return False
    return True


def _require_one_reading(reader: PdfFileReader, history: History, revision: int) -> None:
    info, before = (reader.xrefs.get_xref_container_info(each) for each in (revision, revision - 1))
    start = _end_of(reader, before)
    size = info.declared_startxref - start
    if not 0 <= size <= _LARGEST:
        raise UnclassifiableError
    reader.stream.seek(start)
    _require_only(reader.stream.read(size), _listed(reader, revision, start, info.declared_startxref))
    trailer = _trailer(reader, history, info)
    _require_chained(trailer, history.own_trailer(revision - 1), before)
    _require_members_listed(reader, history, revision)
    if trailer.raw_get("/Size") <= max(reader.xrefs.get_xref_data(revision).standard_xrefs, default=0):
        raise UnclassifiableError


def _end_of(reader: PdfFileReader, info: XRefSectionMetaInfo) -> int:
    """The byte behind the end marker of a revision."""
    reader.stream.seek(info.end_location)
    behind = reader.stream.read(_NEAR)
    marker = behind.find(b"%%EOF")
    if marker < 0 or _ANY_HEADER.search(behind, 0, marker):
        raise UnclassifiableError
    end: int = info.end_location + marker + len(b"%%EOF")
    return end


def _listed(reader: PdfFileReader, revision: int, start: int, end: int) -> dict[int, tuple[int, int]]:
    """The objects that the cross references name between two places, by how far from the first they begin."""
    entries = reader.xrefs.get_xref_data(revision).standard_xrefs
    return {
        place - start: (number, generation) for number, (generation, place) in entries.items() if start <= place < end
    }


def _require_only(content: bytes, listed: Mapping[int, tuple[int, int]]) -> None:
    """Nothing but these objects, each from its beginning to the next."""
    places = sorted(listed)
    if content[: places[0] if places else None].strip() or _OF_TRAILERS.search(content):
        raise UnclassifiableError
    for place, following in zip(places, [*places[1:], len(content)], strict=True):
        _require_one_object(content[place:following], listed[place])


def _require_one_object(content: bytes, reference: tuple[int, int]) -> None:
    header = _HEADER.match(content)
    if header is None or (int(header[1]), int(header[2])) != reference or _ANY_HEADER.search(content, header.end()):
        raise UnclassifiableError
    end = content.find(b"endstream")
    pattern = _END_OF_OBJECT if end < 0 else _END_OF_STREAM
    if pattern.fullmatch(content, content.find(b"endobj") if end < 0 else end) is None:
        raise UnclassifiableError


def _trailer(reader: PdfFileReader, history: History, info: XRefSectionMetaInfo) -> Any:
    """That of the revision, read without leniency; behind it stands the end of the revision and nothing else."""
    stream = reader.stream
    place = info.declared_startxref
    stream.seek(place)
    if info.xref_section_type is XRefSectionType.STANDARD:
        table = _TABLE.match(stream.read(info.end_location - place + _BLANKS))
        if table is None:
            raise UnclassifiableError
        stream.seek(place + table.end())
        trailer = generic.DictionaryObject.read_from_stream(stream, generic.TrailerReference(history))
        behind = stream.read(_NEAR)
    else:
        header = _HEADER.match(stream.read(32))
        if header is None:
            raise UnclassifiableError
        stream.seek(place + header.end())
        trailer = generic.read_object(stream, generic.Reference(int(header[1]), int(header[2]), history))
        behind = stream.read(_NEAR).lstrip().removeprefix(b"endobj")
    end = _END_OF_REVISION.match(behind)
    if end is None or int(end[1]) != place:
        raise UnclassifiableError
    return trailer


def _require_chained(trailer: Any, earlier: Mapping[str, Any], before: XRefSectionMetaInfo) -> None:
    """Numbers that stand there themselves: some readers follow no references while they look for objects."""
    previous, size = trailer.raw_get("/Prev"), trailer.raw_get("/Size")
    plain = isinstance(previous, generic.NumberObject) and isinstance(size, generic.NumberObject)
    if not plain or previous != before.declared_startxref or "/XRefStm" in trailer:
        raise UnclassifiableError
    if size < int(earlier["/Size"]):  # what lies beyond counts as missing (ISO 32000-2, 7.5.5)
        raise UnclassifiableError


def _require_members_listed(reader: PdfFileReader, history: History, revision: int) -> None:
    """An object stream holds no objects that the cross references do not name."""
    section = reader.xrefs.get_xref_data(revision)
    for number, (generation, _) in section.standard_xrefs.items():
        value = history.object(number, generation, revision)
        if isinstance(value, generic.StreamObject) and value.get("/Type") == "/ObjStm":
            named = {each for each, place in section.xrefs_in_objstm.items() if place.obj_stream_id == number}
            if history.members(number) - named:
                raise UnclassifiableError
