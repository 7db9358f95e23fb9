"""What is seen while files come: which are looked at, and rows that are whole at every moment."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.sign.desk import Stage
from desktop.sign.row import SignRowView
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.note import Note

LONG = 60_000


def test_rows_with_long_notices_are_never_cut_off(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    """Between the list's finding a place for its rows and its growing, the window may be painted."""
    practising.resize(720, 480)
    practising.show()
    desk = practising.signing
    desk.add([make_pdf(f"{number}.pdf") for number in range(6)])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 6, timeout=LONG)
    qtbot.waitUntil(lambda: len(practising.findChildren(SignRowView)) == 6, timeout=LONG)
    views = practising.findChildren(SignRowView)
    qtbot.wait(50)
    for row in desk.rows:
        row.findings = (Note("my-number-likely", {"pages": (1,)}),)
        desk.row_changed.emit(row)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)  # what came is shown
    for view in views:
        QCoreApplication.sendPostedEvents(view)
    QCoreApplication.sendPostedEvents(views[0].parentWidget())
    for view in views:
        layout = view.layout()
        assert layout
        assert view.height() >= layout.totalHeightForWidth(view.width())


def test_what_is_looked_at_is_said_at_once_and_no_longer_than_that(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    def words() -> list[str]:
        return [each.text() for each in practising.findChildren(QLabel) if each.text().startswith("Looking at ")]

    practising._sorter._looking.setInterval(0)
    told: list[str] = []
    practising._sorter.told.connect(told.append)
    practising.receive([str(make_pdf("契約.pdf"))])
    qtbot.waitUntil(lambda: bool(words()), timeout=LONG)
    assert words() == ["Looking at 契約.pdf"]
    qtbot.waitUntil(lambda: len(practising.signing.rows) == 1, timeout=LONG)
    assert told[-1] == ""

    practising.receive([str(make_pdf(f"{number}.pdf")) for number in range(3)])
    qtbot.waitUntil(lambda: len(practising.signing.rows) == 4, timeout=LONG)
    assert "Looking at 3 documents" in told
    assert told[-1] == ""


def test_what_went_where_is_put_away_when_it_is_true_no_longer(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    practising.show_verify()  # where a file that is not signed would be missed
    practising.receive([str(make_pdf("a.pdf"))])
    said = practising.findChildren
    qtbot.waitUntil(lambda: any("Not signed, on the page" in each.text() for each in said(QLabel)), timeout=LONG)
    desk = practising.signing
    qtbot.waitUntil(lambda: desk.has_key, timeout=LONG)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1, timeout=LONG)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=LONG)
    assert not any("Not signed, on the page" in each.text() for each in said(QLabel) if each.isVisible())
