"""Rows to press, in two columns where there is room for both, else in one, with their words in more lines."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QLayout, QPushButton, QWidget

_GAP = 16
_NARROW = 200  # pixels


class EntryList(QWidget):
    """The order is down the first column, then down the second."""

    def __init__(self, entries: Sequence[QPushButton]) -> None:
        super().__init__()
        self._entries = list(entries)
        self._words = [entry.text() for entry in entries]
        self._widest = max((entry.sizeHint().width() for entry in entries), default=0)
        for entry, words in zip(entries, self._words, strict=True):
            entry.setAccessibleName(entry.accessibleName() or words)
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(self._grid)
        self._arrange(2)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._widest, _NARROW), self._grid.minimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(2 * self._widest + _GAP, self._grid.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= 2 * self._widest + _GAP else 1
        self._arrange(columns)
        self._break_lines((self.width() - _GAP * (columns - 1)) // columns)

    def _break_lines(self, width: int) -> None:
        """A button does not do that by itself."""
        for entry, words in zip(self._entries, self._words, strict=True):
            entry.setText(words)
            metrics = entry.fontMetrics()
            room = width - (entry.sizeHint().width() - metrics.horizontalAdvance(words))
            entry.setText(_broken(words, partial(_fits, metrics, room)))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._entries) // columns)
        for place, entry in enumerate(self._entries):
            self._grid.addWidget(entry, place % rows, place // rows)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.updateGeometry()


def _fits(metrics: QFontMetrics, room: int, line: str) -> bool:
    return metrics.horizontalAdvance(line) <= room


def _broken(words: str, fits: Callable[[str], bool]) -> str:
    """Between words where there are any, else anywhere."""
    lines = [""]
    for part in re.findall(r"\S+\s*" if " " in words else ".", words):
        if lines[-1] and not fits((lines[-1] + part).rstrip()):
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)
