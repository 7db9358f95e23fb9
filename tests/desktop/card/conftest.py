"""The My card page with the practice card in each state, at a moment of the test's choice."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.card.desk import CardState
from desktop.card.exact_date import ExactDateDialog
from desktop.main_window import MainWindow
from desktop.places import renewal_rules_file
from signing.card.practice import PRACTICE_PIN, PracticeReaders
from signing.card.practice_states import PracticeState, practice_readers
from signing.renewal import RenewalRules

LONG = 60_000  # milliseconds
NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # in Japan
LAST_SECONDS = datetime(2026, 11, 22, 14, 59, 58, tzinfo=UTC)  # 23:59:58 in Japan


class Clock:
    """What the page takes for now."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class NotForPractice:
    """The practice card in a reader that does not say that it is one."""

    practice = False

    def __init__(self, readers: PracticeReaders) -> None:
        self._readers = readers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._readers, name)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(NOON)
    monkeypatch.setattr("desktop.card.life.now", made)
    monkeypatch.setattr("desktop.card.state.now", made)
    monkeypatch.setattr("desktop.midnight.now", made)
    return made


@pytest.fixture
def state() -> PracticeState:
    return PracticeState.NEW


@pytest.fixture
def readers(practice_keys: Path, state: PracticeState, clock: Clock) -> PracticeReaders:
    rules = RenewalRules.load(renewal_rules_file())
    return practice_readers(practice_keys, state, rules, moment=clock.moment)


@pytest.fixture(autouse=True)
def _own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


@pytest.fixture
def page(window: MainWindow, readers: PracticeReaders, qtbot: QtBot) -> MainWindow:
    """The window on the card page when the practice card has been read."""
    window.show_card()
    window.cards.use_practice_card()
    wait_for_card(window, qtbot)
    return window


@pytest.fixture
def own_card(window: MainWindow, readers: PracticeReaders, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> MainWindow:
    """The same with a card that does not say that it is for practice."""
    monkeypatch.setattr(window.cards, "_open_readers", lambda *, practice: NotForPractice(readers))
    window.show_card()
    window.cards.use_real_card()
    wait_for_card(window, qtbot)
    return window


def wait_for_card(window: MainWindow, qtbot: QtBot) -> None:
    def settled() -> bool:
        known = window._life.known if window._life else None
        read = known is not None and known.facts is window.cards.seen
        return read or (window.cards.state is CardState.REFUSED and window.cards.seen is None)

    qtbot.waitUntil(settled, timeout=LONG)


def words(widget: QWidget) -> str:
    QGuiApplication.processEvents()  # what was added becomes visible with the next layout
    parts = [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]
    return "\n".join(parts + [part.text() for part in widget.findChildren(QAbstractButton) if part.isVisible()])


def press(widget: QWidget, text: str) -> None:
    QGuiApplication.processEvents()
    buttons = [part for part in widget.findChildren(QAbstractButton) if part.isVisible()]
    (found,) = (part for part in buttons if text in (part.text(), part.accessibleName()))
    assert found.isEnabled()
    found.click()


def shown_dialog(window: MainWindow, kind: type[QWidget]) -> Any:
    QGuiApplication.processEvents()
    (found,) = (part for part in window.findChildren(kind) if part.isVisible())
    return found


def read_exactly(window: MainWindow, qtbot: QtBot, password: str = PRACTICE_PIN) -> None:
    press(window, "Read the exact date")
    dialog = shown_dialog(window, ExactDateDialog)
    qtbot.waitUntil(lambda: bool(window.cards.ready), timeout=LONG)
    dialog._field.setText(password)
    dialog._send.click()
