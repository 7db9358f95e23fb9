"""The bootstrap, as far as it can be proven without a network: locks, environment, stamps, and what it tells people."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installer import bootstrap

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("run", "test", "reader", "build", "package")
PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)(?: ; [^\\]+)? \\$")


def pinned(lock: str) -> dict[str, str]:
    lines = (ROOT / "installer" / "lock" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    return {found[1]: found[2] for line in lines if (found := PIN.match(line))}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[><=; \[]", requirement)[0].lower() for requirement in requirements}


# --- the locks


def test_the_locks_hold_what_the_project_asks_for() -> None:
    extras = PROJECT["optional-dependencies"]
    assert names(PROJECT["dependencies"]) <= pinned("run").keys()
    assert names(PROJECT["dependencies"] + extras["test"]) <= pinned("test").keys()
    assert names(extras["reader"]) <= pinned("reader").keys()


def test_the_locks_agree_with_each_other() -> None:
    run = pinned("run")
    for lock in ("test", "reader", "package"):
        assert {name: version for name, version in pinned(lock).items() if run.get(name, version) != version} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_names_no_host(lock: str) -> None:
    text = (ROOT / "installer" / "lock" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        head, *hashes = entry.rstrip("\n").split("\n")
        assert PIN.match(head), head
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)
    assert "://" not in text


# --- the environment


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the bootstrap work on an environment and on locks of its own."""
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / "environment")
    monkeypatch.setattr(bootstrap, "STAMPS", tmp_path / "environment" / "jitsuin.json")
    monkeypatch.setattr(bootstrap, "LOCKS", tmp_path)
    return tmp_path


def test_an_environment_has_the_program_and_is_made_once(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "none.txt").write_text("# no packages\n")
    bootstrap.make_environment()
    assert bootstrap.install("none")
    code = "import desktop.places; print(desktop.places.__file__)"
    command = [str(bootstrap.python()), "-P", "-c", code]
    told = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=True).stdout
    assert Path(told.strip()) == ROOT / "desktop" / "places.py"
    if os.name != "nt":
        help_ = [str(elsewhere / "environment" / "bin" / "jitsuin"), "verify", "--help"]
        assert "--trust" in subprocess.run(help_, cwd=elsewhere, capture_output=True, text=True, check=True).stdout
    monkeypatch.setattr(subprocess, "run", forbidden)
    bootstrap.make_environment()
    assert bootstrap.install("none")


def forbidden(*_: object, **__: object) -> Any:
    raise AssertionError("the second start ran a program")


@pytest.fixture
def pip_calls(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """A function that installs a lock with a pip that answers `status`, and tells how pip was called."""
    bootstrap.ENVIRONMENT.mkdir()

    def install(text: str, status: int = 0) -> list[list[str]]:
        calls: list[list[str]] = []

        def pip(command: list[str], **_: object) -> Any:
            calls.append(command)
            return subprocess.CompletedProcess(command, status)

        monkeypatch.setattr(subprocess, "run", pip)
        (elsewhere / "parts.txt").write_text(text)
        assert bootstrap.install("parts") is (status == 0)
        return calls

    return install


def test_pip_runs_when_a_lock_has_changed_or_failed_and_only_then(
    pip_calls: Callable[..., list[list[str]]],
) -> None:
    assert len(pip_calls("one", status=1)) == 1
    (call,) = pip_calls("one")
    assert "--require-hashes" in call
    assert pip_calls("one") == []
    assert len(pip_calls("two")) == 1


# --- the system


def test_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    assert bootstrap.present("import json")
    assert not bootstrap.present("import no_such_module")
    assert bootstrap.present(str(tmp_path))
    assert not bootstrap.present(str(tmp_path / "nothing"))
    assert not bootstrap.present("libnothing-of-this-name.so.9")
    assert not bootstrap.present("no-such-program")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring everything themselves")
def test_who_may_not_install_gets_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name, **_: f"/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(subprocess, "run", forbidden)
    bootstrap.complete_system({"some-package": "no-such-program", "python3": "import json"})
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("  ")]
    assert line.strip() == ("sudo apt-get update && sudo apt-get install -y --no-install-recommends some-package")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_screen_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not bootstrap.has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert bootstrap.has_screen()


# --- the commands


def test_without_a_screen_the_practice_documents_are_signed_and_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(bootstrap, "python", lambda: Path(sys.executable))
    monkeypatch.setattr(bootstrap.tempfile, "mkdtemp", lambda **_: str(tmp_path))
    assert bootstrap.practise_in_terminal() == 0
    told = capfd.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("documents/*-practice-signed*")) == [
        "practice-agreement-practice-signed.pdf",
        "practice-application-practice-signed.pdf",
        "practice-notice.xml-practice-signed.sig.xml",
        "practice-return-practice-signed.xtx",
    ]
    assert str(tmp_path) in told
    assert told.count("No change since signing.") >= 4


def test_it_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "installer" / "bootstrap.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "bootstrap.py run" in done.stderr


def test_an_old_python_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit, match=r"3\.11"):
        bootstrap.main(["run"])
