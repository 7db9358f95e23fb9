"""A signature as it lies in a PDF (ISO 32000-2, 12.8.1): its container, its revision, and what it forbids later."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asn1crypto import cms, tsp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader, process_data_at_eof

from signing import errors
from signing.pdf.reader import SignatureField, entry
from signing.report import Coverage
from signing.signed_data import only_signer

NOTHING, FORMS, ANNOTATIONS = 1, 2, 3  # permitted after a certification (ISO 32000-2, table 257)


@dataclass(frozen=True, slots=True)
class FieldLock:
    """Which fields a signature locks (ISO 32000-2, table 259): all, the named ones, or all others."""

    action: str
    names: frozenset[str]

    def locks(self, field: str) -> bool:
        """A name stands for everything below it too."""
        named = any(field == name or field.startswith(f"{name}.") for name in self.names)
        return self.action == "/All" or named == (self.action == "/Include")


class EmbeddedSignature:
    """Raises whatever the libraries raise on what is malformed, and SignatureUnreadable."""

    def __init__(self, reader: PdfFileReader, field: SignatureField) -> None:
        self.reader = reader
        self.field_name = field.name
        self._field = field.dictionary
        reference = field.dictionary.raw_get("/V")
        self.sig_object = reference.get_object()
        if not isinstance(self.sig_object.raw_get("/ByteRange"), generic.ArrayObject):
            raise errors.SignatureUnreadable  # what another object says of it could be said anew
        self.contents = contents_of(self.sig_object)
        self.signed_data = cms.ContentInfo.load(self.contents)["content"]
        self.signer_info = only_signer(self.signed_data)
        content = self.signed_data["encap_content_info"]
        self.is_timestamp = content["content_type"].native == "tst_info"
        self.digest_algorithm = _digest_algorithm(content["content"].parsed if self.is_timestamp else self.signer_info)
        # The last revision that wrote it; that all of it is covered is seen elsewhere.
        self.signed_revision: int = reader.xrefs.get_last_change(reference.reference)

    @cached_property
    def permitted(self) -> int | None:
        """What may follow, where the signer said so: by a certification, or by a lock in the field."""
        parameters = self._parameters("/DocMDP")
        if parameters is None:
            parameters = entry(self._field, "/Lock")
            if entry(parameters, "/P") is None:
                return None
        level = parameters.raw_get("/P") if "/P" in parameters else FORMS
        if level not in (NOTHING, FORMS, ANNOTATIONS):
            raise errors.SignatureUnreadable
        return int(level)

    @cached_property
    def lock(self) -> FieldLock | None:
        parameters = self._parameters("/FieldMDP")
        if parameters is None:
            return None
        action = parameters["/Action"]
        if action not in ("/All", "/Include", "/Exclude"):
            raise errors.SignatureUnreadable
        names = () if action == "/All" else parameters["/Fields"]
        return FieldLock(str(action), frozenset(map(str, names)))

    def _parameters(self, method: str) -> generic.DictionaryObject | None:
        for each in self.sig_object.get("/Reference", ()):
            reference = each.get_object()
            if reference["/TransformMethod"] == method:
                found: generic.DictionaryObject = reference["/TransformParams"]
                return found
        return None

    def covers(self, hole: int, end: int) -> Coverage:
        """How much is covered by a range that leaves out so many bytes for the signature, and reaches to this byte."""
        if hole != 2 * len(self.contents) + 2:
            return Coverage.PART
        if self.reader.stream.seek(0, 2) == end:
            return Coverage.WHOLE
        return Coverage.REVISION if self._is_end_of_revision(end) else Coverage.PART

    def _is_end_of_revision(self, end: int) -> bool:
        """Whether the revision that wrote the signature ends here, its cross references and all earlier ones within."""
        xrefs = self.reader.xrefs
        self.reader.stream.seek(end)
        try:
            start = process_data_at_eof(self.reader.stream)
        except PdfReadError:
            return False
        ends: Iterator[int] = (
            xrefs.get_xref_container_info(revision).end_location for revision in range(self.signed_revision + 1)
        )
        return bool(start == xrefs.get_startxref_for_revision(self.signed_revision) and max(ends) <= end)


def _digest_algorithm(statement: Any) -> str:
    """By which the covered bytes are digested; that of a timestamp is its own affair (RFC 3161, 2.4.2)."""
    if isinstance(statement, tsp.TSTInfo):
        statement = statement["message_imprint"]
        return str(statement["hash_algorithm"]["algorithm"].native)
    return str(statement["digest_algorithm"]["algorithm"].native)


def contents_of(signature: generic.DictionaryObject) -> bytes:
    """What /Contents holds; it is never encrypted (ISO 32000-2, 7.6.2). Raises SignatureUnreadable."""
    contents = signature.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    if not isinstance(contents, generic.TextStringObject | generic.ByteStringObject):
        raise errors.SignatureUnreadable
    return bytes(contents.original_bytes)
