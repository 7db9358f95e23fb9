"""What every revision of a PDF writes, and every object as each revision had it.

The library looks an object up by walking the revisions, and takes what it cannot read for null. Here the walk is
made once, and what is malformed, or what two readers could take for two things, raises: a difference between
revisions is told from what cannot be told otherwise.
"""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import (
    ObjStreamRef,
    XRefSectionData,
    XRefSectionType,
    XRefType,
    parse_xref_table,
    read_object_header,
)

Place = int | ObjStreamRef | None
_NULL = generic.NullObject()


class UnclassifiableError(Exception):
    """What stands here cannot be told with certainty."""


class History:
    """The objects of all revisions. Values are as the library parses them; references in them are not followed."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._sections = [reader.xrefs.get_xref_data(number) for number in range(reader.xrefs.total_revisions)]
        self._mentions: dict[int, list[tuple[int, int]]] = {}  # of each number: in which revision, and its generation
        for revision, section in enumerate(self._sections):
            for number, generation in _entries(section):
                self._mentions.setdefault(number, []).append((revision, generation))
        self._trailers: list[dict[str, Any]] = []
        for revision in range(len(self._sections)):
            self._trailers.append({**(self._trailers[-1] if self._trailers else {}), **self.own_trailer(revision)})
        self._parsed: dict[tuple[int, Place], Any] = {}
        self._streams: dict[int, tuple[bytes, dict[int, int]]] = {}
        self._revision = 0  # that of the object that is being parsed
        self.strict = True  # asked by the parser: of two values for one key, readers take either

    def written(self, revision: int) -> dict[int, int]:
        """The numbers of the objects that a revision writes or frees, with their generations.

        Raises UnclassifiableError.
        """
        if self._reader.xrefs.get_xref_container_info(revision).xref_section_type == XRefSectionType.HYBRID_MAIN:
            raise UnclassifiableError  # readers that know cross-reference streams see another document
        entries = self._listed(revision)
        numbers = dict(entries)
        if len(numbers) < len(entries):
            raise UnclassifiableError  # which of two entries counts is up to the reader
        return numbers

    def _listed(self, revision: int) -> list[tuple[int, int]]:
        """The entries as they stand there; the library keeps one of each in a table, and streams have no second."""
        info = self._reader.xrefs.get_xref_container_info(revision)
        if info.xref_section_type != XRefSectionType.STANDARD:
            return list(_entries(self._sections[revision]))
        stream = self._reader.stream
        stream.seek(info.start_location)
        entries = parse_xref_table(stream, strict=False)
        return [(each.idnum, each.generation - (each.xref_type == XRefType.FREE)) for each in entries if each.idnum]

    def place(self, number: int, generation: int, revision: int) -> Place:
        """Where the object of that revision stands; None where it has none, which is null (ISO 32000-2, 7.3.10)."""
        reference = generic.Reference(number, generation)
        for mentioned, _ in reversed(self._mentions.get(number, ())):
            if mentioned <= revision:
                with contextlib.suppress(KeyError):
                    place: Place = self._sections[mentioned].try_resolve(reference)
                    return place
        return None

    def places(self, number: int, revision: int) -> dict[int, Place]:
        """Where objects of this number stand, by their generations; there should be one at most."""
        generations = {generation for mentioned, generation in self._mentions.get(number, ()) if mentioned <= revision}
        found = {generation: self.place(number, generation, revision) for generation in generations}
        return {generation: place for generation, place in found.items() if place is not None}

    def is_cross_references(self, place: Place) -> bool:
        """Whether this is a stream of cross references: found by its offset, whatever its number comes to mean."""
        infos = map(self._reader.xrefs.get_xref_container_info, range(len(self._sections)))
        return any(info.stream_ref is not None and info.start_location == place for info in infos)

    def object(self, number: int, generation: int, revision: int) -> Any:
        """The object as it was then, decrypted. Raises whatever the parser raises on what is malformed."""
        place = self.place(number, generation, revision)
        if place is None:
            return _NULL
        known = self._parsed.get((number, place))
        if known is not None:
            return known
        self._revision = revision
        parsed = self._parse(number, generation, place)
        if not isinstance(parsed, generic.StreamObject):  # streams can be large, and are rarely asked for twice
            self._parsed[number, place] = parsed
        return parsed

    def _parse(self, number: int, generation: int, place: int | ObjStreamRef) -> Any:
        reference = generic.Reference(number, generation, self)
        if isinstance(place, ObjStreamRef):
            content, offsets = self._object_stream(place.obj_stream_id)
            if list(offsets)[place.ix_in_stream] != number:
                raise UnclassifiableError  # some readers go by the number, some by the place
            stream = BytesIO(content)
            stream.seek(offsets[number])
            return generic.read_object(stream, reference)
        stream = self._reader.stream
        stream.seek(place)
        if read_object_header(stream, strict=False) != (number, generation):
            raise UnclassifiableError
        parsed = generic.read_object(stream, reference)
        return plain(generic.proxy_encrypted_obj(parsed, self._reader.security_handler)) if self._encrypted else parsed

    @property
    def _encrypted(self) -> bool:
        return bool(self._reader.encrypted)

    def _object_stream(self, number: int) -> tuple[bytes, dict[int, int]]:
        """Its content, and where in it each object begins. No revision may write it anew; that is seen elsewhere."""
        if number not in self._streams:
            stream = self._reader.get_object(generic.Reference(number, 0, self._reader))
            content = stream.read_data(DecodePurpose.OBJECT_STREAM)
            first, count = int(stream["/First"]), int(stream["/N"])
            header = [int(word) for word in content[:first].split()[: 2 * count]]
            offsets = {each: first + offset for each, offset in zip(header[::2], header[1::2], strict=True)}
            if len(offsets) != count:
                raise UnclassifiableError
            self._streams[number] = content, offsets
        return self._streams[number]

    def members(self, number: int) -> set[int]:
        """The numbers of the objects in an object stream."""
        return set(self._object_stream(number)[1])

    def get_object(self, reference: Any) -> Any:
        """For the parser, which asks for the length of a stream."""
        return self.object(reference.idnum, reference.generation, self._revision)

    def value(self, value: Any, revision: int) -> Any:
        """The value itself, or what it refers to."""
        for _ in range(8):
            value = plain(value)
            if not isinstance(value, generic.IndirectObject):
                return value
            value = self.object(value.idnum, value.generation, revision)
        raise UnclassifiableError

    def dictionary(self, value: Any, revision: int) -> dict[str, Any]:
        """The entries of a dictionary that is no stream, references not followed. Raises UnclassifiableError."""
        found = self.value(value, revision)
        if not isinstance(found, generic.DictionaryObject) or isinstance(found, generic.StreamObject):
            raise UnclassifiableError
        return {key: plain(entry) for key, entry in dict.items(found) if entry != _NULL}

    def array(self, value: Any, revision: int) -> list[Any]:
        """The elements, references not followed; none for null. Raises UnclassifiableError."""
        found = _NULL if value is None else self.value(value, revision)
        if found == _NULL:
            return []
        if not isinstance(found, generic.ArrayObject):
            raise UnclassifiableError
        return [plain(element) for element in list.__iter__(found)]

    def trailer(self, revision: int) -> dict[str, Any]:
        """The entries in force, those of earlier trailers included."""
        return self._trailers[revision]

    def own_trailer(self, revision: int) -> dict[str, Any]:
        """The entries of this revision's trailer alone, which is all that some readers look at."""
        # The library hands out only what all of them come to.
        return dict(dict.items(self._reader.trailer._trailer_revisions[-1 - revision]))  # noqa: SLF001


