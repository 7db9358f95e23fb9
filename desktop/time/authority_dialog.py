"""One time-stamping authority: where it is, how it lets us in, and whom its time stamps must lead to."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.look.fitting import lay_out
from desktop.look.said import Said
from desktop.look.widgets import button, clear, column, label, prose, row
from desktop.messages import describe, plain
from desktop.time.authorities import Authority, TimeSettings
from desktop.time.desk import TimeDesk
from desktop.words.translation import _
from signing.errors import UserFacingError


class AuthorityDialog(QDialog):
    """Saves what is entered, the password in the keyring of the system; contacts nobody."""

    def __init__(self, desk: TimeDesk, authority: Authority | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._before = desk, authority
        self._made_now: Authority | None = None
        known = authority or Authority("", "https://")
        self._anchors, self._certificate = known.anchors, known.client_certificate
        self.setWindowTitle(_("An authority for time stamps"))
        self.setModal(True)
        self.setMinimumWidth(520)
        self._name = _field(known.name, _("Name"), _("What you call it"))
        self._address = _field(known.address, _("Address (URL)"), "https://")
        self._policy = _field(known.policy, _("Policy (OID)"), _("Empty: any"))
        self._user = _field(known.user, _("User"), _("Empty: none"))
        self._password = _field("", _("Password"), _("Unchanged") if authority else "")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._store = QCheckBox(_("Keep the password in the keyring"))
        self._files, self._said = column(gap=6), Said()
        self._lay_out()
        self._show_files()
        self.finished.connect(self.deleteLater)

    def _lay_out(self) -> None:
        save = self._save_button = button(_("Save"), self._save, "primary")
        save.setDefault(True)
        whole = column(label(_("An authority for time stamps"), "section"), gap=10)
        for field in (self._name, self._address, self._policy):
            whole.addLayout(_captioned(field))
        whole.addLayout(row(_captioned(self._user), _captioned(self._password)))
        whole.addWidget(self._store)
        if not self._desk.has_keyring():
            self._store.setEnabled(False)
            words = _("This system has no keyring: the password is asked for each time, and not stored.")
            whole.addWidget(prose(words, "small"))
        else:
            self._store.setChecked(True)
        whole.addLayout(self._files)
        whole.addWidget(self._said)
        self._area = lay_out(self, whole, row(None, button(_("Cancel"), self.reject), save))

    def _show_files(self) -> None:
        clear(self._files)
        client = Path(self._certificate).name if self._certificate else _("none")
        anchors = _("{count} added").format(count=len(self._anchors)) if self._anchors else _("none")
        trusted = _("Certificates that its time stamps must lead to: {value}").format(value=anchors)
        own = _("Client certificate for the connection (.p12): {value}").format(value=plain(client))
        for words, choose in ((trusted, self._choose_anchors), (own, self._choose_certificate)):
            line = row(label(words, "small"), button(_("Choose"), choose, "link"))
            line.setStretch(0, 1)
            self._files.addLayout(line)

    def _choose_anchors(self) -> None:
        self._choose(_("Certificates (*.cer *.crt *.pem *.der)"), self._take_anchors)

    def _choose_certificate(self) -> None:
        self._choose(_("Client certificates (*.p12 *.pfx)"), self._take_certificate)

    def _choose(self, kinds: str, taken: Callable[[str], None]) -> None:
        dialog = QFileDialog(self, _("Choose"))
        dialog.setNameFilters([kinds, _("All files (*)")])
        dialog.fileSelected.connect(taken)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_anchors(self, name: str) -> None:
        from signing.trust import read_certificates

        try:
            self._anchors = tuple(dict.fromkeys((*self._anchors, *read_certificates(Path(name)))))
        except UserFacingError as error:
            self._tell(error)
        self._show_files()

    def _take_certificate(self, name: str) -> None:
        self._certificate = name
        self._show_files()

    # --- saving

    def _save(self) -> None:
        from signing.timestamping import require_policy
        from signing.web import require_address

        made = self._made()
        try:
            require_address(made.address)
            require_policy(made.policy)
            self._changed(made)
        except UserFacingError as error:
            self._tell(error)
            return
        password = self._password.text()
        if password and made.needs_password and self._store.isChecked():
            self._made_now = made
            self._save_button.setEnabled(False)  # the keyring may have to be unlocked
            self._desk.aside(partial(_keep, made, password), self._on_kept)
            return
        self._use(made)

    def _on_kept(self, failure: UserFacingError | None) -> None:
        self._save_button.setEnabled(True)
        if failure:  # told, and the password serves while the window is open
            self._tell(failure)
            self._store.setChecked(False)
        elif self._made_now:
            self._password.clear()
            self._use(self._made_now)

    def _use(self, made: Authority) -> None:
        try:
            self._desk.use(self._changed(made))
        except UserFacingError as error:
            self._tell(error)
            return
        if made.needs_password and self._password.text() and made == self._desk.settings.authority():
            self._desk.know_password(self._password.text())
        self.accept()

    def _changed(self, made: Authority) -> TimeSettings:
        return self._desk.settings.with_authority(made, instead_of=self._before.name if self._before else "")

    def _made(self) -> Authority:
        address, policy, user = (field.text().strip() for field in (self._address, self._policy, self._user))
        return Authority(plain(self._name.text()), address, policy, user, self._certificate, self._anchors)

    def _tell(self, error: UserFacingError) -> None:
        self._said.say("bad", f"{describe(error).text} [{error.code}]")
        self._area.fit()

    def done(self, result: int) -> None:
        self._password.clear()
        super().done(result)


def _keep(made: Authority, password: str) -> None:
    from desktop.time.secrets import save_password

    save_password(made, password)


def _field(text: str, name: str, hint: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def _captioned(field: QLineEdit) -> QVBoxLayout:
    caption = label(field.accessibleName(), "small")
    caption.setBuddy(field)
    return column(caption, field, gap=2)
