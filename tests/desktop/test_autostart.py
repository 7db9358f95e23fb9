"""The entry for the login, in the form of each system; read back by that system's own parser where it is here."""

import os
import plistlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.reminders import autostart

# GLib looks for the program before it expands %%, so that a path with % in it works with no quoting.
ODD = ["/opt/Jit suin/契約 $HOME`id`/python\"3'd\\x", "-P", "-m", "desktop", "--remind"]


@pytest.mark.skipif(sys.platform != "linux", reason="the entry of another system would be written")
def test_entry_is_shown_written_found_and_removed(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "autostart" / "jitsuin-reminders.desktop"
    shown = autostart.enable(autostart.remind_command(), dry_run=True)
    assert shown.place == str(path)
    assert not path.exists()
    assert not autostart.is_enabled()
    assert autostart.enable(autostart.remind_command()) == shown
    assert path.read_text(encoding="utf-8") == shown.content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert autostart.is_enabled()
    autostart.disable(dry_run=True)
    assert autostart.is_enabled()
    autostart.disable()
    assert not autostart.is_enabled()
    autostart.disable()  # a second time is no failure


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils is not installed")
def test_entry_is_valid_and_starts_a_program_with_an_odd_path(tmp_path) -> None:
    entry = autostart.freedesktop_entry(ODD, tmp_path)
    path = Path(entry.place)
    path.parent.mkdir()
    path.write_text(entry.content, encoding="utf-8")
    checked = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_entry_hands_over_every_word_as_it_is(tmp_path) -> None:
    folder = tmp_path / ODD[0].lstrip("/")
    folder.parent.mkdir(parents=True)
    record = tmp_path / "record"
    folder.write_text(f'#!/bin/sh\nprintf "%s\\n" "$0" "$@" >"{record}.new" && mv "{record}.new" "{record}"\n')
    folder.chmod(0o755)
    command = [str(folder), *ODD[1:], "100%", '$x `y` "z" \\']
    entry = autostart.freedesktop_entry(command, tmp_path)
    path = Path(entry.place)
    path.parent.mkdir()
    path.write_text(entry.content, encoding="utf-8")
    subprocess.run(["gio", "launch", str(path)], check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    for _ in range(200):
        if record.exists():
            break
        subprocess.run(["sleep", "0.05"])
    assert record.read_text(encoding="utf-8").splitlines() == command


def test_mac_entry_is_a_launch_agent_that_runs_at_login_and_daily(tmp_path) -> None:
    entry = autostart.mac_entry(ODD, tmp_path)
    content = plistlib.loads(entry.content.encode())
    assert Path(entry.place) == tmp_path / "Library" / "LaunchAgents" / f"{content['Label']}.plist"
    assert content["ProgramArguments"] == ODD
    assert content["RunAtLoad"] is True
    assert content["StartCalendarInterval"] == {"Hour": 10, "Minute": 0}


def test_mac_entry_is_in_force_at_once() -> None:
    assert autostart.mac_load_commands("/Users/hanako/Library/LaunchAgents/x.plist", 501) == [
        ["/bin/launchctl", "bootout", "gui/501/jitsuin-reminders"],
        ["/bin/launchctl", "bootstrap", "gui/501", "/Users/hanako/Library/LaunchAgents/x.plist"],
    ]


def test_windows_takes_no_longer_command(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", Registry())
    with pytest.raises(OSError, match="too long"):
        autostart.enable([rf"C:\{'x' * 260}\jitsuin.exe", "--remind"])
    autostart.enable([r"C:\jitsuin.exe", "--remind"])
    assert autostart.is_enabled()


class Registry(SimpleNamespace):
    """The part of winreg that is used, over a dictionary: this system has no registry."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = "HKCU", 1, 2

    def __init__(self) -> None:
        super().__init__(values={})

    class _Key(str):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def CreateKey(self, root, path):  # noqa: N802 - the names of winreg
        return self._Key(f"{root}\\{path}")

    def OpenKey(self, root, path, _reserved=0, _access=0):  # noqa: N802
        return self._Key(f"{root}\\{path}")

    def SetValueEx(self, key, name, _reserved, kind, value):  # noqa: N802
        assert kind == self.REG_SZ
        self.values[key, name] = value

    def QueryValueEx(self, key, name):  # noqa: N802
        if (key, name) not in self.values:
            raise FileNotFoundError
        return self.values[key, name], self.REG_SZ

    def DeleteValue(self, key, name):  # noqa: N802
        del self.values[key, name]


def test_windows_entry_is_a_run_value_of_this_user() -> None:
    registry = Registry()
    entry = autostart.windows_entry([r"C:\Program Files\Jitsuin\jitsuin.exe", "--remind"])
    assert not autostart.has_run_value(registry)
    autostart.write_run_value(registry, entry)
    assert registry.values == {
        (r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run", "jitsuin-reminders"): (
            r'"C:\Program Files\Jitsuin\jitsuin.exe" --remind'
        )
    }
    assert autostart.has_run_value(registry)
    autostart.remove_run_value(registry)
    assert registry.values == {}
    autostart.remove_run_value(registry)
