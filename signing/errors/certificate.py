"""Failures of the certificate of a signer."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


class CertificateError(UserFacingError):
    """The certificate cannot serve for this signature."""


@dataclass(eq=False)
class CertificateExpired(CertificateError):
    """`not_after` is a date in Japan, ISO 8601; `kind`: jpki, other."""

    code = "certificate.expired"
    not_after: str
    kind: str


@dataclass(eq=False)
class CertificateNotYetValid(CertificateError):
    code = "certificate.not-yet-valid"
    not_before: str


class CertificateUnreadable(CertificateError):
    code = "certificate.unreadable"


class CertificateFileUnreadable(CertificateUnreadable):
    """A file that a person chose holds neither certificates nor a CRL."""

    code = "certificate.file-unreadable"


@dataclass(eq=False)
class CertificateNotForSigning(CertificateError):
    """Its key usage or its policy does not allow signing documents.

    `kind`: user-authentication (the other certificate of a My Number Card), authority, other.
    """

    code = "certificate.not-for-signing"
    kind: str


@dataclass(eq=False)
class KeyNotTaken(UserFacingError):
    """The destination of this file takes no signature by a key of this kind (`ECDSA-P-384`); others may."""

    code = "certificate.key-not-taken"
    key: str
