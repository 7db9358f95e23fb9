"""What the words of a command line mean before anything is opened."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop import app

ROOT = Path(__file__).parents[2]


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
    said = capsys.readouterr().err
    assert "enchanted" in said
    assert "stay-limited" in said


def test_library_that_the_window_needs_is_named_where_it_is_missing(tmp_path) -> None:
    """As the loader of Linux words it, in a process of its own: this one has loaded the window already."""
    program = """
import importlib.abc, sys
class Loader(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.startswith("PyQt6"):
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Loader())
from desktop.app import main
sys.exit(main([]))
"""
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "the system library libEGL.so.1 is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("before", [None, "/opt/person/lib"])
def test_programs_that_are_started_from_here_load_no_library_of_ours(monkeypatch, before) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/jitsuin/_internal")
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/usr/lib/jitsuin/jitsuin")
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    app.give_back_environment()
    seen = dict(line.partition("=")[::2] for line in subprocess.check_output(["env"], text=True).splitlines())
    assert seen.get("LD_LIBRARY_PATH") == before
    assert not [name for name in seen if name.startswith("_PYI_") or name == "LD_LIBRARY_PATH_ORIG"]
