"""Asks for the password of the signature certificate, whatever for: how many tries are left, and a last warning."""

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.card.desk import CardDesk
from desktop.look.fitting import Fitting, lay_out, width_of
from desktop.look.widgets import Notice, button, clear, column, icon_button, label, row
from desktop.messages import describe, joined, tries_left
from desktop.words.card import reader_name
from desktop.words.translation import _
from signing.card.pin import PinRule, SignaturePin
from signing.card.profiles import password_rule
from signing.errors import PinFormat, PinLocked, UserFacingError

_KEYS = QKeySequence.StandardKey
_KEEPING = (_KEYS.Copy, _KEYS.Cut, _KEYS.Undo, _KEYS.Redo)


class PinField(QLineEdit):
    """Keeps nothing of what is typed: no undo, no menu, no input method, no suggestions."""

    def __init__(self) -> None:
        super().__init__()
        self.hide_text()
        self.setMaxLength(64)  # more than a password may have, so that one that is too long is not cut in silence
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.setAccessibleName(_("Signature password"))

    def forget(self) -> None:
        """Be empty, and hide what comes next."""
        self.clear()
        self.setText("")  # also empties what could be undone
        self.hide_text()

    def hide_text(self) -> None:
        self._show_as(QLineEdit.EchoMode.Password)

    def show_text(self) -> None:
        self._show_as(QLineEdit.EchoMode.Normal)

    def _show_as(self, mode: QLineEdit.EchoMode) -> None:
        self.setEchoMode(mode)
        hints = Qt.InputMethodHint
        self.setInputMethodHints(
            hints.ImhHiddenText | hints.ImhSensitiveData | hints.ImhNoPredictiveText | hints.ImhPreferUppercase
        )
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # after the echo mode, which sets it

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event and any(event.matches(key) for key in _KEEPING):
            event.ignore()
        elif event and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_default()
        else:
            super().keyPressEvent(event)

    def _press_default(self) -> None:
        """Nothing where the password cannot be sent: Qt would press the next button, which shows it."""
        if dialog := self.window():
            for each in dialog.findChildren(QPushButton):
                if each.isDefault() and each.isVisible() and each.property("role") == "primary":
                    each.click()
                    return


