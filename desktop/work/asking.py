"""Asks a helper process on behalf of a view, which may be gone when the answer comes."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QObject

from desktop.work.pool import Pool, Question
from desktop.work.relay import in_window
from signing.errors import Cancelled, UserFacingError

_PATIENCE = 20.0  # seconds


class Asking(QObject):
    """What comes of a question is told in the window's thread."""

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._pool = pool

    def ask(
        self,
        done: Callable[..., object],
        failed: Callable[[UserFacingError], object],
        function: Callable[..., object],
        *arguments: object,
    ) -> None:
        """Call `function` in the helper, and then `done` with what it returns, or `failed`."""
        tell_answer(self, self._pool.ask(function, *arguments, seconds=_PATIENCE), done, failed)


def tell_answer(
    teller: QObject, question: Question, done: Callable[..., object], failed: Callable[[UserFacingError], object]
) -> None:
    """Call `done` or `failed` in the window's thread; neither if the question was stopped, or `teller` is gone."""
    question.then(partial(_tell, teller, done, failed))


def _tell(teller: QObject, done: Callable[..., object], failed: Callable[..., object], question: Question) -> None:
    try:
        in_window(teller, partial(done, question.answer()))
    except UserFacingError as error:
        in_window(teller, partial(failed, error))
    except Cancelled:
        pass
