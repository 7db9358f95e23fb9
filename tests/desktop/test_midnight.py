"""A window that stays open for days counts the days as they are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.midnight import Midnight
from desktop.reminders.desk import ReminderDesk

EVENING = datetime(2026, 11, 23, 14, 59, 59, 900_000, tzinfo=UTC)  # a tenth of a second before midnight in Japan


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moments = [EVENING]
    monkeypatch.setattr("desktop.midnight.now", lambda: moments[-1])
    return moments


def test_what_is_due_is_told_anew_when_a_day_begins(
    clock: list[datetime], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    desk = ReminderDesk()
    with qtbot.waitSignal(desk.changed, timeout=10_000):
        clock.append(EVENING + timedelta(seconds=1))


def test_a_night_in_which_the_computer_slept_is_noticed_once(clock: list[datetime], qtbot: QtBot) -> None:
    midnight, told = Midnight(), []
    midnight.passed.connect(lambda: told.append(clock[-1]))
    clock.append(EVENING + timedelta(hours=9))
    for _ in range(3):
        midnight._look()
    assert told == [clock[-1]]
    assert midnight._timer.interval() <= 600_000
