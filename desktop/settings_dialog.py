"""The settings: one quiet place for what is chosen once. Each page is made when it is first looked at."""

from collections.abc import Callable
from typing import NamedTuple

from PyQt6.QtWidgets import QDialog, QFrame, QListWidget, QScrollArea, QStackedWidget, QWidget

from desktop.card.life import CardLifeDesk
from desktop.look import theme
from desktop.look.widgets import button, clear, column, hairline, label, row
from desktop.preferences import Preferences
from desktop.reminders.desk import ReminderDesk
from desktop.sign.desk import SignDesk
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _


class Desks(NamedTuple):
    """What the settings are about."""

    preferences: Preferences
    signing: SignDesk
    verifying: VerifyDesk
    life: CardLifeDesk
    reminders: ReminderDesk


class SettingsDialog(QDialog):
    """A change is in force at once; there is nothing to confirm."""

    def __init__(self, desks: Desks, parent: QWidget) -> None:
        super().__init__(parent)
        self._desks, self._chosen = desks, 0
        self._body = column(gap=0)
        self.setLayout(self._body)
        line = theme.font_height(theme.TEXT)
        self.resize(min(line * 44, parent.width() - 24), min(line * 28, parent.height() - 16))
        self.setModal(True)
        desks.preferences.changed.connect(self._build)
        self.finished.connect(self.deleteLater)
        self._build()

    def choose(self, place: int) -> None:
        """Show the page at this place of the list."""
        self._list.setCurrentRow(place)

    def _build(self) -> None:
        """In the language and colours in force."""
        from desktop.settings_pages import pages

        self.setWindowTitle(_("Settings"))
        whole, self._pages = QFrame(), pages(self._desks)
        self._list, self._stack = QListWidget(), QStackedWidget()
        self._list.setAccessibleName(_("Settings"))
        self._list.addItems([title for title, _make in self._pages])
        self._list.setFixedWidth(self._list.sizeHintForColumn(0) + 48)
        for title, make in self._pages:
            self._stack.addWidget(_Later(title, make))
        self._list.currentRowChanged.connect(self._show)
        parts = row(self._list, self._stack, gap=0)
        parts.setStretch(1, 1)
        close = row(None, button(_("Close"), self.accept), margins=(24, 12, 24, 16))
        body = column(parts, hairline(), close, gap=0)
        body.setStretch(0, 1)
        whole.setLayout(body)
        clear(self._body)
        self._body.addWidget(whole)
        if self.isVisible():
            whole.show()  # now, because what is not yet visible takes no focus
        self._list.setCurrentRow(self._chosen)
        self._list.setFocus()

    def _show(self, place: int) -> None:
        self._chosen = place
        self._stack.setCurrentIndex(place)
        page = self._stack.currentWidget()
        if isinstance(page, _Later):
            page.make()


class _Later(QScrollArea):
    """A page that is made when it is first looked at."""

    def __init__(self, title: str, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._title, self._make, self._made = title, make, False
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setProperty("focusPolicy", 0)  # Qt.FocusPolicy.NoFocus: what is in it takes the focus, and is scrolled to

    def make(self) -> None:
        if not self._made:
            self._made = True
            inside = QWidget()
            inside.setProperty("role", "page")
            inside.setLayout(
                column(label(self._title, "section"), self._make(), None, margins=(24, 20, 24, 20), gap=16)
            )
            self.setWidget(inside)
