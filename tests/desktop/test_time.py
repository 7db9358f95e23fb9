"""Time stamps in the window: the settings, and a signed file whose authority fails."""

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QInputDialog, QLabel, QPushButton

from desktop.command_line import main
from desktop.places import timestamps_file
from desktop.sign.desk import Stage
from desktop.time.authorities import Authority, TimeSettings, load_time_settings
from desktop.time.authority_dialog import AuthorityDialog
from desktop.time.desk import TimeDesk
from desktop.time.dialog import TimeDialog
from desktop.time.waiting_notice import WaitingDialog
from desktop.words.time import destination_of_request
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.errors import ChoicesUnreadable
from signing.job import SignedFile


def press(widget, words: str) -> None:
    (found,) = [each for each in widget.findChildren(QPushButton) if each.text() == words]
    found.click()


def texts(widget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel))


@pytest.fixture
def sign(window, qtbot, make_pdf):
    """A function that signs a document with the practice card; its row."""

    def carry_out(name: str = "contract.pdf"):
        desk = window.signing
        window.cards.use_practice_card()
        desk.add([make_pdf(name)])
        qtbot.waitUntil(lambda: bool(desk.ready_rows()) and window.cards.ready, timeout=30_000)
        desk.prepare()
        qtbot.waitUntil(lambda: len(desk.digests) == 1 and window.cards.ready, timeout=30_000)
        desk.sign(SignaturePin.parse(PRACTICE_PIN))
        qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=30_000)
        return desk.rows[-1]

    return carry_out


def test_an_authority_is_added_without_contacting_it(window, time_service) -> None:
    before = len(time_service.requests())
    settings = TimeDialog(window.signing.time, window)
    dialog = AuthorityDialog(window.signing.time, None, settings)
    dialog._address.setText("ftp://elsewhere.example/")
    press(dialog, "Save")
    assert "https://" in texts(dialog)  # refused, with what an address begins with
    dialog._name.setText("Mine")
    dialog._address.setText(f"{time_service.base}/clock")
    dialog._take_anchors(str(time_service.folder / "root.der"))
    press(dialog, "Save")
    (saved,) = load_time_settings().authorities
    assert (saved.name, saved.anchors) == ("Mine", (time_service.file("root.der"),))
    assert "not encrypted" in texts(settings)
    assert not load_time_settings().signing  # adding is not yet asking
    assert len(time_service.requests()) == before

    second = AuthorityDialog(window.signing.time, None, settings)
    second._name.setText("Mine")
    second._address.setText("https://elsewhere.example/")
    press(second, "Save")
    assert "already" in texts(second)
    assert load_time_settings().authorities == (saved,)
    second._name.setText("Another")
    press(second, "Save")
    assert [each.name for each in load_time_settings().authorities] == ["Mine", "Another"]


@pytest.mark.parametrize("name", ["", " \u200b\u202e\t "])
def test_an_authority_without_a_name_that_can_be_seen_is_refused(window, name: str) -> None:
    dialog = AuthorityDialog(window.signing.time, None, window)
    dialog._name.setText(name)
    dialog._address.setText("https://elsewhere.example/")
    press(dialog, "Save")
    assert "needs a name" in texts(dialog)
    assert load_time_settings().authorities == ()
    dialog._name.setText("Mi\u202ene")  # kept as it is shown: one that looks the same is the same
    press(dialog, "Save")
    assert [each.name for each in load_time_settings().authorities] == ["Mi ne"]


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b'{"authorities": [{"name": 7}], "signing": true}', b"\xff"])
def test_a_damaged_list_of_authorities_is_told_and_kept(window, capsys: pytest.CaptureFixture, content: bytes) -> None:
    path = timestamps_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert main(["authority", "add", "Mine", "https://elsewhere.example/"]) == 1
    assert main(["authority"]) == 1
    said = capsys.readouterr().err
    assert (said.count("choices.unreadable"), said.count("timestamps.json")) == (2, 2)
    desk = TimeDesk(window)
    settings = TimeDialog(desk, window)
    assert "cannot be read" in texts(settings)
    with pytest.raises(ChoicesUnreadable):
        desk.use(TimeSettings((Authority("Mine", "https://elsewhere.example/"),)))
    assert path.read_bytes() == content
    press(settings, "Put it aside and begin anew")
    assert path.with_name("timestamps.json.unreadable-1").read_bytes() == content
    assert main(["authority", "add", "Mine", "https://elsewhere.example/"]) == 0


