"""Where a page answers what was done on it: seen wherever the page was scrolled to, and told to those who listen."""

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QScrollArea, QWidget

from desktop.look.announcing import announce
from desktop.look.widgets import Notice, clear, column


class Said(QWidget):
    """One answer at a time; without one it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._body = column(gap=0)
        self.setLayout(self._body)
        self.hide()

    def say(self, tone: str, words: str) -> None:
        """Instead of what was said before."""
        announce(words, urgent=tone == "bad")
        self.show_part(Notice(tone, words))

    def show_part(self, part: QWidget) -> None:
        """The same with something else than words, such as a question."""
        self.unsay()
        self._body.addWidget(part)
        self.show()
        QTimer.singleShot(0, self._come_into_view)

    def unsay(self) -> None:
        clear(self._body)
        self.hide()

    def _come_into_view(self) -> None:
        around = self.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(self)
            around = around.parentWidget()
