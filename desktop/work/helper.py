"""The life of the helper process for documents: what is heavy, or comes from a stranger, runs here.

It answers what comes through its pipe. For signing it has no card and no password: it asks back over the same pipe,
and whoever holds the card session answers.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from multiprocessing.connection import Connection
from pathlib import Path

from signing.credential import SignatureAlgorithm
from signing.errors import Unexpected, UserFacingError
from signing.job import Rehearsal, SigningBatch

_log = logging.getLogger(__name__)
_MEMORY = 3 << 30  # bytes that a document may make the helper allocate, where the system can limit it


@dataclass(frozen=True, slots=True)
class Call:
    function: Callable[..., object]
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    rehearsals: tuple[Rehearsal, ...]
    refuge: Path


@dataclass(frozen=True, slots=True)
class Begin:
    certification_path: tuple[bytes, ...]
    algorithm: SignatureAlgorithm


@dataclass(frozen=True, slots=True)
class ToSign:
    data: bytes


@dataclass(frozen=True, slots=True)
class Digest:
    sha256: str | UserFacingError


class Word(Enum):
    """Single words of the conversation."""

    GO_ON = auto()
    STOP = auto()
    END = auto()


def serve(connection: Connection) -> None:
    """The life of the helper: answer until the window hangs up."""
    _limit_memory()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            match connection.recv():
                case Call(function, arguments):
                    connection.send(_answer(function, arguments))
                case Batch(rehearsals, refuge):
                    _serve_batch(connection, rehearsals, refuge)


def _answer(function: Callable[..., object], arguments: tuple[object, ...]) -> object:
    try:
        return function(*arguments)
    except UserFacingError as error:
        return error
    except Exception as error:
        # No traceback: it may hold names of documents.
        _log.error("unexpected %s in the helper", type(error).__name__)
        return Unexpected()


def _serve_batch(connection: Connection, rehearsals: Sequence[Rehearsal], refuge: Path) -> None:
    now = lambda: datetime.now(UTC).astimezone()  # noqa: E731 - shorter than its name
    with SigningBatch(rehearsals, refuge=refuge, clock=now) as batch:
        for digest in batch.digests():
            if connection.poll():  # the password is there: telling more digests can wait for ever
                break
            connection.send(Digest(digest))
        begin = connection.recv()
        if isinstance(begin, Begin):
            for outcome in batch.sign(_AskingBack(connection, begin)):
                connection.send(outcome)
                if connection.recv() is Word.STOP:
                    batch.cancel()
    connection.send(Word.END)


class _AskingBack:
    """A credential whose key is at the other end of the pipe."""

    def __init__(self, connection: Connection, begin: Begin) -> None:
        self._connection = connection
        self._begin = begin

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._begin.certification_path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._begin.algorithm

    def sign(self, data: bytes) -> bytes:
        self._connection.send(ToSign(data))
        answer = self._connection.recv()
        if isinstance(answer, UserFacingError):
            raise answer
        assert isinstance(answer, bytes)  # noqa: S101 - the other end is this program
        return answer


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
