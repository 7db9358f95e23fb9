"""What may wait for the person to unlock the keyring of the system, done where nothing of the window waits for it."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from signing.failure import user_facing


class Aside(QObject):
    """Each piece has a thread of its own that nobody waits for, also at the end: a prompt may stand open for ever."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._open: set[_Piece] = set()

    def do(self, work: Callable[[], object], told: Callable[[Any], object]) -> None:
        """`told` gets the answer or the UserFacingError; Qt drops a method of a QObject when that is deleted."""
        piece = _Piece()
        piece.done.connect(told)
        piece.ended.connect(self._open.discard)
        self._open.add(piece)
        threading.Thread(target=piece.run, args=(work,), daemon=True).start()


class _Piece(QObject):
    done = pyqtSignal(object)
    ended = pyqtSignal(object)

    def run(self, work: Callable[[], object]) -> None:
        try:
            answer = work()
        except Exception as error:  # it would end the process
            answer = user_facing(error)
        with contextlib.suppress(RuntimeError):  # the window is gone
            self.done.emit(answer)
            self.ended.emit(self)
