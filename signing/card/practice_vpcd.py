"""The practice card behind the real PC/SC service, through vpcd, the virtual reader of vsmartcard (Linux).

By hand, while pcscd runs with vpcd:  python -m signing.card.practice_vpcd DIRECTORY
"""

import argparse
import contextlib
import select
import socket
import threading
from pathlib import Path
from typing import Final

from signing.card.practice import practice_card
from signing.card.practice_card import PracticeCard
from signing.errors import CardRemoved

PORT: Final = 35963  # of the first virtual reader
_LOOK_SECONDS = 0.05  # how soon a removal is noticed


class VpcdSlot:
    """A card in a virtual reader while the `with` block lasts; it comes and goes as `card.present` says."""

    def __init__(self, card: PracticeCard, *, port: int = PORT) -> None:
        self._card = card
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vpcd", daemon=True)

    def __enter__(self) -> "VpcdSlot":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Until the process is told to end."""
        self._stop.wait()

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._card.present:
                self._stop.wait(_LOOK_SECONDS)
                continue
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=10) as link:
                    self._answer(link)
            except OSError:  # no service just now: it may be starting
                self._stop.wait(_LOOK_SECONDS)

    def _answer(self, link: socket.socket) -> None:
        """Serve one insertion: to close the socket is to pull the card."""
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self._card.present and not self._stop.is_set():
            if not select.select([link], [], [], _LOOK_SECONDS)[0]:
                continue
            message = _receive_frame(link)
            if message is None:
                return
            try:
                answer = self._handle(message)
            except CardRemoved:
                return
            if answer is not None:
                link.sendall(len(answer).to_bytes(2, "big") + answer)

    def _handle(self, message: bytes) -> bytes | None:
        if len(message) > 1:
            return self._card.transmit(message)
        match message[0]:
            case 0:
                self._card.power_off()
            case 1:
                self._card.power_on()
            case 2:
                self._card.reset()
            case 4:
                return self._card.ATR
        return None


def _receive_frame(link: socket.socket) -> bytes | None:
    """A length of two octets, big-endian, and that many octets; None when the service has gone."""
    header = _receive(link, 2)
    return _receive(link, int.from_bytes(header, "big")) if header else None


def _receive(link: socket.socket, count: int) -> bytes | None:
    received = b""
    while len(received) < count:
        # vpcd sends a length and its message apart: an acknowledgement that waits would cost 40 ms a command.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = link.recv(count - len(received))
        if not part:
            return None
        received += part
    return received


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="where the keys of the practice card are kept")
    parser.add_argument("--port", type=int, default=PORT)
    arguments = parser.parse_args()
    card = practice_card(arguments.directory)
    with contextlib.suppress(KeyboardInterrupt), VpcdSlot(card, port=arguments.port) as slot:
        slot.wait()


if __name__ == "__main__":
    main()
