"""What threads have to tell reaches the window, whatever the window deletes meanwhile."""

import subprocess
import sys
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QObject, QThread
from pytestqt.qtbot import QtBot

from desktop.work.relay import in_window

ROOT = Path(__file__).parents[3]
DELETED_MEANWHILE = """
import sys, threading, time
from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QObject
from desktop.work.relay import in_window

application = QCoreApplication([])
sys.setswitchinterval(1e-5)
heard = []
for _ in range(300):
    teller, over = QObject(), threading.Event()

    def talk(teller=teller, over=over):
        while not over.is_set():
            in_window(teller, lambda: heard.append(sip.isdeleted(teller)))

    thread = threading.Thread(target=talk)
    thread.start()
    time.sleep(0.0005)
    application.processEvents()
    sip.delete(teller)
    over.set()
    thread.join()
    application.processEvents()
assert heard
assert not any(heard)
print("heard to the end")
"""


def test_it_is_told_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    heard: list[QThread | None] = []
    teller = QObject()

    class Thread(QThread):
        def run(self) -> None:
            in_window(teller, lambda: heard.append(QThread.currentThread()))

    thread = Thread()
    thread.start()
    thread.wait()
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    application = QCoreApplication.instance()
    assert application is not None
    assert heard == [application.thread()]


def test_nothing_is_told_of_what_is_gone(qtbot: QtBot) -> None:
    heard: list[str] = []
    gone, there = QObject(), QObject()

    class Thread(QThread):
        def run(self) -> None:
            in_window(gone, lambda: heard.append("gone"))
            in_window(there, lambda: heard.append("there"))

    thread = Thread()
    thread.start()
    thread.wait()
    sip.delete(gone)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["there"]


def test_a_teller_that_is_deleted_at_that_moment_ends_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", DELETED_MEANWHILE], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "heard to the end\n"), done.stderr[-2000:]
