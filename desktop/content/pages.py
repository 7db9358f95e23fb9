"""The pages of a PDF, drawn in a helper process one after the other, what is looked at first."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.work.pool import Pool, Question
from signing.document import Document
from signing.errors import Cancelled, UserFacingError
from signing.pdf.pages import Picture, opened_pages

_PATIENCE = 20.0  # seconds


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


class PageSource(QObject):
    """The pages of one document, or of its first `length` bytes: an earlier revision.

    One page is asked for at a time, so that who leafs on does not wait for what was passed over.
    """

    counted = pyqtSignal(object)  # PageCount
    drawn = pyqtSignal(int, int, object)  # number, width asked for, Picture
    failed = pyqtSignal(object)  # UserFacingError; nothing more will come
    undrawn = pyqtSignal(int, object)  # number, UserFacingError: this page alone

    _answered = pyqtSignal(object, object)

    def __init__(self, pool: Pool, file: Document | Path, *, length: int | None = None) -> None:
        super().__init__()
        self._pool, self._length = pool, length
        self._document: Document | None = None
        self._wanted: list[tuple[int, int]] = []
        self._busy = False
        self._answered.connect(self._on_answer)
        self._ask(self._on_count, self.failed.emit, count_pages, file, length)

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
        number, width = self._wanted.pop(0)
        done, failed = partial(self.drawn.emit, number, width), partial(self.undrawn.emit, number)
        self._ask(done, failed, draw_page, self._document, self._length, number, width)

    def _on_count(self, count: PageCount) -> None:
        self._document = count.document
        self.counted.emit(count)

    def _ask(
        self,
        done: Callable[..., object],
        failed: Callable[[UserFacingError], object],
        function: Callable[..., object],
        *arguments: object,
    ) -> None:
        self._busy = True
        question = self._pool.ask(function, *arguments, seconds=_PATIENCE)
        question.then(partial(self._tell, done, failed))

    def _tell(self, done: Callable[..., object], failed: Callable[..., object], question: Question) -> None:
        # In a thread of the pool: the signal brings it to that of the window, unless the view is gone.
        with suppress(RuntimeError, Cancelled):
            try:
                self._answered.emit(done, question.answer())
            except UserFacingError as error:
                self._answered.emit(failed, error)

    def _on_answer(self, told: Callable[[object], object], answer: object) -> None:
        self._busy = False
        told(answer)
        self._go_on()
