"""Which bytes of a PDF a signature covers, and what came after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyhanko.pdf_utils.reader import PdfFileReader

from signing.pdf import embedded
from signing.pdf.difference import (
    ANNOTATED,
    FILLED,
    METADATA,
    NEW_AND_VISIBLE,
    PAGE_CHANGED,
    SHOWN,
    SIGNED,
    STAMPED,
    UNCLASSIFIED,
    VALIDATION_DATA,
    Finding,
    differences,
)
from signing.pdf.embedded import EmbeddedSignature
from signing.report import Change, ChangesAfter, Coverage

# What no signer leaves open.
SUSPICIOUS = frozenset({ANNOTATED, PAGE_CHANGED, UNCLASSIFIED, "trailing-bytes", "not-permitted"})
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


class LaterChanges:
    """What came after each signature of a file. Every revision is compared once, with the one before it.

    A change that a later revision takes back is a change nevertheless.
    """

    def __init__(self, signatures: Sequence[EmbeddedSignature]) -> None:
        """`signatures` are all that could be read."""
        self._signatures = signatures

    @cached_property
    def _differences(self) -> dict[int, frozenset[Finding]]:
        first = min(signature.signed_revision for signature in self._signatures)
        return differences(self._signatures[0].reader, first)

    def after(
        self, signature: EmbeddedSignature, signed: SignedRange, covers: Coverage
    ) -> tuple[ChangesAfter, tuple[Change, ...]]:
        """What came after the signed revision, as far as it can be classified."""
        if covers is Coverage.WHOLE:
            return ChangesAfter.NONE, ()
        if covers is Coverage.PART:
            return ChangesAfter.SUSPICIOUS, (*self._additions(signature), Change(UNCLASSIFIED))
        later = [found for number, found in self._differences.items() if number > signature.signed_revision]
        findings = frozenset().union(*later)
        changes = [*self._additions(signature), *self._told(findings), *_not_permitted(signature, findings)]
        if has_trailing_bytes(signature.reader, signed):
            # Readers that repair files may show what stands there; no revision that this reader knows accounts for it.
            changes.append(Change("trailing-bytes"))
        if not changes and not later:
            return ChangesAfter.NONE, ()
        suspicious = any(change.code in SUSPICIOUS for change in changes)
        return (ChangesAfter.SUSPICIOUS if suspicious else ChangesAfter.ALLOWED), tuple(changes) or (Change(METADATA),)

    def _additions(self, signature: EmbeddedSignature) -> Iterator[Change]:
        later = [each.is_timestamp for each in self._signatures if each.signed_revision > signature.signed_revision]
        if len(later) > sum(later):
            yield Change("signed-again", len(later) - sum(later))
        if any(later):
            yield Change("timestamped", sum(later))

    def _told(self, findings: frozenset[Finding]) -> Iterator[Change]:
        if (VALIDATION_DATA, None) in findings:
            yield Change(VALIDATION_DATA)
        # A field that holds a signature which cannot be read was filled with something.
        signatures = {signature.field_name for signature in self._signatures}
        filled = _subjects(findings, FILLED) | (_subjects(findings, SIGNED, STAMPED) - signatures)
        if filled:
            yield Change(FILLED, len(filled))
        for code in (SHOWN, ANNOTATED, PAGE_CHANGED):
            if pages := _subjects(findings, code):
                known = tuple(sorted(page for page in pages if isinstance(page, int)))
                yield Change(code, len(pages), known)
        if (UNCLASSIFIED, None) in findings:
            yield Change(UNCLASSIFIED)


def _subjects(findings: frozenset[Finding], *codes: str) -> set[str | int | None]:
    return {subject for code, subject in findings if code in codes}


def _not_permitted(signature: EmbeddedSignature, findings: frozenset[Finding]) -> Iterator[Change]:
    """What the signer had forbidden: by the permissions of a certification, or by a lock on fields."""
    permitted, lock = signature.permitted, signature.lock
    worked_in = _subjects(findings, FILLED, SIGNED, NEW_AND_VISIBLE)
    beyond = permitted is not None and (
        (worked_in and permitted == embedded.NOTHING) or _subjects(findings, NEW_AND_VISIBLE)
    )
    if beyond or (lock is not None and any(lock.locks(str(name)) for name in worked_in)):
        yield Change("not-permitted")


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
