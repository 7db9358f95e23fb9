"""Changing the signature password or the 4-digit PIN by someone who knows the old one.

The command is known from two programs and confirmed by nobody (00 24 01 80 after a VERIFY), so that it is refused
for real cards unless the caller says that the person wants it in spite of that.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from typing import Final

from signing.card import Generation, Readers
from signing.card.apdu import OK
from signing.card.jpki import (
    JpkiApplication,
    NoAnswerToVerify,
    open_application,
    outcome_of_verify,
)
from signing.card.pin import SignaturePin
from signing.card.profiles import PROFILES, KeyFiles
from signing.errors import (
    AuthenticationPinIncorrect,
    AuthenticationPinLocked,
    CardError,
    CardProtocolError,
    PinChangeExperimental,
    PinChangeOutcomeUnknown,
    PinFormat,
    PinIncorrect,
    PinLocked,
)


class Changeable(Enum):
    """A PIN that its owner may change."""

    SIGNATURE_PASSWORD = auto()
    AUTHENTICATION_PIN = auto()

    @property
    def files(self) -> KeyFiles:
        signature = self is Changeable.SIGNATURE_PASSWORD
        profile = PROFILES[Generation.MY_NUMBER_CARD]
        return profile.signature if signature else profile.authentication


_REFUSALS: Final = range(0x6700, 0x6F00)  # ISO 7816-4, table 6: the card understood, and declines


def parse_old(which: Changeable, text: str) -> SignaturePin:
    """The PIN as it is now. Raises PinFormat: sent, it might cost a try."""
    try:
        return SignaturePin.parse(text, which.files.pin_rule)
    except PinFormat as error:
        if which is Changeable.AUTHENTICATION_PIN:
            raise PinFormat("four-digits") from error
        raise


def parse_new(which: Changeable, text: str) -> SignaturePin:
    """The PIN as it shall be. A new signature password has both letters and digits: else PinFormat("mixture")."""
    new = parse_old(which, text)
    shown = SignaturePin.shown(text)
    if which is Changeable.SIGNATURE_PASSWORD and (shown.isdigit() or shown.isalpha()):
        new.wipe()
        raise PinFormat("mixture")
    return new


def change_pin(
    readers: Readers,
    reader: str,
    which: Changeable,
    *,
    old: SignaturePin,
    new: SignaturePin,
    despite_experimental: bool = False,
) -> None:
    """Verify `old` once and replace it with `new`; both are wiped. When it returns, `new` is in force.

    Raises PinChangeExperimental before anything is sent; PinIncorrect, PinLocked (of the 4-digit PIN their
    Authentication… kinds) and PinOutcomeUnknown, with `old` in force; CardProtocolError where the card declines;
    PinChangeOutcomeUnknown; and what `readers.connect` raises.
    """
    with old, new:
        if not readers.practice and not despite_experimental:
            raise PinChangeExperimental
        try:
            with _errors_of(which), open_application(readers, reader) as card:
                try:
                    card.verify(old, which.files)
                    _replace(card, new)
                finally:
                    with suppress(CardError):  # a card that went away has forgotten the PIN anyway
                        card.log_out()
        except NoAnswerToVerify as error:
            with _errors_of(which):
                raise outcome_of_verify(readers, reader, which.files) from error


def _replace(card: JpkiApplication, new: SignaturePin) -> None:
    try:
        status = card.change_pin(new)
    except CardError as error:
        raise PinChangeOutcomeUnknown from error
    if status in _REFUSALS:
        raise CardProtocolError("CHANGE REFERENCE DATA", str(status))
    if status != OK:
        raise PinChangeOutcomeUnknown


@contextmanager
def _errors_of(which: Changeable) -> Iterator[None]:
    """Say which PIN it was: the errors of a card speak of the signature password."""
    try:
        yield
    except PinIncorrect as error:
        if which is Changeable.AUTHENTICATION_PIN:
            raise AuthenticationPinIncorrect(error.tries_left) from error
        raise
    except PinLocked as error:
        if which is Changeable.AUTHENTICATION_PIN:
            raise AuthenticationPinLocked from error
        raise
