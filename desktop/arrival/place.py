"""Where the window of this person on this screen is met: one process has the place, others hand their files to it.

The place is a lock that ends with its process, so that nothing of a crash is in the way, and an address beside it, in
a folder that nobody else can enter. Free of Qt: handing files over takes no longer than Python takes to start.
"""

import os
import stat
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from desktop.arrival.request import Arrival

FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"
TAKEN, REFUSED = b"+", b"-"  # the answer to a message
_PATIENCE = 15.0  # seconds until somebody who holds the place must have answered
_PAUSE = 0.02  # seconds between tries
_SCREENS = ("WAYLAND_DISPLAY", "DISPLAY", "SESSIONNAME")


class Place:
    """One for real cards and one for practice, on each screen."""

    def __init__(self, folder: str, name: str) -> None:
        """OSError where nothing can be written there."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        self._lock = os.open(f"{folder}/{name}.lock", flags, 0o600)  # not inherited by the processes started here
        self._socket = f"{folder}/{name}"
        self._address_file = f"{folder}/{name}.address"  # Windows only
        self.claimed = False

    def claim(self) -> bool:
        """Take the place, if nobody has it; it is held until this process ends or leaves it."""
        self.claimed = self.claimed or _locked(self._lock)
        return self.claimed

    def leave(self) -> None:
        """Let another process have it; this one is done with it."""
        os.close(self._lock)
        self.claimed = False

    def new_address(self) -> str:
        """Where to listen, for who has the place: a path, or on Windows a name that nobody can foresee and take."""
        assert self.claimed  # noqa: S101 - nobody else may touch the address
        if sys.platform == "win32":
            import secrets

            address = rf"\\.\pipe\jitsuin-{secrets.token_hex(16)}"
            with open(self._address_file, "w", encoding="ascii") as file:  # noqa: PTH123 - without pathlib, as below
                file.write(address)
            return address
        return self._socket

    def hand_over(self, arrival: "Arrival", patience: float = _PATIENCE) -> bool:
        """Whether somebody took it. Else this process shows its own window, with the place if that became free."""
        from desktop.arrival.request import Refused, encoded

        try:
            message = encoded(arrival)
        except Refused:
            return False
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                answer = self._answer(message, deadline)
            except (OSError, EOFError):  # not yet there, or no longer there
                answer = b""
            if answer in (TAKEN, REFUSED):
                return answer == TAKEN
            if self.claim():
                return False
            time.sleep(_PAUSE)
        return False

    def _answer(self, message: bytes, deadline: float) -> bytes:
        """EOFError where the other end hung up, OSError where nobody is there."""
        let_come_to_front()
        with _connected(self._address()) as connection:
            connection.send_bytes(message)
            if connection.poll(max(0, deadline - time.monotonic())):
                return connection.recv_bytes(1)
        return b""

    def _address(self) -> str:
        if sys.platform == "win32":
            with open(self._address_file, encoding="ascii") as file:  # noqa: PTH123
                return file.read(96)
        return self._socket


def _connected(address: str) -> "Connection":
    """OSError also where so many wait that there is no more room; then, and when sending, nothing waits for ever."""
    from multiprocessing.connection import Client, Connection

    if sys.platform == "win32":
        return Client(address, FAMILY)
    import socket
    import struct

    with socket.socket(socket.AF_UNIX) as end:
        end.setblocking(False)
        end.connect(address)
        end.setblocking(True)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", int(_PATIENCE), 0))
        return Connection(end.detach())


def place_for(*, practice: bool) -> Place | None:
    """The place on this screen; None where there is no folder that only this person can enter."""
    screen = next(filter(None, (os.environ.get(name) for name in _SCREENS)), "")
    mark = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in screen)[:48]
    try:
        folder = _private_folder()
        return Place(folder, ("practice-" if practice else "window-") + mark) if folder else None
    except OSError:
        return None


def activation_token() -> str:
    """What the desktop gave to this start, so that a window may come to the front."""
    return os.environ.get("XDG_ACTIVATION_TOKEN", "") or os.environ.get("DESKTOP_STARTUP_ID", "")


def let_come_to_front() -> None:
    """Windows: allow the other process what this one was allowed by the press of the person."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)


def _private_folder() -> str | None:
    """OSError where none can be made."""
    if sys.platform == "win32":
        folder = os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"), "Jitsuin")  # noqa: PTH111, PTH118
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - without pathlib, which would be slow
        return folder
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = f"{runtime}/jitsuin" if runtime.startswith("/") else f"{_temporary()}/jitsuin-{os.getuid()}"
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)  # noqa: PTH102 - as above
    return folder if _is_private(folder) else None


def _temporary() -> str:
    given = os.environ.get("TMPDIR", "")
    return given if given.startswith("/") else "/tmp"  # noqa: S108 - the folder in it is looked at before it is used


def _is_private(folder: str) -> bool:
    """Not a link, of this user, and closed to everybody else."""
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _locked(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
