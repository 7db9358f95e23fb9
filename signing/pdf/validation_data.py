"""The Document Security Store: what a PDF brings along for its later validation (ISO 32000-2, 12.8.4.3)."""

from collections.abc import Iterator
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.carried import NO_VALIDATION_DATA, ValidationData
from signing.pdf.reader import entry
from signing.revocation import RevocationData

# Each is read and parsed; a file with a few signatures needs some dozens.
_MOST = 64


def validation_data(reader: PdfFileReader) -> ValidationData:
    """Certificates, CRLs and OCSP responses of the store. Never raises for what it is."""
    try:
        store = entry(reader.root, "/DSS")
        if store is None:
            return NO_VALIDATION_DATA
        crls, responses, ders = (list(_streams(store, key)) for key in ("/CRLs", "/OCSPs", "/Certs"))
        unread = not all((*crls, *responses))
        revocation = RevocationData(tuple(filter(None, crls)), tuple(filter(None, responses)), unread)
        return ValidationData(tuple(_certificates(filter(None, ders))), revocation)
    except Exception:  # the library raises whatever it stumbles over, also on valid files
        return ValidationData(revocation=RevocationData(unread=True))


def _streams(store: Any, key: str) -> Iterator[bytes]:
    """The content of each; nothing for one that could not be read, and for those beyond what is worth reading."""
    references = list(entry(store, key) or ())
    for reference in references[:_MOST]:
        try:
            stream = reference.get_object()
            yield stream.data if isinstance(stream, StreamObject) else b""
        except Exception:  # as above
            yield b""
    if len(references) > _MOST:
        yield b""


def _certificates(ders: Iterator[bytes]) -> Iterator[bytes]:
    for der in ders:
        try:
            x509.Certificate.load(der, strict=True)
            yield der
        except ValueError:  # a path is found without it, or not
            continue
