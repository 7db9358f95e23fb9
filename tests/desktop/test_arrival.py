"""Later starts hand their files to the window that is there: each once, from this user only, and nothing but files."""

import hashlib
import ntpath
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Client
from pathlib import Path
from threading import Thread

import pytest
from PyQt6.QtCore import QMimeData, QUrl
from PyQt6.QtWidgets import QLabel, QWidget

from desktop.arrival import elsewhere, request
from desktop.arrival.dropping import carried
from desktop.arrival.elsewhere import ElsewhereDialog, when_it_stands
from desktop.arrival.place import Place, place_for
from desktop.arrival.reception import Reception
from desktop.arrival.request import LIMIT, Arrival, Refused, decoded, encoded, is_address, located
from desktop.arrival.usher import arrive, welcome
from desktop.main_window import VERIFY

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to a socket")

# The real program, except that it writes down what arrives.
RECORDING = """
import os, sys
from desktop import app
from desktop.arrival import usher

def record(window, arrival):
    lines = [f"{os.getpid()} {arrival.page or '-'} {name}" for name in arrival.names]
    with open(os.environ["RECORD"], "ab") as file:
        file.write("".join(line + "\\n" for line in lines).encode("utf-8", "surrogateescape"))

if __name__ == "__main__":
    usher.arrive = record
    sys.exit(app.main())
"""
ODD_NAMES = [
    "sp ace.pdf",
    "q'uo\"te.pdf",
    "new\nline.pdf",
    "-dash.pdf",
    "契約書.pdf",
    "か\u3099.pdf",
    "\udcff.pdf",
    "%20$HOME`id`",
]


class Starts:
    """Starts of the program by one person on one screen."""

    def __init__(self, folder: Path) -> None:
        self.record = folder / "record"
        self.record.touch()
        (folder / "run").mkdir(mode=0o700)
        (folder / "program.py").write_text(RECORDING)
        self._program = folder / "program.py"
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        environment = {
            "HOME": str(self._folder),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
            "PCSCLITE_CSOCK_NAME": os.environ["PCSCLITE_CSOCK_NAME"],
            "XDG_RUNTIME_DIR": str(self._folder / "run"),
            "RECORD": str(self.record),
        }
        command = [sys.executable, str(self._program), *words]
        process = subprocess.Popen(command, env=environment, cwd=self._folder, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def start_and_wait_for_the_window(self) -> "subprocess.Popen[bytes]":
        process = self.start("/first")
        self.until(lambda: any(line.split()[0] == str(process.pid) for line in self.lines()))
        return process

    def lines(self) -> list[str]:
        return self.record.read_bytes().decode("utf-8", "surrogateescape").split("\n")[:-1]

    def until(self, ready: Callable[[], object]) -> None:
        for _ in range(600):
            if ready():
                return
            time.sleep(0.05)
        pytest.fail(f"in vain; there arrived {self.lines()}"[:2000])


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    made = Starts(tmp_path)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


def test_twenty_starts_at_once_with_fifty_files_each(starts) -> None:
    names = [[f"/documents/契約 {start}/{number}.pdf" for number in range(50)] for start in range(20)]
    processes = [starts.start("--page=verify", "--", *each) for each in names]
    starts.until(lambda: len(starts.lines()) >= 1000)
    starts.until(lambda: sum(process.poll() == 0 for process in processes) == 19)
    pids, pages, arrived = zip(*(line.split(" ", 2) for line in starts.lines()), strict=True)
    assert sorted(arrived) == sorted(name for each in names for name in each)
    assert set(pages) == {"verify"}
    assert len(set(pids)) == 1
    [window] = [process for process in processes if process.poll() is None]
    assert str(window.pid) in pids


def test_after_a_crash_the_next_start_has_the_window(starts) -> None:
    first = starts.start_and_wait_for_the_window()
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = starts.start_and_wait_for_the_window()
    assert starts.start("/third").wait(30) == 0
    assert second.poll() is None
    assert starts.lines()[-1] == f"{second.pid} - /third"


def test_start_that_meets_a_closing_window_opens_its_own(starts) -> None:
    first = starts.start_and_wait_for_the_window()
    first.send_signal(signal.SIGSTOP)  # it holds the place and answers nobody
    second = starts.start("/second")
    time.sleep(0.5)
    first.kill()
    starts.until(lambda: f"{second.pid} - /second" in starts.lines())
    assert second.poll() is None


def test_practice_and_real_are_two_windows(starts) -> None:
    real = starts.start_and_wait_for_the_window()
    practice = starts.start("--practice", "/practice")
    starts.until(lambda: f"{practice.pid} - /practice" in starts.lines())
    assert starts.start("/real").wait(30) == 0
    assert starts.lines()[-1] == f"{real.pid} - /real"


def test_window_refuses_the_other_kind_of_card(window, tmp_path) -> None:
    assert not welcome(window, Arrival((str(tmp_path / "a.pdf"),), practice=True))
    window.close()
    assert not welcome(window, Arrival((str(tmp_path / "a.pdf"),)))
    assert window.verifying.files == {}
    assert window.signing.rows == []


# --- the message


def test_every_name_arrives_as_it_was(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    arrival = Arrival(located(ODD_NAMES), "sign", practice=True, token="a-token_TIME1")
    assert decoded(encoded(arrival)) == arrival
    assert [os.path.relpath(name) for name in arrival.names] == ODD_NAMES


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c/%E5%A5%91%E7%B4%84.pdf", "/a/b c/契約.pdf"),
        ("file://localhost/a.pdf", "/a.pdf"),
        ("file:///%FF.pdf", "/\udcff.pdf"),
    ],
)
def test_uri_of_a_file_is_its_path(uri, path) -> None:
    assert located([uri]) == (path,)


