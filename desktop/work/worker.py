"""The window's side of the helper process that signs: a conversation over a pipe, in which the card answers.

Free of Qt. What only answers questions is in a pool; see pool.py.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from desktop.work.helper import Batch, Begin, Digest, ToSign, Word, serve
from desktop.work.pool import Pool, seconds_for
from desktop.work.process import Context
from desktop.work.questions import published
from signing.credential import Credential
from signing.errors import UserFacingError, WorkerStopped
from signing.job import FailedFile, Rehearsal, SignedFile, SigningJob, UnstampedFile

_PATIENCE = 120.0  # seconds


class Worker:
    """A helper process, started when it is first needed and again after it died. One thread at a time may use it."""

    def __init__(self, patience: float = _PATIENCE, *, serve: Callable[[Connection], None] = serve) -> None:
        """`patience`: seconds without a word before it counts as hung, and is ended. `serve` is its life."""
        self._patience, self._serve = patience, serve
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

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

    def send_secret(self, secret: bytearray) -> None:
        """What is to be overwritten afterwards: as it is, without a copy. Raises WorkerStopped."""
        try:
            self._require().send_bytes(secret)
        except OSError as error:
            self.close()
            raise WorkerStopped from error

    def receive(self, patience: float | None = None) -> Any:
        """The next message, Word.ALIVE among them. Raises WorkerStopped, also where none comes for too long."""
        try:
            if self._require().poll(self._patience if patience is None else patience):
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

    def kill(self) -> None:
        """End the process, from any thread; who waits for its answer gets WorkerStopped."""
        if process := self._process:
            process.kill()

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
        context = Context()
        ours, theirs = context.Pipe()
        process = context.Process(target=self._serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        self._process, self._connection = process, ours


class RemoteBatch:
    """A SigningBatch in a helper process. The files are staged there from the beginning."""

    def __init__(
        self, worker: Worker, rehearsals: Sequence[Rehearsal], refuge: Path, waiting: Path | None = None
    ) -> None:
        self._worker = worker
        self._rehearsals = tuple(rehearsals)
        self._refuge, self._waiting = refuge, waiting
        self._digests: list[str | UserFacingError] = []
        self._begun = False
        self._told = 0  # of how many the helper told what became of them
        self._signatures: dict[int, bytes] = {}  # what the card made, by the place of the file in the batch
        self._open()

    def digests(self) -> list[str | UserFacingError]:
        """Those that are known by now, in the order of the files; never waits."""
        with contextlib.suppress(WorkerStopped):  # it will be met again, and told, when the files are signed
            while not self._begun and self._worker.waiting():
                message = self._worker.receive()
                if isinstance(message, Digest):
                    self._digests.append(message.sha256)
        return self._digests

    def sign(
        self, credential: Credential, cancelled: Callable[[], bool]
    ) -> Iterator[SignedFile | UnstampedFile | FailedFile]:
        """Each file in order. One on which the helper died has failed; another helper does the rest.

        The card is asked for nothing more when `cancelled`.
        """
        self._begun = True
        if not self._worker.alive:  # it died while the password was typed, and no file has been touched
            self._open()
        while self._rehearsals:
            try:
                yield from self._sign_with_one_helper(credential, cancelled)
                return
            except WorkerStopped as error:
                yield from self._give_up(error)
                if cancelled() or not self._rehearsals:
                    return
                self._open()

    def abandon(self) -> None:
        """Nothing will be signed: what was staged is removed."""
        with contextlib.suppress(WorkerStopped):
            self._worker.send(Word.STOP)
            while self._worker.receive() is not Word.END:
                pass

    def _open(self) -> None:
        self._told, self._signatures = 0, {}
        self._worker.open(Batch(self._rehearsals, self._refuge, self._waiting))

    def _sign_with_one_helper(
        self, credential: Credential, cancelled: Callable[[], bool]
    ) -> Iterator[SignedFile | UnstampedFile | FailedFile]:
        self._worker.send(Begin(credential.certification_path, credential.algorithm))
        while (message := self._worker.receive()) is not Word.END:
            match message:
                case ToSign(place, data):
                    answer = Word.STOP if cancelled() else _signature(credential, data)
                    if isinstance(answer, bytes):
                        self._signatures[place] = answer
                    self._worker.send(answer)
                case SignedFile() | UnstampedFile() | FailedFile():
                    self._told += 1
                    yield message

    def _give_up(self, error: WorkerStopped) -> list[SignedFile | FailedFile]:
        """What became of the files that the helper had in flight when it died; the others are left.

        The card is not asked again for a file for which it has signed.
        """
        outcomes: list[SignedFile | FailedFile] = []
        lost = [place for place in self._signatures if place >= self._told] or [self._told]
        for place in lost:
            job = self._rehearsals[place].job
            outcomes.append(self._kept(job, self._signatures.get(place)) or FailedFile(job, error))
        left = enumerate(self._rehearsals[self._told :], self._told)
        self._rehearsals = tuple(rehearsal for place, rehearsal in left if place not in lost)
        return outcomes

    def _kept(self, job: SigningJob, signature: bytes | None) -> SignedFile | None:
        """The file that the helper finished before it died without a word."""
        if signature is None:
            return None
        pool, limit = Pool(), seconds_for(job.document.path)
        try:
            found: SignedFile | None = pool.call(published, job, signature, self._refuge, seconds=limit)
        except UserFacingError:
            return None
        finally:
            pool.close()
        return found


def _signature(credential: Credential, data: bytes) -> bytes | UserFacingError:
    try:
        return credential.sign(data)
    except UserFacingError as error:
        return error
