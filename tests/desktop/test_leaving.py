"""The window is closed while something is being signed: it goes at once, and what the card signs is kept."""

from dataclasses import replace

import pytest
from PyQt6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.sign.desk import Stage
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.job import SignedFile


@pytest.fixture
def signing(practising: MainWindow, qtbot, make_pdf) -> MainWindow:
    """The window while the card signs one file."""
    desk = practising.signing
    desk.add([make_pdf()])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 1, timeout=30_000)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1 and practising.cards.ready, timeout=30_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    return practising


def test_what_is_being_signed_is_finished_out_of_sight(signing: MainWindow, qtbot) -> None:
    desk = signing.signing
    assert desk.stage is Stage.SIGNING
    desk._outcome.connect(lambda _outcome: signing.close())  # the card has signed, and the batch is not yet over
    with qtbot.waitSignal(signing.ended, timeout=30_000):
        pass
    assert not signing.isVisible()
    (row,) = desk.rows
    assert isinstance(row.outcome, SignedFile)
    assert row.outcome.path.exists()


def test_the_window_comes_back_where_a_file_had_to_be_kept_elsewhere(signing: MainWindow, qtbot) -> None:
    desk = signing.signing

    def leave(_outcome: object) -> None:
        signing.close()
        assert not signing.isVisible()
        desk.rows[0].outcome = replace(desk.rows[0].outcome, rescued=True)

    desk._outcome.connect(leave)
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=30_000)
    QApplication.processEvents()
    assert signing.isVisible()
