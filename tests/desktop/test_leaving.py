"""The window is closed while something is being signed: it goes at once, and what the card signs is kept."""

from dataclasses import replace

from PyQt6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.sign.desk import Stage
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.job import SignedFile


def test_what_is_being_signed_is_finished_out_of_sight(practising: MainWindow, qtbot, make_pdf) -> None:
    desk = practising.signing
    desk.add([make_pdf()])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 1, timeout=30_000)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1 and practising.cards.ready, timeout=30_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    assert desk.stage is Stage.SIGNING
    desk._outcome.connect(lambda _outcome: practising.close())  # the card has signed, and the batch is not yet over
    with qtbot.waitSignal(practising.ended, timeout=30_000):
        pass
    assert not practising.isVisible()
    (row,) = desk.rows
    assert isinstance(row.outcome, SignedFile)
    assert row.outcome.path.exists()


def test_the_window_comes_back_where_a_file_had_to_be_kept_elsewhere(practising: MainWindow, qtbot, make_pdf) -> None:
    desk = practising.signing
    desk.add([make_pdf()])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 1, timeout=30_000)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1 and practising.cards.ready, timeout=30_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))

    def leave(_outcome: object) -> None:
        practising.close()
        assert not practising.isVisible()
        desk.rows[0].outcome = replace(desk.rows[0].outcome, rescued=True)

    desk._outcome.connect(leave)
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=30_000)
    QApplication.processEvents()
    assert practising.isVisible()
