"""Readers of the PC/SC service: the only module that knows pyscard, and the only one that its errors reach."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final

from signing import errors
from signing.card import CardConnection, ReaderState

_CONNECT_SECONDS: Final = 15.0  # SCardConnect has no time limit of its own
_PATIENCE_SECONDS: Final = 2.0  # an operating system looks at a new card for a moment
_ROUND_SECONDS: Final = 1.0  # a new reader is noticed by listing again: macOS tells of none

# What a return value means, wherever it comes from; what is not here is named by the call that got it.
_MEANINGS: Final[dict[str, type[errors.CardError]]] = {
    "SCARD_E_NO_SERVICE": errors.CardServiceUnavailable,
    "SCARD_E_SERVICE_STOPPED": errors.CardServiceUnavailable,
    "SCARD_E_SERVER_TOO_BUSY": errors.CardServiceUnavailable,
    "SCARD_F_COMM_ERROR": errors.CardServiceUnavailable,
    "SCARD_E_NO_ACCESS": errors.CardServiceUnavailable,
    "SCARD_W_SECURITY_VIOLATION": errors.CardServiceUnavailable,
    "SCARD_E_NO_READERS_AVAILABLE": errors.NoReader,
    "SCARD_E_UNKNOWN_READER": errors.NoReader,
    "SCARD_E_READER_UNAVAILABLE": errors.NoReader,
    "SCARD_E_NO_SMARTCARD": errors.NoCard,
    "SCARD_W_REMOVED_CARD": errors.NoCard,
    "SCARD_E_SHARING_VIOLATION": errors.CardInUse,
    "SCARD_E_PROTO_MISMATCH": errors.UnsupportedCard,
    "SCARD_W_UNSUPPORTED_CARD": errors.UnsupportedCard,
}


class PcscReaders:
    """The readers that the operating system knows."""

    practice: Final = False

    def states(self) -> tuple[ReaderState, ...]:
        with _Context() as context:
            return _reader_states(context.statuses())

    def wait_for_change(self, known: Sequence[ReaderState], timeout: float) -> tuple[ReaderState, ...]:
        """As promised by Readers; raises CardServiceUnavailable at once when the service goes away."""
        deadline = time.monotonic() + timeout
        with _Context() as context:
            while True:
                statuses = context.statuses()
                states = _reader_states(statuses)
                remaining = deadline - time.monotonic()
                if states != tuple(known) or remaining <= 0:
                    return states
                context.wait(statuses, min(remaining, _ROUND_SECONDS))

    @contextmanager
    def connect(self, reader: str) -> Iterator[CardConnection]:
        connection = _connect_in_time(reader, _CONNECT_SECONDS)
        try:
            yield connection
        finally:
            connection.close()


def _scard() -> Any:
    """pyscard's bare functions: they return values where its classes raise from two trees of exceptions."""
    try:
        from smartcard import scard
    except (ImportError, OSError) as error:
        raise errors.CardLibraryMissing from error
    return scard


def _check(scard: Any, result: int, otherwise: type[errors.CardError]) -> None:
    if result == scard.SCARD_S_SUCCESS:
        return
    for name, meaning in _MEANINGS.items():
        if result == getattr(scard, name, None):
            raise meaning
    raise otherwise


# name, SCARD_STATE_… bits, ATR
_Status = tuple[str, int, bytes]


class _Context:
    """A resource manager context (PC/SC part 5, 3.2.1)."""

    def __init__(self) -> None:
        self.scard = _scard()
        result, self.handle = self.scard.SCardEstablishContext(self.scard.SCARD_SCOPE_USER)
        _check(self.scard, result, errors.CardServiceUnavailable)

    def __enter__(self) -> "_Context":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.scard.SCardReleaseContext(self.handle)

    def statuses(self) -> list[_Status]:
        """The readers of this moment."""
        result, names = self.scard.SCardListReaders(self.handle, [])
        try:
            _check(self.scard, result, errors.CardServiceUnavailable)
        except errors.NoReader:
            return []
        try:
            return self._status_change([(name, self.scard.SCARD_STATE_UNAWARE) for name in names], 0)
        except errors.NoReader:  # one went away since they were listed
            return self.statuses()

    def wait(self, statuses: list[_Status], seconds: float) -> None:
        """Until one of the statuses is another, or the time is over."""
        if not statuses:
            time.sleep(seconds)
            return
        try:
            self._status_change([(name, bits) for name, bits, _ in statuses], int(seconds * 1000))
        except errors.NoReader:
            return

    def _status_change(self, expected: list[tuple[str, int]], milliseconds: int) -> list[_Status]:
        if not expected:
            return []
        scard = self.scard
        result, found = scard.SCardGetStatusChange(self.handle, milliseconds, expected)
        if result != scard.SCARD_E_TIMEOUT:
            _check(scard, result, errors.CardServiceUnavailable)
        return [(name, bits & ~scard.SCARD_STATE_CHANGED, bytes(atr)) for name, bits, atr in found]


def _reader_states(statuses: list[_Status]) -> tuple[ReaderState, ...]:
    present = _scard().SCARD_STATE_PRESENT
    return tuple(ReaderState(name, atr if bits & present else None) for name, bits, atr in statuses)


class _Connection:
    """An exclusive connection. Exclusive says it all: a transaction would add only a time limit on Windows."""

    def __init__(self, reader: str) -> None:
        self._context = _Context()
        scard = self._scard = self._context.scard
        try:
            result, self._card, protocol = self._share(reader)
            _check(scard, result, errors.CardNotResponding)
        except BaseException:
            self._context.close()
            raise
        self._pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

    def _share(self, reader: str) -> tuple[int, int, int]:
        scard = self._scard
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer: tuple[int, int, int] = scard.SCardConnect(
                self._context.handle,
                reader,
                scard.SCARD_SHARE_EXCLUSIVE,
                scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            )
            if answer[0] != scard.SCARD_E_SHARING_VIOLATION or time.monotonic() > deadline:
                return answer
            time.sleep(0.1)

    def transmit(self, command: bytes) -> bytes:
        """Raises CardRemoved for whatever breaks the link, CardServiceUnavailable when the service went away."""
        result, response = self._scard.SCardTransmit(self._card, self._pci, list(command))
        try:
            _check(self._scard, result, errors.CardRemoved)
        except errors.CardServiceUnavailable:
            raise
        except errors.CardError as error:
            raise errors.CardRemoved from error
        if not response:  # some drivers report success when the card is pulled while it works
            raise errors.CardRemoved
        return bytes(response)

    def close(self) -> None:
        """Power off: the card forgets the PIN whatever the reader and other programs do."""
        self._scard.SCardDisconnect(self._card, self._scard.SCARD_UNPOWER_CARD)
        self._context.close()


def _connect_in_time(reader: str, seconds: float) -> _Connection:
    attempt: Future[_Connection] = Future()

    def work() -> None:
        try:
            attempt.set_result(_Connection(reader))
        except BaseException as error:
            attempt.set_exception(error)

    _scard()  # imported here: a library that is missing is not a matter of time
    threading.Thread(target=work, name="SCardConnect", daemon=True).start()
    try:
        return attempt.result(seconds)
    except TimeoutError:
        attempt.add_done_callback(_close_when_late)
        raise errors.CardNotResponding from None


def _close_when_late(attempt: Future[_Connection]) -> None:
    if attempt.exception() is None:
        attempt.result().close()
