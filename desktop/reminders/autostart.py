"""The entry that looks for due reminders when the person logs in: written, shown and removed by one door.

freedesktop autostart on Linux, a Run value on Windows, a LaunchAgent on macOS; always of this user alone.
"""

import errno
import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.integration.commands import entry_quoted
from desktop.places import home

if TYPE_CHECKING:
    from types import ModuleType

NAME: Final = "jitsuin-reminders"
_RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
_RUN_LENGTH: Final = 260  # characters that Windows takes there
_HOUR: Final = 10  # of the day; launchd makes up for a missed one when the computer wakes


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands where: a file and its content, or a value of the Windows registry."""

    place: str
    content: str


def remind_command() -> list[str]:
    """The command of the entry: this program, asked to look for due reminders."""
    return [*program_command(), "--remind"]


def start(*options: str) -> None:
    """Start this program on its own: it goes on when the one that runs ends. OSError as the system says."""
    nowhere = subprocess.DEVNULL  # whoever waits for the output of this program does not wait for that one
    command = [*program_command(), *options]
    subprocess.Popen(command, start_new_session=True, stdin=nowhere, stdout=nowhere, stderr=nowhere)


def program_command() -> list[str]:
    """This program itself, as it runs now."""
    if getattr(sys, "frozen", False):
        if image := _image():
            return [image]
        # Of the two programs for Windows, jitsuin.com is for terminals, and would open one.
        return [str(Path(sys.executable).with_suffix(".exe")) if sys.platform == "win32" else sys.executable]
    interpreter = Path(sys.executable)
    silent = interpreter.with_name("pythonw.exe")  # without a console window
    return [str(silent if sys.platform == "win32" and silent.exists() else interpreter), "-P", "-m", "desktop"]


def _image() -> str:
    """The AppImage that this program runs from: what lies in it is gone when it ends. Empty where there is none."""
    mounted = os.environ.get("APPDIR", "")  # both are told by the image to all that it starts, others too
    return os.environ.get("APPIMAGE", "") if mounted and Path(sys.executable).is_relative_to(mounted) else ""


def enable(command: Sequence[str], *, dry_run: bool = False) -> Entry:
    """Write the entry, or with `dry_run` only tell what it would be. OSError as the system says."""
    if sys.platform == "win32":
        entry = windows_entry(command)
        if not dry_run:
            import winreg

            if len(entry.content) > _RUN_LENGTH:
                raise OSError(errno.ENAMETOOLONG, "the command is too long for the Run key")
            write_run_value(winreg, entry)
        return entry
    entry = mac_entry(command, home()) if sys.platform == "darwin" else freedesktop_entry(command, _config_home())
    if not dry_run:
        _write(Path(entry.place), entry.content)
        if sys.platform == "darwin":
            _launchctl(mac_load_commands(entry.place, os.getuid()))
    return entry


def _write(path: Path, content: str) -> None:
    """All of it or nothing: half an entry would start something else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}-new")  # a name that no session starts
    try:
        new.write_text(content, encoding="utf-8")
        new.chmod(0o644)  # launchd passes over what others might write
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def disable(*, dry_run: bool = False) -> Entry:
    """Take the entry out, if it is there, or with `dry_run` only tell where it would be."""
    entry = enable([], dry_run=True)
    if dry_run:
        return entry
    if sys.platform == "win32":
        import winreg

        remove_run_value(winreg)
    else:
        Path(entry.place).unlink(missing_ok=True)
        if sys.platform == "darwin":
            _launchctl(mac_load_commands(entry.place, os.getuid())[:1])
    return entry


def is_enabled() -> bool:
    """Whether the entry is there."""
    if sys.platform == "win32":
        import winreg

        return has_run_value(winreg)
    return Path(enable([], dry_run=True).place).exists()


# --- freedesktop


def freedesktop_entry(command: Sequence[str], config: Path) -> Entry:
    """Desktop Application Autostart Specification 0.5; quoting by the Desktop Entry Specification 1.4."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=Jitsuin reminders",
        "Name[ja]=Jitsuin のお知らせ",
        "Comment=Tells when a certificate of the My Number Card is about to end",
        "Comment[ja]=マイナンバーカードの電子証明書の期限が近づくと知らせます",
        f"Exec={entry_quoted(command)}",
        "NoDisplay=true",
        "Terminal=false",
        "X-GNOME-Autostart-Delay=30",
    )
    return Entry(str(config / "autostart" / f"{NAME}.desktop"), "\n".join(lines) + "\n")


def _config_home() -> Path:
    given = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return given if given.is_absolute() else home() / ".config"


# --- macOS


def mac_entry(command: Sequence[str], home: Path) -> Entry:
    """launchd.plist(5): at login, and once a day."""
    content = {
        "Label": NAME,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "StartCalendarInterval": {"Hour": _HOUR, "Minute": 0},
        "ProcessType": "Background",
    }
    return Entry(str(home / "Library" / "LaunchAgents" / f"{NAME}.plist"), plistlib.dumps(content).decode())


def mac_load_commands(place: str, user: int) -> list[list[str]]:
    """launchctl(1): out with what was there before, in with the file; else it would begin at the next login only."""
    session = f"gui/{user}"
    return [["/bin/launchctl", "bootout", f"{session}/{NAME}"], ["/bin/launchctl", "bootstrap", session, place]]


def _launchctl(commands: list[list[str]]) -> None:
    for command in commands:
        # It fails where nothing was there before; and where it cannot load the file, the next login does.
        subprocess.run(command, check=False, capture_output=True, timeout=30)


# --- Windows; `registry` is the module winreg


def windows_entry(command: Sequence[str]) -> Entry:
    """A value of the Run key; quoted as the C runtime reads it."""
    return Entry(rf"HKEY_CURRENT_USER\{_RUN_KEY}\{NAME}", subprocess.list2cmdline(command))


def write_run_value(registry: "ModuleType", entry: Entry) -> None:
    with registry.CreateKey(registry.HKEY_CURRENT_USER, _RUN_KEY) as key:
        registry.SetValueEx(key, NAME, 0, registry.REG_SZ, entry.content)


def remove_run_value(registry: "ModuleType") -> None:
    if has_run_value(registry):
        with registry.OpenKey(registry.HKEY_CURRENT_USER, _RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
            registry.DeleteValue(key, NAME)


def has_run_value(registry: "ModuleType") -> bool:
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, _RUN_KEY) as key:
            registry.QueryValueEx(key, NAME)
    except FileNotFoundError:
        return False
    return True
