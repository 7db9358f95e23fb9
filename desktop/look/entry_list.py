"""Rows to press, in two columns where there is room for both, else in one."""

from collections.abc import Sequence

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QLayout, QPushButton, QWidget

_GAP = 16


class EntryList(QWidget):
    """The order is down the first column, then down the second."""

    def __init__(self, entries: Sequence[QPushButton]) -> None:
        super().__init__()
        self._entries = list(entries)
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(self._grid)
        self._arrange(2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widest(), self._grid.minimumSize().height())

    def sizeHint(self) -> QSize:
        return QSize(2 * self._widest() + _GAP, self._grid.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= 2 * self._widest() + _GAP else 1)

    def _widest(self) -> int:
        return max((entry.sizeHint().width() for entry in self._entries), default=0)

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
