"""Where the window hears of later starts: it takes what they bring, and says so to them."""

import os
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, Listener
from threading import BoundedSemaphore, Thread

from PyQt6.QtCore import QObject

from desktop.arrival.place import FAMILY, REFUSED, TAKEN, Place
from desktop.arrival.request import LIMIT, Arrival, Refused, decoded
from desktop.work.relay import in_window

_PATIENCE = 5  # seconds in which a message must come
_MOST = 32  # guests at a time; more wait in the queue of the system
_QUEUE = 128


class Reception(QObject):
    """Listens at the place of this process until it is closed.

    `take` is given what arrives, in the thread of the window, and tells whether it can be taken. Who sends anything
    else, too much or too slowly is hung up on.
    """

    def __init__(self, place: Place, take: Callable[[Arrival], bool], parent: QObject | None = None) -> None:
        """OSError where nothing can listen there."""
        super().__init__(parent)
        self._place, self._take, self._closed = place, take, False
        self._seats = BoundedSemaphore(_MOST)
        address = place.new_address()
        with suppress(OSError):
            os.unlink(address)  # noqa: PTH108 - what a crash left; only who has the place may
        self._listener = Listener(address, FAMILY, backlog=_QUEUE)
        Thread(target=self._listen, daemon=True, name="reception").start()

    def close(self) -> None:
        """Take nothing more: who has not been answered comes again, and finds the place free."""
        if not self._closed:
            self._closed = True
            self._listener.close()
            self._place.leave()

    def _listen(self) -> None:
        while not self._closed:
            try:
                guest = self._listener.accept()
            except OSError:  # closed, or the guest has gone
                continue
            self._seats.acquire()
            Thread(target=self._hear, args=(guest,), daemon=True, name="guest").start()

    def _hear(self, guest: Connection) -> None:
        try:
            in_window(self, partial(self._answer, *_heard(guest)))
        except Refused:
            _reply(guest, REFUSED)
        except (OSError, EOFError):  # of another user, too slow, too long
            guest.close()
        finally:
            self._seats.release()

    def _answer(self, arrival: Arrival, guest: Connection) -> None:
        if self._closed:
            guest.close()
        else:
            _reply(guest, TAKEN if self._take(arrival) else REFUSED)


def _heard(guest: Connection) -> tuple[Arrival, Connection]:
    if sys.platform != "win32":
        _require_own(guest)
    if not guest.poll(_PATIENCE):
        raise TimeoutError
    return decoded(guest.recv_bytes(LIMIT)), guest


def _reply(guest: Connection, word: bytes) -> None:
    with suppress(OSError), guest:
        guest.send_bytes(word)


def _require_own(guest: Connection) -> None:
    """Let a guest be slow for a while only, and be a process of this user. PermissionError."""
    with socket.socket(fileno=os.dup(guest.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", _PATIENCE, 0))
        if sys.platform == "linux":  # elsewhere the folder, which others cannot enter, has to do
            content = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("@3i"))
            _process, user, _group = struct.unpack("@3i", content)
            if user != os.getuid():
                raise PermissionError
