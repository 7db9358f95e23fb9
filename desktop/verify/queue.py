"""Files that wait for their verification, a few at a time; it tells which take longer than they should."""

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from desktop.document_desk import DocumentDesk

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.work.pool import Question
    from desktop.work.questions import Judgement
    from signing.errors import UserFacingError

_TICK = 500  # milliseconds
_TELLING = 3  # files after which something can be said of the time
_UNANSWERED = 3  # times the limit, after which a file is ended that nobody wants to wait for


class _Asked:
    """A file under way; `limit` in seconds is None where the person waits for as long as it takes."""

    def __init__(self, question: "Question", limit: float | None) -> None:
        self.question, self.limit = question, limit
        self.begun: float | None = None  # of time.monotonic()

    def seconds(self) -> float:
        """For how long a process has been working on it."""
        if self.begun is None and self.question.running:
            self.begun = time.monotonic()
        return 0.0 if self.begun is None else time.monotonic() - self.begun


class VerifyQueue(QObject):
    """Every file that is added is told of exactly once in `judged`, whatever happens, unless it is dropped."""

    judged = pyqtSignal(object)  # questions.Judgement
    slow_changed = pyqtSignal(object)  # Path: it takes longer than usual, or no more
    moved = pyqtSignal()  # a file came, began or ended

    def __init__(self, documents: DocumentDesk) -> None:
        super().__init__()
        self._documents = documents
        self._waiting: dict[Path, tuple[str, bool]] = {}  # password, and whether to be patient
        self._asked: dict[Path, _Asked] = {}
        self._slow: set[Path] = set()
        self._done, self._begun = 0, 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._look_at_the_clock)
        documents.judged.connect(self._on_judged)

    def add(self, path: "Path", password: str = "", *, patient: bool = False) -> None:
        """`patient`: for as long as it takes."""
        self.drop(path)
        if not self.remaining():
            self._done, self._begun = 0, time.monotonic()
        self._waiting[path] = password, patient
        self._go_on()

    def drop(self, path: "Path") -> None:
        """Ask no more about a file, and tell nothing of it."""
        self._waiting.pop(path, None)
        if asked := self._asked.pop(path, None):
            asked.question.stop()
        self._be_slow(path, slow=False)
        self._go_on()

    def cancel(self) -> None:
        """Stop with everything that has no judgement yet."""
        from signing.errors import VerificationStopped

        for path in self._forget():
            self._end(path, VerificationStopped())

    def clear(self) -> None:
        """Stop, and tell nothing."""
        for path in self._forget():
            self.drop(path)

    def stop(self, path: "Path") -> None:
        """Stop with this file alone."""
        from signing.errors import VerificationStopped

        self._end(path, VerificationStopped())

    def keep_waiting(self, path: "Path") -> None:
        """Let a file take as long as it takes."""
        if asked := self._asked.get(path):
            asked.limit = None
        self._be_slow(path, slow=False)

    def is_slow(self, path: "Path") -> bool:
        return path in self._slow

    def is_under_way(self, path: "Path") -> bool:
        return path in self._asked

    def remaining(self) -> int:
        """How many have no judgement yet."""
        return len(self._waiting) + len(self._asked)

    def progress(self) -> tuple[int, int, float | None]:
        """Done and all of this run, and the seconds left where they can be told."""
        left = self.remaining()
        passed = time.monotonic() - self._begun
        known = self._done >= _TELLING and passed > 1
        return self._done, self._done + left, passed / self._done * left if known else None

    def _forget(self) -> "list[Path]":
        """All that have no judgement; none of those that wait will begin."""
        paths = [*self._asked, *self._waiting]
        self._waiting.clear()
        return paths

    def _go_on(self) -> None:
        from desktop.work.pool import seconds_for

        while self._waiting and len(self._asked) < self._documents.judges():
            path = next(iter(self._waiting))
            password, patient = self._waiting.pop(path)
            limit = None if patient else seconds_for(path)
            self._asked[path] = _Asked(self._documents.judge(path, password), limit)
        if self._asked and not self._timer.isActive():
            self._timer.start()
        elif not self._asked:
            self._timer.stop()
        self.moved.emit()

    def _on_judged(self, judgement: "Judgement") -> None:
        if self._asked.pop(judgement.path, None) is None:
            return  # it was dropped meanwhile
        self._done += 1
        self._be_slow(judgement.path, slow=False)
        self.judged.emit(judgement)
        self._go_on()

    def _end(self, path: "Path", error: "UserFacingError") -> None:
        from desktop.work.questions import Judgement

        self.drop(path)
        self._done += 1
        self.judged.emit(Judgement(path, None, error))

    def _look_at_the_clock(self) -> None:
        from signing.errors import WorkerTooSlow

        for path, asked in tuple(self._asked.items()):
            seconds = asked.seconds()
            if asked.limit is not None and seconds > asked.limit:
                self._be_slow(path, slow=True)
                if seconds > _UNANSWERED * asked.limit:
                    self._end(path, WorkerTooSlow())
        self.moved.emit()

    def _be_slow(self, path: "Path", *, slow: bool) -> None:
        if slow != (path in self._slow):
            self._slow ^= {path}
            self.slow_changed.emit(path)
