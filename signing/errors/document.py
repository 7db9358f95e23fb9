"""Failures of the document."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


class DocumentError(UserFacingError):
    """The document cannot be read, signed or verified as it is."""


class DocumentNotFound(DocumentError):
    code = "document.not-found"


class DocumentUnreadable(DocumentError):
    """The operating system refuses to read it."""

    code = "document.unreadable"
    retryable = True


class DocumentIsDirectory(DocumentError):
    code = "document.directory"


class DocumentNotRegular(DocumentError):
    """A device, a pipe or a socket."""

    code = "document.not-a-file"


class DocumentEmpty(DocumentError):
    code = "document.empty"


class DocumentUnsupported(DocumentError):
    """Its content is of no kind that can be signed here."""

    code = "document.unsupported"


@dataclass(eq=False)
class DocumentWrongEnding(DocumentError):
    """Its name says one kind and its content another. Both are kinds in the words of `Kind`."""

    code = "document.wrong-ending"
    named: str
    content: str


class DocumentDamaged(DocumentError):
    code = "document.damaged"


class DocumentTooComplex(DocumentError):
    """It has more revisions, signatures or objects than any real document: reading them would take for ever."""

    code = "document.too-complex"


@dataclass(eq=False)
class DocumentTooLarge(DocumentError):
    """It is larger than what is read of its kind; `limit` is in bytes."""

    code = "document.too-large"
    limit: int


class DocumentEncrypted(DocumentError):
    """It opens only with a password that we do not have."""

    code = "document.encrypted"


class DocumentEncryptionUnsupported(DocumentError):
    """It is encrypted in a way that leaves no room for a signature here: parts in clear, or an integrity code."""

    code = "document.encryption-unsupported"


class DocumentHybrid(DocumentError):
    """Hybrid cross references: two programs may see two different documents (ISO 32000-2, 7.5.8.4)."""

    code = "document.hybrid"


class DocumentXfa(DocumentError):
    """A dynamic XFA form: what one sees is not what is signed."""

    code = "document.xfa"


class ChangesNotPermitted(DocumentError):
    """A certification signature forbids any further change (DocMDP level 1)."""

    code = "document.changes-not-permitted"


class CertificationNotFirst(DocumentError):
    """Only the first signature of a document can certify it (ISO 32000-2, 12.8.2.2)."""

    code = "document.certification-not-first"


class SignatureFieldMissing(DocumentError):
    """The empty field that was chosen is not there, or is filled."""

    code = "document.field-missing"


@dataclass(eq=False)
class SignatureFieldConstrained(DocumentError):
    """The field requires something of its signature that would not be met (ISO 32000-2, 12.7.5.5).

    `constraint`: filter, form, version, reason, attestation, revocation, digest, lock, appearance, certificate,
    timestamp, permission.
    """

    code = "document.field-constrained"
    constraint: str


class DocumentChangedOnDisk(DocumentError):
    """It is not the file any more that was rehearsed."""

    code = "document.changed-on-disk"
    retryable = True


class SignatureUnreadable(DocumentError):
    """A signature whose judgement failed; never the same as 'not signed'."""

    code = "signature.unreadable"


class SignatureUnreached(DocumentError):
    """Signature data stands in the bytes, and the document does not reach it."""

    code = "signature.unreached"
