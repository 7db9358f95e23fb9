"""Files that are dropped on the window, or copied in a file manager and pasted into it."""

from PyQt6.QtCore import QMimeData
from PyQt6.QtWidgets import QApplication, QFrame, QWidget

from desktop.look.widgets import column, label
from desktop.words.translation import _

_CENTRE = 0x84  # Qt.AlignmentFlag.AlignCenter, by number as in widgets.py


def local_files(data: QMimeData | None) -> list[str]:
    """The names of the files and folders of this computer among what is carried."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []


def copied_files() -> list[str]:
    """Those that were copied."""
    clipboard = QApplication.clipboard()
    return local_files(clipboard.mimeData()) if clipboard else []


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
