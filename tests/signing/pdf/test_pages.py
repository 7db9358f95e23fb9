"""One sees the pages that one signs: turned, cropped, with their form, and as they were in an earlier revision."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import errors
from signing.document import Document
from signing.pdf.pages import Picture, opened_pages


def _dark(picture: Picture) -> int:
    """How many pixels are dark in all of blue, green and red."""
    channels = (picture.pixels[i::4] for i in range(3))
    return sum(max(pixel) < 100 for pixel in zip(*channels, strict=True))


def test_a_page_is_drawn_and_read(make_pdf: Callable[..., Path]) -> None:
    with opened_pages(Document.open(make_pdf(pages=3, text="Page {} of 3"))) as pages:
        assert len(pages) == 3
        assert pages.size(1) == (595, 842)
        picture = pages.picture(1, 300)
        assert (picture.width, picture.height) == (300, 425)
        assert len(picture.pixels) == 300 * 425 * 4
        assert 50 < _dark(picture) < 5000
        assert pages.text(1) == "Page 2 of 3"


def test_a_page_is_as_it_is_looked_at(make_pdf: Callable[..., Path]) -> None:
    turned = make_pdf(page="/MediaBox [0 0 595 842] /CropBox [0 600 400 842] /Rotate 90")
    with opened_pages(Document.open(turned)) as pages:
        assert pages.size(0) == (242, 400)


def test_an_earlier_revision_is_drawn_as_it_was(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf()
    length = path.stat().st_size
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.find_page_for_modification(0)[0].get_object()
        del page["/Contents"]
        writer.update_container(page)
        writer.write_in_place()
    document = Document.open(path)
    with opened_pages(document) as pages:
        assert pages.text(0) == ""
    with opened_pages(document, length=length) as pages:
        assert pages.text(0) == "Page 1"


def test_an_enormous_page_is_drawn_small(make_pdf: Callable[..., Path]) -> None:
    with opened_pages(Document.open(make_pdf(page="/MediaBox [0 0 14400 14400]"))) as pages:
        picture = pages.picture(0, 1_000_000)
        assert picture.width * picture.height < 20_000_000


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF"])
def test_what_is_no_pdf_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    with pytest.raises(errors.DocumentDamaged), opened_pages(Document.open(path)):
        pass
