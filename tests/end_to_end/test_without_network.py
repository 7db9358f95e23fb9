"""Signing and verifying without any network: everything is the same, and nobody even asks for it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from signing.card.practice import PRACTICE_PIN

ROOT = Path(__file__).parents[2]
JITSUIN = [sys.executable, "-P", "-m", "desktop"]
MOMENT = "2026-11-22T12:00:00+09:00"


def apart(*command: str) -> list[str]:
    """In a namespace of its own, whose only interface is a loopback that is down."""
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    return [*unshare, *command]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a person who has never used the program."""
    return tmp_path_factory.mktemp("home")


def run(command: list[str], home: Path, *, answer: str = "") -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    variables = {name: value for name, value in variables.items() if not name.startswith("XDG_")}
    return subprocess.run(command, input=answer, text=True, capture_output=True, check=False, env=variables, cwd=home)


def sign(home: Path, folder: Path) -> list[str]:
    folder.mkdir()
    documents = shutil.copytree(ROOT / "resources" / "practice", folder / "documents")
    (documents / "notes.txt").write_text("what has no signature of its own kind is signed beside itself\n")
    paths = [str(path) for path in sorted(documents.iterdir()) if path.suffix != ".xsl"]
    return [*JITSUIN, "sign", "--practice", "--yes", "--pin-stdin", "--json", *paths]


def verify(folder: Path) -> list[str]:
    return [*JITSUIN, "verify", "--json", "--at", MOMENT, str(folder)]


@pytest.fixture(scope="module")
def signed(home: Path) -> Path:
    folder = home / "with"
    done = run(sign(home, folder), home, answer=f"{PRACTICE_PIN}\n")
    assert done.returncode == 0, done.stderr
    return folder


def test_verifying_without_an_interface_says_the_very_same(signed: Path, home: Path) -> None:
    usual, alone = (run(command, home) for command in (verify(signed), apart(*verify(signed))))
    assert (alone.stdout, alone.returncode) == (usual.stdout, usual.returncode)
    files = json.loads(usual.stdout)["files"]
    assert {"pdf", "xml", "cms"} <= {file["kind"] for file in files if file["signatures"]}
    assert all(signature["intact"] for file in files for signature in file["signatures"])


def test_signing_without_an_interface_works(home: Path) -> None:
    folder = home / "without"
    done = run(apart(*sign(home, folder)), home, answer=f"{PRACTICE_PIN}\n")
    assert done.returncode == 0, done.stderr
    made = json.loads(run(verify(folder), home).stdout)["files"]
    assert sum(all(each["intact"] for each in file["signatures"]) for file in made if file["signatures"]) >= 3


def test_no_socket_of_a_network_is_ever_made(signed: Path, home: Path) -> None:
    trace = home / "trace"
    strace = ["strace", "-f", "-e", "trace=socket,connect,sendto,bind", "-o", str(trace)]
    if not shutil.which("strace") or subprocess.run([*strace, "true"], capture_output=True).returncode:
        pytest.skip("processes cannot be traced here")
    assert run([*strace, *verify(signed)], home).returncode in (3, 4)
    calls = trace.read_text()
    assert "exited with" in calls
    assert "AF_INET" not in calls
    folder = home / "traced"
    done = run([*strace, *sign(home, folder)], home, answer=f"{PRACTICE_PIN}\n")
    assert done.returncode == 0, done.stderr
    assert "AF_INET" not in trace.read_text()
