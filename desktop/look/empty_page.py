"""A page without content says what can be done, with one picture and one button."""

from PyQt6.QtWidgets import QPushButton, QWidget

from desktop.look.icons import Picture
from desktop.look.widgets import column, label, row


def empty_page(picture: str, sentence: str, detail: str, action: QPushButton) -> QWidget:
    page = QWidget()
    words = [label(sentence, "sentence"), label(detail, "soft")]
    for part in words:
        part.setProperty("alignment", 0x84)  # Qt.AlignmentFlag.AlignCenter, by number as in widgets.py
    middle = column(
        None,
        row(None, Picture(picture, width=200, height=150), None),
        *words,
        row(None, action, None),
        None,
        gap=16,
    )
    page.setLayout(middle)
    return page
