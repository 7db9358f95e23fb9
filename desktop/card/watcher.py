"""A thread that only notices: readers and cards come and go. It never connects to a card."""

from PyQt6.QtCore import QObject, QThread, pyqtSignal

from signing.card import Readers, ReaderState
from signing.errors import CardError

_PAUSE = 1.0  # seconds; also how long a change of mind of the window may wait


class CardWatcher(QThread):
    """Tells the states of all readers at once, and again at every change."""

    changed = pyqtSignal(tuple)  # of ReaderState
    unavailable = pyqtSignal(object)  # CardError: the service does not run; tried again every second

    def __init__(self, readers: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = readers

    def run(self) -> None:
        known: tuple[ReaderState, ...] | None = None
        trouble: type[CardError] | None = None
        while not self.isInterruptionRequested():
            try:
                states = self._look(known)
            except CardError as error:
                if trouble is not type(error):
                    self.unavailable.emit(error)
                known, trouble = None, type(error)
                self.msleep(int(_PAUSE * 1000))
                continue
            if states != known:
                self.changed.emit(states)
            known, trouble = states, None

    def _look(self, known: tuple[ReaderState, ...] | None) -> tuple[ReaderState, ...]:
        return self._readers.states() if known is None else self._readers.wait_for_change(known, _PAUSE)
