"""A reader with the practice card in it, inside the process: for people without a reader, and for tests."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from signing.card import CardConnection, ReaderState
from signing.card.practice_card import PRACTICE_PIN, PracticeCard
from signing.card.practice_options import PracticeOptions
from signing.errors import CardInUse, CardRemoved, NoCard, NoReader, PracticeCardUnavailable

if TYPE_CHECKING:  # cryptography would be loaded with it
    from signing.card.practice_pki import Practice

__all__ = ["PRACTICE_PIN", "PRACTICE_READER", "PracticeReaders", "practice_card", "practice_root"]

PRACTICE_READER: Final = "Practice card"


def practice_card(
    directory: Path, options: PracticeOptions | None = None, *, moment: datetime | None = None
) -> PracticeCard:
    """A practice card whose keys and certificates are kept in `directory`, and made there on first use.

    `moment` (aware; now, where not given) is when they are made. Its commands raise PracticeCardUnavailable
    where nothing can be kept.
    """
    chosen = options or PracticeOptions()
    return PracticeCard(lambda: _load(directory, moment or datetime.now(UTC), chosen), chosen)


def practice_root(directory: Path) -> bytes:
    """The certificate (DER) of the authority that issued the practice signature certificate."""
    return _load(directory, datetime.now(UTC), PracticeOptions()).signature_ca_certificate


def _load(directory: Path, moment: datetime, options: PracticeOptions) -> "Practice":
    from signing.card.practice_pki import load_practice

    try:
        return load_practice(directory, moment, options.life, elliptic=options.elliptic)
    except (OSError, ValueError) as error:  # ValueError: what is kept there is damaged
        raise PracticeCardUnavailable from error


class PracticeReaders:
    """One reader with one practice card. Its tries left last as long as the object."""

    practice: Final = True

    def __init__(
        self, directory: Path, options: PracticeOptions | None = None, *, moment: datetime | None = None
    ) -> None:
        self.card = practice_card(directory, options, moment=moment)
        self._held = threading.Lock()

    def states(self) -> tuple[ReaderState, ...]:
        if not self.card.reader_present:
            return ()
        return (ReaderState(PRACTICE_READER, self.card.ATR if self.card.present else None),)

    def wait_for_change(self, known: Sequence[ReaderState], timeout: float) -> tuple[ReaderState, ...]:
        with self.card.changed:
            self.card.changed.wait_for(lambda: self.states() != tuple(known), timeout)
            return self.states()

    @contextmanager
    def connect(self, reader: str) -> Iterator[CardConnection]:
        if reader != PRACTICE_READER or not self.card.reader_present:
            raise NoReader
        if not self.card.present:
            raise NoCard
        if not self._held.acquire(blocking=False):
            raise CardInUse
        self.card.power_on()
        connection = _Connection(self.card)
        try:
            yield connection
        finally:
            connection.close()
            self.card.power_off()
            self._held.release()


class _Connection:
    def __init__(self, card: PracticeCard) -> None:
        self._card: PracticeCard | None = card

    def transmit(self, command: bytes) -> bytes:
        if self._card is None:
            raise CardRemoved
        try:
            return self._card.transmit(command)
        except CardRemoved:
            self._card = None  # a card put back is another connection
            raise

    def close(self) -> None:
        self._card = None
