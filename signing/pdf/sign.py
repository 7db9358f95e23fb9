"""A signature put into a PDF by incremental update (ISO 32000-2, 12.8), through any Credential."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto.cms import CMSAttributes
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing import cms, errors
from signing.certificate import certificate_facts
from signing.credential import Credential
from signing.document import Document
from signing.note import Note
from signing.pdf.appearance import box_of, draw_seal, page_number, page_of, seal_rectangle
from signing.pdf.field import empty_fields, modification_detection, require_field, require_room
from signing.pdf.options import PdfOptions
from signing.pdf.reader import damage_told, entry, open_reader, signature_fields
from signing.profile import Profile
from signing.report import IssuerClass
from signing.staged_copy import StagedCopy, StagedFile, translated

_SUBFILTERS = {
    Profile.PADES_B_B: SigSeedSubFilter.PADES,
    Profile.REGISTRY: SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
}

# For a time stamp, now or later: it can be put into the signature that is the last thing in a file.
_ROOM_BESIDE = {Profile.PADES_B_B: cms.ROOM_FOR_TOKEN, Profile.REGISTRY: 0}


@dataclass(frozen=True, slots=True)
class PdfFormat:
    """What is made of a PDF, with these options."""

    options: PdfOptions

    def rehearse(self, document: Document, profile: Profile) -> tuple[Note, ...]:
        """Try on the source whatever can go wrong with it, and tell what is special about it.

        Raises DocumentError, SealError.
        """
        return _rehearse(document, profile, self.options)

    def stage(self, document: Document, profile: Profile, folder: Path) -> "StagedPdf":
        """Copy, hash and parse the document. Raises DocumentError, DestinationError."""
        copy = StagedCopy(document, folder)
        try:
            return StagedPdf(copy, document, profile, self.options)
        except BaseException:
            copy.close()
            raise


def _rehearse(document: Document, profile: Profile, options: PdfOptions) -> tuple[Note, ...]:
    with document.opened() as file, damage_told():
        reader = open_reader(file, document.password)
        _require_known_encryption(reader)
        if _pages(reader) < 1:
            raise errors.DocumentDamaged
        _require_annotations(reader, page_number(options.place, _pages(reader)) if options.seal else 0)
        if reader.xrefs.hybrid_xrefs_present:
            raise errors.DocumentHybrid
        if entry(entry(reader.root, "/AcroForm"), "/XFA") is not None:
            raise errors.DocumentXfa
        locked = reader.encrypted and not document.password
        return (
            *_notes(reader),
            *([Note("encrypted-empty-password")] if locked else []),
            *_notes_on_options(reader, profile, options),
        )


def _require_annotations(reader: PdfFileReader, number: int) -> None:
    """Where the widget of the signature will be."""
    reference, _ = reader.find_page_for_modification(number)
    if not isinstance(entry(reference.get_object(), "/Annots"), list | None):
        raise errors.DocumentDamaged


def _require_known_encryption(reader: PdfFileReader) -> None:
    """Metadata in clear (ISO 32000-2, 7.6.4.2) and integrity codes (ISO/TS 32004) fail only while one writes."""
    if not reader.encrypted:
        return
    in_clear = entry(reader.trailer["/Encrypt"], "/EncryptMetadata")
    if (in_clear is not None and not in_clear) or "/AuthCode" in reader.trailer:
        raise errors.DocumentEncryptionUnsupported


def _notes(reader: PdfFileReader) -> Iterator[Note]:
    levels = set(_modification_levels(reader))
    if MDPPerm.NO_CHANGES.value in levels:
        raise errors.ChangesNotPermitted
    if levels:
        yield Note("certified", {"level": min(levels)})
    signatures = sum(1 for _ in signature_fields(reader))
    if signatures:
        yield Note("already-signed", {"count": signatures})
    if "/Collection" in reader.root:
        yield Note("portfolio")


def _notes_on_options(reader: PdfFileReader, profile: Profile, options: PdfOptions) -> Iterator[Note]:
    """Raises CertificationNotFirst, SignatureFieldMissing, SignatureFieldConstrained, SealTooLarge and
    SealNotPermitted."""
    fields = tuple(name for name, _ in empty_fields(reader))
    if fields:
        yield Note("empty-fields", {"count": len(fields), "names": fields})
    if options.permission is not None and (entry(entry(reader.root, "/Perms"), "/DocMDP") or any(_signed(reader))):
        raise errors.CertificationNotFirst
    if options.field:
        field = require_field(reader, options, _SUBFILTERS[profile].value)
        modification_detection(field, options)
        if options.seal:
            require_room(field)
    elif options.seal:
        if any(_modification_levels(reader)):
            raise errors.SealNotPermitted
        page = box_of(reader, page_number(options.place, _pages(reader)))
        _, as_put = seal_rectangle(page, options.seal, options.place)
        if not as_put:
            yield Note("seal-moved")


def _signed(reader: PdfFileReader) -> Iterator[bool]:
    return (True for _ in signature_fields(reader))


def _modification_levels(reader: PdfFileReader) -> Iterator[int]:
    """What the signatures that are there allow: /P of DocMDP (12.8.2.2), FieldMDP and field locks (12.7.5.5)."""
    for field in signature_fields(reader):
        references = [each.get_object() for each in entry(field.signature, "/Reference") or ()]
        parameters = [entry(reference, "/TransformParams") for reference in references]
        stated = [int(level) for each in parameters if (level := entry(each, "/P")) is not None]
        if not stated and any(entry(reference, "/TransformMethod") == "/DocMDP" for reference in references):
            stated = [MDPPerm.FILL_FORMS.value]  # its default
        lock = entry(entry(field.dictionary, "/Lock"), "/P")
        yield from stated if lock is None else [*stated, int(lock)]


class StagedPdf:
    """A copy of the document, parsed, to which only the signature is still to be added."""

    def __init__(self, copy: StagedCopy, document: Document, profile: Profile, options: PdfOptions) -> None:
        """Raises DocumentError."""
        self.file = self._copy = copy
        self._source = document
        self._profile = profile
        self._made: _Update | None = None
        self._options = options
        self._practice = False
        self.source_sha256 = copy.source_sha256
        with damage_told():
            self._writer = IncrementalPdfFileWriter.from_reader(open_reader(copy.file, document.password))
            self._pages = _pages(self._writer)
            self._field = options.field or free_name(self._writer)

    def sign(self, credential: Credential, *, name: str, moment: datetime) -> None:
        """Append the signature to the copy, read it back and check it; the credential signs once.

        `name` and `moment` are the signer's claims (/Name, /M). Raises CardError, CardSignatureWrong among them,
        DestinationError, and OutputNotVerified where the disk does not hold what was meant to stand there.
        """
        self._practice = _is_practice(credential.certification_path[0])
        hole = self._append(name, moment, cms.room_for(credential.certification_path) + _ROOM_BESIDE[self._profile])
        before, after = self._tail(hole)
        digest = self._digest(before, after, credential.algorithm.digest)
        attributes = _attributes(self._profile, digest, credential.certification_path[0], moment)
        # The card takes some 400 ms for its part: time enough to sync the file and to see whether it can be read.
        with ThreadPoolExecutor(1) as reading:
            readable = reading.submit(self._require_readable, hole)
            signed_data = cms.sign_attributes(attributes, credential)
            if not cms.signs(signed_data, digest, credential.certification_path[0]):
                raise errors.CardSignatureWrong
            made = self._made = _Update(hole, before, after, signed_data, credential.algorithm.digest, digest)
            readable.result()
        with translated(0):
            self._copy.file.seek(hole.start)
            self._copy.file.write(made.contents)
        self._require_held(made)

    @property
    def signed(self) -> bool:
        return self._made is not None

    def made_again(self, folder: Path) -> StagedFile:
        """What was signed, in another folder. Raises DestinationError and DocumentError."""
        made, self._copy = self._made, StagedCopy(self._source, folder)
        try:
            assert made  # noqa: S101 - it was signed
            with translated(made.hole.size):
                self._copy.file.write(made.before + made.contents + made.after)
            self._require_held(made)
            self._require_readable(made.hole)
        except BaseException:
            self._copy.close()
            raise
        return self._copy

    def _append(self, name: str, moment: datetime, room: int) -> "_Hole":
        signature = SignatureObject(
            timestamp=moment, subfilter=_SUBFILTERS[self._profile], name=name, bytes_reserved=2 * room
        )
        with translated(2 * room), damage_told():
            self._embed(signature)
            # The rest of pyHanko's protocol would hash the file from its beginning, again, while the card waits.
            self._writer.digest_aware_write = True
            self._copy.end_last_line()
            self._writer.write_in_place()
            start, end = signature.contents.offsets
            size = self._copy.file.tell()
            signature.byte_range.fill_offsets(self._copy.file, start, end, size)
        return _Hole(start, end, size)

    def _embed(self, signature: SignatureObject) -> None:
        """Put the signature, still empty, into its field, and the seal onto the page."""
        options, number = self._options, page_number(self._options.place, self._pages)
        box = None
        if options.seal and not options.field:
            box, _ = seal_rectangle(box_of(self._writer, number), options.seal, options.place)
        specification = SigFieldSpec(self._field, on_page=number if box else 0, box=box)  # type: ignore[arg-type]  # or floats
        embedding = PdfCMSEmbedder(specification).write_cms(self._field, self._writer, bool(options.field))
        field = next(embedding).get_object()
        if options.seal:
            widget = get_single_field_annot(field)
            draw_seal(
                self._writer, widget, options.seal, page_of(self._writer, widget, number), practice=self._practice
            )
            self._writer.update_container(widget)
        embedding.send(SigObjSetup(signature, modification_detection(field, options)))

    def _digest(self, before: bytes, after: bytes, algorithm: str) -> bytes:
        digest = self._copy.prefix(algorithm)
        digest.update(before)
        digest.update(after)
        return digest.digest()

    def _tail(self, hole: "_Hole") -> tuple[bytes, bytes]:
        """What stands on the disk of the update, before and after the hole."""
        with self._copy.reopened() as file:
            file.seek(self._copy.size)
            tail = file.read()
        if len(tail) != hole.size - self._copy.size:
            raise errors.OutputNotVerified
        return tail[: hole.start - self._copy.size], tail[hole.end - self._copy.size :]

    def _require_readable(self, hole: "_Hole") -> None:
        """Raise OutputNotVerified unless a reader that starts anew finds the document and its new signature."""
        self._copy.sync()
        try:
            with self._copy.reopened() as file:
                reader = open_reader(file, self._source.password)
                signatures = {field.name: field.signature for field in signature_fields(reader)}
                byte_range = [int(n) for n in signatures[self._field]["/ByteRange"]]
                pages = _pages(reader)
        except Exception as error:
            raise errors.OutputNotVerified from error
        if byte_range != hole.byte_range or pages != self._pages:
            raise errors.OutputNotVerified

    def _require_held(self, made: "_Update") -> None:
        """Raise OutputNotVerified unless the disk holds what was signed, and the signature."""
        self._copy.sync()
        digest = self._digest(*self._tail(made.hole), made.algorithm)
        with self._copy.reopened() as file:
            file.seek(made.hole.start)
            contents = file.read(len(made.contents))
        if digest != made.digest or contents != made.contents:
            raise errors.OutputNotVerified


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where /Contents stands in the file, its angle brackets included, and the size of the file."""

    start: int
    end: int
    size: int

    @property
    def byte_range(self) -> list[int]:
        return [0, self.start, self.end, self.size - self.end]


