"""Every failure that a person can meet, each with a stable code and its facts; the words are elsewhere."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


class Cancelled(Exception):
    """The person changed their mind: not an error, nothing is shown."""


@dataclass(eq=False)
class UserFacingError(Exception):
    """Root of the tree. `code` never changes; `retryable` means that the same step may succeed later.

    Facts are the fields of the subclass. No fact is a path, a name, a PIN or a serial number, because
    errors are logged by their `str()`, which is the code and the facts.
    """

    code: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    @property
    def facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.facts.items())])

    def __reduce__(self) -> tuple[type["UserFacingError"], tuple[Any, ...]]:
        # Errors cross the border of the worker process, where BaseException would forget keyword arguments.
        return type(self), tuple(self.facts.values())


# --- the card and its reader


class CardError(UserFacingError):
    """Something between the program and the card."""


class CardServiceUnavailable(CardError):
    """The PC/SC service does not run or refuses us."""

    code = "card.service-unavailable"
    retryable = True


class CardLibraryMissing(CardError):
    """pyscard is not installed or cannot be loaded."""

    code = "card.library-missing"


class NoReader(CardError):
    code = "card.no-reader"
    retryable = True


class NoCard(CardError):
    code = "card.no-card"
    retryable = True


class CardInUse(CardError):
    """Another program holds the card."""

    code = "card.in-use"
    retryable = True


class CardNotResponding(CardError):
    """The reader did not answer within the time limit."""

    code = "card.not-responding"
    retryable = True


class CardRemoved(CardError):
    """The card or its reader went away during the work; no PIN was being checked at that moment."""

    code = "card.removed"
    retryable = True


class UnsupportedCard(CardError):
    """The card is not a My Number Card."""

    code = "card.unsupported"


@dataclass(eq=False)
class UnsupportedToken(CardError):
    """The JPKI application is there, but on a medium that we do not sign with. `token`: which, a TokenKind."""

    code = "card.unsupported-token"
    token: str = "unknown"  # noqa: S105 - the name of a medium


class NoSignatureCertificate(CardError):
    code = "card.no-signature-certificate"


@dataclass(eq=False)
class CardProtocolError(CardError):
    """The card answered a command with a status word that its specification does not explain here."""

    code = "card.protocol"
    command: str
    status: str


class CardSignatureWrong(CardError):
    """What the card returned is not a signature by the key of its certificate."""

    code = "card.signature-wrong"


class PinError(CardError):
    """Something about the password of the signature certificate."""


@dataclass(eq=False)
class PinFormat(PinError):
    """The input cannot be a password of this kind; nothing was sent to the card.

    `reason`: length, characters; of a new one also mixture; of the 4-digit PIN always four-digits.
    """

    code = "pin.format"
    retryable = True
    reason: str


@dataclass(eq=False)
class PinIncorrect(PinError):
    code = "pin.incorrect"
    retryable = True
    tries_left: int


class PinLocked(PinError):
    """6983, 6984 or 63C0: no try is left."""

    code = "pin.locked"


@dataclass(eq=False)
class PinOutcomeUnknown(PinError):
    """The link broke while the card checked the PIN. `tries_left` was read again afterwards, or is None."""

    code = "pin.outcome-unknown"
    retryable = True
    tries_left: int | None


class AuthenticationPinIncorrect(PinIncorrect):
    """The 4-digit PIN; only the change of a PIN asks for it."""

    code = "pin.authentication-incorrect"


class AuthenticationPinLocked(PinLocked):
    code = "pin.authentication-locked"


class PinChangeExperimental(PinError):
    """Changing a PIN is not confirmed with real cards, and was not asked for in spite of that. Nothing was sent."""

    code = "pin.change-experimental"


class PinChangeOutcomeUnknown(PinError):
    """The link broke while the card changed the PIN: either the old or the new one is right now."""

    code = "pin.change-outcome-unknown"


# --- the certificate


class CertificateError(UserFacingError):
    """The certificate cannot serve for this signature."""


@dataclass(eq=False)
class CertificateExpired(CertificateError):
    """`not_after` is a date in Japan, ISO 8601."""

    code = "certificate.expired"
    not_after: str


@dataclass(eq=False)
class CertificateNotYetValid(CertificateError):
    code = "certificate.not-yet-valid"
    not_before: str


class CertificateUnreadable(CertificateError):
    code = "certificate.unreadable"


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


# --- keys in files and on tokens


class KeySourceError(UserFacingError):
    """A key in a file (PKCS#12) or on a token (PKCS#11) cannot be used."""


class KeyFileUnreadable(KeySourceError):
    """What was chosen is no PKCS#12 file."""

    code = "key.file-unreadable"


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


class TokenPinFormat(KeySourceError):
    """The token takes no PIN of this length or these characters; no try was used."""

    code = "key.pin-format"
    retryable = True


class TokenFailed(KeySourceError):
    """The token or its library failed or was removed during the work."""

    code = "key.token-failed"
    retryable = True


# --- the document


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


# --- the seal


class SealError(UserFacingError):
    """The seal cannot be made, or has no place on the page."""


class SealTextUnsuitable(SealError):
    """Nothing to cut, or more than a seal has room for."""

    code = "seal.text"


@dataclass(eq=False)
class SealGlyphMissing(SealError):
    """No font here has these characters."""

    code = "seal.glyph-missing"
    characters: str


class SealFontMissing(SealError):
    """There is no Japanese font that may be embedded."""

    code = "seal.no-font"


class SealPictureUnusable(SealError):
    """The picture cannot be read, or is far too long for its width."""

    code = "seal.picture"


class SealNotPermitted(SealError):
    """The document is certified, and what may be changed is no new picture on a page (ISO 32000-2, table 257)."""

    code = "seal.not-permitted"


class SealTooLarge(SealError):
    """The page is smaller than the seal, or its field cannot be seen."""

    code = "seal.too-large"


# --- XML


@dataclass(eq=False)
class XmlNotWellFormed(DocumentError):
    """It starts like XML, and breaks the rules of XML in this line."""

    code = "xml.not-well-formed"
    line: int


class XmlEncodingWrong(DocumentError):
    """Its bytes are not text in the encoding that it declares."""

    code = "xml.encoding-wrong"


class XmlEncodingUnsupported(DocumentError):
    """It declares an encoding that is not read here."""

    code = "xml.encoding-unsupported"


class XmlEntities(DocumentError):
    """Its document type declares or uses content (entities, default attributes); readers differ on it."""

    code = "xml.entities"


class XmlNotCanonical(DocumentError):
    """It has no canonical form, because it names a namespace relatively (C14N 1.0, 1.3)."""

    code = "xml.not-canonical"


class XmlTooDeep(DocumentError):
    """Its elements are nested deeper than any real document's."""

    code = "xml.too-deep"


class XmlCrowded(DocumentError):
    """There are more elements, attributes of one, or namespaces in scope than in any real document."""

    code = "xml.crowded"


@dataclass(eq=False)
class XmlTooLarge(DocumentError):
    """It is larger than what is read as XML; `limit` is in bytes."""

    code = "xml.too-large"
    limit: int


class XmlDuplicateId(DocumentError):
    """Two elements bear the identifier that a signature would point to."""

    code = "xml.duplicate-id"


@dataclass(eq=False)
class DocumentNotOfProfile(DocumentError):
    """The document is not what this profile signs. `profile` is a value of `Profile`."""

    code = "document.not-of-profile"
    profile: str


@dataclass(eq=False)
class XmlFileMissing(DocumentError):
    """Files that the document lists, and that must be signed with it, are not beside it."""

    code = "xml.file-missing"
    count: int


class XmlSignatureWouldBreak(DocumentError):
    """There is a signature that a further one in the same file would break."""

    code = "xml.would-break-signature"


class PackageRefused(DocumentError):
    """A ZIP file whose size, names or structure are not those of an honest package."""

    code = "package.refused"


class StylesheetFailed(DocumentError):
    """The stylesheet of a document makes nothing of it, or wants what it may not have."""

    code = "stylesheet.failed"


# --- where the result goes


class DestinationError(UserFacingError):
    """The signed file cannot be put where it should go. The source is untouched."""


class DestinationExists(DestinationError):
    code = "destination.exists"
    retryable = True


class DestinationMissing(DestinationError):
    """The folder does not exist."""

    code = "destination.missing"
    retryable = True


class DestinationNotWritable(DestinationError):
    code = "destination.not-writable"
    retryable = True


@dataclass(eq=False)
class DestinationFull(DestinationError):
    code = "destination.full"
    retryable = True
    bytes_needed: int


class OutputNotVerified(DestinationError):
    """What was written does not verify when it is read back; it was not kept under the final name."""

    code = "destination.not-verified"


# --- time stamps and what else makes a signature last


class TimestampError(UserFacingError):
    """A time-stamping authority did not do what was asked. No document was sent to it: 32 bytes of hash were."""


@dataclass(eq=False)
class TimestampAddressWrong(TimestampError):
    """What is written there is no address of an authority. `reason`: scheme, host, policy."""

    code = "timestamp.address-wrong"
    reason: str


class TimestampUnreachable(TimestampError):
    """No connection: no network, no such name, refused, or it broke off."""

    code = "timestamp.unreachable"
    retryable = True


class TimestampNoAnswer(TimestampError):
    """It did not answer within the time limit."""

    code = "timestamp.no-answer"
    retryable = True


class TimestampTlsFailed(TimestampError):
    """The server does not prove to be who its address says, or refuses the client certificate."""

    code = "timestamp.tls-failed"


class TimestampAccessDenied(TimestampError):
    """User, password or client certificate were missing or not accepted."""

    code = "timestamp.access-denied"


@dataclass(eq=False)
class TimestampAnswerUnusable(TimestampError):
    """What came is no answer by RFC 3161. `http` is its status: 3xx is a redirection, which is not followed."""

    code = "timestamp.answer-unusable"
    retryable = True
    http: int


@dataclass(eq=False)
class TimestampRejected(TimestampError):
    """The authority refused by the protocol. `reason` is its PKIFailureInfo (RFC 3161, 2.4.2), "other" without one."""

    code = "timestamp.rejected"
    reason: str


@dataclass(eq=False)
class TimestampWrong(TimestampError):
    """The token is not an answer to what was asked. `reason`: imprint, nonce, policy, signature, time, certificate,
    expired."""

    code = "timestamp.wrong"
    reason: str


class TimestampNotTrusted(TimestampError):
    """The token leads to none of the trust anchors that were added for this authority."""

    code = "timestamp.not-trusted"


class ClientCertificateUnusable(TimestampError):
    """The PKCS#12 file for the connection cannot be read, or not with this password."""

    code = "timestamp.client-certificate"


class TimestampNotConfigured(TimestampError):
    """There is no authority of this name, or none at all."""

    code = "timestamp.not-configured"


class KeyringUnavailable(UserFacingError):
    """The system has no place for secrets, or it is locked; nothing was stored."""

    code = "keyring.unavailable"
    retryable = True


class ExtensionError(UserFacingError):
    """A signed document cannot be given what its longer life needs. The file is untouched."""


class NothingToExtend(ExtensionError):
    """There is no signature that could be given a time stamp."""

    code = "extension.nothing-signed"


class LevelUnsupported(ExtensionError):
    """Validation data can be put into PDF only."""

    code = "extension.level-unsupported"


class SignatureNotIntact(ExtensionError):
    """A time stamp would make a broken signature look better than it is."""

    code = "extension.not-intact"


class RevocationDataRestricted(ExtensionError):
    """J-LIS tells the revocation of its certificates to notified verifiers only."""

    code = "extension.jpki-no-revocation"


class RevocationDataMissing(ExtensionError):
    """A certificate names no source of revocation data, none answered, or what came proves nothing."""

    code = "extension.no-revocation-data"
    retryable = True


class SignerUntrusted(ExtensionError):
    """The path to an authority is not known, so that it is not known either what data it takes."""

    code = "extension.untrusted"


class CertificateRevoked(ExtensionError):
    code = "extension.revoked"


class TimestampTooLarge(ExtensionError):
    """The token does not fit into the room that the file has for it."""

    code = "extension.too-large"


# --- the rest


class WorkerStopped(UserFacingError):
    """The helper process ended before it answered."""

    code = "worker.stopped"
    retryable = True


class WorkerTooSlow(UserFacingError):
    """The helper process was ended, because its answer took longer than a file of that size may take."""

    code = "worker.too-slow"
    retryable = True


class VerificationStopped(UserFacingError):
    """The person stopped it before there was a judgement."""

    code = "verification.stopped"
    retryable = True


class Unexpected(UserFacingError):
    """A defect of this program, caught at the border so that the rest of a batch goes on."""

    code = "unexpected"
