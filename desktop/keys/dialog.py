"""Signing with a file or a token: first its password, then what its certificate reveals, then one button that signs."""

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from desktop.keys.desk import Kept, KeyDesk, OtherKey, preferred
from desktop.look.fitting import lay_out, width_of
from desktop.look.said import Said
from desktop.look.widgets import ChoiceBox, Notice, button, column, dress_for_signing, icon_button, label, prose, row
from desktop.messages import describe, plain
from desktop.passwords.password_dialog import PinField
from desktop.passwords.pin_dialog import FileList
from desktop.sign.desk import SignDesk
from desktop.sign.sentence import intent_words
from desktop.words.keys import (
    certificate_disclosure,
    certificate_line,
    keypad_words,
    missing_issuer_words,
    pin_words,
)
from desktop.words.translation import _
from signing.credential import OtherCredential
from signing.errors import KeyFilePasswordWrong, TokenPinIncorrect, TokenPinLocked, UserFacingError


class KeyDialog(QDialog):
    """`agreed` brings the credential; nothing was signed with it yet. Whoever rejects it closes the key."""

    agreed = pyqtSignal(object)  # Credential

    def __init__(self, desk: SignDesk, keys: KeyDesk, key: OtherKey, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._key = keys, key
        self._credentials: list[OtherCredential] = []
        self._is_last_try = key.token is not None and key.token.remaining == "one"  # and not confirmed yet
        self._desk, self._title = desk, label("", "section")
        self._follow()
        self.setModal(True)
        self.setFixedWidth(width_of(self, lines=26))
        self._files = FileList(desk)
        self._box, self._reveals = ChoiceBox(), prose("")
        self._middle: QVBoxLayout = column(gap=12)
        self._before = QWidget()  # until the key is open
        self._said = Said()
        self._field = PinField()
        self._field.setMaxLength(1024)
        self._field.setAccessibleName(_("PIN of the token") if key.token else _("Password of the certificate file"))
        self._open, self._sign = button(_("Continue"), self._press, "primary"), button("", self._agree, "primary")
        dress_for_signing(self._sign, practice=False)
        body = column(self._title, self._files, gap=16)
        if request := desk.time.request_in_words():  # where the network is used, it is said before the password
            body.addWidget(label(request, "small"))
        body.addLayout(self._middle)
        body.addWidget(self._said)
        self._area = lay_out(self, body, row(None, button(_("Cancel"), self.reject), self._open, self._sign))
        desk.digests_changed.connect(self._files.refresh)
        desk.digests_changed.connect(self._follow)
        self._field.textChanged.connect(self._on_text)
        keys.opened.connect(self._on_opened)
        keys.refused.connect(self.refuse)
        keys.looked.connect(self._on_looked)
        self.finished.connect(self.deleteLater)
        self._show_entry()

    def _follow(self) -> None:
        self._title.setText(intent_words(self._desk))
        self.setWindowTitle(self._title.text())

    # --- the password

    def _show_entry(self) -> None:
        part = column(label(_where(self._key), "strong"), gap=12)
        if self._key.token and (words := pin_words(self._key.token)):
            part.addWidget(Notice("care", words))
        part.addWidget(self._entry() if self._needs_password() else label(keypad_words()))
        part.addLayout(self._consents())
        self._before.setLayout(part)
        self._middle.addWidget(self._before)
        self._sign.hide()
        self._on_text("")
        self._field.setFocus()
        if not self._key.token:
            self._keys.look_into_keyring()

    def _needs_password(self) -> bool:
        return not (self._key.token and self._key.token.has_keypad)

    def _entry(self) -> QWidget:
        part = QWidget()
        self._eye = eye = icon_button("show", _("Show the password"), self._toggle)
        caption = label(self._field.accessibleName(), "strong")
        caption.setBuddy(self._field)
        part.setLayout(column(caption, row(self._field, eye, gap=4), gap=6))
        return part

    def _toggle(self) -> None:
        hide = self._field.echoMode() is PinField.EchoMode.Normal
        (self._field.hide_text if hide else self._field.show_text)()
        name = _("Show the password") if hide else _("Hide the password")
        self._eye.set_icon("show" if hide else "hide")
        self._eye.setAccessibleName(name)
        self._eye.setToolTip(name)

    def _consents(self) -> QVBoxLayout:
        made = column(gap=4)
        words = _("List this library next time") if self._key.token else _("List this file next time (its place only)")
        remember = QCheckBox(words)
        remember.setChecked(self._keys.remember)
        remember.toggled.connect(lambda on: setattr(self._keys, "remember", on))
        made.addWidget(remember)
        self._store = QCheckBox(_("Keep the password in the keyring"))
        self._store.setChecked(self._keys.keep)
        self._store.toggled.connect(self._on_keep)
        # What is kept is on the list, where it is found and can be forgotten.
        self._store.toggled.connect(lambda on: remember.setChecked(on or remember.isChecked()))
        made.addWidget(self._store)
        self._store.hide()  # until it is known that there is a keyring
        return made

    def _on_looked(self, kept: Kept | UserFacingError) -> None:
        if not isinstance(kept, Kept) or kept.path != self._key.path or self._credentials or self._key.token:
            return
        self._store.setVisible(kept.possible)
        self._area.fit()
        if kept.password is not None and not self._field.text() and self._open.isEnabled():
            self._begin(kept.password)

    def _on_keep(self, on: bool) -> None:
        self._keys.keep = on

    def _on_text(self, text: str) -> None:
        possible = bool(text) or not self._key.token or not self._needs_password()  # a file may have an empty one
        self._open.setEnabled(possible)
        self._open.setDefault(possible)

    def _press(self) -> None:
        if self._is_last_try:
            self._is_last_try = False
            self._tell(_("This is the last try. If you are not sure, cancel now: no try is used."))
            return
        text = self._field.text()
        self._field.forget()
        self._begin(text)

    def _begin(self, text: str) -> None:
        self._open.setEnabled(False)
        self._said.show_part(label(_("Opening the key"), "soft"))
        self._area.fit()
        self._keys.open(text)

    def refuse(self, error: UserFacingError) -> None:
        """Tell why it was not opened, and let the person try again."""
        self._tell(f"{describe(error).text} [{error.code}]")
        locked = isinstance(error, TokenPinLocked)
        self._is_last_try = isinstance(error, TokenPinIncorrect) and error.remaining == "one"
        self._open.setEnabled(not locked)
        self._field.setEnabled(not locked)
        if isinstance(error, KeyFilePasswordWrong):
            self._on_text(self._field.text())
        self._field.setFocus()

    # --- the certificate

    def _on_opened(self, credentials: Sequence[OtherCredential]) -> None:
        self._credentials = preferred(credentials)
        self._before.hide()
        self._said.unsay()
        lines = [certificate_line(each.certification_path[0]) for each in self._credentials]
        self._box.setAccessibleName(_("Certificate"))
        self._box.addItems(lines)
        self._box.currentIndexChanged.connect(self._show_disclosure)
        self._show_disclosure(0)
        self._middle.addWidget(label(_("Certificate"), "strong"))
        self._middle.addWidget(self._box if len(lines) > 1 else label(lines[0]))
        self._middle.addWidget(label(_("What others will see"), "strong"))
        self._middle.addWidget(self._reveals)
        self._open.hide()
        self._sign.show()
        self._sign.setDefault(True)
        self._sign.setFocus()
        self._area.fit()

    def _show_disclosure(self, place: int) -> None:
        chosen = self._credentials[place]
        self._reveals.setText(certificate_disclosure(chosen.certification_path[0]))
        self._said.unsay()
        if words := missing_issuer_words(chosen):
            self._said.say("care", words)
        self._area.fit()

    def _agree(self) -> None:
        self.agreed.emit(self._credentials[self._box.currentIndex()])
        self.accept()

    # --- its looks

    def _tell(self, words: str) -> None:
        self._said.say("bad", words)
        self._area.fit()

    def done(self, result: int) -> None:
        self._field.forget()
        super().done(result)


def _where(key: OtherKey) -> str:
    if key.token:
        return _("Token: {label}").format(label=plain(key.token.label))
    return _("Certificate file: {name}").format(name=plain(key.path.name))
