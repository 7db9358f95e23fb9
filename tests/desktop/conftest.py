"""The window with the practice card, in a home of its own."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QEvent, QSettings
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from desktop.idle import Idle
from desktop.main_window import MainWindow
from desktop.window import open_window, shut_down
from desktop.words.translation import language, set_language
from signing.card import CardConnection, ReaderState
from signing.card.practice import PracticeReaders
from signing.errors import NoReader

PATIENCE = 60_000  # milliseconds


class NoReaders:
    """A computer without a card reader."""

    practice = False

    def states(self) -> tuple[ReaderState, ...]:
        return ()

    def wait_for_change(self, known: Sequence[ReaderState], timeout: float) -> tuple[ReaderState, ...]:
        time.sleep(min(timeout, 0.05))
        return ()

    def connect(self, reader: str) -> AbstractContextManager[CardConnection]:
        raise NoReader


@pytest.fixture(scope="session")
def practice_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keys of the practice card are made, once."""
    return tmp_path_factory.mktemp("practice")


@pytest.fixture
def readers(practice_keys: Path) -> PracticeReaders:
    """A practice card with all its tries."""
    return PracticeReaders(practice_keys)


@pytest.fixture(scope="session")
def _ready_helpers() -> BaseContext | None:
    if sys.platform != "linux":
        return None
    from tests.desktop.ready_helpers import ReadyHelpers

    return ReadyHelpers()


@pytest.fixture(autouse=True)
def _helpers(_ready_helpers: BaseContext | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let helper processes be copies of one that is ready, on Linux."""
    if _ready_helpers:
        for user in ("pool", "worker"):
            monkeypatch.setattr(f"desktop.work.{user}.Context", lambda: _ready_helpers)


class PatientBot(QtBot):
    """What takes longer than five seconds on a loaded machine is no failure; what never comes is one all the same."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:  # noqa: N802 - pytest-qt's
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **more: Any) -> SignalBlocker:  # noqa: N802 - the same
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def at_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a command at the terminal: a home of its own, in English."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setattr("desktop.places.data_folder", lambda: folder)
    set_language("en")


@pytest.fixture
def window(
    qapp: QApplication, readers: PracticeReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The real window in English, shown, with no reader; `begin` was not called."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    monkeypatch.setattr("desktop.window._readers", lambda *_, practice: readers if practice else NoReaders())
    set_language("en")
    monkeypatch.setattr("desktop.preferences.system_language", lambda: "en")
    monkeypatch.setattr("desktop.card.watcher._PAUSE", 0.05)  # when it ends, the window waits for the rest of a pause
    made = open_window(qapp)
    Idle(made)
    made.show()
    yield made
    made.close()
    shut_down(made)
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # a style sheet set later would dress its remains
    qapp.setStyleSheet("")


@pytest.fixture
def practising(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window when the practice card has been read."""
    window.cards.use_practice_card()
    qtbot.waitUntil(lambda: window.cards.ready, timeout=60_000)
    return window
