"""The pages of a PDF, drawn in a helper process one after the other, what is looked at first."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PyQt6.QtCore import pyqtSignal

from desktop.content.asking import Asking
from desktop.work.pool import Pool
from signing.document import Document
from signing.errors import UserFacingError
from signing.pdf.pages import Picture, opened_pages


@dataclass(frozen=True, slots=True)
class PageCount:
    """The document as it was when its pages were counted; `shape` is the height of the first page by its width."""

    document: Document
    pages: int
    shape: float


def count_pages(file: Document | Path, length: int | None) -> PageCount:
    """Runs in the helper. Raises DocumentError."""
    document = file if isinstance(file, Document) else Document.open(file)
    with opened_pages(document, length=length) as pages:
        width, height = pages.size(0)
        return PageCount(document, len(pages), height / width if width > 0 else 1.0)


def draw_page(document: Document, length: int | None, number: int, width: int) -> Picture:
    """Runs in the helper. Raises DocumentError."""
    with opened_pages(document, length=length) as pages:
        return pages.picture(number, width)


class PageSource(Asking):
    """The pages of one document, or of its first `length` bytes: an earlier revision.

    One page is asked for at a time, so that who leafs on does not wait for what was passed over.
    """

    counted = pyqtSignal(object)  # PageCount
    drawn = pyqtSignal(int, int, object)  # number, width asked for, Picture
    failed = pyqtSignal(object)  # UserFacingError; nothing more will come
    undrawn = pyqtSignal(int, object)  # number, UserFacingError: this page alone

    def __init__(self, pool: Pool, file: Document | Path, *, length: int | None = None) -> None:
        super().__init__(pool)
        self._length = length
        self._document: Document | None = None
        self._wanted: list[tuple[int, int]] = []
        self._busy = False
        self.ask(self._on_count, self.failed.emit, count_pages, file, length)

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

    def _on_count(self, count: PageCount) -> None:
        self._document = count.document
        self.counted.emit(count)
        self._go_on()

    def _on_drawn(self, number: int, width: int, picture: Picture) -> None:
        self._busy = False
        self.drawn.emit(number, width, picture)
        self._go_on()

    def _on_undrawn(self, number: int, error: UserFacingError) -> None:
        self._busy = False
        self.undrawn.emit(number, error)
        self._go_on()
