"""Failures of time stamps, and of what else makes a signature last."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


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
    """The authority refused by the protocol. `reason` is its PKIFailureInfo (RFC 3161, 2.4.2), "other" without one;
    "policy_missing" where it refused the policy and none was asked for."""

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
    """There is no authority at all."""

    code = "timestamp.not-configured"


@dataclass(eq=False)
class AuthorityUnknown(TimestampError):
    """None of those that were added has this `name`."""

    code = "timestamp.unknown-authority"
    name: str


@dataclass(eq=False)
class AuthorityNameTaken(UserFacingError):
    """Another authority has this `name` already; it stayed as it was."""

    code = "timestamp.name-taken"
    name: str


class AuthorityNameMissing(UserFacingError):
    """An authority is asked, changed and removed by a name that can be seen."""

    code = "timestamp.name-missing"


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


class SignatureNotConfirmed(ExtensionError):
    """Whether a signature holds could not be established, most often because what it covers is not there."""

    code = "extension.not-confirmed"


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
