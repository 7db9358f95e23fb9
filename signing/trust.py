"""Whom the program believes: the roots of J-LIS by fingerprint, and what a caller adds for one call."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from signing import errors
from signing.document import content_of

# SHA-256 of the roots of JPKI for digital signature, published by J-LIS: generations of 2015, 2019 and 2023.
# All three have the same name; the first has expired and serves only to judge a moment before that.
# The certificates themselves come with the signed file, so nothing here has to be kept up to date but these lines.
JLIS_ROOTS = frozenset(
    {
        "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355",
        "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb",
        "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f",
    }
)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_PEM_LIST = re.compile(rb"-----BEGIN X509 CRL-----(.+?)-----END X509 CRL-----", re.DOTALL)
_MAXIMUM_SIZE = 1 << 20  # a file of anchors is small; anything longer is another file, chosen by mistake
_LONGEST_LIST = 64 << 20


@dataclass(frozen=True, slots=True)
class Trust:
    """Trust anchors: fingerprints of certificates that count where they turn up, and certificates at hand (DER).

    `stamping` are anchors in DER that count for time stamps alone: whom one believes the time, one need not believe
    who somebody is. `lists` are CRLs in DER that the caller received: each counts where its authority signed it.
    """

    fingerprints: frozenset[str]
    anchors: tuple[bytes, ...] = ()
    stamping: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()

    @classmethod
    def default(cls) -> "Trust":
        """The roots of J-LIS for digital signature; never a practice or a test hierarchy."""
        return cls(JLIS_ROOTS)

    def with_anchors(self, anchors: Sequence[bytes]) -> "Trust":
        """The same, and these certificates in DER too, because the caller says so."""
        return replace(
            self,
            fingerprints=self.fingerprints | {fingerprint(der) for der in anchors},
            anchors=(*self.anchors, *anchors),
        )

    def for_timestamps(self) -> "Trust":
        """What counts for time stamps."""
        return replace(self.with_anchors(self.stamping), stamping=()) if self.stamping else self

    def among(self, certificates: Iterable[bytes]) -> tuple[bytes, ...]:
        """Those of these certificates, and of the ones at hand, that are anchors."""
        candidates = dict.fromkeys((*certificates, *self.anchors))
        return tuple(der for der in candidates if fingerprint(der) in self.fingerprints)


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, hexadecimal, lower case."""
    return hashlib.sha256(der).hexdigest()


def read_certificates(path: Path) -> tuple[bytes, ...]:
    """The certificates of a PEM file, or the one of a DER file, in DER.

    Raises DocumentError, CertificateFileUnreadable.
    """
    content = _content(path, _MAXIMUM_SIZE)
    blocks = _PEM.findall(content)
    certificates = tuple(map(_decoded, blocks)) if blocks else (content,)
    for der in certificates:
        _require_certificate(der)
    return certificates


def read_list(path: Path) -> bytes:
    """The CRL of a PEM or DER file, in DER; whether it is one shows when it is read.

    Raises DocumentError, CertificateFileUnreadable.
    """
    content = _content(path, _LONGEST_LIST)
    block = _PEM_LIST.search(content)
    return _decoded(block[1]) if block else content


def _content(path: Path, most: int) -> bytes:
    content = content_of(path, most)
    if len(content) > most:
        raise errors.CertificateFileUnreadable
    return content


def _decoded(block: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(block.split()), validate=True)
    except binascii.Error as error:
        raise errors.CertificateFileUnreadable from error


def _require_certificate(der: bytes) -> None:
    # Imported here so that a caller that only names its trust does not load the ASN.1 library.
    from signing.certificate import certificate_facts

    try:
        certificate_facts(der)
    except errors.CertificateUnreadable as error:
        raise errors.CertificateFileUnreadable from error
