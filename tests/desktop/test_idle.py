"""While nobody waits the window loads what pages need, and what goes in a cycle goes in its thread."""

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop import idle
from desktop.idle import Idle
from desktop.look.pieces import Coalesced


@pytest.fixture
def started(qtbot: QtBot) -> Iterator[Idle]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Idle(window)
    yield made
    if not gc.isenabled():
        made.end()


class Circle:
    """Goes in a cycle, and tells in which thread."""

    def __init__(self, gone_in: list[int]) -> None:
        self.itself, self._gone_in = self, gone_in

    def __del__(self) -> None:
        self._gone_in.append(threading.get_ident())


def make_garbage(gone_in: list[int]) -> None:
    for _ in range(20):
        Circle(gone_in)
        kept = [[] for _ in range(1000)]  # type: ignore[var-annotated]  # of nothing
        assert kept


def test_what_another_thread_leaves_behind_goes_in_the_thread_of_the_window(started: Idle, qtbot: QtBot) -> None:
    gone_in: list[int] = []
    other = threading.Thread(target=make_garbage, args=(gone_in,))
    other.start()
    other.join()
    assert gone_in == []
    kept = [[] for _ in range(1000)]  # type: ignore[var-annotated]  # enough for a collection to be due
    qtbot.waitUntil(lambda: len(gone_in) == 20)
    assert set(gone_in) == {threading.get_ident()}
    assert kept


def test_afterwards_python_collects_as_ever(started: Idle) -> None:
    started.end()
    gone_in: list[int] = []
    make_garbage(gone_in)
    assert gone_in


def test_all_that_is_to_be_loaded_ahead_is_there(started: Idle, qtbot: QtBot) -> None:
    started.load_ahead()
    qtbot.waitUntil(lambda: not started._timer.isActive(), timeout=30_000)
    assert set(idle._MODULES) <= sys.modules.keys()


def test_a_hundred_changes_are_shown_together(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    calls: list[None] = []
    coalesced = Coalesced(lambda: calls.append(None), parent)
    for _ in range(100):
        coalesced.ask()
    assert not calls
    qtbot.waitUntil(lambda: bool(calls))
    qtbot.wait(20)
    assert len(calls) == 1
