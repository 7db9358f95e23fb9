"""Many changes, one look at them: the window lives between two of its own pieces of work."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer


class Coalesced(QObject):
    """Calls a function when asked, and again, however often it is asked, once in each turn of the event loop."""

    def __init__(self, function: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._function, self._wanted = function, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_turn)

    def ask(self) -> None:
        """A slot: Qt forgets it together with its parent."""
        self._wanted = True
        if not self._timer.isActive():
            self._on_turn()

    def _on_turn(self) -> None:
        if self._wanted:
            self._wanted = False
            self._timer.start()
            self._function()
