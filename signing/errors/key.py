"""Failures of keys in files and on tokens."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


class KeySourceError(UserFacingError):
    """A key in a file (PKCS#12) or on a token (PKCS#11) cannot be used."""


class KeyFileUnreadable(KeySourceError):
    """What was chosen is no PKCS#12 file."""

    code = "key.file-unreadable"


class KeyFileStuck(KeySourceError):
    """The work of opening the file did not come to an end: a file says itself how much that takes (RFC 8018, 4.2)."""

    code = "key.file-stuck"


class KeyFilePasswordWrong(KeySourceError):
    """The password does not open the file. A file counts no tries."""

    code = "key.password-wrong"
    retryable = True


class KeyFileCipherUnsupported(KeySourceError):
    code = "key.cipher-unsupported"


class KeyFileWithoutKey(KeySourceError):
    """There is no private key, or not the certificate that belongs to it."""

    code = "key.none"


class KeyUnsupported(KeySourceError):
    """Neither RSA of 2048 bits or more, nor ECDSA with the curves P-256 and P-384."""

    code = "key.unsupported"


class TokenModuleUnusable(KeySourceError):
    """The library of the token's maker is not there, or is none for PKCS#11."""

    code = "key.module-unusable"


class TokenMissing(KeySourceError):
    """The library sees no token."""

    code = "key.token-missing"
    retryable = True


@dataclass(eq=False)
class TokenPinIncorrect(KeySourceError):
    """`remaining`: many, few, one: what a token tells of the tries that are left (PKCS #11, 4.6.3)."""

    code = "key.pin-incorrect"
    retryable = True
    remaining: str


class TokenPinLocked(KeySourceError):
    code = "key.pin-locked"


class TokenPinExpired(KeySourceError):
    """The PIN is still that of the maker, or ran out: the token wants another one before it signs."""

    code = "key.pin-expired"


class TokenPinFormat(KeySourceError):
    """The token takes no PIN of this length or these characters; no try was used."""

    code = "key.pin-format"
    retryable = True


class TokenFailed(KeySourceError):
    """The token or its library failed or was removed during the work."""

    code = "key.token-failed"
    retryable = True
