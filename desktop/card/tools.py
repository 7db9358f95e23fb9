"""What is done seldom with a card: changing its password and its PIN, and finding out why it is not seen."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtWidgets import QWidget

from desktop.card.life import CardLifeDesk
from desktop.look.entry_list import EntryList
from desktop.look.widgets import button, clear, column, label, prose, row
from desktop.passwords.pin_change_dialog import PinChangeDialog, change_words
from desktop.settings import load_settings, save_settings
from desktop.words.translation import _
from signing.card import TokenKind
from signing.card.pin_change import Changeable


class CardTools(QWidget):
    """For real cards, changing a PIN is off until the person switches the experiment on."""

    def __init__(self, desk: CardLifeDesk, *, diagnose: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._diagnose = desk, diagnose
        self._body = column(gap=8)
        self.setLayout(self._body)
        desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        clear(self._body)
        self._body.addWidget(label(_("Card and reader"), "section"))
        self._body.addWidget(self._entries())
        if not self._desk.cards.practice:
            self._body.addWidget(prose(experiment_words(), "small", characters=90))
            self._body.addLayout(row(self._switch(), None))

    def _entries(self) -> EntryList:
        known = self._desk.known
        usable = known is not None and known.facts.token is TokenKind.MY_NUMBER_CARD
        entries = [button(_("Why is the card not seen?"), self._diagnose, "entry", icon="right")]
        for which in Changeable:
            entries.append(button(change_words(which), partial(self._open, which), "entry", icon="right"))
            entries[-1].setEnabled(usable and (self._desk.cards.practice or load_settings().pin_change))
        return EntryList(entries)

    def _switch(self) -> QWidget:
        on = load_settings().pin_change
        words = _("Switch the experiment off") if on else _("Switch the experiment on")
        return button(words, lambda: self._set(on=not on), "link")

    def _set(self, *, on: bool) -> None:
        save_settings(load_settings()._replace(pin_change=on))
        self.refresh()

    def _open(self, which: Changeable) -> None:
        dialog = PinChangeDialog(which, self._desk.cards, self.window() or self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def experiment_words() -> str:
    """Why it is one."""
    return _(
        "Changing a password or PIN of a real card is an experiment and switched off at first: no authority has "
        "confirmed the way in which it is done here. The counter and the software of J-LIS do it safely."
    )
