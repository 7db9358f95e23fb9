"""The pages of a PDF, drawn in a helper process one after the other, what is looked at first."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PyQt6.QtCore import pyqtSignal

from desktop.work.asking import Asking
from desktop.work.pool import Pool
from signing.document import Document
from signing.errors import DocumentDamaged, UserFacingError
from signing.pdf.pages import Picture, opened_pages

_ABOUT = 900  # pixels; the first page is drawn before it is known how wide it will be


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The document as it was when its pages were counted, and the first of them; no picture if it cannot be drawn."""

    document: Document
    pages: int
    picture: Picture | None


def look_first(file: Document | Path, length: int | None) -> FirstLook:
    """Runs in the helper. Raises DocumentError."""
    document = file if isinstance(file, Document) else Document.open(file)
    with opened_pages(document, length=length) as pages:
        try:
            return FirstLook(document, len(pages), pages.picture(0, _ABOUT))
        except DocumentDamaged:
            return FirstLook(document, len(pages), None)


def draw_page(document: Document, length: int | None, number: int, width: int) -> Picture:
    """Runs in the helper. Raises DocumentError."""
    with opened_pages(document, length=length) as pages:
        return pages.picture(number, width)


class PageSource(Asking):
    """The pages of one document, or of its first `length` bytes: an earlier revision.

    One page is asked for at a time, so that who leafs on does not wait for what was passed over.
    """

    opened = pyqtSignal(object)  # FirstLook
    drawn = pyqtSignal(int, int, object)  # number, width asked for, Picture
    failed = pyqtSignal(object)  # UserFacingError; nothing more will come
    undrawn = pyqtSignal(int, object)  # number, UserFacingError: this page alone

    def __init__(self, pool: Pool, file: Document | Path, *, length: int | None = None) -> None:
        super().__init__(pool)
        self._length = length
        self._document: Document | None = None
        self._wanted: list[tuple[int, int]] = []
        self._busy = False
        self.ask(self._on_open, self.failed.emit, look_first, file, length)

    def want(self, number: int, width: int) -> None:
        """Draw a page, `width` pixels wide, before all else; `drawn` or `undrawn` tells."""
        self._wanted = [(number, width), *(other for other in self._wanted if other != (number, width))]
        self._go_on()

    def want_later(self, number: int, width: int) -> None:
        """Draw a page when nothing else is wanted."""
        if (number, width) not in self._wanted:
            self._wanted.append((number, width))
            self._go_on()

    def forget(self) -> None:
        """Wish for nothing more."""
        self._wanted.clear()

    def _go_on(self) -> None:
        if self._busy or not self._wanted or self._document is None:
            return
        self._busy = True
        number, width = self._wanted.pop(0)
        done, failed = partial(self._on_drawn, number, width), partial(self._on_undrawn, number)
        self.ask(done, failed, draw_page, self._document, self._length, number, width)

    def _on_open(self, look: FirstLook) -> None:
        self._document = look.document
        self.opened.emit(look)
        self._go_on()

    def _on_drawn(self, number: int, width: int, picture: Picture) -> None:
        self._busy = False
        self.drawn.emit(number, width, picture)
        self._go_on()

    def _on_undrawn(self, number: int, error: UserFacingError) -> None:
        self._busy = False
        self.undrawn.emit(number, error)
        self._go_on()
