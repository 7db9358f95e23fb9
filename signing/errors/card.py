"""Failures of the card, of its reader, and of its passwords."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


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


class PracticeCardUnavailable(CardError):
    """What the practice card consists of cannot be written or read in the folder where it is kept."""

    code = "card.practice-unavailable"
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