class PasswordDialog(QDialog):
    """Emits a password that can be one. It is the caller's from then on; the field is empty already.

    `subject` is what the password is for, and `more` a way to learn about it; both give way to the last warning.
    """

    entered = pyqtSignal(object)  # SignaturePin

    def __init__(
        self, cards: CardDesk, parent: QWidget | None, *, title: str, subject: QWidget, more: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cards = cards
        self._refusal: UserFacingError | None = None
        self._last_try_confirmed = False
        self._title = label("", "section")
        self.entitle(title)
        self.setModal(True)
        self.setFixedWidth(width_of(self, lines=26))
        self._aside = (subject, more or QWidget())
        self._card = QVBoxLayout()
        self._field, self._made = PinField(), label("", "small")
        self._send = button("", self._press, "primary")
        self._cancel = button(_("Cancel"), self.reject)
        self._entry = self._entry_part()
        self._area = self._lay_out()
        self._field.textChanged.connect(self._on_typed)
        cards.changed.connect(self._show)
        self._show()
        self._field.setFocus()

    def refuse(self, error: UserFacingError) -> None:
        """Tell why the last password was of no use, and ask again where that makes sense."""
        self._refusal, self._last_try_confirmed = error, False
        self._show()
        self._field.setFocus()

    def entitle(self, title: str) -> None:
        """Say what the password is for."""
        self.setWindowTitle(title)
        self._title.setText(title)

    def dress(self, send: QPushButton) -> None:
        """Give the button that sends the password its words."""
        raise NotImplementedError

    # --- what it is made of

    def _lay_out(self) -> Fitting:
        subject, more = self._aside
        whole = column(self._title, gap=16)
        if self._cards.practice:
            whole.addWidget(Notice("practice", _practice_words()))
        whole.addWidget(subject)
        whole.addLayout(self._card)
        whole.addWidget(self._entry)
        return lay_out(self, whole, row(more, None, self._cancel, self._send))

    def _entry_part(self) -> QWidget:
        part = QWidget()
        self._eye = icon_button("show", _("Show the password"), self._toggle)
        rule = password_rule(self._cards.facts)
        words = _("Signature password ({shortest} to {longest} letters and digits)")
        caption = label(words.format(shortest=rule.shortest, longest=rule.longest), "strong")
        caption.setBuddy(self._field)
        part.setLayout(column(caption, row(self._field, self._eye, gap=4), self._made, gap=6))
        return part

    # --- what it shows

    def _show(self) -> None:
        clear(self._card)
        for notice in self._notices():
            self._card.addWidget(notice)
        self._entry.setVisible(not self._locked())
        self._cancel.setText(_("Close") if self._locked() else _("Cancel"))
        self._send.setVisible(not self._locked())
        for part in self._aside:
            part.setVisible(not self._last_try_confirmed)  # the warning needs the room
        self._on_text(self._field.text())
        if self._locked():
            self._cancel.setFocus()
        self._area.fit()

    def _locked(self) -> bool:
        tries = self._cards.facts.signature_tries if self._cards.facts else None
        return tries == 0 or isinstance(self._refusal, PinLocked)

    def _notices(self) -> list[QWidget]:
        if self._locked():
            return [Notice("bad", describe(PinLocked()).text)]
        notices: list[QWidget] = []
        if self._refusal:
            notices.append(Notice("bad", f"{describe(self._refusal).text} [{self._refusal.code}]"))
        if self._last_try_confirmed:
            notices.append(Notice("bad", _last_try_words()))
        elif self._cards.ready and self._cards.facts:
            tries = self._cards.facts.signature_tries
            reader = reader_name(self._cards.facts.reader)
            text = joined(tries_left(tries), _("Reader: {reader}").format(reader=reader))
            notices.append(Notice("care", text) if tries is not None and tries < 3 else label(text, "soft"))
        elif self._cards.error:
            notices.append(Notice("care", describe(self._cards.error).text))
        else:
            notices.append(label(_("Put the card on the reader. It is read as soon as it is there."), "soft"))
        return notices

    def _on_typed(self, text: str) -> None:
        if self._last_try_confirmed:  # another password is another decision
            self._last_try_confirmed = False
            self._show()
        self._on_text(text)

    def _on_text(self, text: str) -> None:
        shown = SignaturePin.shown(text)
        rule = password_rule(self._cards.facts)
        self._made.setText(_made_of(text, shown, rule, visible=self._visible()))
        possible = _violation(text, rule) is None and self._cards.ready
        self._send.setEnabled(possible)
        # At the last try the confirmation must be pressed on purpose.
        last = self._last_try_confirmed
        if not last:
            self.dress(self._send)
        self._send.setDefault(possible and not last)
        self._cancel.setDefault(last)

    def _visible(self) -> bool:
        return self._field.echoMode() is QLineEdit.EchoMode.Normal

    def _toggle(self) -> None:
        hide = self._visible()
        (self._field.hide_text if hide else self._field.show_text)()
        name = _("Show the password") if hide else _("Hide the password")
        self._eye.set_icon("show" if hide else "hide")
        self._eye.setAccessibleName(name)
        self._eye.setToolTip(name)
        self._on_text(self._field.text())

    # --- what it does

    def _press(self) -> None:
        tries = self._cards.facts.signature_tries if self._cards.facts else None
        if tries == 1 and not self._last_try_confirmed:
            self._last_try_confirmed = True
            self._send.setText(_("Send this password"))
            self._show()
            self._cancel.setFocus()
            return
        try:
            pin = SignaturePin.parse(self._field.text(), password_rule(self._cards.facts))
        except PinFormat:
            return
        self._field.forget()
        self.entered.emit(pin)

    def done(self, result: int) -> None:
        self._field.forget()
        super().done(result)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event and event.type() == QEvent.Type.ActivationChange and not QGuiApplication.focusWindow():
            self._field.hide_text()


def _violation(text: str, rule: PinRule) -> PinFormat | None:
    try:
        SignaturePin.parse(text, rule).wipe()
    except PinFormat as error:
        return error
    return None


def _made_of(text: str, shown: str, rule: PinRule, *, visible: bool) -> str:
    """What the program made of the input; the characters themselves only where they are shown anyway."""
    if not text:
        return _("Small letters and full-width characters are accepted. Caps Lock makes no difference.")
    count = _("{count} characters").format(count=len(shown))
    if shown != text:
        changed = (
            _("read as {password}").format(password=shown) if visible else _("read as capital, half-width letters")
        )
        count = f"{count} · {changed.format(password=shown)}"
    error = _violation(text, rule)
    return f"{count} · {describe(error).title}" if error and error.reason == "characters" else count


def _practice_words() -> str:
    from signing.card.practice import PRACTICE_PIN

    return _("This is the practice card. Its password is {password}, unless you changed it.").format(
        password=PRACTICE_PIN
    )


def _last_try_words() -> str:
    return joined(
        _("This is the last try."),
        _("If the password is wrong, it is locked, and nothing can be signed with this card until it is reset."),
        describe(PinLocked()).action,
        _("If you are not sure, cancel now: no try is used."),
    )
