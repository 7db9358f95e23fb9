"""The helper process: it answers, it may die, and it never learns a password."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.work.questions import examine, files_below
from desktop.work.worker import RemoteBatch, Worker
from signing.card.pin import SignaturePin
from signing.errors import DocumentEncrypted, DocumentNotFound, WorkerStopped
from signing.job import FailedFile, Rehearsal, SignedFile
from signing.profile import Profile


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    raise DocumentEncrypted


def process_number() -> int:
    return os.getpid()


def test_it_answers_from_another_process(worker: Worker) -> None:
    assert worker.call(process_number) not in (0, os.getpid())


def test_errors_cross_the_border_as_they_are(worker: Worker) -> None:
    with pytest.raises(DocumentEncrypted):
        worker.call(refuse)


def test_a_killed_helper_is_told_and_replaced(worker: Worker) -> None:
    first = worker.call(process_number)

    with pytest.raises(WorkerStopped):
        worker.call(die)

    assert worker.call(process_number) != first


def test_a_file_is_rehearsed_or_the_failure_is_part_of_the_answer(
    worker: Worker, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    good = worker.call(examine, make_pdf(), Profile.PADES_B_B, True)
    assert good.rehearsal.job.output.name == "contract-practice-signed.pdf"
    assert good.error is None
    assert not good.signed

    missing = worker.call(examine, tmp_path / "gone.pdf", Profile.PADES_B_B, True)
    assert isinstance(missing.error, DocumentNotFound)
    assert missing.rehearsal is None


def test_a_folder_means_the_documents_in_it(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    folder = tmp_path / "書類"
    (folder / "inner").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    inside = [make_pdf(f"書類/{name}") for name in ("a.pdf", "inner/b.pdf")]
    make_pdf("書類/.hidden/c.pdf")
    (folder / "notes.txt").write_text("nothing to sign")
    (tmp_path / "empty").mkdir()

    assert files_below([folder, inside[0]]) == inside
    assert files_below([tmp_path / "empty"]) == [tmp_path / "empty"]


def rehearsals(worker: Worker, paths: list[Path]) -> list[Rehearsal]:
    return [worker.call(examine, path, Profile.PADES_B_B, False).rehearsal for path in paths]


def test_a_batch_is_signed_by_a_credential_on_this_side(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(worker, paths), tmp_path / "refuge")

    outcomes = list(batch.sign(credential, lambda: False))

    assert [type(outcome) for outcome in outcomes] == [SignedFile] * 3
    assert credential.uses == 3
    assert all(outcome.path.exists() for outcome in outcomes if isinstance(outcome, SignedFile))


def test_digests_come_while_the_password_is_typed(
    worker: Worker, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    (rehearsal,) = rehearsals(worker, [make_pdf()])
    batch = RemoteBatch(worker, [rehearsal], tmp_path)
    while not batch.digests():
        pass

    assert batch.digests() == [rehearsal.job.document.sha256]

    batch.abandon()
    assert worker.call(process_number)  # it is free for other things


def test_cancelling_stops_before_the_next_file(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(worker, paths), tmp_path)

    outcomes = list(batch.sign(credential, lambda: True))

    assert len(outcomes) == 1
    assert sorted(path.name for path in tmp_path.glob("*signed*")) == ["a-signed.pdf"]


class Killing:
    """Kills the helper when the card is asked for the second signature."""

    def __init__(self, credential: Any, worker: Worker) -> None:
        self._credential, self._worker = credential, worker
        self.certification_path, self.algorithm = credential.certification_path, credential.algorithm

    def sign(self, data: bytes) -> bytes:
        signature = self._credential.sign(data)
        if self._credential.uses == 2:
            assert self._worker._process
            self._worker._process.kill()
            self._worker._process.join()
        return signature


def test_a_helper_that_dies_costs_one_file_and_the_rest_is_signed(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(worker, paths), tmp_path)

    outcomes = list(batch.sign(Killing(credential, worker), lambda: False))

    assert [type(outcome) for outcome in outcomes] == [SignedFile, FailedFile, SignedFile]
    assert isinstance(outcomes[1], FailedFile)
    assert isinstance(outcomes[1].error, WorkerStopped)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("a-signed.pdf", "a.pdf", "b.pdf"),
        *("c-signed.pdf", "c.pdf"),
    ]


def test_a_password_cannot_be_sent_to_it() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(SignaturePin.parse("ABC123"))
