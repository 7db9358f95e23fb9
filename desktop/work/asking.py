"""Asks a helper process for a view, which may be gone when the answer comes."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.work.pool import Pool, Question
from signing.errors import Cancelled, UserFacingError

_PATIENCE = 20.0  # seconds


class Asking(QObject):
    """What comes of a question is told in the window's thread."""

    _answered = pyqtSignal(object, object)

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._pool = pool
        self._answered.connect(self._on_answer)  # a method: Qt drops it together with this object

    def ask(
        self,
        done: Callable[..., object],
        failed: Callable[[UserFacingError], object],
        function: Callable[..., object],
        *arguments: object,
    ) -> None:
        """Call `function` in the helper, and then `done` with what it returns, or `failed`."""
        question = self._pool.ask(function, *arguments, seconds=_PATIENCE)
        question.then(partial(self._tell, done, failed))

    def _on_answer(self, told: Callable[[object], object], answer: object) -> None:
        told(answer)

    def _tell(self, done: Callable[..., object], failed: Callable[..., object], question: Question) -> None:
        # In a thread of the pool: the signal brings it to that of the window, unless this object is gone.
        with suppress(RuntimeError, Cancelled):
            try:
                self._answered.emit(done, question.answer())
            except UserFacingError as error:
                self._answered.emit(failed, error)
