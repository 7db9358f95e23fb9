"""A PDF to look at before it is signed, or as it was when it was signed."""

from pathlib import Path

from PyQt6.QtWidgets import QDialog, QWidget

from desktop.content.page_view import PageView
from desktop.document_desk import DocumentDesk
from desktop.look import theme
from desktop.look.widgets import ElidedLabel, button, column, label, row
from desktop.messages import plain
from desktop.words.translation import _
from signing.document import Document


class PageDialog(QDialog):
    """Shows the pages of a file; with `length` those of its first bytes, an earlier revision."""

    def __init__(
        self, documents: DocumentDesk, file: Document | Path, parent: QWidget, *, length: int | None = None
    ) -> None:
        super().__init__(parent)
        path = file if isinstance(file, Path) else file.path
        self.setWindowTitle(plain(path.name))
        self.setModal(True)
        head = column(ElidedLabel(plain(path.name), "section"), gap=4)
        if length is not None:
            head.addWidget(label(_("As it was when it was signed"), "soft"))
        view = PageView(documents.pages_of(file, length=length))
        body = column(head, view, row(None, button(_("Close"), self.accept)), margins=(24, 24, 24, 20))
        body.setStretch(1, 1)
        self.setLayout(body)
        line = theme.font_height(theme.TEXT)
        self.resize(min(line * 48, parent.width() - 40), parent.height() - 24)
        self.finished.connect(self.deleteLater)
        view.setFocus()
