"""The life of the helper process in which files are signed: they are copied, parsed and written there.

It has no card and no password: it asks back over the pipe through which it was asked, and whoever holds the card
session answers.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self, TypeVar

from desktop.time.conversation import Extend, Stamp, serve_stamp
from desktop.work.process import give_way, limit_memory
from signing.credential import SignatureAlgorithm
from signing.errors import Cancelled, UserFacingError
from signing.job import Rehearsal, SigningBatch

T = TypeVar("T")
_MEMORY = 3 << 30  # bytes that a document may make the helper allocate, where the system can limit it
_BEAT = 5.0  # seconds
_BYTES_A_SECOND = 1 << 20  # of a slow disk


@dataclass(frozen=True, slots=True)
class Batch:
    rehearsals: tuple[Rehearsal, ...]
    refuge: Path
    waiting: Path | None = None  # where what is to have a time stamp waits for it


@dataclass(frozen=True, slots=True)
class Begin:
    certification_path: tuple[bytes, ...]
    algorithm: SignatureAlgorithm


@dataclass(frozen=True, slots=True)
class ToSign:
    place: int  # of the file in the batch
    data: bytes


@dataclass(frozen=True, slots=True)
class Digest:
    sha256: str | UserFacingError


class Word(Enum):
    """Single words of the conversation."""

    ALIVE = auto()  # it is at work, and may be so for a while
    STOP = auto()
    END = auto()


def serve(connection: Connection) -> None:
    """The life of the helper: sign batches until the window hangs up."""
    limit_memory(_MEMORY)
    give_way()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            match connection.recv():
                case Batch() as batch:
                    _serve_batch(connection, batch)
                case Stamp() | Extend() as wanted:
                    serve_stamp(connection, wanted)


def _serve_batch(connection: Connection, wanted: Batch) -> None:
    now = lambda: datetime.now(UTC).astimezone()  # noqa: E731 - shorter than its name
    rehearsals = wanted.rehearsals
    with (
        _Pulse(connection) as pulse,
        SigningBatch(rehearsals, refuge=wanted.refuge, clock=now, waiting=wanted.waiting) as batch,
    ):
        for digest in pulse.through(rehearsals, batch.digests()):
            if connection.poll():  # the password is there: telling more digests can wait for ever
                break
            pulse.send(Digest(digest))
        begin = connection.recv()
        if isinstance(begin, Begin):
            for outcome in pulse.through(rehearsals, batch.sign(_AskingBack(connection, pulse, begin, batch))):
                pulse.send(outcome)
    connection.send(Word.END)


class _Pulse:
    """Says that the helper is alive while it works on a file, so long as a file of that size may take."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()  # two threads speak
        self._ended = threading.Event()
        self._until = 0.0  # of time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def send(self, message: object) -> None:
        with self._lock:
            self._connection.send(message)

    def through(self, rehearsals: Sequence[Rehearsal], steps: Iterator[T]) -> Iterator[T]:
        """The steps, one for each file, with a pulse while each is awaited."""
        for rehearsal in rehearsals:
            self._until = time.monotonic() + rehearsal.job.document.size / _BYTES_A_SECOND
            try:
                step = next(steps)
            except StopIteration:
                return
            finally:
                self._until = 0.0
            yield step

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT):
            if time.monotonic() < self._until:
                with contextlib.suppress(OSError):
                    self.send(Word.ALIVE)


class _AskingBack:
    """A credential whose key is at the other end of the pipe."""

    def __init__(self, connection: Connection, pulse: _Pulse, begin: Begin, batch: SigningBatch) -> None:
        self._connection, self._pulse = connection, pulse
        self._begin, self._batch = begin, batch

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._begin.certification_path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._begin.algorithm

    def sign(self, data: bytes) -> bytes:
        self._pulse.send(ToSign(self._batch.place, data))
        answer = self._connection.recv()
        if answer is Word.STOP:
            raise Cancelled
        if isinstance(answer, UserFacingError):
            raise answer
        assert isinstance(answer, bytes)  # noqa: S101 - the other end is this program
        return answer
