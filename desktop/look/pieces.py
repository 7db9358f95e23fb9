"""Work of the window in pieces, between which it lives."""

from collections.abc import Callable, Iterator

from PyQt6.QtCore import QObject, QTimer

_END = object()


class Coalesced(QObject):
    """Calls a function in the next turn of the event loop, or after a pause of milliseconds, and once, however often
    it was asked for."""

    def __init__(self, function: Callable[[], object], parent: QObject, *, pause: int = 0) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause)
        self._timer.timeout.connect(function)

    def ask(self) -> None:
        """A slot: Qt forgets it together with its parent."""
        if not self._timer.isActive():
            self._timer.start()


class Gradual(QObject):
    """Takes the first step now, and one in each turn of the event loop from then on, so long as its parent lives."""

    def __init__(self, steps: Iterator[object], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_turn)
        self._timer.start()
        self._on_turn()

    def _on_turn(self) -> None:
        if next(self._steps, _END) is _END:
            self._timer.stop()
            self.deleteLater()
