"""What is known of reader and card at this moment, for every page; all card work goes through one queue here."""

from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PyQt6.QtCore import QObject, pyqtSignal

# Light at import, because a window opens with it: what reads cards is imported when the first reader is looked for.
if TYPE_CHECKING:
    from desktop.card.watcher import CardWatcher
    from desktop.jobs import JobQueue
    from signing.card import CardFacts, Readers, ReaderState
    from signing.errors import UserFacingError


class CardState(Enum):
    LOOKING = auto()  # nothing is known yet
    UNAVAILABLE = auto()  # no PC/SC; `error` says why
    NO_READER = auto()
    NO_CARD = auto()
    READING = auto()
    READY = auto()  # `facts` are there
    REFUSED = auto()  # a card that cannot be used; `error` says why


_PRESENT = (CardState.READING, CardState.READY)


class OpenReaders(Protocol):
    """Gives the readers of the computer, or those of the practice card."""

    def __call__(self, *, practice: bool) -> "Readers": ...


class CardDesk(QObject):
    """Follows the readers; reads every card that appears, without a PIN."""

    changed = pyqtSignal()

    def __init__(self, open_readers: "OpenReaders", parent: QObject | None = None) -> None:
        """`open_readers` gives the readers to use; it may take a while, and is called in the background."""
        super().__init__(parent)
        self.state = CardState.LOOKING
        self.practice = False
        self.reader: str | None = None
        self.choices: tuple[str, ...] = ()  # the readers that hold a card
        self.seen: CardFacts | None = None  # what the card says, also one that cannot sign
        self.signature_certificate: bytes | None = None  # DER, once read with the password; gone with the card
        self.error: UserFacingError | None = None
        self.readers: Readers | None = None
        self._open_readers = open_readers
        self._cards: dict[str, bytes] = {}  # the ATRs of `choices`
        self._atr: bytes | None = None
        self._passed: set[str] = set()  # readers whose card cannot sign, so that another was looked for
        self._queue: JobQueue | None = None
        self._watcher: CardWatcher | None = None
        self._retired: list[CardWatcher] = []  # asked to end, and given the second that they need

    @property
    def ready(self) -> bool:
        return self.state is CardState.READY

    @property
    def facts(self) -> "CardFacts | None":
        """Of a card that can sign."""
        return self.seen if self.ready else None

    def know_certificate(self, signature_certificate: bytes) -> None:
        """It was read with the password, from the card that is on the reader."""
        if self.state in _PRESENT and signature_certificate != self.signature_certificate:
            self.signature_certificate = signature_certificate
            self.changed.emit()

    def use_practice_card(self) -> None:
        self._use(practice=True)

    def use_real_card(self) -> None:
        self._use(practice=False)

    def choose(self, reader: str) -> None:
        """Use the card in this reader, one of `choices`."""
        if reader in self._cards and reader != self.reader:
            self._passed = set(self.choices)  # what the person chose is not passed over
            self._take(reader)

    def read(self) -> None:
        """Read the card again; the answer is a change."""
        if self.readers and self.reader:
            from desktop.settings import load_settings

            work = partial(_read, self.readers, self.reader, phones=load_settings().phones)
            self._set(CardState.READING)
            self.submit(work, done=self._on_facts, failed=self._on_refused)

    def submit(
        self,
        work: Callable[[], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[["UserFacingError"], None],
    ) -> None:
        """Put work on the one queue that may touch a card."""
        if self._queue is None:
            from desktop.jobs import JobQueue

            self._queue = JobQueue(self)
        self._queue.submit(work, done=done, failed=failed)

    def shut_down(self) -> None:
        self._retire_watcher()
        for watcher in self._retired:
            watcher.wait()
        if self._queue:
            self._queue.shut_down()

    def _use(self, *, practice: bool) -> None:
        self.practice, self.readers = practice, None
        self._forget_cards()
        self._retire_watcher()
        self._set(CardState.LOOKING)
        self.submit(partial(self._open_readers, practice=practice), done=self._watch, failed=self._on_unavailable)

    def _retire_watcher(self) -> None:
        if self._watcher:
            self._watcher.requestInterruption()
            self._retired.append(self._watcher)
        self._watcher = None
        self._retired = [watcher for watcher in self._retired if not watcher.isFinished()]

    def _watch(self, readers: "Readers") -> None:
        from desktop.card.watcher import CardWatcher

        if readers.practice is not self.practice:  # the mind was changed meanwhile
            return
        self.readers = readers
        self._retire_watcher()
        self._watcher = CardWatcher(readers, self)
        self._watcher.changed.connect(self._on_states)
        self._watcher.unavailable.connect(self._on_watcher_unavailable)
        self._watcher.start()

    def _on_states(self, states: "tuple[ReaderState, ...]") -> None:
        if self.sender() is not self._watcher:  # the last word of one that has been retired
            return
        cards = {state.name: state.atr for state in states if state.atr is not None}
        if not cards:
            self._forget_cards()
            self._set(CardState.NO_CARD if states else CardState.NO_READER)
            return
        if cards == self._cards:
            return
        self._passed = {reader for reader in self._passed if cards.get(reader) == self._cards.get(reader)}
        self._cards, self.choices = cards, tuple(cards)
        reader = self.reader if self.reader in cards else next(iter(cards))
        if (reader, cards[reader]) != (self.reader, self._atr):
            self._take(reader)
        elif self.state is not CardState.REFUSED or not self._pass_on():
            self.changed.emit()  # there is another choice

    def _take(self, reader: str) -> None:
        self.reader, self._atr, self.signature_certificate = reader, self._cards[reader], None
        self.read()

    def _pass_on(self) -> bool:
        """Look into another reader: a card that cannot sign hides none that can."""
        self._passed.add(self.reader or "")
        left = [reader for reader in self.choices if reader not in self._passed]
        if left:
            self._take(left[0])
        return bool(left)

    def _forget_cards(self) -> None:
        self.reader = self._atr = None
        self._cards, self.choices, self._passed = {}, (), set()

    def _on_watcher_unavailable(self, error: "UserFacingError") -> None:
        if self.sender() is self._watcher:
            self._on_unavailable(error)

    def _on_unavailable(self, error: "UserFacingError") -> None:
        self._forget_cards()
        self._set(CardState.UNAVAILABLE, error=error)

    def _on_facts(self, facts: "CardFacts") -> None:
        if facts.reader == self.reader and facts.practice is self.practice:
            error = _why_not(facts)
            if error and self._pass_on():
                return
            self._set(CardState.REFUSED if error else CardState.READY, seen=facts, error=error)

    def _on_refused(self, error: "UserFacingError") -> None:
        if self.state is CardState.READING and not self._pass_on():
            self._set(CardState.REFUSED, error=error)

    def _set(
        self, state: CardState, *, seen: "CardFacts | None" = None, error: "UserFacingError | None" = None
    ) -> None:
        self.state, self.seen, self.error = state, seen, error
        if state not in _PRESENT:
            self.signature_certificate = None
        self.changed.emit()


def _read(readers: "Readers", reader: str, *, phones: bool) -> "CardFacts":
    from signing.card.jpki import read_facts

    return read_facts(readers, reader, phones=phones)


def _why_not(facts: "CardFacts") -> "UserFacingError | None":
    """Why a card that answers cannot sign."""
    from signing.card import PHONES, TokenKind
    from signing.errors import NoSignatureCertificate, UnsupportedToken

    tried = facts.token in PHONES and facts.signature_tries is not None  # it is asked only where that is wanted
    if facts.token is not TokenKind.MY_NUMBER_CARD and not tried:
        return UnsupportedToken()
    return NoSignatureCertificate() if facts.has_signature_certificate is False else None
