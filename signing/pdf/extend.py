"""What makes the signatures of a PDF last: time stamps, validation data, document time stamps (ETSI EN 319 142-1).

Each is an incremental update of a copy, save for the time stamp of a signature that nothing follows yet: it goes into
the room that its container has left.
"""

from dataclasses import dataclass

from asn1crypto import cms as asn1
from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing import cms, errors
from signing.carried import ValidationData
from signing.document import Document
from signing.pdf.embedded import EmbeddedSignature
from signing.pdf.reader import damage_told, entry, open_reader, signature_fields
from signing.pdf.revisions import SignedRange
from signing.pdf.sign import free_name
from signing.pdf.validation_data import validation_data
from signing.staged_copy import StagedCopy, translated
from signing.timestamp import has_timestamp
from signing.timestamping import Timestamper

_CADES = "/ETSI.CAdES.detached"
_ROOM_FOR_DOCUMENT_STAMP = 16 << 10  # bytes
_LEAST_ROOM = 6 << 10  # bytes that a container must have left, lest a stamp be asked for in vain


class ExtendedPdf:
    """A staged copy of a signed PDF, to which updates are added one after the other."""

    def __init__(self, copy: StagedCopy, document: Document) -> None:
        self._copy = copy
        self._password = document.password

    def signatures(self) -> list[EmbeddedSignature]:
        """In the order of their revisions, document time stamps among them. Raises DocumentError."""
        with damage_told():
            self._copy.file.flush()
            return signatures_in(open_reader(self._copy.file, self._password))

    def validation_data(self) -> ValidationData:
        """What the file brings along already. Raises DocumentError."""
        return validation_data(open_reader(self._copy.file, self._password))

    def add_timestamp(self, timestamper: Timestamper) -> None:
        """Prove that what is there exists now: in the last signature where nothing follows it, else as an update.

        Raises NothingToExtend, TimestampError, DestinationError, DocumentError.
        """
        signatures = self.signatures()
        if not signatures:
            raise errors.NothingToExtend
        room = self._room_in(signatures[-1])
        if room is not None:
            bare = asn1.ContentInfo.load(signatures[-1].contents).dump()  # without the padding
            stamped = cms.add_timestamps(bare, timestamper)
            if len(stamped) <= room.length:
                self._fill(room, stamped)
                return
        self.add_document_timestamp(timestamper)

    def _room_in(self, last: EmbeddedSignature) -> "_Room | None":
        """The container of a signature to which a stamp can be added without touching anything that is signed."""
        reader = last.reader
        size = reader.stream.seek(0, 2)
        signed = SignedRange.of(entry(last.sig_object, "/ByteRange"), size)
        if signed is None or signed.end != size or not signed.leaves_out_only(last.contents, reader):
            return None
        if entry(last.sig_object, "/SubFilter") != _CADES or has_timestamp(last.signer_info):
            return None
        room = _Room(signed.hole_start + 1, len(last.contents))
        used = len(asn1.ContentInfo.load(last.contents).dump())
        return room if room.length - used >= _LEAST_ROOM else None

    def _fill(self, room: "_Room", content: bytes) -> None:
        with translated(0):
            self._copy.file.seek(room.start)
            self._copy.file.write(content.ljust(room.length, b"\0").hex().encode())
        self._copy.sync()

    def add_document_timestamp(self, timestamper: Timestamper) -> None:
        """An update whose only signature is a time stamp over all before it (ISO 32000-2, 12.8.5).

        Raises TimestampError, DestinationError, DocumentError.
        """
        with translated(4 * _ROOM_FOR_DOCUMENT_STAMP), damage_told():
            writer = self._writer()
            name = free_name(writer)
            embedding = PdfCMSEmbedder(SigFieldSpec(name)).write_cms(name, writer)
            next(embedding)
            embedding.send(SigObjSetup(DocumentTimestamp(bytes_reserved=2 * _ROOM_FOR_DOCUMENT_STAMP)))
            self._copy.end_last_line()
            prepared, _file = embedding.send(SigIOSetup(md_algorithm="sha256", in_place=True))
            token = timestamper.stamp(prepared.document_digest)
            if len(token.der) > _ROOM_FOR_DOCUMENT_STAMP:
                raise errors.TimestampTooLarge
            embedding.send(asn1.ContentInfo.load(token.der))
        self._copy.sync()

    def add_validation_data(self, data: ValidationData) -> None:
        """An update with certificates, CRLs and OCSP responses, beside those that are there (ISO 32000-2, 12.8.4.3).

        Raises DestinationError, DocumentError.
        """
        with translated(0), damage_told():
            writer = self._writer()
            DocumentSecurityStore.supply_dss_in_writer(
                writer,
                None,
                certs=[x509.Certificate.load(der) for der in data.certificates],
                crls=[crl.CertificateList.load(der) for der in data.revocation.crls],
                ocsps=[ocsp.OCSPResponse.load(der) for der in data.revocation.responses],
            )
            self._copy.end_last_line()
            writer.write_in_place()
        self._copy.sync()

    def _writer(self) -> IncrementalPdfFileWriter:
        self._copy.file.flush()
        writer = IncrementalPdfFileWriter.from_reader(open_reader(self._copy.file, self._password))
        writer.register_extension(ESIC_EXTENSION_1)
        return writer


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the digits of /Contents begin in the file, and how many octets they hold."""

    start: int
    length: int


def signatures_in(reader: PdfFileReader) -> list[EmbeddedSignature]:
    """In the order of their revisions."""
    found = [EmbeddedSignature(reader, each) for each in signature_fields(reader)]
    return sorted(found, key=lambda each: each.signed_revision)


def is_stamped(signatures: list[EmbeddedSignature]) -> bool:
    """Whether something proves for each of them when it existed at the latest."""
    last = max((each.signed_revision for each in signatures if each.is_timestamp), default=-1)
    return all(
        each.is_timestamp or has_timestamp(each.signer_info) or each.signed_revision < last for each in signatures
    )
