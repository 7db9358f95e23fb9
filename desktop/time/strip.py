"""What waits for a time stamp since another time, in one sentence at the head of the window."""

from PyQt6.QtWidgets import QSizePolicy, QWidget

from desktop.look.widgets import Notice, button, column
from desktop.time.desk import TimeDesk
from desktop.words.translation import _


class WaitingStrip(QWidget):
    """Leads to what can be done about it."""

    def __init__(self, desk: TimeDesk, count: int) -> None:
        super().__init__()
        self._desk = desk
        words = _("1 signed file waits for its time stamp.")
        if count > 1:
            words = _("{count} signed files wait for their time stamps.").format(count=count)
        notice = Notice("care", words, button(_("Look at it"), self._open, "link", icon="clock"))
        self.setLayout(column(notice, margins=(24, 12, 24, 0)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # the page takes the rest

    def _open(self) -> None:
        from desktop.time.waiting_notice import WaitingDialog

        WaitingDialog(self._desk, self.window() or self).open()
