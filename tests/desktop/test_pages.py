"""A PDF is looked at before it is signed: page by page, by mouse and keyboard, and a broken one breaks nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.content.comparison_dialog import Comparing, ComparisonDialog
from desktop.content.page_view import PageView, Sheet
from desktop.content.pages import PageSource
from desktop.look.widgets import ChoiceBox
from desktop.words.translation import _
from desktop.work.pool import Pool
from signing.pdf.comparison import Revisions

MakeView = Callable[[Path], PageView]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.fixture
def make_view(qtbot: QtBot, pool: Pool) -> MakeView:
    def make(path: Path) -> PageView:
        view = PageView(PageSource(pool, path))
        view.resize(900, 700)
        qtbot.addWidget(view)
        view.show()
        return view

    return make


def sheet_of(view: PageView) -> Sheet:
    return view.findChild(Sheet)  # type: ignore[return-value] - there always is one


def darkness(view: PageView) -> int:
    """How many pixels of the sheet are nearly black: what is written on it."""
    image = sheet_of(view).grab().toImage()
    places = ((x, y) for x in range(4, image.width() - 4) for y in range(4, image.height() // 3))
    return sum(image.pixelColor(*place).lightness() < 60 for place in places)


def test_pages_are_turned_by_keys(qtbot: QtBot, make_view: MakeView, make_pdf: Callable[..., Path]) -> None:
    view = make_view(make_pdf(pages=30))
    number = view.findChild(QSpinBox)
    assert number is not None
    qtbot.waitUntil(lambda: darkness(view) > 50, timeout=20_000)
    for key, page in (
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_End, 30),
        (Qt.Key.Key_PageDown, 30),
        (Qt.Key.Key_PageUp, 29),
        (Qt.Key.Key_Home, 1),
    ):
        qtbot.keyClick(view, key)
        assert number.value() == page
        assert f"{page}" in sheet_of(view).accessibleName()
    qtbot.waitUntil(lambda: darkness(view) > 50, timeout=20_000)


def test_a_page_grows_and_shrinks(qtbot: QtBot, make_view: MakeView, make_pdf: Callable[..., Path]) -> None:
    view = make_view(make_pdf())
    qtbot.waitUntil(lambda: darkness(view) > 50, timeout=20_000)
    width = sheet_of(view).width()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert sheet_of(view).width() > width
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert sheet_of(view).width() < width
    qtbot.waitUntil(lambda: darkness(view) > 20, timeout=20_000)


def test_what_differs_from_the_signed_version_is_shown(qtbot: QtBot, pool: Pool, make_pdf: Callable[..., Path]) -> None:
    path = make_pdf(pages=12)
    signed = path.stat().st_size
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.find_page_for_modification(8)[0].get_object()
        del page["/Contents"]
        writer.update_container(page)
        writer.write_in_place()
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1000, 700)
    dialog = ComparisonDialog(Comparing(pool, path, Revisions(signed, None)), path, parent)
    dialog.show()
    qtbot.waitUntil(lambda: _("Page {number}").format(number=9) in _texts(dialog), timeout=20_000)
    told = _("Pages that look different: {count} of {pages}").format(count=1, pages=12)
    qtbot.waitUntil(lambda: told in _texts(dialog), timeout=20_000)
    before, after = dialog.findChildren(Sheet)
    qtbot.waitUntil(lambda: _reddish(before) > 20 and _reddish(after) > 20, timeout=20_000)


def test_a_version_in_between_can_be_chosen(qtbot: QtBot, pool: Pool, make_pdf: Callable[..., Path]) -> None:
    path = make_pdf(pages=3)
    signed = path.stat().st_size
    for number in (0, 1):  # the first update changes page 1, the second page 2
        with path.open("r+b") as file:
            writer = IncrementalPdfFileWriter(file)
            page = writer.find_page_for_modification(number)[0].get_object()
            del page["/Contents"]
            writer.update_container(page)
            writer.write_in_place()
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1000, 700)
    dialog = ComparisonDialog(Comparing(pool, path, Revisions(signed, None)), path, parent)
    dialog.show()
    words = _("Pages that look different: {count} of {pages}")
    qtbot.waitUntil(lambda: words.format(count=2, pages=3) in _texts(dialog), timeout=20_000)
    (choice,) = dialog.findChildren(ChoiceBox)
    assert choice.count() == 2
    choice.activated.emit(0)
    qtbot.waitUntil(lambda: words.format(count=1, pages=3) in _texts(dialog), timeout=20_000)


def _texts(dialog: QWidget) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel)]


def _reddish(sheet: Sheet) -> int:
    """How many pixels have the colour of a mark: more red than blue."""
    image = sheet.grab().toImage()
    places = ((x, y) for x in range(0, image.width(), 2) for y in range(0, image.height() // 3, 2))
    colours = (image.pixelColor(*place) for place in places)
    return sum(colour.red() - colour.blue() > 10 for colour in colours)


def test_what_cannot_be_drawn_is_told(qtbot: QtBot, make_view: MakeView, tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    view = make_view(path)
    qtbot.waitUntil(
        lambda: any("[document.damaged]" in each.accessibleName() for each in view.findChildren(QWidget)),
        timeout=20_000,
    )
