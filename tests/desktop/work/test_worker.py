"""The helper process that signs: it may die, and it never learns a password; and what can be asked of a helper."""

import hashlib
import pickle
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.work import helper
from desktop.work.helper import Word
from desktop.work.process import Context
from desktop.work.questions import examine, files_below
from desktop.work.worker import RemoteBatch, Worker
from signing.card.pin import SignaturePin
from signing.document import Document
from signing.errors import DocumentNotFound, WorkerStopped
from signing.job import FailedFile, Rehearsal, SignedFile, SigningBatch, SigningJob
from signing.profile import Profile


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def test_a_file_is_rehearsed_or_the_failure_is_part_of_the_answer(
    make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    good = examine(make_pdf(), Profile.PADES_B_B, practice=True)
    assert good.rehearsal
    assert good.rehearsal.job.output.name == "contract-practice-signed.pdf"
    assert good.error is None
    assert not good.signed

    missing = examine(tmp_path / "gone.pdf", Profile.PADES_B_B, practice=True)
    assert isinstance(missing.error, DocumentNotFound)
    assert missing.rehearsal is None


def test_what_claims_a_signature_is_one_to_verify(
    make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    with SigningBatch(rehearsals([make_pdf()]), refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch:
        (signed,) = (outcome.path for outcome in batch.sign(credential) if isinstance(outcome, SignedFile))
    without_range = tmp_path / "range.pdf"
    without_range.write_bytes(signed.read_bytes().replace(b"/ByteRange", b"/Nothing__"))
    broken = [tmp_path / name for name in ("notice.txt.p7s", "sealed.asice")]
    for path in broken:
        path.write_bytes(b"neither a signature nor a container")
    assert all(examine(path, None, practice=True).signed for path in (signed, without_range, *broken))


def test_a_folder_means_the_documents_in_it(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    folder = tmp_path / "書類"
    (folder / "inner").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    inside = [make_pdf(f"書類/{name}") for name in ("a.pdf", "inner/b.pdf")]
    make_pdf("書類/.hidden/c.pdf")
    (folder / "notes.txt").write_text("nothing to sign")
    (tmp_path / "empty").mkdir()

    container = folder / "sealed.asice"
    with zipfile.ZipFile(container, "w") as package:
        package.writestr("mimetype", "application/vnd.etsi.asic-e+zip")

    assert files_below([folder, inside[0]]) == [inside[0], *sorted([inside[1], container])]
    assert files_below([tmp_path / "empty"]) == [tmp_path / "empty"]


def rehearsals(paths: list[Path]) -> list[Rehearsal]:
    found = [examine(path, Profile.PADES_B_B, practice=False).rehearsal for path in paths]
    return [rehearsal for rehearsal in found if rehearsal]


def test_a_batch_is_signed_by_a_credential_on_this_side(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(paths), tmp_path / "refuge")

    outcomes = list(batch.sign(credential, lambda: False))

    assert [type(outcome) for outcome in outcomes] == [SignedFile] * 3
    assert credential.uses == 3
    assert all(outcome.path.exists() for outcome in outcomes if isinstance(outcome, SignedFile))


def test_digests_come_while_the_password_is_typed(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    (rehearsal,) = rehearsals([make_pdf()])
    batch = RemoteBatch(worker, [rehearsal], tmp_path)
    while not batch.digests():
        pass

    assert batch.digests() == [rehearsal.job.document.sha256]

    batch.abandon()
    assert list(RemoteBatch(worker, [rehearsal], tmp_path).sign(credential, lambda: False))  # it is free again


def test_cancelling_stops_before_the_next_file(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(paths), tmp_path)

    outcomes = list(batch.sign(credential, lambda: credential.uses == 1))

    assert len(outcomes) == 1
    assert sorted(path.name for path in tmp_path.glob("*signed*")) == ["a-signed.pdf"]


class Killing:
    """Kills the helper when the card has made the second signature."""

    def __init__(self, credential: Any, worker: Worker, *, after: Path | None = None) -> None:
        """`after`: only when this file is there."""
        self._credential, self._worker, self._after = credential, worker, after
        self.certification_path, self.algorithm = credential.certification_path, credential.algorithm

    def sign(self, data: bytes) -> bytes:
        signature = self._credential.sign(data)
        if self._credential.uses == 2:
            while self._after and not self._after.exists():
                time.sleep(0.01)
            assert self._worker._process
            self._worker._process.kill()
            self._worker._process.join()
        return signature


def test_a_helper_that_dies_costs_one_file_and_the_rest_is_signed(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abc"]
    batch = RemoteBatch(worker, rehearsals(paths), tmp_path)

    outcomes = list(batch.sign(Killing(credential, worker, after=tmp_path / "a-signed.pdf"), lambda: False))

    assert [type(outcome) for outcome in outcomes] == [SignedFile, FailedFile, SignedFile]
    assert isinstance(outcomes[1], FailedFile)
    assert isinstance(outcomes[1].error, WorkerStopped)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("a-signed.pdf", "a.pdf", "b.pdf"),
        *("c-signed.pdf", "c.pdf"),
    ]


def test_the_card_signs_once_for_each_file_whatever_becomes_of_the_helper(
    worker: Worker, make_pdf: Callable[..., Path], credential: Any, tmp_path: Path
) -> None:
    paths = [make_pdf(f"{name}.pdf") for name in "abcd"]
    batch = RemoteBatch(worker, rehearsals(paths), tmp_path)

    outcomes = list(batch.sign(Killing(credential, worker), lambda: False))  # perhaps before the first is finished

    assert credential.uses == 4
    assert sorted(outcome.job.document.path for outcome in outcomes) == paths
    signed = {outcome.path.name for outcome in outcomes if isinstance(outcome, SignedFile)}
    assert signed == {path.name for path in tmp_path.glob("*-signed.pdf")}
    assert signed >= {"c-signed.pdf", "d-signed.pdf"}


class Silenced(Worker):
    """Its helper is killed between the moment when the file is in its folder and the moment when that is told."""

    def receive(self) -> Any:
        message = super().receive()
        if isinstance(message, SignedFile):
            self.close()
            raise WorkerStopped
        return message


@pytest.mark.parametrize("name", ["contract.pdf", "[契約] 1*.pdf"])
def test_a_file_that_was_finished_before_its_helper_died_is_found(
    make_pdf: Callable[..., Path], credential: Any, tmp_path: Path, name: str
) -> None:
    source = make_pdf(name)
    make_pdf("other-signed.pdf")
    worker = Silenced()
    try:
        (outcome,) = RemoteBatch(worker, rehearsals([source]), tmp_path / "refuge").sign(credential, lambda: False)
    finally:
        worker.close()

    assert isinstance(outcome, SignedFile)
    assert outcome.path == source.with_stem(f"{source.stem}-signed")
    assert outcome.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert not outcome.rescued


def test_a_helper_gives_signs_of_life_for_as_long_as_a_file_of_that_size_may_take(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "_BEAT", 0.01)
    monkeypatch.setattr(helper, "_BYTES_A_SECOND", 10_000)
    path = make_pdf()
    path.write_bytes(path.read_bytes().ljust(5_000, b"\n"))  # half a second
    job = SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=True)
    rehearsal = Rehearsal(job, notes=())
    ours, theirs = Context().Pipe()

    def staging() -> Iterator[str]:
        assert ours.poll(10), "no sign of life while the file is staged"
        time.sleep(0.8)
        while ours.poll(0):
            assert ours.recv() is Word.ALIVE
        assert not ours.poll(0.1), "a file of this size does not take so long: it hangs"
        yield "digest"

    with helper._Pulse(theirs) as pulse:
        assert list(pulse.through([rehearsal], staging())) == ["digest"]


def test_a_password_cannot_be_sent_to_it() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(SignaturePin.parse("ABC123"))
