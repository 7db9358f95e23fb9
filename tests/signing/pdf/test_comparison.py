"""What changed on a page after it was signed is marked on its picture; what did not is left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.document import Document
from signing.pdf.comparison import Revisions, compare_page, search_differences


def write_on(path: Path, page: int, text: str, *, at: tuple[int, int]) -> Revisions:
    """Add a text to a page by an incremental update."""
    before = path.stat().st_size
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        reference, _ = writer.find_page_for_modification(page)
        dictionary = reference.get_object()
        content = generic.StreamObject(stream_data=f"BT /F1 12 Tf {at[0]} {at[1]} Td ({text}) Tj ET".encode())
        dictionary["/Contents"] = generic.ArrayObject([dictionary.raw_get("/Contents"), writer.add_object(content)])
        writer.update_container(dictionary)
        writer.write_in_place()
    return Revisions(before, None)


def test_a_sum_that_was_changed_is_marked_where_it_stands(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf(pages=3)
    revisions = write_on(path, 1, "1,000,000", at=(400, 100))
    document = Document.open(path)
    assert search_differences(document, revisions, 0).found == (1,)
    comparison = compare_page(document, revisions, 1)
    (mark,) = comparison.marks
    assert 0.62 < mark.left < 0.70  # 400 of 595 points
    assert 0.85 < mark.top < 0.90  # 100 of 842 points from below, and the height of the figures
    assert mark.width < 0.2
    assert mark.height < 0.06
    assert compare_page(document, revisions, 0).marks == ()


def test_the_smallest_mark_is_found(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf()
    revisions = write_on(path, 0, ".", at=(300, 400))
    assert search_differences(Document.open(path), revisions, 0).found == (0,)


def test_a_page_that_was_added_is_found(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf(pages=1)
    before = path.stat().st_size
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        page = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/Page")})
        page["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
        writer.insert_page(page)
        writer.write_in_place()
    search = search_differences(Document.open(path), Revisions(before, None), 0)
    assert (search.found, search.pages, search.next) == ((1,), 2, None)
    comparison = compare_page(Document.open(path), Revisions(before, None), 1)
    assert comparison.before is None
    assert comparison.after is not None


def test_a_search_of_many_pages_goes_on_where_it_stopped(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.pdf.comparison._BATCH", 0.01)
    path = make_pdf(pages=20)
    revisions = write_on(path, 19, "last", at=(100, 100))
    document, start, found, searches = Document.open(path), 0, (), 0
    while start is not None:
        search = search_differences(document, revisions, start)
        found, start, searches = found + search.found, search.next, searches + 1
    assert found == (19,)
    assert searches > 1
