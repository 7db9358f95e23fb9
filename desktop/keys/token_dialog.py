"""Which token: by the PKCS#11 library of its maker, which is loaded in a helper process and asked what it sees."""

from pathlib import Path

from PyQt6.QtWidgets import QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.keys.desk import KeyDesk, OtherKey
from desktop.look.announcing import announce
from desktop.look.fitting import lay_out, width_of
from desktop.look.widgets import ChoiceBox, Notice, button, clear, column, label, prose, row
from desktop.messages import describe
from desktop.words.keys import pin_words, token_lines
from desktop.words.translation import _
from signing.errors import TokenMissing, UserFacingError
from signing.keys.pkcs11 import Remaining, TokenFacts


class TokenDialog(QDialog):
    """Nothing is loaded before it is asked for: a library is a program."""

    def __init__(self, keys: KeyDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self._tokens: tuple[TokenFacts, ...] = ()
        self.setWindowTitle(_("Sign with a token"))
        self.setModal(True)
        self.resize(width_of(self, lines=24), 0)
        self._module = QLineEdit(next(iter(keys.known.modules), ""))
        self._module.setAccessibleName(_("PKCS#11 library"))
        self._module.setPlaceholderText(_("The .so, .dll or .dylib that came with the token"))
        self._look = button(_("Look for tokens"), self._search, "primary")
        self._found: QVBoxLayout = column(gap=8)
        self._box, self._of_pin = ChoiceBox(), column(gap=0)
        self._use = button(_("Use this token"), self._take, "primary")
        self._use.hide()
        foot = row(None, button(_("Cancel"), self.reject), self._look, self._use)
        self._area = lay_out(self, self._whole(), foot)
        self._module.textChanged.connect(self._on_text)
        keys.listed.connect(self._on_listed)
        self.finished.connect(self.deleteLater)
        self._on_text(self._module.text())

    def _whole(self) -> QVBoxLayout:
        about = _(
            "A token or a card of another issuer is used through the library of its maker (PKCS#11). "
            "A library is a program: choose only one that you installed yourself."
        )
        caption = label(_("PKCS#11 library"), "strong")
        caption.setBuddy(self._module)
        choose = button(_("Choose"), self._choose)
        self._box.setAccessibleName(_("Token"))
        return column(
            label(_("Sign with a token"), "section"),
            prose(about),
            column(caption, row(self._module, choose, gap=8), gap=6),
            self._found,
            gap=16,
        )

    def _on_text(self, text: str) -> None:
        self._show_tokens(())
        self._look.setEnabled(bool(text.strip()))

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("PKCS#11 library"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._module.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _search(self) -> None:
        self._look.setEnabled(False)
        self._say(label(_("Looking for tokens"), "soft"))
        self._keys.look_for_tokens(Path(self._module.text().strip()))

    def _on_listed(self, answer: object) -> None:
        self._look.setEnabled(True)
        if isinstance(answer, UserFacingError):
            self._tell(answer)
        elif not answer:
            self._tell(TokenMissing())
        else:
            assert isinstance(answer, tuple)  # noqa: S101 - of what tells it
            self._show_tokens(answer)

    def _tell(self, error: UserFacingError) -> None:
        words = f"{describe(error).text} [{error.code}]"
        announce(words, urgent=True)
        self._say(Notice("bad", words))

    def _show_tokens(self, tokens: tuple[TokenFacts, ...]) -> None:
        self._tokens = tokens
        self._look.setVisible(not tokens)
        self._use.setVisible(bool(tokens))
        (self._use if tokens else self._look).setDefault(True)  # what Enter does
        self._say()
        if tokens:
            self._box = ChoiceBox()
            self._box.setAccessibleName(_("Token"))
            self._box.addItems(token_lines(tokens))
            self._box.currentIndexChanged.connect(self._show_pin)
            usable = [place for place, each in enumerate(tokens) if each.remaining is not Remaining.NONE]
            self._box.setCurrentIndex(usable[0] if usable else 0)
            self._of_pin = column(gap=0)
            self._say(column(label(_("Token"), "strong"), self._box, gap=6), self._of_pin)
            self._show_pin(self._box.currentIndex())

    def _show_pin(self, place: int) -> None:
        """What the token tells of its PIN."""
        clear(self._of_pin)
        token = self._tokens[place]
        if words := pin_words(token):
            self._of_pin.addWidget(Notice("care", words))
        self._use.setEnabled(token.remaining is not Remaining.NONE)
        self._area.fit()

    def _say(self, *parts: QWidget | QVBoxLayout) -> None:
        clear(self._found)
        for part in parts:
            self._found.addWidget(part) if isinstance(part, QWidget) else self._found.addLayout(part)
        self._area.fit()

    def _take(self) -> None:
        token = self._tokens[self._box.currentIndex()]
        self._keys.use(OtherKey(Path(self._module.text().strip()), token))
        self.accept()
