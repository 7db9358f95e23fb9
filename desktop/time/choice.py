"""The choice on the Sign page: whether signatures get a time stamp, and from whom."""

from PyQt6.QtWidgets import QHBoxLayout, QWidget

from desktop.look.widgets import button, clear, row
from desktop.messages import plain
from desktop.time.desk import TimeDesk
from desktop.words.translation import _


class TimeChoice(QWidget):
    """Says what is so; pressed, it opens the settings."""

    def __init__(self, desk: TimeDesk) -> None:
        super().__init__()
        self._desk = desk
        self._line: QHBoxLayout = row(gap=0)
        self.setLayout(self._line)
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        words = _("Time stamp: none")
        if self._desk.unreadable:
            words = _("Time stamp: none, because what you had set cannot be read")
        elif self._desk.signing:
            words = _("Time stamp: {name}").format(name=plain(self._desk.settings.authority().name))
        clear(self._line)
        self._line.addWidget(button(words, self._open, "link", icon="clock"))

    def _open(self) -> None:
        from desktop.time.dialog import TimeDialog

        TimeDialog(self._desk, self.window() or self).open()