def _entries(section: XRefSectionData) -> Iterator[tuple[int, int]]:
    yield from section.explicit_refs_in_revision
    if section.hybrid is not None:
        yield from section.hybrid.xref_data.explicit_refs_in_revision


def plain(value: Any) -> Any:
    """Decrypted where it is encrypted."""
    return value.decrypted if isinstance(value, generic.DecryptedObjectProxy) else value


def references(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every reference within an object, with the way to it."""
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while pending:
        path, each = pending.pop()
        each = each.raw_object if isinstance(each, generic.DecryptedObjectProxy) else each
        if isinstance(each, generic.IndirectObject):
            yield path, each
        elif isinstance(each, generic.DictionaryObject):
            pending.extend(((*path, key), entry) for key, entry in dict.items(each))
        elif isinstance(each, generic.ArrayObject):
            pending.extend(((*path, place), element) for place, element in enumerate(list.__iter__(each)))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to the letter, references by their numbers."""
    one, other = plain(one), plain(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, generic.StreamObject) and one.encoded_data != other.encoded_data:
        return False
    if isinstance(one, generic.DictionaryObject):
        entries, others = dict(dict.items(one)), dict(dict.items(other))
        return entries.keys() == others.keys() and all(same(entries[key], others[key]) for key in entries)
    if isinstance(one, generic.ArrayObject):
        return len(one) == len(other) and all(map(same, list.__iter__(one), list.__iter__(other)))
    if isinstance(one, generic.TextStringObject | generic.ByteStringObject):
        return bool(one.original_bytes == other.original_bytes)
    return bool(one == other)
