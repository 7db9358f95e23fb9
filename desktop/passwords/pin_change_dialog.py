"""Changes the signature password or the 4-digit PIN by someone who knows the old one; the rules show while typing."""

from functools import partial

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QShowEvent
from PyQt6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from desktop.card.desk import CardDesk
from desktop.look import icons
from desktop.look.fitting import width_of
from desktop.look.widgets import Notice, button, clear, column, label, row
from desktop.messages import describe, enumerated, joined, tries_left
from desktop.passwords.password_dialog import PinField
from desktop.settings import load_settings
from desktop.words.translation import _
from signing.card import Readers, TokenKind
from signing.card.pin import SignaturePin
from signing.card.pin_change import Changeable, parse_new, parse_old
from signing.errors import PinFormat, PinLocked, UserFacingError


class PinChangeDialog(QDialog):
    """While the card works it cannot be closed: what came of it must be told."""

    changed = pyqtSignal()

    def __init__(self, which: Changeable, cards: CardDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._which, self._cards = which, cards
        self._refusal: UserFacingError | None = None
        self._done = self._busy = self._last_try_confirmed = False
        self.setWindowTitle(change_words(which))
        self.setModal(True)
        self.setFixedWidth(width_of(self, lines=25))
        self._old, self._new, self._again = (_field(name) for name in self._captions())
        self._notices, self._rules = QVBoxLayout(), column(gap=4)
        self._change = button(change_words(which), self._press, "primary")
        self._cancel = button(_("Cancel"), self.reject)
        self._entry = self._entry_part()
        self.setLayout(self._whole())
        for field in (self._old, self._new, self._again):
            field.textChanged.connect(self._on_typed)
        cards.changed.connect(self._show)
        self._show()
        self._old.setFocus()

    # --- what it is made of

    def _captions(self) -> tuple[str, str, str]:
        if self._which is Changeable.SIGNATURE_PASSWORD:
            return _("Signature password now"), _("New signature password"), _("New signature password, once more")
        return _("4-digit PIN now"), _("New 4-digit PIN"), _("New 4-digit PIN, once more")

    def _whole(self) -> QVBoxLayout:
        self._notices.setSpacing(8)
        self._middle = QWidget()
        self._middle.setProperty("role", "list")
        self._middle.setLayout(column(self._notices, self._entry, None, margins=(0, 0, 8, 0), gap=14))
        self._area = QScrollArea()
        self._area.setWidget(self._middle)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return column(
            label(change_words(self._which), "section"),
            self._area,
            row(None, self._cancel, self._change),
            margins=(24, 24, 24, 24),
            gap=14,
        )

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._fit)

    def _fit(self) -> None:
        """Be as high as the words need; on a screen too low for that, the middle is scrolled."""
        layout, inner, screen = self.layout(), self._middle.layout(), self.screen()
        if layout is not None and inner is not None and screen is not None:
            inner.activate()
            needed = inner.totalHeightForWidth(self.width() - 48) + layout.totalMinimumSize().height()
            needed -= self._area.minimumSizeHint().height()
            room = screen.availableGeometry().height() - self.frameGeometry().height() + self.height()
            self.resize(self.width(), min(needed, room))

    def _entry_part(self) -> QWidget:
        part, lines = QWidget(), column(gap=6)
        for field in (self._old, self._new, self._again):
            caption = label(field.accessibleName(), "strong")
            caption.setBuddy(field)
            lines.addWidget(caption)
            lines.addWidget(field)
        lines.addLayout(self._rules)
        part.setLayout(lines)
        return part

    # --- what it shows

    def _show(self) -> None:
        clear(self._notices)
        for notice in self._said():
            self._notices.addWidget(notice)
        over = self._done or self._locked()
        self._entry.setVisible(not over)
        self._change.setVisible(not over)
        self._cancel.setText(_("Close") if over else _("Cancel"))
        self._cancel.setEnabled(not self._busy)
        self._show_rules()
        QTimer.singleShot(0, self._fit)

    def _locked(self) -> bool:
        return self._tries() == 0 or isinstance(self._refusal, PinLocked)

    def _right_card(self) -> bool:
        """What is on the reader may have been exchanged since the dialog was opened."""
        return self._cards.seen is not None and self._cards.seen.token is TokenKind.MY_NUMBER_CARD

    def _tries(self) -> int | None:
        seen = self._cards.seen
        if seen is None:
            return None
        signature = self._which is Changeable.SIGNATURE_PASSWORD
        return seen.signature_tries if signature else seen.authentication_tries

    def _said(self) -> list[QWidget]:
        if self._done:
            return [Notice("good", _("It is changed. From now on only the new one works."))]
        if self._busy:
            return [label(_("The card is working. Leave it on the reader."), "soft")]
        if self._refusal:
            said: list[QWidget] = [Notice("bad", f"{describe(self._refusal).text} [{self._refusal.code}]")]
        elif self._locked():
            return [Notice("bad", _("It is locked, and must be reset before it can be changed."))]
        else:
            said = [Notice("practice" if self._cards.practice else "care", _warning(practice=self._cards.practice))]
        if not self._locked():
            said.append(label(tries_left(self._tries()), "soft"))
        return said

    def _show_rules(self) -> None:
        clear(self._rules)
        for kept, text in self._rule_states():
            mark = icons.Picture("tick" if kept else "dot", "good" if kept else "ink_soft")
            line = row(mark, label(text, "small"), gap=8)
            line.setStretch(1, 1)
            self._rules.addLayout(line)
        open_ = [text for kept, text in self._rule_states() if not kept]
        self._new.setAccessibleDescription(enumerated(open_))
        possible = not open_ and self._old_possible()
        self._change.setEnabled(possible and self._right_card() and not self._busy)
        self._change.setText(_("Send it all the same") if self._last_try_confirmed else change_words(self._which))
        self._change.setDefault(self._change.isEnabled() and not self._last_try_confirmed)

    def _rule_states(self) -> list[tuple[bool, str]]:
        """Each rule of a new one, and whether what was typed keeps it."""
        shown, again = SignaturePin.shown(self._new.text()), SignaturePin.shown(self._again.text())
        same = (shown == again and bool(shown), _("Both entries are the same"))
        rule = self._which.files.pin_rule
        length = rule.shortest <= len(shown) <= rule.longest
        allowed = bool(shown) and rule.characters.issuperset(shown)
        if self._which is Changeable.AUTHENTICATION_PIN:
            return [(length and allowed, _("4 digits")), same]
        mixed = any(each.isdigit() for each in shown) and any(each.isalpha() for each in shown)
        return [
            (length, _("6 to 16 characters")),
            (allowed, _("Only letters from A to Z and digits; small letters count as capital ones")),
            (mixed, _("At least one letter and one digit")),
            same,
        ]

    def _old_possible(self) -> bool:
        try:
            parse_old(self._which, self._old.text()).wipe()
        except PinFormat:
            return False
        return True

    # --- what it does

    def _on_typed(self) -> None:
        self._last_try_confirmed = False
        self._show_rules()
        QTimer.singleShot(0, self._fit)

    def _press(self) -> None:
        readers, reader = self._cards.readers, self._cards.reader
        if not (readers and reader and self._change.isEnabled()):
            return
        if self._tries() == 1 and not self._last_try_confirmed:
            self._last_try_confirmed = True
            self._refusal = None
            self._show_rules()
            self._cancel.setFocus()
            return
        try:
            old, new = parse_old(self._which, self._old.text()), parse_new(self._which, self._new.text())
        except PinFormat:
            return
        self._forget()
        self._busy, self._refusal, self._last_try_confirmed = True, None, False
        self._show()
        work = partial(_change, readers, reader, self._which, old, new)
        self._cards.submit(work, done=self._on_changed, failed=self._on_refused)

    def _on_changed(self, _nothing: object) -> None:
        self._busy, self._done = False, True
        self._cards.read()
        self._show()
        self._cancel.setFocus()
        self.changed.emit()

    def _on_refused(self, error: UserFacingError) -> None:
        self._busy, self._refusal = False, error
        self._cards.read()  # the counter may have changed
        self._show()
        self._old.setFocus()

    def _forget(self) -> None:
        for field in (self._old, self._new, self._again):
            field.clear()
            field.setText("")  # also empties what could be undone

    def done(self, result: int) -> None:
        if not self._busy:
            self._forget()
            super().done(result)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event and self._busy:
            event.ignore()
        else:
            super().closeEvent(event)


def change_words(which: Changeable) -> str:
    """What the button and the dialog are called."""
    if which is Changeable.SIGNATURE_PASSWORD:
        return _("Change the signature password")
    return _("Change the 4-digit PIN")


def _field(name: str) -> PinField:
    made = PinField()
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def _warning(*, practice: bool) -> str:
    if practice:
        from signing.card.practice import PRACTICE_PIN
        from signing.card.practice_card import PRACTICE_AUTHENTICATION_PIN

        return _(
            "This is the practice card: its password is {password}, its 4-digit PIN {pin}. What you change here is "
            "forgotten when the program ends."
        ).format(password=PRACTICE_PIN, pin=PRACTICE_AUTHENTICATION_PIN)
    return joined(
        _("Experimental: the way to change it is known from other programs and confirmed by no authority."),
        _("A wrong entry of the old one costs a try. Write the new one down before you change it."),
        _("The safe way is the counter of your municipality, or the software of J-LIS."),
    )


def _change(readers: Readers, reader: str, which: Changeable, old: SignaturePin, new: SignaturePin) -> None:
    """In the card's thread."""
    from signing.card.pin_change import change_pin

    change_pin(readers, reader, which, old=old, new=new, despite_experimental=load_settings().pin_change)
