"""Practice cards for the tests: one hierarchy for the whole run, a new card for each test."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.card.practice import PracticeReaders
from signing.card.practice_options import PracticeOptions
from signing.card.practice_pki import Practice, load_practice

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

MakeReaders = Callable[..., PracticeReaders]


@pytest.fixture(scope="session")
def practice_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("practice")


@pytest.fixture(scope="session")
def practice(practice_directory: Path) -> Practice:
    return load_practice(practice_directory, NOW)


@pytest.fixture
def make_readers(practice_directory: Path, practice: Practice) -> MakeReaders:
    """A function that gives readers with a card of the given options; no card may be asked for a forbidden AID."""

    def make(**options: object) -> PracticeReaders:
        readers = PracticeReaders(practice_directory, PracticeOptions(**options), moment=NOW)  # type: ignore[arg-type] - its fields
        made.append(readers)
        return readers

    made: list[PracticeReaders] = []
    yield make
    assert [readers.card.forbidden for readers in made] == [[] for _ in made]
