"""The pages of a PDF as one looks at them: pictures and text, a page at a time, drawn by PDFium."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from signing import errors
from signing.document import Document

# PDFium comes with the first document: whoever only shows a picture stays light.
if TYPE_CHECKING:
    import pypdfium2

# A page that is larger is drawn smaller: this many pixels are 64 MiB, and more than a screen has.
_MOST_PIXELS = 16_000_000
_LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` x `height` pixels of four bytes each: blue, green, red, and one that means nothing."""

    width: int
    height: int
    pixels: bytes


class Pages:
    """The pages of a document, counted from 0. Nothing is read before it is asked for."""

    def __init__(self, pdf: "pypdfium2.PdfDocument") -> None:
        self._pdf = pdf
        self._count = len(pdf)

    def __len__(self) -> int:
        return self._count

    def size(self, number: int) -> tuple[float, float]:
        """Width and height in points as the page is shown: cropped and turned. Raises DocumentDamaged."""
        with self._page(number) as page:
            width, height = page.get_size()
        return width, height

    def picture(self, number: int, width: int) -> Picture:
        """The page `width` pixels wide, or smaller where that would be enormous, with its annotations and form.

        Raises DocumentDamaged.
        """
        with self._page(number) as page:
            across, down = page.get_size()
            if not (across > 0 and down > 0):
                raise errors.DocumentDamaged
            most = (_MOST_PIXELS * across / down) ** 0.5
            bitmap = page.render(scale=max(1, min(width, most)) / across, prefer_bgrx=True, limit_image_cache=True)
            return Picture(bitmap.width, bitmap.height, bytes(bitmap.buffer))

    def text(self, number: int) -> str:
        """What is written on the page, as far as its fonts tell. Raises DocumentDamaged."""
        with self._page(number) as page:
            words = page.get_textpage()
            try:
                return str(words.get_text_range(count=min(words.count_chars(), _LONGEST_TEXT)))
            finally:
                words.close()

    @contextmanager
    def _page(self, number: int) -> Iterator["pypdfium2.PdfPage"]:
        from pypdfium2 import PdfiumError

        try:
            page = self._pdf[number]
        except (PdfiumError, IndexError) as error:
            raise errors.DocumentDamaged from error
        try:
            yield page
        except (PdfiumError, ValueError) as error:
            raise errors.DocumentDamaged from error
        finally:
            page.close()


@contextmanager
def opened_pages(document: Document, *, length: int | None = None) -> Iterator[Pages]:
    """The pages of the document, or of its first `length` bytes: an earlier revision (ISO 32000-2, 7.5.6).

    PDFium is a program of its own in C++ that reads a stranger's file: call this in a helper process, one at a time.
    Raises DocumentDamaged, DocumentEncrypted, and as `Document.opened` does.
    """
    from pypdfium2 import PdfiumError

    with document.opened() as file:
        pdf = _opened(file if length is None else _Beginning(file, length), document.password)
        try:
            pdf.init_forms()
            yield Pages(pdf)
        except PdfiumError as error:
            raise errors.DocumentDamaged from error
        finally:
            pdf.close()


def _opened(file: "BinaryIO | _Beginning", password: str) -> "pypdfium2.PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(file, password=password or None)
    except PdfiumError as error:
        locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise (errors.DocumentEncrypted if locked else errors.DocumentDamaged) from error


class _Beginning(io.BufferedIOBase):
    """The first `length` bytes of a file, as if it ended there."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            offset, whence = self._length + offset, io.SEEK_SET
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # Buffer has no name before 3.12
        view = memoryview(buffer)
        room = max(0, min(len(view), self._length - self._file.tell()))
        return cast("io.BufferedIOBase", self._file).readinto(view[:room])
