"""What went where of the files that arrived, in one line at the head of the window, until it is put away."""

from PyQt6.QtWidgets import QSizePolicy, QWidget

from desktop.look import icons
from desktop.look.announcing import announce
from desktop.look.widgets import column, icon_button, label, row, surface, top
from desktop.words.translation import _


class ArrivalStrip(QWidget):
    """Nothing else tells it: the files stand on pages of which one is not seen."""

    def __init__(self, words: str) -> None:
        super().__init__()
        line = row(icons.Picture("info", "ink_soft"), label(words), top(icon_button("close", _("Put away"), self.hide)))
        line.setStretch(1, 1)
        framed = surface(line, margins=(12, 6, 8, 6))
        framed.setAccessibleName(words)
        self.setLayout(column(framed, margins=(24, 12, 24, 0)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # the page takes the rest
        announce(words)
