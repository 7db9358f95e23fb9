"""Many files on the Verify page: the table, its filters, slow files, stopping, and what is saved."""

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.verify import queue
from desktop.verify.many_files import ManyFiles
from desktop.verify.report_view import ReportView
from desktop.verify.slow import SlowNotice
from desktop.verify.summary import Group, summary_of
from desktop.verify.table import FileTable
from desktop.work import pool, questions
from signing.document import Document, Kind
from signing.errors import VerificationStopped, WorkerStopped, WorkerTooSlow
from signing.job import SigningBatch, SigningJob, rehearse
from signing.profile import Profile
from signing.report import (
    Change,
    ChangesAfter,
    Coverage,
    Indication,
    Problem,
    SignatureFormat,
    SignatureReport,
    ValidationReport,
    Verdict,
    rejected,
)

LONG = 60_000  # milliseconds


def hang(path: Path, moment: datetime, password: str = "") -> ValidationReport:
    """In the helper, instead of the judge: files called so hang, or take the helper with them."""
    while "slow" in path.name:
        time.sleep(0.05)
    if "crash" in path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return _judge(path, moment, password)


_judge = questions.judge


@pytest.fixture
def files(make_pdf: Callable[..., Path], credential: Any, tmp_path: Path) -> list[Path]:
    """Two signed ones, two that are not, one that is damaged, one that was changed."""
    plain = [make_pdf(f"{name}.pdf") for name in ("plain-1", "plain-2", "contract", "changed")]
    signed = []
    for path in plain[2:]:
        job = SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False)
        with SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now().astimezone()) as batch:
            signed += [outcome.path for outcome in batch.sign(credential)]  # type: ignore[union-attr]  # it is signed
    content = bytearray(signed[1].read_bytes())
    content[content.index(b"MediaBox") + 12] ^= 1
    signed[1].write_bytes(content)
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing")
    return [*plain[:2], *signed, damaged, tmp_path / "gone.pdf"]


def table(window: MainWindow) -> ManyFiles:
    page = window._verify_page
    assert page
    assert page._table
    return page._table


def shown(window: MainWindow) -> list[str]:
    view = table(window).findChild(FileTable)
    assert view
    model = view.model()
    assert model
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def press(within: Any, words: str) -> None:
    (button,) = [each for each in within.findChildren(QPushButton) if each.text() == words and each.isEnabled()]
    button.click()


def test_many_files_are_a_table_with_filters(window: MainWindow, files: list[Path], qtbot: QtBot) -> None:
    window.verifying.add(files)
    window.show_verify()
    qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)

    assert shown(window) == [path.name for path in files]
    model = table(window)._model
    counts = {group: model.count(group) for group in Group}
    assert counts == {
        Group.WAITING: 0,
        Group.ATTENTION: 2,
        Group.GOOD: 0,
        Group.UNSIGNED: 2,
        Group.UNKNOWN: 2,
    }
    groups = table(window)._groups
    groups.setCurrentIndex(groups.findData(Group.UNKNOWN))
    assert shown(window) == ["damaged.pdf", "gone.pdf"]
    groups.setCurrentIndex(0)
    table(window)._words.setText("CONTR")
    assert shown(window) == ["contract-signed.pdf"]


def test_choosing_a_line_shows_its_report(window: MainWindow, files: list[Path], qtbot: QtBot) -> None:
    window.verifying.add(files)
    window.show_verify()
    qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)
    view = table(window).findChild(FileTable)
    assert view
    view.setFocus()

    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Down)

    assert window.verifying.current == files[2]
    assert window._verify_page
    assert [each for each in window._verify_page.findChildren(QPushButton) if "content" in each.text()]


def test_the_same_file_stays_chosen_where_a_list_becomes_a_table(
    window: MainWindow, files: list[Path], qtbot: QtBot
) -> None:
    window.show_verify()
    window.verifying.add(files[:3])
    qtbot.waitUntil(lambda: window._verify_page is not None and window._verify_page._list.count() == 3)
    window.verifying.add(files[3:])
    chosen = window.verifying.current
    qtbot.waitUntil(lambda: bool(window.findChildren(ManyFiles)) and window._verify_page._list.count() == 0)  # type: ignore[union-attr]  # as above
    assert window.verifying.current == chosen


def test_a_file_that_ends_the_helper_costs_nothing_but_itself(
    window: MainWindow, files: list[Path], make_pdf: Callable[..., Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "judge", hang)
    crash = make_pdf("crash.pdf")

    window.verifying.add([files[0], crash, files[1]])
    qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)

    outcomes = [window.verifying.files[path] for path in (files[0], crash, files[1])]
    assert [bool(outcome and outcome.report) for outcome in outcomes] == [True, False, True]
    assert isinstance(getattr(outcomes[1], "error", None), WorkerStopped)


