"""A page without content says what can be done, with one picture and one button."""

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.look.icons import Picture
from desktop.look.widgets import column, label, row

_WIDTH, _HEIGHT, _GAP = 200, 150, 16  # pixels


def empty_page(picture: str, sentence: str, detail: str, action: QPushButton) -> QWidget:
    words = [label(sentence, "sentence"), label(detail, "soft")]
    for part in words:
        part.setProperty("alignment", 0x84)  # Qt.AlignmentFlag.AlignCenter, by number as in widgets.py
    return _EmptyPage(Picture(picture, width=_WIDTH, height=_HEIGHT), words, action)


class _EmptyPage(QWidget):
    """Where the window is low or the text large, the picture makes room for the words."""

    def __init__(self, picture: Picture, words: list[QLabel], action: QPushButton) -> None:
        super().__init__()
        self._picture, self._words, self._action = picture, words, action
        self.setLayout(column(None, row(None, picture, None), *words, row(None, action, None), None, gap=_GAP))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        words = sum(part.heightForWidth(self.width()) for part in self._words)
        self._picture.setVisible(self.height() >= _HEIGHT + words + self._action.sizeHint().height() + 4 * _GAP)
