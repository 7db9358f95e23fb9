"""Which bytes of a PDF a signature covers, and what came after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.general import byte_range_digest
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.report import Change, ChangesAfter, Coverage

_PIECE = 1 << 20
_BLANK = b"\0\t\n\f\r "
_HEXADECIMAL = re.compile(rb"<?([0-9A-Fa-f\s]*)>?")
_LARGEST_HOLE = 1 << 24  # a signature of more than 8 MiB is none


@dataclass(frozen=True, slots=True)
class SignedRange:
    """The two stretches of bytes of a /ByteRange, around the hole in which the signature lies."""

    start: int
    first_length: int
    second_start: int
    second_length: int

    @classmethod
    def of(cls, byte_range: object, size: int) -> "SignedRange | None":
        """None where the value is no /ByteRange of a file of this size: four numbers, in order, within the file."""
        if not isinstance(byte_range, list) or len(byte_range) != 4:
            return None
        if not all(isinstance(number, int) and not isinstance(number, bool) for number in byte_range):
            return None
        signed = cls(*map(int, byte_range))
        ordered = 0 <= signed.start <= signed.hole_start <= signed.second_start <= signed.end <= size
        return signed if ordered and min(signed.first_length, signed.second_length) >= 0 else None

    @property
    def hole_start(self) -> int:
        return self.start + self.first_length

    @property
    def end(self) -> int:
        """The length of the signed revision, where the range begins at the beginning."""
        return self.second_start + self.second_length

    def digest(self, reader: PdfFileReader, algorithm: str) -> bytes:
        numbers = (self.start, self.first_length, self.second_start, self.second_length)
        return bytes(byte_range_digest(reader.stream, numbers, algorithm, chunk_size=_PIECE)[1])

    def leaves_out_only(self, contents: bytes, reader: PdfFileReader) -> bool:
        """Whether everything from the first byte is signed but the signature itself.

        Content in a wider hole, or before the range, can be exchanged at will (signature wrapping).
        """
        width = self.second_start - self.hole_start
        if self.start != 0 or width > _LARGEST_HOLE:
            return False
        reader.stream.seek(self.hole_start)
        hole = _HEXADECIMAL.fullmatch(reader.stream.read(width))
        return hole is not None and b"".join(hole[1].split()).lower() == contents.hex().encode()


def coverage(signature: EmbeddedPdfSignature) -> Coverage:
    """How much the signature covers, where its range leaves out only itself."""
    level = signature.evaluate_signature_coverage()
    signature.coverage = level  # type: ignore[assignment]  # the library declares it as None and sets it later
    if level == SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE
    return Coverage.REVISION if level == SignatureCoverageLevel.ENTIRE_REVISION else Coverage.PART


def changes_after(
    signature: EmbeddedPdfSignature, signed: SignedRange, others: list[EmbeddedPdfSignature], covers: Coverage
) -> tuple[ChangesAfter, tuple[Change, ...]]:
    """What came after the signed revision, as far as it can be classified; `coverage` was called before."""
    if covers is Coverage.WHOLE:
        return ChangesAfter.NONE, ()
    additions = tuple(_additions(signature, others))
    if covers is Coverage.REVISION and has_trailing_bytes(signature.reader, signed):
        # Readers that repair files may show what stands there; no revision that this reader knows accounts for it.
        return ChangesAfter.SUSPICIOUS, (*additions, Change("trailing-bytes"))
    difference = _difference(signature) if covers is Coverage.REVISION else None
    if not isinstance(difference, DiffResult) or difference.modification_level == ModificationLevel.OTHER:
        return ChangesAfter.SUSPICIOUS, (*additions, Change("unclassified"))
    if difference.modification_level == ModificationLevel.NONE:
        return ChangesAfter.NONE, ()
    return _classified(signature, difference, additions, {other.field_name for other in others})


def _difference(signature: EmbeddedPdfSignature) -> object:
    try:
        return signature.evaluate_modifications(DEFAULT_DIFF_POLICY)
    except Exception:  # also on valid files: what cannot be compared cannot be classified, and the arithmetic stands
        return None


def _classified(
    signature: EmbeddedPdfSignature, difference: DiffResult, additions: tuple[Change, ...], signatures: set[str]
) -> tuple[ChangesAfter, tuple[Change, ...]]:
    filled = difference.changed_form_fields - signatures
    changes = (*additions, *([Change("form-filled", len(filled))] if filled else []))
    permitted = signature.docmdp_level
    if permitted is not None and difference.modification_level.value > permitted.value:
        return ChangesAfter.SUSPICIOUS, (*changes, Change("not-permitted"))
    if difference.modification_level > ModificationLevel.LTA_UPDATES and not changes:
        return ChangesAfter.SUSPICIOUS, (Change("unclassified"),)
    return ChangesAfter.ALLOWED, changes or (Change("metadata"),)


def _additions(signature: EmbeddedPdfSignature, others: list[EmbeddedPdfSignature]) -> Iterator[Change]:
    later = [is_timestamp(other) for other in others if other.signed_revision > signature.signed_revision]
    if len(later) > sum(later):
        yield Change("signed-again", len(later) - sum(later))
    if any(later):
        yield Change("timestamped", sum(later))
    if _security_store_changed(signature):
        yield Change("validation-data")


def _security_store_changed(signature: EmbeddedPdfSignature) -> bool:
    reader = signature.reader
    if "/DSS" not in reader.root:
        return False
    before = reader.get_historical_resolver(signature.signed_revision).root
    if "/DSS" not in before:
        return True
    reference = getattr(reader.root.raw_get("/DSS"), "reference", None)
    return reference is None or reader.xrefs.get_last_change(reference) > signature.signed_revision


def is_timestamp(signature: EmbeddedPdfSignature) -> bool:
    """Told by what it is: there are document timestamps whose /Type says otherwise."""
    return bool(signature.signed_data["encap_content_info"]["content_type"].native == "tst_info")


def has_trailing_bytes(reader: PdfFileReader, signed: SignedRange) -> bool:
    """Whether anything but blanks stands after the end of the signed and of every later revision."""
    last_reference = max(
        reader.xrefs.get_xref_container_info(revision).end_location for revision in range(reader.xrefs.total_revisions)
    )
    position = signed.end
    if last_reference > position:
        position = _after_end_marker(reader, last_reference)
    reader.stream.seek(position)
    while piece := reader.stream.read(_PIECE):
        if piece.strip(_BLANK):
            return True
    return False


def _after_end_marker(reader: PdfFileReader, position: int) -> int:
    reader.stream.seek(position)
    trailer: bytes = reader.stream.read(_PIECE)
    marker = trailer.find(b"%%EOF")
    return position if marker < 0 else position + marker + len(b"%%EOF")
