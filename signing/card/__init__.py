"""Readers and cards as the rest of the program sees them; light, so that a window may import it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class TokenKind(StrEnum):
    """What answers as the JPKI application, told by EF 0006."""

    MY_NUMBER_CARD = "my-number-card"
    RESIDENT_CARD = "resident-card"  # 住基カード: its certificates have long expired
    ANDROID = "android"
    IPHONE = "iphone"
    UNKNOWN = "unknown"


class Generation(StrEnum):
    """Of the card, by the name that its rules have in the table of renewal."""

    MY_NUMBER_CARD = "my-number-card"
    NEXT = "card-of-2028"  # announced; see profiles.py


PHONES: Final = frozenset({TokenKind.ANDROID, TokenKind.IPHONE})  # no relying party is known to take their signatures


@dataclass(frozen=True, slots=True)
class ReaderState:
    """A reader, and the ATR of the card in it, if any. ATRs never decide what a card is."""

    name: str
    atr: bytes | None


class CardConnection(Protocol):
    """The only seam to a card."""

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU, return the response APDU (data and status word). Raises CardError."""
        ...


class Readers(Protocol):
    """A source of readers: PC/SC, or the practice card inside the process."""

    @property
    def practice(self) -> bool: ...

    def states(self) -> tuple[ReaderState, ...]:
        """Raises CardServiceUnavailable, CardLibraryMissing. No reader at all is an empty tuple."""
        ...

    def wait_for_change(self, known: Sequence[ReaderState], timeout: float) -> tuple[ReaderState, ...]:
        """Return as soon as the states differ from `known`, or after `timeout` seconds; never connects."""
        ...

    def connect(self, reader: str) -> AbstractContextManager[CardConnection]:
        """An exclusive connection; the card is unpowered on leaving.

        Raises NoReader, NoCard, CardInUse, CardNotResponding, CardServiceUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card tells without a PIN. None: not known. Certificates are DER."""

    reader: str
    practice: bool
    token: TokenKind
    has_signature_certificate: bool | None
    has_authentication_certificate: bool | None
    signature_tries: int | None
    authentication_tries: int | None
    signature_ca_certificate: bytes | None
    authentication_certificate: bytes | None
    generation: Generation = Generation.MY_NUMBER_CARD
