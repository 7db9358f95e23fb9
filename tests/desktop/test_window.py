"""The real window with the practice card: what a person does with it, from the first file to the verdict."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QFileSystemModel, QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QInputDialog, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.card.desk import CardState
from desktop.main_window import SIGN, VERIFY, MainWindow
from desktop.passwords.pin_dialog import PinDialog
from desktop.settings import Appearance, load_settings
from desktop.sign.desk import Stage
from desktop.sign.flow import DisclosureDialog
from desktop.sign.list import SignList
from desktop.sign.row import SignRowView
from desktop.verify.signed_version import SignedVersion, VersionBefore
from signing.card.practice import PRACTICE_PIN, PracticeReaders
from signing.document import Document
from signing.errors import DocumentIsDirectory
from signing.job import SignedFile, SigningBatch, SigningJob, rehearse
from signing.profile import Profile
from signing.report import IssuerClass, Verdict

LONG = 60_000  # milliseconds; the helper process may have to start first


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    window.dragEnterEvent(entering)
    assert entering.isAccepted()
    window.dropEvent(QDropEvent(QPointF(5, 5), *how))


def texts(widget: QWidget) -> list[str]:
    QGuiApplication.processEvents()  # what was added becomes visible with the next layout
    found = [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]
    found += [part.text() or part.accessibleName() for part in widget.findChildren(QAbstractButton) if part.isVisible()]
    boxes = [part for part in widget.findChildren(QComboBox) if part.isVisible()]
    return found + [box.itemText(place) for box in boxes for place in range(box.count())]


def words(widget: QWidget) -> str:
    return "\n".join(texts(widget))


def press(widget: QWidget, text: str) -> None:
    QGuiApplication.processEvents()
    (found,) = (
        part
        for part in widget.findChildren(QAbstractButton)
        if part.isVisible() and text in (part.text(), part.accessibleName())
    )
    assert found.isEnabled()
    found.click()


def sign_everything(window: MainWindow, qtbot: QtBot, password: str = PRACTICE_PIN) -> None:
    press(window, "Sign for practice")
    if disclosures := [part for part in window.findChildren(DisclosureDialog) if part.isVisible()]:
        press(disclosures[0], "Continue")
    enter(window, qtbot, password)


def enter(window: MainWindow, qtbot: QtBot, password: str) -> None:
    dialog = next(part for part in window.findChildren(PinDialog) if part.isVisible())
    dialog._field.setText(password)
    qtbot.waitUntil(dialog._send.isEnabled, timeout=LONG)
    dialog._send.click()


# --- where files go


def test_what_is_dropped_goes_where_it_belongs_and_can_be_sent_to_the_other_page(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    window, unsigned = practising, make_pdf()
    drop(window, unsigned)
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    assert window.page == SIGN
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    signed = tmp_path / "contract-practice-signed.pdf"

    window.signing.clear()
    drop(window, signed)
    qtbot.waitUntil(lambda: bool(window.verifying.files.get(signed)), timeout=LONG)
    assert window.page == VERIFY
    assert window.signing.rows == []

    press(window, "Sign this file")
    assert window.page == SIGN
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    qtbot.waitUntil(
        lambda: "Already signed." in words(window), timeout=LONG
    )  # that it is signed already is said on its row

    press(window, "Verify this instead")
    assert window.page == VERIFY
    assert window.signing.rows == []


def test_what_went_where_is_told_of_a_mixed_drop(
    window: MainWindow, make_pdf: Callable[..., Path], credential: object, qtbot: QtBot, tmp_path: Path
) -> None:
    unsigned, broken = make_pdf(), tmp_path / "broken.pdf"
    job = SigningJob.beside(Document.open(unsigned), Profile.PADES_B_B, practice=False)
    with SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch:
        (signed,) = batch.sign(credential)  # type: ignore[arg-type] - of tests/conftest.py
    assert isinstance(signed, SignedFile)
    broken.write_bytes(b"%PDF-1.7 nothing more")
    window.show_verify()
    drop(window, signed.path, unsigned, broken)
    told = "Signed, on the page “Verify”: 1 · Not signed, on the page “Sign”: 1 · With a problem, on the page “Sign”: 1"
    qtbot.waitUntil(lambda: told in words(window), timeout=LONG)
    press(window, "Put away")
    assert told not in words(window)
    window.show_verify()
    drop(window, unsigned)
    qtbot.waitUntil(lambda: "Not signed, on the page “Sign”: 1" in words(window), timeout=LONG)


def test_a_my_number_is_pointed_out_before_it_is_signed_and_its_digits_stand_nowhere(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    drop(practising, make_pdf(pages=2, text="My Number 1234 5678 9018 on page {}"))
    qtbot.waitUntil(lambda: "There seems to be a My Number in it (page 1, 2)." in words(practising), timeout=LONG)
    assert "9018" not in words(practising)
    assert len(practising.signing.ready_rows()) == 1  # a warning, no bar


def test_a_folder_brings_its_documents_and_an_error_stands_on_its_row(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    make_pdf("folder/a.pdf")
    make_pdf("folder/b.pdf")
    (tmp_path / "nothing").mkdir()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nthis is no document")

    drop(practising, tmp_path / "folder", tmp_path / "nothing", broken)

    rows = practising.signing.rows
    qtbot.waitUntil(lambda: len(rows) == 4 and all(row.examination for row in rows), timeout=LONG)
    assert len(practising.signing.ready_rows()) == 2
    failures = [row.examination.error for row in rows if row.examination and row.examination.error]
    assert isinstance(failures[0], DocumentIsDirectory)
    qtbot.waitUntil(lambda: "[document.directory]" in words(practising) and "[document.damaged]" in words(practising))


def test_a_profile_is_chosen_for_each_file(practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot) -> None:
    drop(practising, make_pdf("a.pdf"), make_pdf("b.pdf"))
    qtbot.waitUntil(lambda: len(practising.findChildren(SignRowView)) == 2, timeout=LONG)
    boxes = [each for each in practising.findChildren(QComboBox) if each.accessibleName() == "Where it is for"]
    box = boxes[1]
    box.setCurrentIndex(1)
    box.activated.emit(1)

    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 2, timeout=LONG)
    profiles = [row.rehearsal.job.profile for row in practising.signing.ready_rows() if row.rehearsal]
    assert profiles == [Profile.PADES_B_B, Profile.REGISTRY]


# --- signing


def test_two_files_are_signed_with_one_password_and_verify(
    practising: MainWindow, readers: PracticeReaders, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    window = practising
    sources = [make_pdf("a.pdf"), make_pdf("b.pdf")]
    contents = [source.read_bytes() for source in sources]
    drop(window, *sources)
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 2, timeout=LONG)

    sign_everything(window, qtbot, "ａｂｃ１２３")
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)

    assert readers.card.pins_used == 1
    assert [source.read_bytes() for source in sources] == contents
    results = [row.outcome for row in window.signing.rows]
    assert [type(result) for result in results] == [SignedFile, SignedFile]
    qtbot.waitUntil(lambda: "Signed for practice: a-practice-signed.pdf" in words(window), timeout=LONG)

    window.verify(tmp_path / "a-practice-signed.pdf")
    path = tmp_path / "a-practice-signed.pdf"
    qtbot.waitUntil(lambda: bool(window.verifying.files.get(path)), timeout=LONG)
    judgement = window.verifying.files[path]
    assert judgement is not None
    assert judgement.report is not None
    (signature,) = judgement.report.signatures
    assert signature.intact
    assert signature.issuer_class is IssuerClass.PRACTICE
    assert judgement.report.verdict is Verdict.INDETERMINATE


def test_what_a_card_that_was_taken_away_left_unsigned_is_signed_when_it_is_back(
    practising: MainWindow,
    readers: PracticeReaders,
    make_pdf: Callable[..., Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, card, answer, signed = practising, readers.card, readers.card.transmit, []

    def answer_once(command: bytes) -> bytes:
        """One signing command; before the second the card is taken away."""
        if command[1] == 0x2A:
            signed.append(command)
            if len(signed) == 2:
                card.remove()
        return answer(command)

    monkeypatch.setattr(card, "transmit", answer_once)
    drop(window, *(make_pdf(f"{name}.pdf") for name in "abc"))
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 3, timeout=LONG)
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: "[card.removed]" in words(window), timeout=LONG)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.LISTING, timeout=LONG)
    assert window.signing.signed() == 1
    card.insert()
    qtbot.waitUntil(lambda: window.cards.ready, timeout=LONG)
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    assert window.signing.signed() == 3
    qtbot.waitUntil(lambda: "[card.removed]" not in words(window), timeout=LONG)


def test_the_password_dialog_shows_the_digests_of_the_files(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    drop(practising, make_pdf())
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 1, timeout=LONG)
    (row,) = practising.signing.ready_rows()
    assert row.rehearsal
    digest = row.rehearsal.job.document.sha256
    press(practising, "Sign for practice")
    press(next(part for part in practising.findChildren(DisclosureDialog)), "Continue")
    (dialog,) = practising.findChildren(PinDialog)

    qtbot.waitUntil(lambda: digest in words(dialog).replace(" ", "").replace("\n", ""), timeout=LONG)

    dialog.reject()
    qtbot.waitUntil(lambda: practising.signing.stage is Stage.LISTING)
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 1, timeout=LONG)


def test_what_failed_before_the_password_is_not_promised_and_told_as_past_at_the_end(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    desk = practising.signing
    drop(practising, make_pdf("a.pdf"), make_pdf("b.pdf"))
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 2, timeout=LONG)
    desk.rows[1].path.unlink()
    press(practising, "Sign for practice")
    press(next(part for part in practising.findChildren(DisclosureDialog)), "Continue")
    (dialog,) = practising.findChildren(PinDialog)
    assert dialog.windowTitle() == "Sign 2 documents"
    qtbot.waitUntil(lambda: len(desk.digests) == 2, timeout=LONG)
    assert dialog.windowTitle() == "Sign 1 document"
    assert "Sign 1 document" in words(dialog)

    enter(practising, qtbot, PRACTICE_PIN)
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=LONG)
    assert "1 of 2 signed" in words(practising)
    assert "1 could not be signed" in words(practising)


def test_a_wrong_password_costs_one_try_and_the_dialog_comes_back(
    practising: MainWindow, readers: PracticeReaders, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    drop(practising, make_pdf())
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 1, timeout=LONG)
    sign_everything(practising, qtbot, "WRONG1")

    def asked_again() -> bool:
        return any(part.isVisible() and "wrong" in words(part) for part in practising.findChildren(PinDialog))

    qtbot.waitUntil(asked_again, timeout=LONG)
    assert readers.card.tries_left == 4
    assert readers.card.pins_used == 1

    enter(practising, qtbot, PRACTICE_PIN)
    qtbot.waitUntil(lambda: practising.signing.stage is Stage.DONE, timeout=LONG)
    assert readers.card.tries_left == 5


def test_digests_are_told_where_a_wrong_password_came_before_them(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    desk = practising.signing
    desk._digest_timer.setInterval(LONG)
    drop(practising, make_pdf())
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 1, timeout=LONG)
    with qtbot.waitSignal(desk.refused, timeout=LONG):
        sign_everything(practising, qtbot, "WRONG1")
    desk._digest_timer.setInterval(10)
    qtbot.waitUntil(lambda: len(desk.digests) == 1, timeout=LONG)


def test_files_that_come_in_one_go_make_one_list(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    """A list that is made anew for each of hundreds of files holds up the window for minutes."""
    practising.show()
    for number in range(5):
        practising.signing.add([make_pdf(f"{number}.pdf")])
    assert len(practising.findChildren(SignList)) == 1
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 5, timeout=LONG)


def test_rows_that_come_do_not_squeeze_those_that_are_there(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    """The rows are made anew, one in each turn, when the language changes."""
    desk = practising.signing
    desk.add([make_pdf(f"{number}.pdf") for number in range(8)])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 8, timeout=LONG)
    practising.preferences.speak("ja")
    squeezed, shown = 0, 0
    while shown < 8:
        QCoreApplication.processEvents()
        rows = [row for row in practising._sign_page.findChildren(SignRowView) if row.isVisible()]
        squeezed += sum(row.height() < row.minimumSizeHint().height() for row in rows[:-1])  # the last has just come
        shown = len(rows)
    assert not squeezed


def test_progress_is_seen_while_files_follow_each_other_quickly(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    desk, seen = practising.signing, []
    practising.show()
    desk.add([make_pdf(f"{number}.pdf") for number in range(5)])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 5, timeout=LONG)
    (bar,) = practising.findChildren(QProgressBar)
    bar.valueChanged.connect(lambda value: seen.append((value, bar.isVisible())))
    sign_everything(practising, qtbot)
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=LONG)
    told = [value for value, visible in seen if visible]
    assert told, "the bar comes and goes unseen"
    assert told == sorted(told)
    assert set(told) <= {1, 2, 3, 4, 5}


def test_what_others_will_see_is_told_before_the_first_real_signature_and_remembered(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    drop(practising, make_pdf())
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 1, timeout=LONG)
    press(practising, "Sign for practice")
    (disclosure,) = practising.findChildren(DisclosureDialog)
    assert "address" in words(disclosure)
    assert "invented person" in words(disclosure)  # nothing of the one who practises
    assert "My Number" in words(disclosure)
    press(disclosure, "Continue")

    assert not load_settings().disclosure_seen  # a practice signature discloses nothing of a real person

    next(part for part in practising.findChildren(PinDialog)).reject()
    press(practising, "What others will see")
    assert any("address" in words(part) for part in practising.findChildren(DisclosureDialog) if part.isVisible())


# --- the practice card


def test_the_practice_card_is_one_press_away_and_cannot_be_missed(window: MainWindow, qtbot: QtBot) -> None:
    window.cards.use_real_card()
    qtbot.waitUntil(lambda: window.cards.state is CardState.NO_READER)
    assert "No card reader found" in words(window)
    assert "PRACTICE" not in words(window)

    press(window, "Use the practice card")
    qtbot.waitUntil(lambda: window.cards.ready, timeout=LONG)
    for show in (window.show_sign, window.show_verify):
        show()
        assert "PRACTICE" in words(window)

    press(window, "Stop practising")
    qtbot.waitUntil(lambda: window.cards.state is CardState.NO_READER)
    assert "PRACTICE" not in words(window)


def test_the_names_of_the_outputs_follow_the_card(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    drop(practising, make_pdf())
    qtbot.waitUntil(lambda: "contract-practice-signed.pdf" in words(practising), timeout=LONG)

    practising.cards.use_real_card()

    qtbot.waitUntil(lambda: "becomes contract-signed.pdf" in words(practising), timeout=LONG)


# --- language and appearance


def test_no_text_stays_behind_when_the_language_changes(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    window = practising
    (tmp_path / "空").mkdir()
    drop(window, make_pdf("あ.pdf"), tmp_path / "空")
    qtbot.waitUntil(lambda: len(window.signing.rows) == 2, timeout=LONG)
    window.verify(tmp_path / "あ.pdf")
    qtbot.waitUntil(lambda: all(window.verifying.files.values()), timeout=LONG)

    window.preferences.speak("ja")

    for show in (window.show_sign, window.show_verify):
        show()
        untranslated = [text for text in texts(window) if text and not _japanese(text)]
        assert set(untranslated) <= {"Jitsuin", "English"}
    assert load_settings().language == "ja"
    window.preferences.speak("en")
    window.show_sign()
    assert not [text for text in texts(window) if _japanese(text) and text != "日本語" and not {"あ", "空"} & set(text)]


def test_the_dialogs_of_qt_speak_the_language_of_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    def shown(speaking: str) -> set[str]:
        window.preferences.speak(speaking)
        (tmp_path / "folder").mkdir(exist_ok=True)
        dialog = QFileDialog(window, "", str(tmp_path))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.show()
        files = dialog.findChild(QFileSystemModel)
        qtbot.waitUntil(lambda: files.rowCount(files.index(str(tmp_path))) > 0)
        kind = files.data(files.index(str(tmp_path / "folder")).siblingAtColumn(2))
        words = [part.text() for part in dialog.findChildren((QLabel, QAbstractButton)) if part.isVisible()]
        dialog.deleteLater()
        return {word for word in [*words, kind] if word}

    assert all(map(_japanese, shown("ja")))
    assert not any(map(_japanese, shown("en")))


def _japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" for character in text)


def test_the_appearance_changes_at_once_and_is_remembered(window: MainWindow) -> None:
    window.preferences.appear(Appearance.LIGHT)
    light = window.grab().toImage().pixelColor(10, 10).lightness()
    window.preferences.appear(Appearance.DARK)
    dark = window.grab().toImage().pixelColor(10, 10).lightness()

    assert light > 200 > 100 > dark
    assert load_settings().appearance is Appearance.DARK


def test_the_settings_hold_nothing_of_documents(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    drop(practising, make_pdf("秘密.pdf"))
    qtbot.waitUntil(lambda: bool(practising.signing.ready_rows()), timeout=LONG)
    practising.preferences.speak("en")

    written = "".join(path.read_text() for path in (tmp_path / "config").rglob("*") if path.is_file())
    assert {line.partition("=")[0] for line in written.splitlines() if "=" in line} == {
        "appearance",
        "destination",
        "disclosure_seen",
        "folder",
        "language",
        "pin_change",
    }


# --- before the window


@pytest.mark.parametrize("practice", [[], ["--practice"]])
def test_the_window_stands_before_anything_heavy_is_loaded(practice: list[str], tmp_path: Path) -> None:
    script = (
        "import sys; from desktop.window import make_application, open_window;"
        "app = make_application(); window = open_window(app); window.show();"
        "print(*(name for name in ('pyhanko', 'aiohttp', 'lxml', 'cryptography', 'keyring', 'asn1crypto',"
        " 'smartcard', 'multiprocessing') if name in sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == ""


def test_without_a_screen_it_says_so_and_does_not_crash(tmp_path: Path) -> None:
    for display in ({}, {"DISPLAY": ":4711"}):
        environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", **display}
        answer = subprocess.run(
            [sys.executable, "-m", "desktop"], env=environment, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 1
        assert "no screen" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_command_never_loads_qt(tmp_path: Path) -> None:
    script = "import sys; from desktop.app import main; main(['--version']); print('PyQt6' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "False"


def test_encrypted_document_is_signed_and_verified_with_its_password(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    window, plain_file = practising, make_pdf()
    locked = plain_file.with_name("locked.pdf")
    subprocess.run(["qpdf", "--encrypt", "open sesame", "owner", "256", "--", plain_file, locked], check=True)

    def unlock(password: str) -> None:
        press(window, "Enter its password")
        dialog = next(part for part in window.findChildren(QInputDialog) if part.isVisible())
        dialog.setTextValue(password)
        dialog.accept()

    drop(window, locked)
    for password in ("wrong", "open sesame"):
        qtbot.waitUntil(lambda: "Enter its password" in texts(window), timeout=LONG)
        assert "Seal and more for locked.pdf" not in texts(window)  # no page can be shown to put it on
        assert "Look at locked.pdf" not in texts(window)
        assert not window.signing.sealable_rows()
        unlock(password)
        if password == "wrong":
            qtbot.waitUntil(lambda: "The password that was entered does not open it." in words(window), timeout=LONG)
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    offered = {"Seal and more for locked.pdf", "Look at locked.pdf"}
    qtbot.waitUntil(lambda: offered <= set(texts(window)), timeout=LONG)
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    signed = locked.with_name("locked-practice-signed.pdf")
    assert signed.exists()

    window.verifying.add([signed])
    window.show_page(VERIFY)
    qtbot.waitUntil(lambda: window.verifying.files[signed] is not None, timeout=LONG)
    qtbot.waitUntil(lambda: "Enter its password" in texts(window), timeout=LONG)
    wrong = "The password that was entered does not open it."
    assert wrong not in words(window)
    unlock("wrong")
    qtbot.waitUntil(lambda: wrong in words(window), timeout=LONG)
    unlock("open sesame")
    qtbot.waitUntil(
        lambda: bool((found := window.verifying.files[signed]) and found.report and found.report.signatures),
        timeout=LONG,
    )
    found = window.verifying.files[signed]
    assert found is not None
    assert found.report is not None
    assert found.report.signatures[0].intact


def test_what_was_signed_can_be_saved_apart_where_more_came_later(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    window = practising
    drop(window, make_pdf())
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    once = tmp_path / "contract-practice-signed.pdf"
    later = tmp_path / "later.pdf"
    subprocess.run([sys.executable, "-c", ANNOTATE, once, later], check=True)

    window.verifying.add([later])
    window.show_page(VERIFY)
    qtbot.waitUntil(lambda: "Save the version that was signed (Signature1)" in texts(window), timeout=LONG)
    (offered,) = window.findChildren(SignedVersion)
    offered._save(str(tmp_path / "as-signed.pdf"))
    qtbot.waitUntil(lambda: "Saved: as-signed.pdf" in words(window), timeout=LONG)
    assert (tmp_path / "as-signed.pdf").read_bytes() == once.read_bytes()
    offered._save(str(once))
    qtbot.waitUntil(lambda: "[destination.exists]" in words(window), timeout=LONG)


def test_the_last_signature_can_be_taken_back(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot, tmp_path: Path
) -> None:
    window, source = practising, make_pdf()
    drop(window, source)
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    sign_everything(window, qtbot)
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    window.verifying.add([tmp_path / "contract-practice-signed.pdf"])
    window.show_page(VERIFY)
    offer = "Take the last signature back: save the version before it"
    qtbot.waitUntil(lambda: offer in texts(window), timeout=LONG)
    (offered,) = window.findChildren(VersionBefore)
    offered._save(str(tmp_path / "taken-back.pdf"))
    qtbot.waitUntil(lambda: "Saved: taken-back.pdf" in words(window), timeout=LONG)
    assert (tmp_path / "taken-back.pdf").read_bytes() == source.read_bytes()


ANNOTATE = """
import sys
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
with open(sys.argv[1], "rb") as file, open(sys.argv[2], "wb") as output:
    writer = IncrementalPdfFileWriter(file)
    writer.root[NameObject("/Note")] = TextStringObject("added later")
    writer.update_root()
    writer.write(output)
"""
