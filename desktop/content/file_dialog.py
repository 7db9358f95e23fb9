"""What is known of a file that is neither a PDF nor XML, before it is signed: its name, its size and its SHA-256."""

from operator import attrgetter

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QWidget

from desktop.document_desk import DocumentDesk
from desktop.look import theme
from desktop.look.fitting import lay_out
from desktop.look.widgets import button, column, label, prose, row, selectable
from desktop.messages import describe, plain, shown_size
from desktop.words.translation import _
from signing.document import Document
from signing.errors import UserFacingError


class FileDialog(QDialog):
    """Shows nothing of the content: only a program made for it could, and that one opens when it is pressed."""

    def __init__(self, documents: DocumentDesk, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        name = plain(document.path.name)
        self.setWindowTitle(name)
        self.setModal(True)
        self._digest = selectable(label(_("being computed"), "mono"))
        words = _("The signature is about every byte of this file. This program does not show what is in it.")
        body = column(
            selectable(label(name, "section")),
            prose(words),
            column(label(_("Size"), "strong"), selectable(label(_size(document.size))), gap=2),
            column(label("SHA-256", "strong"), self._digest, gap=2),
            row(button(_("Open it in another program"), self._open, "link", icon="open"), None),
            gap=16,
        )
        close = button(_("Close"), self.accept)
        self._area = lay_out(self, body, row(None, close))
        close.setFocus()  # Enter must not open another program
        self.setMinimumWidth(min(theme.font_height(theme.TEXT) * 28, parent.width() - 40))
        self.finished.connect(self.deleteLater)
        documents.ask(attrgetter("sha256"), document, told=self._tell)

    def _tell(self, answer: str | UserFacingError) -> None:
        if isinstance(answer, UserFacingError):
            self._digest.setText(describe(answer).title)
            return
        groups = [answer[start : start + 8] for start in range(0, len(answer), 8)]
        self._digest.setText(" ".join(groups[:4]) + "\n" + " ".join(groups[4:]))
        self._area.fit()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._document.path.absolute())))


def _size(size: int) -> str:
    if size < 1000:  # exact already
        return shown_size(size)
    return _("{size} ({exact} bytes)").format(size=shown_size(size), exact=f"{size:,}")
