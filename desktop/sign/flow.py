"""From the Sign button to the password: what others will see, then the password, then the desk signs."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QDialog, QWidget

from desktop.card.desk import CardDesk
from desktop.keys.desk import OtherKey
from desktop.look.fitting import lay_out
from desktop.look.widgets import button, column, label, prose, row
from desktop.messages import disclosure
from desktop.passwords.pin_dialog import PinDialog
from desktop.settings import load_settings, save_settings
from desktop.sign.desk import SignDesk, Stage
from desktop.words.keys import unopened_disclosure
from desktop.words.translation import _
from signing.card.pin import SignaturePin
from signing.errors import UserFacingError

if TYPE_CHECKING:
    from desktop.keys.dialog import KeyDialog
    from desktop.time.password import PasswordFinder


class SignFlow(QObject):
    """No dialog has an event loop of its own: the window goes on living behind it."""

    def __init__(self, desk: SignDesk, cards: CardDesk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._cards, self._window = desk, cards, window
        self._practice_disclosed = False
        self._pin_dialog: PinDialog | None = None
        self._passwords: PasswordFinder | None = None  # of time-stamping authorities
        desk.refused.connect(self._on_refused)

    def start(self) -> None:
        """Before the first signature, tell what others will see; of another key that is known once it is open."""
        if self._desk.keys.chosen:
            self._ask()
            return
        disclosed = self._practice_disclosed if self._cards.practice else load_settings().disclosure_seen
        if disclosed:
            self._ask()
        else:
            text = disclosure(practice=self._cards.practice)
            DisclosureDialog(self._window, agreed=self._on_disclosed, text=text).open()

    def explain(self) -> None:
        """The same, without signing."""
        text = unopened_disclosure() if self._desk.keys.chosen else disclosure(practice=self._cards.practice)
        DisclosureDialog(self._pin_dialog or self._window, agreed=None, text=text).open()

    def _on_disclosed(self) -> None:
        if self._cards.practice:
            self._practice_disclosed = True  # for this run; the real first signature tells it again
        else:
            save_settings(load_settings()._replace(disclosure_seen=True))
        self._ask()

    def _ask(self) -> None:
        if not self._desk.time.signing:
            self._prepare()
            return
        from desktop.time.password import PasswordFinder

        self._passwords = self._passwords or PasswordFinder(self._desk.time, self._window)
        self._passwords.find(self._desk.time.settings.authority(), self._prepare)

    def _prepare(self) -> None:
        self._desk.prepare()
        if key := self._desk.keys.chosen:
            self._open_key_dialog(key)
        else:
            self._open_dialog()

    def _open_dialog(self) -> PinDialog:
        dialog = PinDialog(self._desk, self._cards, self._window)
        self._pin_dialog = dialog
        dialog.entered.connect(self._on_entered)
        dialog.explained.connect(self.explain)
        dialog.rejected.connect(self._desk.cancel)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _open_key_dialog(self, key: OtherKey) -> "KeyDialog":
        from desktop.keys.dialog import KeyDialog

        dialog = KeyDialog(self._desk, self._desk.keys, key, self._window)
        dialog.agreed.connect(self._desk.sign_with)
        dialog.rejected.connect(self._desk.cancel)
        dialog.open()
        return dialog

    def _on_entered(self, pin: SignaturePin) -> None:
        if self._pin_dialog:
            self._pin_dialog.accept()
            self._pin_dialog = None
        self._desk.sign(pin)

    def _on_refused(self, error: UserFacingError) -> None:
        if self._desk.stage is not Stage.ASKING:
            return
        if key := self._desk.keys.chosen:
            self._open_key_dialog(key).refuse(error)
        else:
            (self._pin_dialog or self._open_dialog()).refuse(error)


class DisclosureDialog(QDialog):
    """What others will see of the signer."""

    def __init__(self, parent: QWidget, *, agreed: Callable[[], None] | None, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("What others will see"))
        self.setModal(True)
        body = column(label(_("What others will see"), "section"), prose(text), gap=16)
        if agreed is None:
            foot = row(None, button(_("Close"), self.accept))
        else:
            go_on = button(_("Continue"), self.accept, "primary")
            go_on.setDefault(True)
            go_on.setFocus()
            self.accepted.connect(agreed)
            foot = row(None, button(_("Cancel"), self.reject), go_on)
        lay_out(self, body, foot)
        self.finished.connect(self.deleteLater)
