"""The real PC/SC service with virtual readers, for this run of the tests only."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from signing.card.pcsc import PcscReaders
from signing.card.practice import practice_card
from signing.card.practice_card import PracticeCard
from signing.card.practice_options import PracticeOptions
from signing.card.practice_vpcd import VpcdSlot
from signing.errors import CardServiceUnavailable

READER = "Virtual PCD 00 00"
_PCSCD = Path("/usr/sbin/pcscd")
_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_HOME = Path("/run/pcscd")  # compiled into the daemon
# Everything that the daemon makes goes to a folder of ours, and no other daemon is in its way.
_APART = (
    'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd'
    ' && exec "$2" --foreground --error --config "$3"'
)


class PcscService:
    """pcscd with vpcd on a port of its own, in a mount namespace of its own where that is allowed."""

    def __init__(self, folder: Path) -> None:
        self.port = _two_free_ports()
        self._folder = folder
        self._log = folder / "log"
        self._configuration = folder / "reader.conf"
        self._configuration.write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{self.port:X}\n'
            f"LIBPATH {_DRIVER}\nCHANNELID 0x{self.port:X}\n"
        )
        unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
        self._apart = unshare if subprocess.run([*unshare, "true"], capture_output=True).returncode == 0 else None
        # The library of this process has been told, once for all, where to look.
        self.socket = Path(os.environ["PCSCLITE_CSOCK_NAME"])
        self._run = self.socket.parent if self._apart else _HOME
        self._run.mkdir(exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self._apart:
            command = [*self._apart, "sh", "-c", _APART, "sh", str(self._run), str(_PCSCD), str(self._configuration)]
        elif (_HOME / "pcscd.comm").exists():
            pytest.skip("another pcscd runs, and none can be started apart from it")
        else:
            self.socket.unlink(missing_ok=True)
            self.socket.symlink_to(_HOME / "pcscd.comm")
            command = [str(_PCSCD), "--foreground", "--error", "--config", str(self._configuration)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._until(lambda: len(PcscReaders().states()) == 2)

    def _until(self, ready: Callable[[], bool]) -> None:
        assert self._process is not None
        for _ in range(200):
            if self._process.poll() is not None:
                pytest.fail(f"pcscd ended: {self._log.read_text()}")
            try:
                if ready():
                    return
            except CardServiceUnavailable:
                pass
            time.sleep(0.05)
        pytest.fail(f"pcscd did not come up: {self._log.read_text()}")

    def kill(self) -> None:
        """End it at once, without a farewell to anyone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
            (self._run / "pcscd.comm").unlink(missing_ok=True)
            (self._run / "pcscd.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


def _two_free_ports() -> int:
    """vpcd takes a port for each of its two readers, one after the other."""
    for port in range(30000 + os.getpid() % 10000 * 2, 65000, 2):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("0.0.0.0", port))
                second.bind(("0.0.0.0", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@pytest.fixture(scope="session")
def pcsc_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PcscService]:
    pytest.importorskip("smartcard.scard", reason="pyscard is not installed", exc_type=ImportError)
    missing = [str(part) for part in (_PCSCD, _DRIVER) if not part.exists()]
    if missing or not shutil.which("unshare"):
        pytest.skip(f"the PC/SC service with virtual readers is not installed: {', '.join(missing)}")
    service = PcscService(tmp_path_factory.mktemp("pcscd"))
    try:
        service.start()
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="session")
def practice_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("practice")


@pytest.fixture
def insert_card(pcsc_service: PcscService, practice_directory: Path) -> Iterator[Callable[..., PracticeCard]]:
    """A function that puts a practice card of the given options into the first reader; it is gone afterwards."""
    readers = PcscReaders()

    def insert(**options: object) -> PracticeCard:
        card = practice_card(practice_directory, PracticeOptions(**options))  # type: ignore[arg-type] - its fields
        slots.callback(lambda: await_card(present=False))
        slots.enter_context(VpcdSlot(card, port=pcsc_service.port))
        await_card(present=True)
        cards.append(card)
        return card

    def await_card(*, present: bool) -> None:
        states = readers.states()
        for _ in range(20):
            if (states[0].atr is not None) == present:
                return
            states = readers.wait_for_change(states, 1)
        pytest.fail("the virtual reader did not notice")

    cards: list[PracticeCard] = []
    with ExitStack() as slots:
        yield insert
    assert [card.forbidden for card in cards] == [[] for _ in cards]
