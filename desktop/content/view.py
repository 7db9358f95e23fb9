"""What an XML document says: its tree, with what signatures cover marked, and the form that its maker meant."""

from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, Qt
from PyQt6.QtWidgets import QDialog, QStackedWidget, QTextBrowser, QWidget

from desktop.content.form_page import FormDocument
from desktop.content.preview import FormPage, Preview
from desktop.content.tree import ContentTree
from desktop.document_desk import DocumentDesk
from desktop.look import theme
from desktop.look.choices import Choices
from desktop.look.widgets import ChoiceBox, ElidedLabel, Notice, button, clear, column, label, prose, row
from desktop.messages import describe, plain
from desktop.words.translation import _
from signing.document import Document
from signing.errors import UserFacingError
from signing.profile import Profile

_TREE, _FORM = 0, 1


class ContentDialog(QDialog):
    """Asks for what it shows when it opens. `holds`: whether the signatures in it do, None where that is unknown;
    `profile`: what it is to be signed with, None where it is not about that."""

    def __init__(
        self,
        documents: DocumentDesk,
        file: Document | Path,
        parent: QWidget,
        *,
        holds: bool | None = None,
        profile: Profile | None = None,
    ) -> None:
        super().__init__(parent)
        self._documents, self._file, self._holds, self._profile = documents, file, holds, profile
        self._path = file if isinstance(file, Path) else file.path
        self._preview: Preview | None = None
        self._part, self._side = "", _TREE
        self._form: FormPage | None = None
        self.setWindowTitle(plain(self._path.name))
        self.setModal(True)
        self._controls, self._said, self._middle = row(gap=4), column(gap=8), QStackedWidget()
        body = column(
            ElidedLabel(plain(self._path.name), "section"),
            self._controls,
            self._said,
            margins=(24, 24, 24, 20),
            gap=12,
        )
        body.addWidget(self._middle, 1)
        body.addLayout(row(None, button(_("Close"), self.accept)))
        self.setLayout(body)
        line = theme.font_height(theme.TEXT)
        self.resize(min(line * 44, parent.width() - 40), min(line * 32, parent.height() - 24))
        documents.looked_into.connect(self._on_preview)
        documents.laid_out.connect(self._on_form)
        self.finished.connect(self.deleteLater)
        self._look("")

    def _look(self, part: str) -> None:
        self._part, self._side, self._form, self._preview = part, _TREE, None, None
        self._documents.look_into(self._file, part, self._profile)
        clear(self._controls)
        self._show()

    def _on_preview(self, preview: Preview) -> None:
        if preview.path == self._path and self._part in ("", preview.part):
            self._preview, self._part = preview, preview.part
            self._file = preview.document or self._file  # from here on it must be the same file
            clear(self._controls)
            self._show_controls(preview)
            self._show()

    def _on_form(self, page: FormPage) -> None:
        if page.path == self._path and page.part == self._part:
            self._form = page
            self._show()

    def _turn(self, side: int) -> None:
        self._side = side
        if side == _FORM and self._form is None and self._preview and self._preview.document:
            self._documents.lay_out(self._preview.document, self._part)
        self._show()

    # --- what is seen

    def _show(self) -> None:
        clear(self._said)
        while old := self._middle.widget(0):
            self._middle.removeWidget(old)
            old.deleteLater()
        if self._preview is None:
            self._middle.addWidget(_waiting())
            return
        self._middle.addWidget(self._tree(self._preview) if self._side == _TREE else self._page())

    def _show_controls(self, preview: Preview) -> None:
        if len(preview.parts) > 1:
            self._controls.addWidget(self._part_choice(preview))
        if preview.content and preview.content.stylesheet:
            sides = Choices({_TREE: _("Content"), _FORM: _("As a form")}, self._side)
            sides.chosen.connect(lambda: self._turn(sides.value))
            self._controls.addWidget(sides)
        self._controls.addStretch(1)

    def _part_choice(self, preview: Preview) -> ChoiceBox:
        box = ChoiceBox()
        box.setAccessibleName(_("Document in the package"))
        with QSignalBlocker(box):
            box.addItems([plain(part) for part in preview.parts])
            box.setCurrentIndex(preview.parts.index(preview.part))
        box.activated.connect(lambda index: self._look(preview.parts[index]))
        return box

    def _tree(self, preview: Preview) -> QWidget:
        if preview.content is None:
            self._fail(preview.error)
            return QWidget()
        tree = ContentTree(preview.content.root)
        if not tree.marked:
            return tree
        if tree.before_signing:
            words = _("Marked with a pen: what you are about to sign. What is grey, your signature will not cover.")
        elif self._holds is False:
            self._say("bad", _("A signature does not hold. What is marked is what it points to, not what was signed."))
            return tree
        else:
            words = _("Marked with a pen: what a signature covers. What is grey, no signature covers.")
        self._said.addWidget(label(words, "small"))
        return tree

    def _page(self) -> QWidget:
        if self._form is None:
            return _waiting()
        if self._form.html is None:
            self._fail(self._form.error)
            return QWidget()
        self._say(
            "care", _("A signature seldom covers the style sheet that makes this form. What counts is the content.")
        )
        return FormView(self._form.html)

    def _fail(self, error: UserFacingError | None) -> None:
        if error:
            self._say("bad", f"{describe(error).text} [{error.code}]")

    def _say(self, tone: str, text: str) -> None:
        self._said.addWidget(Notice(tone, text))


def _waiting() -> QWidget:
    made = QWidget()
    made.setLayout(column(prose(_("Looking at it"), "soft"), None))
    return made


class FormView(QTextBrowser):
    """Paper, whatever the colours in force: the maker of the form counted on it. Nothing in it can be followed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.setProperty("role", "form")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName(_("As a form"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._page = FormDocument(page)
        self.setDocument(self._page)
