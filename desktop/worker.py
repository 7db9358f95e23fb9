"""The helper process for documents: what is heavy, or comes from a stranger, never runs in the window's process.

The window sends a request over a pipe and gets an answer. For signing, the helper has no card and no password: it
asks back over the same pipe, and whoever holds the card session answers. Free of Qt.
"""

import contextlib
import logging
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from signing.credential import Credential, SignatureAlgorithm
from signing.document import Document, Kind
from signing.errors import PackageRefused, Unexpected, UserFacingError, WorkerStopped
from signing.job import FailedFile, Rehearsal, SignedFile, SigningBatch, SigningJob, rehearse
from signing.profile import Profile, default_profile
from signing.report import ValidationReport

_log = logging.getLogger(__name__)
_CONTEXT = multiprocessing.get_context("spawn")  # a fork of a process with threads and Qt would be half a process
_MEMORY = 3 << 30  # bytes that a document may make the helper allocate, where the system can limit it
_PATIENCE = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of a file before anything is done with it. Exactly one of `rehearsal` and `error` is set."""

    path: Path
    profile: Profile | None  # None where the file could not be opened and none was asked for
    document: Document | None
    signed: bool
    rehearsal: Rehearsal | None
    error: UserFacingError | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is established about a file. Exactly one of `report` and `error` is set."""

    path: Path
    report: ValidationReport | None
    error: UserFacingError | None


# --- in the helper: what can be asked


def files_below(paths: Sequence[Path]) -> list[Path]:
    """The files meant by `paths`: files as they are, folders as everything in them that can be signed or verified.

    A folder with nothing of that kind stands for itself, so that something can be said about it.
    """
    found: list[Path] = []
    for path in paths:
        found += (list(_files_of_interest(path)) if path.is_dir() else []) or [path]
    return list(dict.fromkeys(found))


_STYLES = (".xsl", ".xslt")  # they show a document, and are none


