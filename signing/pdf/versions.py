"""The document before its last signature, where that is provably the last thing that came into it."""

import re
from typing import BinaryIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType

from signing.document import Document
from signing.pdf.reader import entry, open_reader, signature_fields
from signing.pdf.revisions import SignedRange

_END = re.compile(rb"startxref[\0\t\n\f\r ]+([0-9]{1,12})[\0\t\n\f\r ]+%%EOF(?:\r\n|\n|\r)?")
_TAIL = 1 << 12  # bytes between a trailer and the end of its revision, at most


def bytes_before_last_signature(document: Document) -> int | None:
    """The length of the document before the signature that was put into it last; None where that cannot be proven.

    It is proven where the last revision (ISO 32000-2, 7.5.6) holds one signature, which covers the whole file, and the
    one before it ends on its own where every object of the last begins. Raises DocumentError.
    """
    with document.opened() as file:
        reader = open_reader(file, document.password)
        try:
            end = _end_of_revision_before(reader, file)
        except Exception:  # the library raises whatever it stumbles over, and then nothing is proven
            return None
        size = file.seek(0, 2)
        ranges = [SignedRange.of(entry(field.signature, "/ByteRange"), size) for field in signature_fields(reader)]
    if end is None or None in ranges:
        return None
    ends = [signed.end for signed in ranges if signed]
    if sorted(each for each in ends if each > end) != [size]:
        return None
    return _without_line_end(end, ends)


def _end_of_revision_before(reader: PdfFileReader, file: BinaryIO) -> int | None:
    last = reader.xrefs.total_revisions - 1
    if last < 1:
        return None
    before, after = (reader.xrefs.get_xref_container_info(each) for each in (last - 1, last))
    if XRefSectionType.HYBRID_MAIN in (before.xref_section_type, after.xref_section_type):
        return None
    file.seek(before.end_location)
    found = _END.search(file.read(_TAIL))
    if found is None or int(found[1]) != before.declared_startxref:
        return None  # a linearized file, among others: there the first revision stands behind the second
    end = before.end_location + found.end()
    section = reader.xrefs.get_xref_data(last)
    begins = min([after.start_location, *(offset for _, offset in section.standard_xrefs.values())])
    return end if end <= begins else None


def _without_line_end(end: int, signed_ends: list[int]) -> int:
    """A signed revision may have ended without the line end that the next one began with."""
    return next((each for each in signed_ends if end - 2 <= each <= end), end)
