"""What was signed and what there is now, side by side, with what differs marked on both."""

from functools import partial
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QDialog, QScrollArea, QWidget

from desktop.content.page_view import Sheet
from desktop.look.said import Said
from desktop.look.widgets import ChoiceBox, ElidedLabel, button, column, label, row
from desktop.messages import describe, plain
from desktop.words.translation import _
from desktop.work.asking import Asking
from desktop.work.pool import Pool
from desktop.work.questions import Versions, open_versions
from signing.document import Document
from signing.errors import UserFacingError
from signing.pdf.comparison import PageComparison, Revisions, Search, compare_page, search_differences


class Comparing(Asking):
    """Compares two versions of one document: every page in search of differences, and the one that is looked at."""

    opened = pyqtSignal(object)  # the lengths of the versions that came after the first of the two
    searched = pyqtSignal(object)  # Search
    compared = pyqtSignal(object)  # PageComparison
    failed = pyqtSignal(object)  # UserFacingError

    def __init__(self, pool: Pool, path: Path, revisions: Revisions) -> None:
        super().__init__(pool)
        self._revisions = revisions
        self._document: Document | None = None
        self._round = 0  # what is answered about an earlier choice is dropped
        self.ask(self._on_open, self.failed.emit, open_versions, path)

    def choose(self, length: int) -> None:
        """Compare with the version of this length, from the beginning."""
        self._revisions = Revisions(self._revisions.before, length)
        self._round += 1
        self._search(0)

    def compare(self, number: int, width: int) -> None:
        """Compare a page, drawn `width` pixels wide."""
        arguments = (self._document, self._revisions, number)
        done = partial(self._on_compared, self._round)
        self.ask(done, self.failed.emit, partial(compare_page, width=width), *arguments)

    def _on_open(self, opened: Versions) -> None:
        self._document = opened.document
        self.opened.emit([length for length in opened.lengths if length > (self._revisions.before or 0)])
        self._search(0)

    def _search(self, start: int) -> None:
        done = partial(self._on_search, self._round)
        self.ask(done, self.failed.emit, search_differences, self._document, self._revisions, start)

    def _on_search(self, asked: int, search: Search) -> None:
        if asked == self._round:
            self.searched.emit(search)
            if search.next is not None:
                self._search(search.next)

    def _on_compared(self, asked: int, comparison: PageComparison) -> None:
        if asked == self._round:
            self.compared.emit(comparison)


class ComparisonDialog(QDialog):
    """Opens on the first page that differs, and takes what compares with it when it goes."""

    def __init__(self, comparing: Comparing, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._comparing = comparing
        comparing.setParent(self)
        self._found: list[int] = []
        self._shown: int | None = None
        self._sheets = (Sheet(), Sheet())
        self._state, self._page, self._said = label("", "soft"), label("", "soft"), Said()
        self._steps = (
            button(_("Previous difference"), partial(self._step, -1), icon="back"),
            button(_("Next difference"), partial(self._step, 1), icon="right"),
        )
        self._versions = ChoiceBox()
        self._versions.setAccessibleName(_("Compare with"))
        self._versions.hide()  # where there is one only
        self.setWindowTitle(plain(path.name))
        self.setModal(True)
        self._set_out(path)
        self.resize(parent.width() - 40, parent.height() - 24)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(150)  # a window that is being resized asks once, at the end
        self._redraw.timeout.connect(self._ask_for_page)
        self._comparing.opened.connect(self._offer)
        self._comparing.searched.connect(self._on_search)
        self._comparing.compared.connect(self._on_compared)
        self._comparing.failed.connect(self._fail)
        self.finished.connect(self.deleteLater)
        self._say(_("Comparing the pages"))
        self._enable()

    def _set_out(self, path: Path) -> None:
        self._page.setWordWrap(False)
        self._now = label(_("As it is now"), "strong")
        heads = row(label(_("As it was when it was signed"), "strong"), row(self._now, self._versions, None), gap=16)
        for place in range(2):
            heads.setStretch(place, 1)
        heads.setContentsMargins(0, 0, 12, 0)  # as wide as the scroll bar beside the pages
        self._area = QScrollArea()
        inside = QWidget()
        inside.setProperty("role", "list")
        inside.setLayout(column(row(*self._sheets, gap=16), None))
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or the pages would be cut
        body = column(
            ElidedLabel(plain(path.name), "section"),
            self._state,
            self._said,
            row(*self._steps, self._page, None),
            heads,
            margins=(24, 24, 24, 20),
        )
        body.addWidget(self._area, 1)
        body.addLayout(row(None, button(_("Close"), self.accept)))
        self.setLayout(body)

    def _offer(self, lengths: list[int]) -> None:
        """Let a version between the two be chosen, where there are some."""
        if len(lengths) < 2:
            return
        between = [_("Version {number} after it").format(number=number) for number in range(1, len(lengths))]
        self._versions.addItems([*between, _("As it is now")])
        self._versions.setCurrentIndex(len(lengths) - 1)
        self._versions.activated.connect(lambda place: self._choose(lengths[place]))
        self._versions.show()
        self._now.hide()

    def _choose(self, length: int) -> None:
        self._found, self._shown = [], None
        self._say(_("Comparing the pages"))
        self._comparing.choose(length)

    # --- the search

    def _on_search(self, search: Search) -> None:
        self._found += search.found
        if search.next is not None:
            words = _("Compared {count} of {pages} pages").format(count=search.next, pages=search.pages)
        elif self._found:
            words = _("Pages that look different: {count} of {pages}").format(
                count=len(self._found), pages=search.pages
            )
        else:
            words = _("No page looks different. What does not show on a page, such as scripts, is not compared here.")
        self._say(words)
        if self._shown is None and (self._found or search.next is None):
            self._show_page(self._found[0] if self._found else 0)
        self._enable()

    def _step(self, by: int) -> None:
        shown = -1 if self._shown is None else self._shown
        ahead = [each for each in self._found if (each - shown) * by > 0]
        if ahead:
            self._show_page(ahead[0] if by > 0 else ahead[-1])

    def _enable(self) -> None:
        shown = -1 if self._shown is None else self._shown
        for each, by in zip(self._steps, (-1, 1), strict=True):
            each.setEnabled(any((number - shown) * by > 0 for number in self._found))

    # --- the page

    def _show_page(self, number: int) -> None:
        self._shown = number
        self._page.setText(_("Page {number}").format(number=number + 1))
        self._ask_for_page()
        self._enable()

    def _ask_for_page(self) -> None:
        if self._shown is not None:
            self._comparing.compare(self._shown, round(self._width() * self.devicePixelRatioF()))

    def _on_compared(self, comparison: PageComparison) -> None:
        if comparison.number != self._shown:
            return
        self._said.unsay()
        for sheet, picture in zip(self._sheets, (comparison.before, comparison.after), strict=True):
            sheet.show_page(comparison.number + 1, width=self._width())
            if picture:
                sheet.put(picture, comparison.marks)
        if comparison.before is None or comparison.after is None:
            absent = _("There is no such page now.") if comparison.after is None else _("This page was added.")
            self._said.say("care", absent)

    def _width(self) -> int:
        room = self._area.viewport()
        return max(120, ((room.width() if room else 240) - 16) // 2)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._redraw.start()

    def _say(self, words: str) -> None:
        self._state.setText(words)
        self._state.setAccessibleName(words)

    def _fail(self, error: UserFacingError) -> None:
        self._said.say("bad", f"{describe(error).text} [{error.code}]")
