"""A few things of which one is chosen, side by side."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QPushButton, QWidget

from desktop.look.widgets import button, row

Value = TypeVar("Value")


class Choices(QWidget, Generic[Value]):
    """Buttons of which one is down; `chosen` when the person pressed another one."""

    chosen = pyqtSignal()

    def __init__(self, words: Mapping[Value, str], value: Value) -> None:
        super().__init__()
        self._value = value
        self._buttons = {each: self._button(each, text) for each, text in words.items()}
        group = QButtonGroup(self)
        for made in self._buttons.values():
            group.addButton(made)
        self._buttons[value].setChecked(True)
        self._lead()
        self.setLayout(row(*self._buttons.values(), None, gap=4))

    @property
    def value(self) -> Value:
        return self._value

    def _button(self, value: Value, text: str) -> QPushButton:
        made = button(text, lambda: None, "choice")
        made.setCheckable(True)
        made.toggled.connect(lambda on: self._take(value) if on else None)  # assistive technology does not click
        return made

    def _take(self, value: Value) -> None:
        if value != self._value:
            self._value = value
            self._lead()
            self.chosen.emit()

    def _lead(self) -> None:
        """Let Tab come to the chosen one; Qt leads from there with the arrow keys, and would stop at the first."""
        for value, made in self._buttons.items():
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus if value == self._value else Qt.FocusPolicy.NoFocus)
