"""Whatever happens to the card at whichever command: the source stays, no half file appears, one PIN at the most."""

import contextlib
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import Document, FailedFile, Profile, SignedFile, SigningBatch, SigningJob, errors, rehearse
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_options import Disturbance, Pace, PracticeOptions

FILES = 2


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the practice card keeps its keys: made once."""
    folder = tmp_path_factory.mktemp("practice")
    read_facts(PracticeReaders(folder), PRACTICE_READER)
    return folder


@pytest.fixture
def sources(make_pdf) -> list[Path]:
    return [make_pdf(f"{number}.pdf") for number in range(FILES)]


def sign(readers: PracticeReaders, sources: list[Path]) -> Iterator[SignedFile | FailedFile]:
    jobs = [SigningJob.beside(Document.open(s), Profile.PADES_B_B, practice=True) for s in sources]
    refuge = sources[0].parent / "refuge"
    with (
        SigningBatch([rehearse(job) for job in jobs], refuge=refuge, clock=lambda: datetime.now(UTC)) as batch,
        signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as credential,
    ):
        yield from batch.sign(credential)


def commands_of_a_session(keys: Path, sources: list[Path]) -> int:
    readers = PracticeReaders(keys)
    for result in sign(readers, sources):
        assert isinstance(result, SignedFile)
        result.path.unlink()
    return len(readers.card.heard)


@pytest.mark.parametrize("disturbance", list(Disturbance))
def test_any_fault_at_any_command(keys: Path, sources: list[Path], disturbance: Disturbance) -> None:
    before = {source: source.read_bytes() for source in sources}
    folder = sources[0].parent
    for index in range(commands_of_a_session(keys, sources)):
        readers = PracticeReaders(keys, PracticeOptions(disturbances={index: disturbance}))
        tries = readers.card.tries_left
        results: list[SignedFile | FailedFile] = []
        error: errors.UserFacingError | None = None
        try:
            results += sign(readers, sources)
        except errors.UserFacingError as caught:
            error = caught
        where = f"{disturbance.name} at command {index}"

        assert {source: source.read_bytes() for source in sources} == before, where
        signed = [result.path for result in results if isinstance(result, SignedFile)]
        assert set(folder.iterdir()) == {*sources, *signed}, where
        for path in signed:
            assert b"Signature is Valid." in subprocess.run(["pdfsig", "-nocert", path], capture_output=True).stdout
            path.unlink()
        assert readers.card.pins_used <= 1, where
        assert not readers.card.forbidden, where
        assert readers.card.tries_left == tries, where  # the PIN was right: a fault must not cost a try
        failures = [result.error for result in results if isinstance(result, FailedFile)]
        for failure in [*failures, *([error] if error else [])]:
            assert isinstance(failure, errors.CardError), where
            if isinstance(failure, errors.PinOutcomeUnknown):
                assert failure.tries_left in (None, readers.card.tries_left), where
        assert error or len(results) == FILES, where


def test_slow_card_is_waited_for(keys: Path, sources: list[Path]) -> None:
    readers = PracticeReaders(keys, PracticeOptions(pace=Pace(signing=3.0)))
    assert all(isinstance(result, SignedFile) for result in sign(readers, sources[:1]))


def test_one_command_for_each_further_file(keys: Path, make_pdf) -> None:
    def commands(count: int) -> int:
        readers = PracticeReaders(keys)
        made = list(sign(readers, [make_pdf(f"{count}-{number}.pdf") for number in range(count)]))
        assert all(isinstance(result, SignedFile) for result in made)
        return len(readers.card.heard)

    assert commands(5) == commands(1) + 4


SIGN_FOR_EVER = """
import itertools, sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Document, Profile, SigningBatch, SigningJob, rehearse
from signing.card.jpki import signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders

keys, source = map(Path, sys.argv[1:])
with signing_session(PracticeReaders(keys), PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as credential:
    for _ in itertools.count():
        job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=True)
        with SigningBatch([rehearse(job)], refuge=source.parent, clock=lambda: datetime.now(UTC)) as batch:
            print(*batch.sign(credential), flush=True)
"""


def test_killed_at_any_moment(keys: Path, make_pdf) -> None:
    """A power cut for the process: what carries a name is a whole signed file, and nothing else lies about."""
    source = make_pdf(ballast=3_000_000)
    before = source.read_bytes()
    moments = random.Random(20261122)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", SIGN_FOR_EVER, keys, source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        process.stdout.readline()  # the first file is made: the libraries are loaded
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0, 0.2))
        process.kill()
        process.communicate()
    assert source.read_bytes() == before
    made = set(source.parent.iterdir()) - {source}
    assert len(made) >= 8
    for path in made:
        assert path.name.startswith("contract-practice-signed")
        assert b"Signature is Valid." in subprocess.run(["pdfsig", "-nocert", path], capture_output=True).stdout