def _files_of_interest(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        with contextlib.suppress(UserFacingError, OSError):
            if path.is_file() and path.suffix.lower() not in _STYLES and Document.open(path).kind is not Kind.OTHER:
                yield path


def examine(path: Path, profile: Profile | None, practice: bool, password: str = "") -> Examination:
    """Look at a file and rehearse its signature, in the form that suits it where None is given; a failure is part of
    the answer."""
    document, signed = None, False
    try:
        document = Document.open(path).unlocked_with(password)
        signed = bears_signature(document)
        profile = profile or default_profile(document)
        rehearsal = rehearse(SigningJob.beside(document, profile, practice=practice))
    except UserFacingError as error:
        return Examination(path, profile, document, signed, None, error)
    return Examination(path, profile, document, signed, rehearsal, None)


_IN_XML = "SignatureValue>"
_MARKS = {
    Kind.PDF: (b"/ByteRange",),
    Kind.XML: tuple(_IN_XML.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")),
}


def bears_signature(document: Document) -> bool:
    """Whether it looks signed; only to open it on the right page. Proof is the matter of verification."""
    if document.kind is Kind.CMS:
        return True
    if document.kind is Kind.OTHER:
        return _holds_signatures(document)
    marks = _MARKS[document.kind]
    before = b""
    for piece in document.pieces():
        if any(mark in before + piece for mark in marks):
            return True
        before = piece[-max(map(len, marks)) :]
    return False


def _holds_signatures(document: Document) -> bool:
    """Whether it is a package with something in it that looks like a signature."""
    from signing.zip_package import is_package, opened_package

    with document.opened() as file, contextlib.suppress(PackageRefused):
        if is_package(file):
            with opened_package(file) as package:
                names = [name for name in package.entries if name.endswith((".xml", ".p7s"))]
                return any(name.endswith(".p7s") or _MARKS[Kind.XML][0] in package.content(name) for name in names)
    return False


def judge(path: Path, moment: datetime, password: str = "") -> ValidationReport:
    """Verify a file against the authorities that this program knows."""
    from signing.trust import Trust
    from signing.validation import verify

    return verify(path, trust=Trust.default(), moment=moment, password=password)


def write_signed_version(path: Path, signed_bytes: int, target: Path) -> None:
    """Write the version of a PDF that was signed to a new file."""
    from signing.pdf.signed_version import save_signed_version

    save_signed_version(Document.open(path), signed_bytes, target)


def warm_up() -> None:
    """Import what takes half a second, while nobody waits."""


# --- in the helper: the pipe


@dataclass(frozen=True, slots=True)
class _Call:
    function: Callable[..., object]
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    rehearsals: tuple[Rehearsal, ...]
    refuge: Path


@dataclass(frozen=True, slots=True)
class _Begin:
    certification_path: tuple[bytes, ...]
    algorithm: SignatureAlgorithm


@dataclass(frozen=True, slots=True)
class _ToSign:
    data: bytes


@dataclass(frozen=True, slots=True)
class _Digest:
    sha256: str | UserFacingError


class _Word(Enum):
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
                case _Call(function, arguments):
                    connection.send(_answer(function, arguments))
                case _Batch(rehearsals, refuge):
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
            connection.send(_Digest(digest))
        begin = connection.recv()
        if isinstance(begin, _Begin):
            for outcome in batch.sign(_AskingBack(connection, begin)):
                connection.send(outcome)
                if connection.recv() is _Word.STOP:
                    batch.cancel()
    connection.send(_Word.END)


class _AskingBack:
    """A credential whose key is at the other end of the pipe."""

    def __init__(self, connection: Connection, begin: _Begin) -> None:
        self._connection = connection
        self._begin = begin

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._begin.certification_path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._begin.algorithm

    def sign(self, data: bytes) -> bytes:
        self._connection.send(_ToSign(data))
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


# --- in the window's process


class Worker:
    """A helper process, started when it is first needed and again after it died. One thread at a time may use it."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        """`patience`: seconds without a word before it counts as hung, and is ended."""
        self._patience = patience
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def call(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Let the helper call a function of this module. Raises WorkerStopped and what the function raises."""
        self.open(_Call(function, arguments))
        answer = self.receive()
        if isinstance(answer, UserFacingError):
            raise answer
        return answer

    def open(self, request: object) -> None:
        """Begin a conversation, with another helper if the last one died. Raises WorkerStopped."""
        if not self.alive:
            self._start()
        self.send(request)

    def send(self, message: object) -> None:
        """Go on with a conversation. Raises WorkerStopped."""
        try:
            self._require().send(message)
        except OSError as error:
            self.close()
            raise WorkerStopped from error

    def receive(self) -> Any:
        """The next message. Raises WorkerStopped, also when the helper says nothing for too long."""
        try:
            if self._require().poll(self._patience):
                return self._require().recv()
        except (EOFError, OSError) as error:
            self.close()
            raise WorkerStopped from error
        self.close()
        raise WorkerStopped

    def _require(self) -> Connection:
        if self._connection is None:
            raise WorkerStopped
        return self._connection

    def waiting(self) -> bool:
        """Whether something can be received at once."""
        with contextlib.suppress(OSError):
            return self._connection is not None and self._connection.poll()
        return False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def close(self) -> None:
        """End the process; the next use starts another one."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None

    def _start(self) -> None:
        self.close()
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=serve, args=(theirs,), daemon=True, name="documents")
        process.start()
        theirs.close()
        self._process, self._connection = process, ours


class RemoteBatch:
    """A SigningBatch in a helper process. The files are staged there from the beginning."""

    def __init__(self, worker: Worker, rehearsals: Sequence[Rehearsal], refuge: Path) -> None:
        self._worker = worker
        self._rehearsals = tuple(rehearsals)
        self._refuge = refuge
        self._digests: list[str | UserFacingError] = []
        self._begun = False
        self._open()

    def digests(self) -> list[str | UserFacingError]:
        """Those that are known by now, in the order of the files; never waits."""
        with contextlib.suppress(WorkerStopped):  # it will be met again, and told, when the files are signed
            while not self._begun and self._worker.waiting():
                message = self._worker.receive()
                if isinstance(message, _Digest):
                    self._digests.append(message.sha256)
        return self._digests

    def sign(self, credential: Credential, cancelled: Callable[[], bool]) -> Iterator[SignedFile | FailedFile]:
        """Each file in order. One on which the helper died has failed; another helper does the rest."""
        self._begun = True
        if not self._worker.alive:  # it died while the password was typed, and no file has been touched
            self._open()
        while self._rehearsals:
            try:
                yield from self._sign_with_one_helper(credential, cancelled)
                return
            except WorkerStopped as error:
                dead, *rest = self._rehearsals
                self._rehearsals = tuple(rest)
                yield FailedFile(dead.job, error)
                if cancelled():
                    return
                self._open()

    def abandon(self) -> None:
        """Nothing will be signed: what was staged is removed."""
        with contextlib.suppress(WorkerStopped):
            self._worker.send(_Word.STOP)
            while self._worker.receive() is not _Word.END:
                pass

    def _open(self) -> None:
        self._worker.open(_Batch(self._rehearsals, self._refuge))

    def _sign_with_one_helper(
        self, credential: Credential, cancelled: Callable[[], bool]
    ) -> Iterator[SignedFile | FailedFile]:
        self._worker.send(_Begin(credential.certification_path, credential.algorithm))
        while (message := self._worker.receive()) is not _Word.END:
            match message:
                case _ToSign(data):
                    self._worker.send(_signature(credential, data))
                case SignedFile() | FailedFile():
                    self._rehearsals = self._rehearsals[1:]
                    yield message
                    self._worker.send(_Word.STOP if cancelled() else _Word.GO_ON)


def _signature(credential: Credential, data: bytes) -> bytes | UserFacingError:
    try:
        return credential.sign(data)
    except UserFacingError as error:
        return error