ADDRESSES = ["file:///a%00/etc/x", "file://elsewhere/share/a.pdf", "smb://host/s/%E5%A5%91.pdf", "google-drive://a@b/c"]


@pytest.mark.parametrize("uri", ADDRESSES)
def test_address_of_no_file_here_stays_what_it_is_and_arrives(uri) -> None:
    assert located([uri]) == (uri,)
    assert is_address(uri)
    assert decoded(encoded(Arrival(located([uri])))).names == (uri,)


def test_path_that_looks_like_an_address_is_a_path(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    mounted = "/run/user/1000/gvfs/smb-share:server=a,share=b/c://d.pdf"
    (tmp_path / "odd:").mkdir()
    (tmp_path / "odd:" / "a.pdf").touch()
    names = [mounted, "odd://a.pdf", "C://a.pdf", "契約://a.pdf"]
    assert located(names) == (mounted, *(f"{tmp_path}/{name}" for name in names[1:]))
    assert not any(map(is_address, located(names)))


def test_host_that_is_this_computer_is_no_other(monkeypatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "my-pc")
    assert located(["file://my-pc/a%20b.pdf", "file://LOCALHOST/a.pdf"]) == ("/a b.pdf", "/a.pdf")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("file://server/share/a%20b.pdf", r"\\server\share\a b.pdf"),
        ("file:////server/share/a.pdf", r"\\server\share\a.pdf"),
        ("file:///C:/a%20b/%E5%A5%91.pdf", "C:\\a b\\契.pdf"),
        (r"\\server\share\x.pdf", r"\\server\share\x.pdf"),
        (r"Z:\x.pdf", r"Z:\x.pdf"),
        ("smb://server/share/a.pdf", "smb://server/share/a.pdf"),
    ],
)
def test_names_of_windows(monkeypatch, name, path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(request.os, "path", ntpath)
    assert located([name]) == (path,)
    assert decoded(encoded(Arrival(located([name])))).names == (path,)


BAD_MESSAGES = [
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"jitsuin-2\0verify\0real\0\0/a.pdf",
    b"jitsuin-1\0verify\0real",
    b"jitsuin-1\0password\0real\0\0/a.pdf",
    b"jitsuin-1\0verify\0REAL\0\0/a.pdf",
    b"jitsuin-1\0verify\0real\0\0relative.pdf",
    b"jitsuin-1\0verify\0real\0\0--practice",
    b"jitsuin-1\0verify\0real\0\0",
    b"jitsuin-1\0verify\0real\0tok\nen\0/a.pdf",
    b"jitsuin-1\0verify\0real\0" + b"t" * 300 + b"\0/a.pdf",
    b"jitsuin-1\0verify\0real\0" + b"\0/a" * 20_002,
]


@pytest.mark.parametrize("message", BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
def test_anything_else_is_refused(message) -> None:
    with pytest.raises(Refused):
        decoded(message)


def test_too_much_is_not_sent() -> None:
    with pytest.raises(Refused):
        encoded(Arrival(("/" + "x" * LIMIT,)))


# --- the reception


@pytest.fixture
def reception(qapp, tmp_path, monkeypatch) -> Iterator[tuple[str, list[Arrival]]]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    place = place_for(practice=False)
    assert place is not None
    assert place.claim()
    arrived: list[Arrival] = []
    made = Reception(place, lambda arrival: arrived.append(arrival) or True)
    yield place.new_address(), arrived
    made.close()


def asked(qtbot, address: str, message: bytes) -> bytes:
    """The answer to a message, or nothing where one was hung up on."""
    with Client(address, "AF_UNIX") as connection:
        try:
            connection.send_bytes(message)
            qtbot.waitUntil(connection.poll, timeout=20_000)
            return connection.recv_bytes(1)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return b""


GOOD = Arrival(("/good.pdf",), "verify")


@pytest.mark.parametrize("message", BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
def test_stranger_is_refused_and_the_next_one_served(qtbot, reception, message) -> None:
    address, arrived = reception
    assert asked(qtbot, address, message) == b"-"
    assert arrived == []
    assert asked(qtbot, address, encoded(GOOD)) == b"+"
    assert arrived == [GOOD]


def test_those_who_stop_halfway_keep_nobody_out_for_ever(qtbot, reception, monkeypatch) -> None:
    monkeypatch.setattr("desktop.arrival.reception._PATIENCE", 1)
    address, arrived = reception
    silent = [socket.socket(socket.AF_UNIX) for _ in range(100)]
    for number, connection in enumerate(silent):
        connection.connect(address)
        connection.sendall(b"\0\0\0\x20jits" if number % 2 else b"")
    assert asked(qtbot, address, encoded(GOOD)) == b"+"
    assert arrived == [GOOD]
    for connection in silent:
        connection.close()


@pytest.mark.parametrize("length", [b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"])
def test_message_that_claims_to_be_endless_is_hung_up_on(qtbot, reception, length) -> None:
    address, arrived = reception
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        connection.sendall(length + b"x" * 100)
        connection.settimeout(20)
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""
    assert asked(qtbot, address, encoded(GOOD)) == b"+"
    assert arrived == [GOOD]


def test_three_hundred_long_names(qtbot, reception) -> None:
    address, arrived = reception
    names = tuple(f"/{'長い' * 600}/{number}.pdf" for number in range(300))
    answers = []
    sender = Thread(target=lambda: answers.append(sent(address, encoded(Arrival(names, "sign")))))
    sender.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    sender.join()
    assert answers == [b"+"]
    assert arrived[0].names == names


def sent(address: str, message: bytes) -> bytes:
    with Client(address, "AF_UNIX") as connection:
        connection.send_bytes(message)
        return connection.recv_bytes(1)


def test_process_of_another_user_is_refused(qtbot, reception, monkeypatch) -> None:
    address, arrived = reception
    own = os.getuid()
    monkeypatch.setattr("desktop.arrival.reception.os.getuid", lambda: own + 1)
    assert asked(qtbot, address, encoded(GOOD)) == b""
    assert arrived == []


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o777])
def test_folder_that_others_can_enter_is_no_place(tmp_path, monkeypatch, mode) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "jitsuin").mkdir()
    (tmp_path / "jitsuin").chmod(mode)
    assert place_for(practice=False) is None


def test_link_laid_in_a_folder_of_all_is_no_place(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"jitsuin-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    assert place_for(practice=False) is None


@pytest.mark.parametrize("room", [10, 0], ids=["room for more", "crowded"])
def test_window_that_hangs_is_not_waited_for_without_end(tmp_path, room) -> None:
    holder, other = Place(str(tmp_path), "w"), Place(str(tmp_path), "w")
    assert holder.claim()
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as first:
        listening.bind(holder.new_address())
        listening.listen(room)
        first.connect(holder.new_address())
        assert not other.hand_over(Arrival(("/a.pdf",)), patience=0.3)
    assert not other.claimed
    other.leave()
    holder.leave()


# --- in the window


def test_files_to_verify_stand_alone_until_more_is_wanted(qtbot, window, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("not signed")
    window.be_small()
    arrive(window, Arrival((f"{tmp_path}/a.txt",), "verify"))
    assert list(window.verifying.files) == [tmp_path / "a.txt"]
    assert not window._navigation.isVisible()
    window.preferences.changed.emit()  # built again, in another language
    assert not window._navigation.isVisible()
    qtbot.waitUntil(lambda: all(window.verifying.files.values()), timeout=60_000)
    window.sign(tmp_path / "a.txt")
    assert window._navigation.isVisible()
    assert [row.path.name for row in window.signing.rows] == ["a.txt"]


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)  # that without a screen
def test_page_that_is_named_gets_the_files_whatever_they_are(window, tmp_path) -> None:
    window.hide()
    window.show()
    assert welcome(window, Arrival((f"{tmp_path}/gone.pdf",), "sign"))
    assert [row.path.name for row in window.signing.rows] == ["gone.pdf"]
    assert welcome(window, Arrival((f"{tmp_path}/gone.pdf",), "verify"))
    assert [path.name for path in window.verifying.files] == ["gone.pdf"]
    assert window.page == VERIFY


def test_odd_names_are_shown_and_found_on_both_pages(qtbot, window, tmp_path) -> None:
    paths = [tmp_path / name for name in ODD_NAMES]
    for path in paths:
        path.write_bytes(b"no document")
    arrive(window, Arrival(tuple(map(str, paths)), "verify"))
    arrive(window, Arrival(tuple(map(str, paths)), "sign"))
    qtbot.waitUntil(lambda: all(window.verifying.files.values()), timeout=60_000)
    qtbot.waitUntil(lambda: all(row.examination for row in window.signing.rows), timeout=60_000)
    window.show_verify()
    assert not window.grab().isNull()
    read = {each.report.sha256 for each in window.verifying.files.values()}
    assert read == {hashlib.sha256(b"no document").hexdigest()}
    assert [row.path for row in window.signing.rows] == paths
    assert all(row.examination.document for row in window.signing.rows)  # opened, so found by its name


def told_of(window) -> list[str]:
    """The addresses that the person is told of."""
    texts = [each.text() for dialog in window.findChildren(ElsewhereDialog) for each in dialog.findChildren(QLabel)]
    return [text for text in texts if is_address(text)]


GIO = """#!/bin/sh
echo "$@" >> "$0.asked"
for last; do :; done
[ "$last" = smb://nas/s/%E5%A5%91.pdf ] || exit 2
printf 'uri: %s\\nlocal path: %s\\nattributes:\\n' "$last" "${0%/*}/契.pdf"
"""


def test_what_is_elsewhere_is_told_or_found_where_the_desktop_has_it(qtbot, window, tmp_path, monkeypatch) -> None:
    tool = tmp_path / "gio"
    tool.write_text(GIO)
    tool.chmod(0o755)
    monkeypatch.setattr(elsewhere.shutil, "which", lambda *_, **__: str(tool))
    addresses = ("smb://nas/s/%E5%A5%91.pdf", "smb://closed/s/b.pdf", "https://example.com/c.pdf", "file://nas/d.pdf")
    arrive(window, Arrival((*addresses, f"{tmp_path}/e.pdf"), "sign"))
    assert [row.path.name for row in window.signing.rows] == ["e.pdf"]
    qtbot.waitUntil(lambda: bool(told_of(window)), timeout=20_000)
    assert told_of(window) == list(addresses[1:])
    assert [row.path for row in window.signing.rows] == [tmp_path / "e.pdf", tmp_path / "契.pdf"]
    asked = Path(f"{tool}.asked").read_text()
    assert "smb://closed" in asked
    assert "example.com" not in asked  # nothing is asked that would look over the network by itself


def test_what_is_carried_from_a_file_manager_arrives_by_the_same_door(qtbot, window, tmp_path) -> None:
    data = QMimeData()
    data.setUrls([QUrl(f"file://localhost{tmp_path}/a%20b.pdf"), QUrl("file://nas/share/c.pdf"), QUrl("dav://h/d.pdf")])
    assert carried(data).names == (f"{tmp_path}/a b.pdf", "file://nas/share/c.pdf", "dav://h/d.pdf")
    data.setData("text/uri-list", b"file:///%FF%20%E5%A5%91.pdf\r\n")
    assert carried(data).names == ("/\udcff 契.pdf",)
    assert carried(None).names == ()


def test_dialog_waits_for_a_window_that_has_no_place_yet(qtbot) -> None:
    window, opened = QWidget(), []
    qtbot.addWidget(window)
    window.winId()  # there for the system, and not yet shown
    when_it_stands(window, lambda: opened.append(window.windowHandle().isExposed()))
    assert opened == []
    window.show()
    qtbot.waitUntil(lambda: opened == [True])
    when_it_stands(window, lambda: opened.append("at once"))
    assert opened == [True, "at once"]
