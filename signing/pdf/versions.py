"""Where the versions of a document end, one appended to the other (ISO 32000-2, 7.5.6), as far as that is proven."""

import re
from typing import BinaryIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType

from signing.document import Document
from signing.pdf.reader import entry, open_reader, signature_fields
from signing.pdf.revisions import SignedRange

_END = re.compile(rb"startxref[\0\t\n\f\r ]+([0-9]{1,12})[\0\t\n\f\r ]+%%EOF(?:\r\n|\n|\r)?")
_TAIL = 1 << 12  # bytes between a trailer and the end of its revision, at most


def lengths_of_versions(document: Document) -> tuple[int, ...]:
    """The lengths of its versions, the whole last; those whose end cannot be proven are left out.

    Raises DocumentError.
    """
    with document.opened() as file:
        reader = open_reader(file, document.password)
        ends = [_proven_end(reader, file, revision) for revision in range(reader.xrefs.total_revisions - 1)]
    return (*sorted({end for end in ends if end}), document.size)


def bytes_before_last_signature(document: Document) -> int | None:
    """The length of the document before the signature that was put into it last; None where that cannot be proven.

    It is proven where the last revision (ISO 32000-2, 7.5.6) holds one signature, which covers the whole file, and the
    one before it ends on its own where every object of the last begins. Raises DocumentError.
    """
    with document.opened() as file:
        reader = open_reader(file, document.password)
        end = _proven_end(reader, file, reader.xrefs.total_revisions - 2)
        size = file.seek(0, 2)
        ranges = [SignedRange.of(entry(field.signature, "/ByteRange"), size) for field in signature_fields(reader)]
    if end is None or None in ranges:
        return None
    ends = [signed.end for signed in ranges if signed]
    if sorted(each for each in ends if each > end) != [size]:
        return None
    return _without_line_end(end, ends)


def _proven_end(reader: PdfFileReader, file: BinaryIO, revision: int) -> int | None:
    try:
        return _end(reader, file, revision) if revision >= 0 else None
    except Exception:  # the library raises whatever it stumbles over, and then nothing is proven
        return None


def _end(reader: PdfFileReader, file: BinaryIO, revision: int) -> int | None:
    before, after = (reader.xrefs.get_xref_container_info(each) for each in (revision, revision + 1))
    if XRefSectionType.HYBRID_MAIN in (before.xref_section_type, after.xref_section_type):
        return None
    file.seek(before.end_location)
    found = _END.search(file.read(_TAIL))
    if found is None or int(found[1]) != before.declared_startxref:
        return None  # a linearized file, among others: there the first revision stands behind the second
    end = before.end_location + found.end()
    section = reader.xrefs.get_xref_data(revision + 1)
    begins = min([after.start_location, *(offset for _, offset in section.standard_xrefs.values())])
    return end if end <= begins else None


def _without_line_end(end: int, signed_ends: list[int]) -> int:
    """A signed revision may have ended without the line end that the next one began with."""
    return next((each for each in signed_ends if end - 2 <= each <= end), end)
