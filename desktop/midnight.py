"""Tells a window that stays open that another day has begun in Japan."""

from datetime import UTC, datetime, timedelta
from typing import Final

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from signing.renewal import day_in_japan

_JAPAN_AHEAD: Final = timedelta(hours=9)
_LATE: Final = 50  # milliseconds, so that it is not a moment too early
_LONGEST: Final = 600_000  # milliseconds; a computer that sleeps stops its timers, and clocks are set


def now() -> datetime:
    return datetime.now(UTC)


class Midnight(QObject):
    """Passed within a second of it, and within ten minutes where the computer slept or its clock was set."""

    passed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._day = day_in_japan(now())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._wait()

    def _look(self) -> None:
        today = day_in_japan(now())
        changed, self._day = today != self._day, today
        self._wait()
        if changed:
            self.passed.emit()

    def _wait(self) -> None:
        next_day = datetime(self._day.year, self._day.month, self._day.day, tzinfo=UTC) - _JAPAN_AHEAD
        left = next_day + timedelta(days=1) - now()
        self._timer.start(min(max(int(left.total_seconds() * 1000), 0) + _LATE, _LONGEST))
