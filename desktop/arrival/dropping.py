"""Files that are dropped on the window, or copied in a file manager and pasted into it."""

import os

from PyQt6.QtCore import QMimeData
from PyQt6.QtWidgets import QApplication, QFrame, QWidget

from desktop.arrival.request import Arrival, located
from desktop.look.widgets import column, label
from desktop.words.translation import _

_CENTRE = 0x84  # Qt.AlignmentFlag.AlignCenter, by number as in widgets.py


def carried(data: QMimeData | None) -> Arrival:
    """The files, folders and addresses among what is carried."""
    urls = data.urls() if data else []
    return Arrival(located([os.fsdecode(url.toEncoded().data()) for url in urls]))


def copied() -> Arrival:
    """Those that were copied."""
    clipboard = QApplication.clipboard()
    return carried(clipboard.mimeData() if clipboard else None)


class DropHint(QFrame):
    """Lies over the window while something is carried over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("role", "drop")
        words = label(_("Drop here: unsigned files to sign them, signed ones to verify them"), "section")
        words.setProperty("alignment", _CENTRE)
        self.setLayout(column(words))

    def cover(self) -> None:
        """Show it over all of the window."""
        self.setGeometry(self._window.rect().adjusted(8, 8, -8, -8))
        self.show()
        self.raise_()
