"""The list at the end says what was made and what was not, and why; the time that is left is told by what was done."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desktop.file_saving import write_new
from desktop.look.widgets import Notice
from desktop.main_window import MainWindow
from desktop.sign.pace import Pace
from desktop.sign.result_list import ResultList, results_as_table
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN


def test_the_list_can_be_saved_and_writes_over_nothing(
    practising: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    desk = practising.signing
    good, broken = make_pdf("=good.pdf"), tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nbroken")
    desk.add([good, broken])
    qtbot.waitUntil(lambda: all(row.examination for row in desk.rows), timeout=20_000)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1 and practising.cards.ready, timeout=20_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.signed() == 1, timeout=30_000)

    lines = list(csv.DictReader(io.StringIO(results_as_table(desk.rows).removeprefix("\ufeff"))))
    assert [line["Result"] for line in lines] == ["signed for practice", "not signed"]
    assert Path(lines[0]["What was made"]).exists()
    assert lines[1]["Why"]
    assert lines[1]["Code"] == "document.damaged"
    assert PRACTICE_PIN not in str(lines)

    shown = practising.findChild(ResultList)
    assert isinstance(shown, ResultList)
    qtbot.waitUntil(shown.button.isVisible)
    target = tmp_path / "list.csv"
    for said in ("Saved: list.csv", "exists already"):
        shown.button.click()
        dialog = practising.findChildren(QFileDialog)[-1]
        assert Path(dialog.directory().path()) == tmp_path  # where the documents are
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        assert any(said in notice.accessibleName() for notice in shown.findChildren(Notice))
    assert target.read_text("utf-8").startswith("\ufeffDocument,Result")


def test_no_part_of_a_list_stays_on_a_full_disk(small_disk: Path) -> None:
    target = small_disk / "list.csv"
    assert write_new(target, bytes(3_000_000))[0] == "bad"
    assert not target.exists()


def test_the_time_that_is_left_is_told_by_what_was_done() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert pace.left(0, 10) is None
    now[0] = 106
    assert pace.left(2, 10) is None
    assert pace.left(3, 10) == 14
    assert pace.left(10, 10) is None
    pace.stop()
    now[0] = 200
    assert pace.left(0, 10) is None
    now[0] = 203
    assert pace.left(3, 6) == 3
