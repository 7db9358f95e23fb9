"""Time stamps: whether signatures get them, and the authorities that may be asked. Nothing is contacted by looking."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtWidgets import QCheckBox, QDialog, QFrame, QInputDialog, QLineEdit, QWidget

from desktop.look.fitting import break_lines, lay_out
from desktop.look.widgets import ElidedLabel, Notice, button, clear, column, hairline, icon_button, label, prose, row
from desktop.messages import describe, plain
from desktop.time.authorities import Authority, TimeSettings
from desktop.time.desk import TimeDesk
from desktop.words.time import open_connection, removal_words
from desktop.words.translation import _
from signing.errors import UserFacingError


class TimeDialog(QDialog):
    """The settings; each change is in force at once."""

    def __init__(self, desk: TimeDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(_("Time stamps"))
        self.setMinimumWidth(600)
        self._body = column(gap=12)
        self._close = button(_("Close"), self.accept)
        add = button(_("Add an authority"), lambda: self._edit(None), icon="add")
        self._area = lay_out(self, self._body, row(add, None, self._close))
        desk.changed.connect(self._show)
        desk.tested.connect(self._on_tested)
        self.finished.connect(self.deleteLater)
        self._said: QWidget | None = None
        self._show()

    def _show(self) -> None:
        clear(self._body)
        settings = self._desk.settings
        about = _(
            "A time stamp proves that a signature existed before a certain time, also when the certificate has ended. "
            "It comes from an authority with which you have a contract. 32 bytes of hash go there, no document."
        )
        self._body.addWidget(label(_("Time stamps"), "section"))
        self._body.addWidget(prose(about))
        self._body.addWidget(hairline())
        if self._desk.unreadable:
            anew = button(_("Put it aside and begin anew"), self._begin_anew, "link")
            self._body.addWidget(Notice("bad", _in_words(self._desk.unreadable), anew))
        elif not settings.authorities:
            self._body.addWidget(label(_("No authority is set. This program contacts nobody."), "soft"))
        for place, authority in enumerate(settings.authorities):
            self._body.addWidget(self._entry(authority, first=place == 0))
        if self._said:
            self._body.addWidget(self._said)
            self._said = None
        switch = QCheckBox(_("Ask for a time stamp when signing"))
        switch.setChecked(settings.signing)
        switch.setEnabled(bool(settings.authorities))
        switch.toggled.connect(self._on_switch)
        self._body.addWidget(switch)
        self._body.addStretch(1)
        self._area.fit()

    def _entry(self, authority: Authority, *, first: bool) -> QFrame:
        made = QFrame()
        made.setProperty("role", "row")
        name = plain(authority.name)
        title = ElidedLabel(_("{name} (this one is asked)").format(name=name) if first else name, "strong")
        where = ElidedLabel(plain(authority.address), "small")
        test = button(_("Test"), lambda: self._test(authority), "link", icon="clock")
        edit = button(_("Change"), lambda: self._edit(authority), "link")
        gone = icon_button("close", _("Remove {name}").format(name=name), lambda: self._remove(authority))
        parts: list[QWidget] = [test, edit, gone]
        if not first:
            parts.insert(0, button(_("Ask this one"), lambda: self._prefer(authority), "link"))
        line = row(column(title, where, gap=2), *parts, gap=4)
        line.setStretch(0, 1)
        body = column(line, margins=(4, 8, 4, 8), gap=6)
        if authority.is_open:
            body.addWidget(Notice("care", open_connection(authority)))
        if not authority.anchors:
            words = _("Without its certificate, its time stamps are not believed when a file is verified.")
            body.addWidget(Notice("care", words))
        made.setLayout(body)
        return made

    def _on_switch(self) -> None:
        settings = self._desk.settings
        self._use(TimeSettings(settings.authorities, not settings.signing))

    def _prefer(self, authority: Authority) -> None:
        settings = self._desk.settings
        others = tuple(each for each in settings.authorities if each.name != authority.name)
        self._use(TimeSettings((authority, *others), settings.signing))

    def _remove(self, authority: Authority) -> None:
        from desktop.time.secrets import forget_password

        before = self._desk.settings
        after = before.without(authority.name)
        self._desk.aside(partial(forget_password, authority), self._on_forgotten)
        self._said = Notice("good", removal_words(authority.name, before, after))
        self._use(after)

    def _on_forgotten(self, _: object) -> None:
        """There is nothing to say: where there is no keyring there was nothing to forget."""

    def _use(self, settings: TimeSettings) -> None:
        try:
            self._desk.use(settings)
        except UserFacingError as error:
            self._tell(error)

    def _begin_anew(self) -> None:
        try:
            aside = self._desk.begin_anew()
        except UserFacingError as error:
            self._tell(error)
        else:
            self._said = Notice("good", _("The old settings are kept as {name}.").format(name=plain(aside.name)))
            self._show()

    def _edit(self, authority: Authority | None) -> None:
        from desktop.time.authority_dialog import AuthorityDialog

        AuthorityDialog(self._desk, authority, self).open()

    # --- the test

    def _test(self, authority: Authority) -> None:
        if authority.needs_password:
            self._desk.find_password(authority, self._on_found)
        else:
            self._begin_test(authority, "")

    def _on_found(self, found: tuple[Authority, str | None]) -> None:
        authority, saved = found
        if saved is None:
            ask_password(self, authority, lambda password: self._begin_test(authority, password))
        else:
            self._begin_test(authority, saved)

    def _begin_test(self, authority: Authority, password: str) -> None:
        self._desk.test(authority, password)
        self._said = label(_("Asking {server}").format(server=plain(authority.server)), "soft")
        self._show()

    def _on_tested(self, result: object) -> None:
        if isinstance(result, UserFacingError):
            self._tell(result)
        else:
            self._said = Notice("good", _("It works: the authority answered with a time stamp that holds."))
            self._show()

    def _tell(self, error: UserFacingError) -> None:
        self._said = Notice("bad", _in_words(error))
        self._show()


def _in_words(error: UserFacingError) -> str:
    return f"{describe(error).text} [{error.code}]"


def ask_password(parent: QWidget, authority: Authority, entered: Callable[[str], object]) -> None:
    """Ask for the password of an authority; what is entered is handed on and kept nowhere else."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(_("Password for the time stamp"))
    dialog.setLabelText(_("Password for {name}: ").format(name=plain(authority.name)))
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    dialog.setOkButtonText(_("Continue"))
    dialog.setCancelButtonText(_("Cancel"))
    break_lines(dialog)
    dialog.textValueSelected.connect(entered)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
