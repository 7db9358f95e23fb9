"""What the words of a command line mean before anything is opened."""

import pytest

from desktop import app


@pytest.fixture
def opened(monkeypatch, tmp_path):
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(app, "_open_window", lambda arrival, state: calls.append((arrival, state)) or 0)
    return calls


@pytest.mark.parametrize(
    ("words", "files", "page", "practice", "state"),
    [
        ([], [], "", False, None),
        (["a.pdf", "b.xml"], ["a.pdf", "b.xml"], "", False, None),
        (["--practice", "a.pdf"], ["a.pdf"], "", True, None),
        (["--practice-state=expired"], [], "", True, "expired"),
        (["--practice-state=1-day", "a.pdf"], ["a.pdf"], "", True, "1-day"),
        (["--", "--practice", "-dash.pdf"], ["--practice", "-dash.pdf"], "", False, None),
        (["--practice", "--", "--practice"], ["--practice"], "", True, None),
        (["--page=verify", "--", "--page=sign", "sign"], ["--page=sign", "sign"], "verify", False, None),
        (["--page=sign", "--practice"], [], "sign", True, None),
    ],
)
def test_words_for_the_window(opened, tmp_path, words, files, page, practice, state) -> None:
    assert app.main(words) == 0
    [(arrival, asked_state)] = opened
    assert arrival.names == tuple(f"{tmp_path}/{name}" for name in files)
    assert (arrival.page, arrival.practice, asked_state) == (page, practice, state)


@pytest.mark.parametrize(
    "words", [["sign"], ["--practice", "card"], ["--bogus"], ["a.pdf", "--json"], ["--page=password", "a.pdf"]]
)
def test_words_for_the_terminal(opened, monkeypatch, words) -> None:
    handed = []
    monkeypatch.setattr("desktop.command_line.main", lambda arguments: handed.append(arguments) or 7)
    assert app.main(words) == 7
    assert (handed, opened) == ([words], [])


def test_state_that_there_is_not_is_wrong_usage(capsys) -> None:
    assert app.main(["--practice-state=enchanted"]) == 2
    assert "stay-limited" in capsys.readouterr().err.split()
