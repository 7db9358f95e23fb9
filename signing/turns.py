"""Several files in flight, one key: while it works for one, the next is made ready and the one before is finished."""

import threading
from typing import Final, Self

from signing.credential import Credential, SignatureAlgorithm
from signing.errors import Cancelled, CardError, CertificateError, KeySourceError, UserFacingError

IN_FLIGHT: Final = 3  # one is made ready, one is at the card, one is finished


class Queue:
    """The order in which files use a credential, each once. A card or token that failed is left alone."""

    def __init__(self) -> None:
        self.place = 0  # of the file for which it is in use
        self._turns = 0
        self._last = threading.Event()
        self._last.set()
        self._cancelled = False
        self._broken: UserFacingError | None = None

    def turn(self, credential: Credential) -> "Turn":
        """That of the next file."""
        before, self._last = self._last, threading.Event()
        self._turns += 1
        return Turn(self, self._turns - 1, credential, before, self._last)

    def cancel(self) -> None:
        """It is used no more."""
        self._cancelled = True

    def require_open(self) -> None:
        """Raises Cancelled, and what a card or token has failed with."""
        if self._cancelled:
            raise Cancelled
        if self._broken:
            raise self._broken

    def note(self, error: BaseException | None) -> None:
        """What became of a file for which it was used."""
        if isinstance(error, CardError | CertificateError | KeySourceError):
            self._broken = error


class Turn:
    """A credential for one file, which waits until those before have used theirs; a context manager."""

    def __init__(
        self, queue: Queue, place: int, credential: Credential, before: threading.Event, over: threading.Event
    ) -> None:
        self._queue, self._place, self._credential = queue, place, credential
        self._before, self._over = before, over

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._over.is_set():
            self._queue.note(error)
        self._before.wait()
        self._over.set()

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._credential.certification_path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._credential.algorithm

    def sign(self, data: bytes) -> bytes:
        self._before.wait()
        try:
            self._queue.require_open()
            self._queue.place = self._place
            return self._credential.sign(data)
        except Exception as error:  # noted before the next one uses it, and raised as it is
            self._queue.note(error)
            raise
        finally:
            self._over.set()