@dataclass(frozen=True, slots=True)
class _Update:
    """What was put behind the document, before and after the hole, and what the credential made of its digest."""

    hole: _Hole
    before: bytes
    after: bytes
    signed_data: bytes
    algorithm: str  # as hashlib names it
    digest: bytes

    @property
    def contents(self) -> bytes:
        """The hole, filled."""
        return b"<" + self.signed_data.hex().encode().ljust(self.hole.end - self.hole.start - 2, b"0") + b">"


def _is_practice(certificate: bytes) -> bool:
    return certificate_facts(certificate).issuer_class is IssuerClass.PRACTICE


def _attributes(profile: Profile, digest: bytes, certificate: bytes, moment: datetime) -> CMSAttributes:
    if profile is Profile.REGISTRY:
        return cms.pkcs7_attributes(digest, moment)
    return cms.cades_attributes(digest, certificate)


def _pages(document: PdfHandler) -> int:
    return int(document.root["/Pages"]["/Count"])


def free_name(writer: IncrementalPdfFileWriter) -> str:
    """A name for a signature field that no field has."""
    fields = entry(entry(writer.root, "/AcroForm"), "/Fields") or ()
    taken = {str(entry(field.get_object(), "/T")) for field in fields}
    return next(name for name in map("Signature{}".format, range(1, len(taken) + 2)) if name not in taken)
