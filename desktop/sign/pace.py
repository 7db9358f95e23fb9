"""How long the documents that are left will take, told by those that are finished."""

import time
from collections.abc import Callable

_ENOUGH = 3  # documents; fewer tell more about the beginning than about the rest


class Pace:
    """Begins to count when it is first asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, 0.0
        self.stop()

    def stop(self) -> None:
        """The next time is another batch."""
        self._running = False

    def left(self, finished: int, total: int) -> float | None:
        """Seconds, or None where nothing can be told yet."""
        if not self._running:
            self._begun, self._running = self._clock(), True
        if finished < _ENOUGH or finished >= total:
            return None
        return (self._clock() - self._begun) / finished * (total - finished)
