"""Asks for the password before signing: which documents, with their digests, and by which card."""

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from desktop.card.desk import CardDesk
from desktop.look import icons, theme
from desktop.look.widgets import ElidedLabel, button, column, dress_for_signing, label, row, selectable, top
from desktop.messages import describe, plain
from desktop.passwords.password_dialog import PasswordDialog
from desktop.sign.desk import SignDesk
from desktop.sign.sentence import intent_words
from desktop.words.translation import _
from signing.errors import UserFacingError


class PinDialog(PasswordDialog):
    """The documents of `desk` are signed with the password."""

    explained = pyqtSignal()  # what others will see is asked for

    def __init__(self, desk: SignDesk, cards: CardDesk, parent: QWidget | None = None) -> None:
        files = FileList(desk)
        explain = button(_("What others will see"), lambda: self.explained.emit(), "link", icon="info")
        subject: QWidget = files
        if request := desk.time.request_in_words():  # where the network is used, it is said before the password
            subject = QWidget()
            subject.setLayout(column(files, label(request, "small"), gap=8))
        super().__init__(cards, parent, title=intent_words(desk), subject=subject, more=explain)
        desk.digests_changed.connect(files.refresh)
        desk.digests_changed.connect(self._follow)
        self._desk = desk

    def _follow(self) -> None:
        self.entitle(intent_words(self._desk))

    def dress(self, send: QPushButton) -> None:
        dress_for_signing(send, practice=self._cards.practice)


class FileList(QScrollArea):
    """The files with their SHA-256: what the signature will be about."""

    def __init__(self, desk: SignDesk) -> None:
        super().__init__()
        self._desk = desk
        inside = QWidget()
        inside.setProperty("role", "list")
        self._digests = [_digest_label() for _row in desk.signing]
        lines = column(gap=8)
        for entry, digest in zip(desk.signing, self._digests, strict=True):
            name = ElidedLabel(plain(entry.path.name), "strong")
            both = column(name, digest, gap=0)
            line = row(top(icons.Picture("document", "ink_soft")), both, gap=8)
            line.setStretch(1, 1)
            lines.addLayout(line)
        inside.setLayout(lines)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.refresh()
        self._inside = inside

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.updateGeometry()  # only now the style sheet has given the lines their size

    def sizeHint(self) -> QSize:
        tallest = theme.font_height(theme.TEXT) * 9  # three files; more are scrolled
        return QSize(super().sizeHint().width(), min(self._inside.sizeHint().height() + 2, tallest))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), theme.font_height(theme.TEXT) * 3))

    def refresh(self) -> None:
        for place, shown in enumerate(self._digests):
            known = self._desk.digests[place] if place < len(self._desk.digests) else None
            shown.setText(_digest_words(known))


def _digest_label() -> QLabel:
    made = selectable(label("", "mono"))
    made.setWordWrap(False)
    return made


def _digest_words(known: str | UserFacingError | None) -> str:
    match known:
        case None:
            return _("SHA-256: being computed") + "\n"
        case str():
            # In two lines that break at the same place everywhere, so that two can be compared by eye.
            groups = [known[start : start + 8] for start in range(0, len(known), 8)]
            return "SHA-256 " + " ".join(groups[:4]) + "\n        " + " ".join(groups[4:])
        case _:
            return describe(known).title
