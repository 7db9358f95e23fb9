"""A signed file gets its time stamp in the helper process, which has neither network nor password: it asks back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from signing.errors import Unexpected, UserFacingError
from signing.trust import Trust
from signing.waiting import WaitingFile

if TYPE_CHECKING:
    from desktop.work.worker import Worker
    from signing.timestamping import TimestampingAuthority

_log = logging.getLogger(__name__)


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
class Query:
    """To be sent to the authority."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Stamped:
    """Where the file stands now; `rescued` where its own folder failed."""

    path: Path
    rescued: bool


def serve_stamp(connection: Connection, request: Stamp) -> None:
    """In the helper: carry it out, and tell what came of it."""
    try:
        answer: object = _carried_out(connection, request)
    except UserFacingError as error:
        answer = error
    except Exception as error:
        # No traceback: it may hold names of documents.
        _log.error("unexpected %s while stamping", type(error).__name__)
        answer = Unexpected()
    connection.send(answer)


def _carried_out(connection: Connection, request: Stamp) -> Stamped:
    from signing.timestamping import RemoteTimestamper, TimestampingAuthority
    from signing.waiting import stamp

    def ask_back(_: "TimestampingAuthority", query: bytes) -> bytes:
        connection.send(Query(query))
        answer = connection.recv()
        if isinstance(answer, UserFacingError):
            raise answer
        assert isinstance(answer, bytes)  # noqa: S101 - the other end is this program
        return answer

    nowhere = TimestampingAuthority("", request.policy, request.anchors)
    path, rescued = stamp(
        request.waiting,
        timestamper=RemoteTimestamper(nowhere, _now, ask_back),
        trust=request.trust,
        moment=_now(),
        refuge=request.refuge,
        password=request.password,
    )
    return Stamped(path, rescued)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def stamped(worker: "Worker", request: Stamp, post: Callable[[bytes], bytes]) -> Stamped:
    """In the window's process: let the helper do it, and send what it asks. Raises what failed, WorkerStopped too."""
    worker.open(request)
    while True:
        match worker.receive():
            case Query(content):
                worker.send(_answer(post, content))
            case Stamped() as done:
                return done
            case UserFacingError() as error:
                raise error


def _answer(post: Callable[[bytes], bytes], query: bytes) -> bytes | UserFacingError:
    try:
        return post(query)
    except UserFacingError as error:
        return error
