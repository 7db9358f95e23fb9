"""How a state of the practice card is asked for: no spelling takes a file for its own."""

from pathlib import Path

import pytest

from desktop.practice_option import with_practice_state


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("--practice=next sign a.pdf", "--practice-state=next sign a.pdf"),
        ("--practice next sign a.pdf", "--practice-state=next sign a.pdf"),
        ("sign --practice next a.pdf", "sign --practice-state=next a.pdf"),
        ("sign --practice=locked a.pdf", "sign --practice-state=locked a.pdf"),
        ("--practice sign a.pdf", "--practice sign a.pdf"),
        ("sign --practice a.pdf", "sign --practice a.pdf"),
        ("sign --practice new", "sign --practice new"),  # there is such a file
        ("--practice -- next", "--practice -- next"),
        ("-- --practice=next", "-- --practice=next"),
        ("--practice", "--practice"),
    ],
)
def test_what_is_meant(given: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").touch()
    monkeypatch.chdir(tmp_path)
    assert with_practice_state(given.split()) == meant.split()
