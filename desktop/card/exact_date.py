"""Reads the exact date with the signature password: the dialog asks, the desk sends the password once."""

from PyQt6.QtWidgets import QPushButton, QWidget

from desktop.card.life import CardLifeDesk
from desktop.look.widgets import label
from desktop.messages import joined
from desktop.passwords.password_dialog import PasswordDialog
from desktop.words.translation import _
from signing.card.pin import SignaturePin
from signing.errors import UserFacingError


def ask_for_exact_date(desk: CardLifeDesk, window: QWidget) -> "ExactDateDialog":
    """Open the dialog; it comes back when the password was wrong."""
    dialog = ExactDateDialog(desk, window)
    dialog.open()
    return dialog


class ExactDateDialog(PasswordDialog):
    """Stays hidden while the card works, and is shown again where the password was refused."""

    def __init__(self, desk: CardLifeDesk, parent: QWidget) -> None:
        self._desk = desk
        words = joined(
            _("The exact date stands in the signature certificate, which the card shows only for its password."),
            _("Nothing is signed, and the date is kept only while the card is there."),
            _("A wrong password costs one try."),
        )
        super().__init__(desk.cards, parent, title=_("Read the exact date"), subject=label(words, "soft"))
        self.entered.connect(self._on_entered)
        self.rejected.connect(self.deleteLater)
        desk.refused.connect(self._on_refused)
        desk.changed.connect(self._on_desk)

    def dress(self, send: QPushButton) -> None:
        send.setText(_("Read the exact date"))

    def _on_entered(self, pin: SignaturePin) -> None:
        self.hide()
        self._desk.read_exactly(pin)

    def _on_refused(self, error: UserFacingError) -> None:
        self.refuse(error)
        self.open()

    def _on_desk(self) -> None:
        if not self._desk.reading and self._desk.cards.signature_certificate:
            self.deleteLater()
