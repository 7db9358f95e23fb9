"""Takes the files that macOS brings: the Finder names them in an event, not as arguments."""

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QFileOpenEvent

from desktop.arrival.request import Arrival, located


class OpenedFiles(QObject):
    """To be an event filter of the application; `take` gets each file as it comes."""

    def __init__(self, take: Callable[[Arrival], object], parent: QObject) -> None:
        super().__init__(parent)
        self._take = take

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return False
        if event.file():  # else an address that is none of a file
            self._take(Arrival(located([event.file()])))
        return True
