"""The password of a certificate file in a real keyring (gnome-keyring on a bus of its own), and gone with one click."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
from desktop.keys.memory import KnownKeys, entry_of, forget_keys, load_known_keys, save_known_keys
from desktop.passwords import kept

path = "/home/hanako/鍵.p12"
kept.keep(entry_of(path), sys.argv[1])
save_known_keys(KnownKeys().with_file(path))
assert load_known_keys().files == (path,)
assert kept.kept(entry_of(path)) == sys.argv[1]
assert kept.kept(entry_of("/home/hanako/other.p12")) is None
print("kept")
forget_keys()
assert kept.kept(entry_of(path)) is None
assert load_known_keys().files == ()
print("forgotten")
"""


def test_what_is_kept_is_in_the_keyring_alone_and_forgotten(tmp_path: Path) -> None:
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    (tmp_path / "run").mkdir(mode=0o700)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    begin = "printf test | gnome-keyring-daemon --unlock --components=secrets --daemonize > /dev/null; exec "
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    environment |= {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f"{begin}{sys.executable} {script} ひみつ"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["kept", "forgotten"], done.stderr
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or "ひみつ".encode() not in path.read_bytes()