def test_who_is_asked_after_the_first_authority_went_is_told(window) -> None:
    desk = window.signing.time
    first, second, third = (Authority(name, f"https://{name.lower()}.example/") for name in ("A", "B", "C"))
    desk.use(TimeSettings((first, second, third)))
    settings = TimeDialog(desk, window)

    def remove(name: str) -> str:
        (found,) = [each for each in settings.findChildren(QPushButton) if each.accessibleName() == f"Remove {name}"]
        found.click()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return texts(settings)

    assert "Removed: A. Time stamps are now asked for from B (b.example)." in remove("A")
    said = remove("C")
    assert "Removed: C." in said
    assert "now asked for" not in said


def test_only_the_password_that_goes_to_the_authority_is_said_to_be_readable() -> None:
    open_one = Authority("Mine", "http://127.0.0.1/")
    assert "password" not in destination_of_request(open_one)  # it stands over the field of the signature password
    assert "password for this authority" in destination_of_request(replace(open_one, user="hanako"))


def test_the_test_button_tells_what_is_so(window, time_service, qtbot) -> None:
    desk = window.signing.time
    for variant, expected in (("clock", "It works"), ("imprint", "timestamp.wrong")):
        authority = Authority(variant, f"{time_service.base}/{variant}")
        desk.use(TimeSettings((authority,)))
        dialog = TimeDialog(desk, window)
        press(dialog, "Test")
        qtbot.waitUntil(lambda d=dialog, words=expected: words in texts(d))


def test_a_failing_authority_leaves_three_choices(
    window, time_service, qtbot, sign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = window.signing.time
    gone = Authority("Gone", f"{time_service.base}/gone")
    desk.use(TimeSettings((gone,), signing=True))
    row = sign()
    qtbot.waitUntil(lambda: row.waiting.error is not None, timeout=30_000)
    assert not isinstance(row.outcome, SignedFile)
    page = window._sign_page
    choices = {"Try again", "Save without time stamp", "Discard"}
    qtbot.waitUntil(lambda: choices <= {each.text() for each in page.findChildren(QPushButton)})
    monkeypatch.setattr("desktop.time.secrets.saved_password", lambda _authority: None)
    desk.use(TimeSettings((Authority("Good", f"{time_service.base}/private", user="hanako"),), signing=True))
    press(page, "Try again")  # the password is asked for, also where it was another one that was known
    qtbot.waitUntil(lambda: bool(window.findChildren(QInputDialog)), timeout=30_000)
    (question,) = window.findChildren(QInputDialog)
    question.setTextValue("ひみつ")
    question.accept()
    qtbot.waitUntil(lambda: isinstance(row.outcome, SignedFile), timeout=30_000)
    assert row.outcome.path == tmp_path / "contract-practice-signed.pdf"
    assert b"ETSI.CAdES" in row.outcome.path.read_bytes()


def test_what_waits_is_found_again_when_the_window_opens(window, time_service, qtbot, sign) -> None:
    desk = window.signing.time
    desk.use(TimeSettings((Authority("Gone", f"{time_service.base}/gone"),), signing=True))
    row = sign()
    qtbot.waitUntil(lambda: row.waiting.error is not None, timeout=30_000)
    window.signing.clear()
    desk.items.clear()  # as in a program that begins
    window.look_for_reminders()
    assert "1 signed file waits" in texts(window)
    dialog = WaitingDialog(desk, window)
    assert destination_of_request(desk.settings.authority()) in texts(dialog)  # before it is asked again
    press(dialog, "Save without time stamp")
    qtbot.waitUntil(lambda: not desk.items, timeout=30_000)
    assert row.waiting.file.output.exists()
    qtbot.waitUntil(lambda: "waits for its time stamp" not in texts(window))
