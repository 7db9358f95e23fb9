"""A signed file gets its time stamp in the helper process, which has neither network nor password: it asks back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from signing.errors import TimestampAddressWrong, UserFacingError
from signing.extension import Extension, extend, extended_name
from signing.failure import user_facing
from signing.report import SignatureLevel
from signing.trust import Trust
from signing.waiting import WaitingFile

if TYPE_CHECKING:
    from desktop.work.worker import Worker
    from signing.timestamping import RemoteTimestamper


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is to be done; `policy` and `anchors` are those of the authority, `password` opens the document."""

    waiting: WaitingFile
    policy: str
    anchors: tuple[bytes, ...]
    trust: Trust
    refuge: Path
    password: str


@dataclass(frozen=True, slots=True)
class Extend:
    """A signed document that is there gets what its extension says, in a new file in `folder`; the rest as above."""

    extension: Extension
    folder: Path
    policy: str
    anchors: tuple[bytes, ...]
    trust: Trust
    refuge: Path


@dataclass(frozen=True, slots=True)
class Query:
    """To be sent to the authority."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """To be asked for revocation data, by OCSP where there is a question."""

    address: str
    question: bytes | None


@dataclass(frozen=True, slots=True)
class Stamped:
    """Where the file stands now; `rescued` where its own folder failed."""

    path: Path
    rescued: bool


def serve_stamp(connection: Connection, request: Stamp | Extend) -> None:
    """In the helper: carry it out, and tell what came of it."""
    try:
        asking = _Asking(connection)
        answer: object = _extended(asking, request) if isinstance(request, Extend) else _stamped(asking, request)
    except Exception as error:
        answer = user_facing(error)
    connection.send(answer)


class _Asking:
    """What the other end of the pipe gets from the network."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def timestamper(self, request: Stamp | Extend) -> "RemoteTimestamper":
        from signing.timestamping import RemoteTimestamper, TimestampingAuthority

        nowhere = TimestampingAuthority("", request.policy, request.anchors)
        return RemoteTimestamper(nowhere, _now, lambda _authority, query: self._ask(Query(query)))

    def fetch(self, address: str, question: bytes | None) -> bytes:
        return self._ask(Source(address, question))

    def _ask(self, wanted: Query | Source) -> bytes:
        self._connection.send(wanted)
        answer = self._connection.recv()
        if isinstance(answer, UserFacingError):
            raise answer
        assert isinstance(answer, bytes)  # noqa: S101 - the other end is this program
        return answer


def _stamped(asking: _Asking, request: Stamp) -> Stamped:
    from signing.waiting import stamp

    path, rescued = stamp(
        request.waiting,
        timestamper=asking.timestamper(request),
        trust=request.trust,
        moment=_now(),
        refuge=request.refuge,
        password=request.password,
    )
    return Stamped(path, rescued)


def _extended(asking: _Asking, request: Extend) -> Stamped:
    staged = extend(
        request.extension,
        request.folder,
        timestamper=asking.timestamper(request),
        trust=request.trust,
        moment=_now(),
        fetch=asking.fetch,
    )
    try:
        return Stamped(*staged.hand_over(extended_name(request.extension.document, request.folder), request.refuge))
    finally:
        staged.close()


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def stamped(worker: "Worker", request: Stamp | Extend, post: Callable[[bytes], bytes]) -> Stamped:
    """In the window's process: let the helper do it, and send what it asks. Raises what failed, WorkerStopped too."""
    worker.open(request)
    sources = _Sources(request)
    while True:
        match worker.receive():
            case Query(content):
                answer = _answer(partial(post, content))
                sources.learn(answer)
                worker.send(answer)
            case Source(address, question):
                worker.send(_answer(partial(sources.fetched, address, question)))
            case Stamped() as done:
                return done
            case UserFacingError() as error:
                raise error


class _Sources:
    """Who may be asked for revocation data: whom the person was told of, and nobody else whom the helper names.

    It has read a stranger's file.
    """

    def __init__(self, request: Stamp | Extend) -> None:
        extension = request.extension if isinstance(request, Extend) else None
        self._wanted = extension is not None and extension.level is not SignatureLevel.B_T
        self._known = set(extension.sources) if extension else set()

    def learn(self, answer: bytes | UserFacingError) -> None:
        """Of those that the certificates of the authority name."""
        from signing.revocation_sources import sources_in_answer

        if self._wanted and isinstance(answer, bytes):
            self._known.update(sources_in_answer(answer))

    def fetched(self, address: str, question: bytes | None) -> bytes:
        """Raises TimestampError."""
        from signing.revocation_sources import from_network

        if not self._wanted or address not in self._known:
            raise TimestampAddressWrong("host")
        return from_network(address, question)


def _answer(work: Callable[[], bytes]) -> bytes | UserFacingError:
    try:
        return work()
    except UserFacingError as error:
        return error