def test_a_slow_file_is_told_and_waited_for_or_stopped(
    window: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "judge", hang)
    monkeypatch.setattr(pool, "_ORDINARY", 0.2)
    monkeypatch.setattr(queue, "_UNANSWERED", 1_000)
    slow = make_pdf("slow.pdf")
    window.verifying.add([slow])
    window.show_verify()
    page = window._verify_page
    assert page

    qtbot.waitUntil(lambda: page.findChild(SlowNotice) is not None, timeout=LONG)
    press(page, "Keep waiting")
    assert not window.verifying.queue.is_slow(slow)
    qtbot.wait(1_000)
    assert window.verifying.queue.is_under_way(slow)

    window.verifying.queue.stop(slow)
    judgement = window.verifying.files[slow]
    assert judgement
    assert isinstance(judgement.error, VerificationStopped)


def test_a_slow_file_that_nobody_waits_for_is_ended_and_can_be_tried_again(
    window: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_ORDINARY", 0.1)
    slow, other = make_pdf("slow.pdf"), make_pdf("other.pdf")
    with monkeypatch.context() as hanging:
        hanging.setattr(questions, "judge", hang)
        window.verifying.add([slow, other])
        window.show_verify()
        qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)

    judgement = window.verifying.files[slow]
    assert judgement
    assert isinstance(judgement.error, WorkerTooSlow)
    assert getattr(window.verifying.files[other], "report", None)
    press(window._verify_page, "Verify again, however long it takes")
    qtbot.waitUntil(lambda: bool((found := window.verifying.files[slow]) and found.report), timeout=LONG)


def test_stopping_keeps_what_is_done_and_the_rest_can_follow(
    window: MainWindow, files: list[Path], make_pdf: Callable[..., Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = make_pdf("slow.pdf")
    order = [files[0], slow, *files[1:]]
    with monkeypatch.context() as hanging:
        hanging.setattr(questions, "judge", hang)
        hanging.setattr(window.documents, "judges", lambda: 1)
        window.verifying.add(order)
        window.show_verify()
        qtbot.waitUntil(lambda: window.verifying.files[files[0]] is not None, timeout=LONG)
        press(table(window), "Stop")

    known = [path for path, judgement in window.verifying.files.items() if judgement and judgement.report]
    assert known == [files[0]]
    qtbot.waitUntil(lambda: table(window)._rest.isVisible())
    press(table(window), "Verify the rest")
    qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)
    assert all(judgement and judgement.report for judgement in window.verifying.files.values())


def test_results_are_saved_in_every_form_and_never_over_a_file(
    window: MainWindow, files: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    window.verifying.add(files)
    window.show_verify()
    qtbot.waitUntil(lambda: window.verifying.queue.remaining() == 0, timeout=LONG)
    begin = {"pdf": b"%PDF", "html": b"<!DOCTYPE html>", "csv": b"\xef\xbb\xbfpath,", "json": b"{", "xml": b"<?xml"}
    told: list[str | None] = []
    for ending in begin:
        window.verifying.save_reports(tmp_path / f"result.{ending}", window.verifying.reports(), told.append)
    qtbot.waitUntil(lambda: len(told) == len(begin), timeout=LONG)

    assert told == [None] * len(begin)
    for ending, content in begin.items():
        assert (tmp_path / f"result.{ending}").read_bytes().startswith(content)
    assert all(path.name in (tmp_path / "result.csv").read_text() for path in files)

    window.verifying.save_reports(tmp_path / "result.csv", [], told.append)
    qtbot.waitUntil(lambda: len(told) > len(begin), timeout=LONG)
    assert "not written over" in str(told[-1])
    assert (tmp_path / "result.csv").stat().st_size > 200


def test_what_a_later_signer_shows_stands_among_what_needs_attention() -> None:
    def group(*changes: Change) -> Group:
        passed, allowed = Indication.TOTAL_PASSED, ChangesAfter.ALLOWED
        signature = SignatureReport(
            "A", SignatureFormat.PADES, None, passed, None, True, Coverage.REVISION, allowed, changes=changes
        )
        report = ValidationReport(
            Path("a.pdf"), Kind.PDF, None, Verdict.PASSED, datetime.now().astimezone(), signatures=(signature,)
        )
        return summary_of(questions.Judgement(report.path, report, None)).group

    assert group(Change("signed-again")) is Group.GOOD
    assert group(Change("signed-again"), Change("signature-shown", pages=(1,))) is Group.ATTENTION


def test_of_many_signatures_some_are_shown_and_the_others_when_they_are_asked_for(qtbot: QtBot) -> None:
    signatures = tuple(rejected(f"S{number}", Problem("signature.malformed")) for number in range(45))
    now = datetime.now().astimezone()
    report = ValidationReport(Path("a.xml"), Kind.XML, None, Verdict.INDETERMINATE, now, signatures=signatures)
    view = ReportView(questions.Judgement(report.path, report, None))
    qtbot.addWidget(view)

    def shown() -> int:
        return sum(each.text().endswith((" of 45", "（全45件）")) for each in view.findChildren(QLabel))

    qtbot.waitUntil(lambda: shown() == 20)
    qtbot.wait(50)
    assert shown() == 20
    for fold in view.findChildren(QPushButton):
        if "41" in fold.text():
            fold.click()
    qtbot.waitUntil(lambda: shown() == 25)
