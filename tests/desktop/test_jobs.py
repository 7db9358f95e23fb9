"""The queue: order, the window's thread, failures, receivers that are gone."""

import threading
from collections.abc import Iterator

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from desktop.jobs import JobQueue
from signing.errors import NoCard, Unexpected, UserFacingError


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[QThread | None] = set()

    def done(self, result: object) -> None:
        self.heard.append(result)
        self.threads.add(QThread.currentThread())

    def failed(self, error: UserFacingError) -> None:
        self.heard.append(error)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def queue(qapp: object) -> Iterator[JobQueue]:
    made = JobQueue()
    yield made
    made.shut_down()


@pytest.fixture
def listener() -> Listener:
    return Listener()


def test_every_result_of_quick_work_arrives_in_order_and_in_the_thread_of_the_window(
    queue: JobQueue, listener: Listener, qtbot: QtBot
) -> None:
    for number in range(500):
        queue.submit(lambda number=number: number, done=listener.done, failed=listener.failed)  # type: ignore[misc]

    qtbot.waitUntil(lambda: len(listener.heard) == 500)

    assert listener.heard == list(range(500))
    assert listener.threads == {queue.thread()}


def test_two_jobs_never_run_at_the_same_time(queue: JobQueue, listener: Listener, qtbot: QtBot) -> None:
    busy = threading.Lock()

    def work() -> bool:
        free = busy.acquire(blocking=False)
        threading.Event().wait(0.005)
        if free:
            busy.release()
        return free

    for _ in range(20):
        queue.submit(work, done=listener.done, failed=listener.failed)

    qtbot.waitUntil(lambda: len(listener.heard) == 20)
    assert all(listener.heard)


def test_a_failure_is_told_and_the_next_job_runs(queue: JobQueue, listener: Listener, qtbot: QtBot) -> None:
    def fail() -> None:
        raise NoCard

    queue.submit(fail, done=listener.done, failed=listener.failed)
    queue.submit(lambda: "next", done=listener.done, failed=listener.failed)

    qtbot.waitUntil(lambda: len(listener.heard) == 2)
    assert isinstance(listener.heard[0], NoCard)
    assert listener.heard[1] == "next"


def test_a_defect_becomes_a_failure_without_its_text_in_the_log(
    queue: JobQueue, listener: Listener, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("/home/hanako/secret.pdf")

    queue.submit(fail, done=listener.done, failed=listener.failed)

    qtbot.waitUntil(lambda: bool(listener.heard))
    assert isinstance(listener.heard[0], Unexpected)
    assert "hanako" not in caplog.text


def test_a_listener_that_is_gone_is_not_called(queue: JobQueue, listener: Listener, qtbot: QtBot) -> None:
    go = threading.Event()
    queue.submit(go.wait, done=listener.done, failed=listener.failed)
    witness = Listener()
    queue.submit(lambda: "after", done=witness.done, failed=witness.failed)
    sip.delete(listener)
    go.set()

    qtbot.waitUntil(lambda: bool(witness.heard))
    assert listener.heard == []
