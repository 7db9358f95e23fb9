"""A time stamp for a file that was signed before, asked for on the Verify page."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QInputDialog, QLabel, QPushButton, QRadioButton

from desktop.sign.desk import Stage
from desktop.time.authorities import Authority, TimeSettings
from desktop.time.conversation import Extend, Source, Stamped, stamped
from desktop.time.extension_dialog import ExtensionDialog
from desktop.time.password import PasswordFinder
from desktop.trust.store import add
from signing import Document, Profile, SigningBatch, SigningJob, rehearse
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.errors import KeyringUnavailable, TimestampAddressWrong
from signing.extension import Extension
from signing.report import SignatureLevel
from signing.trust import Trust


def press(widget, words: str) -> None:
    (found,) = [each for each in widget.findChildren(QPushButton) if each.text() == words and each.isEnabled()]
    found.click()


def texts(widget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel))


@pytest.fixture
def signed(make_pdf, tmp_path: Path) -> Callable[..., Path]:
    """A function that signs a PDF with a key, without time stamp; its path."""

    def sign(credential, name: str = "contract.pdf", profile: Profile = Profile.PADES_B_B) -> Path:
        job = SigningJob.beside(Document.open(make_pdf(name)), profile, practice=False)
        with SigningBatch([rehearse(job)], refuge=tmp_path / "refuge", clock=lambda: datetime.now(UTC)) as batch:
            (made,) = batch.sign(credential)
        return made.path

    return sign


@pytest.fixture
def verify(window, qtbot) -> Callable[[Path], None]:
    """A function that shows a file on the Verify page, with what was established."""

    def show(path: Path) -> None:
        window.verify(path)
        wait_for(window, qtbot, path)

    return show


def wait_for(window, qtbot, path: Path) -> None:
    qtbot.waitUntil(lambda: window.verifying.files.get(path) is not None, timeout=30_000)
    qtbot.waitUntil(lambda: "Save this result" in [each.text() for each in window.findChildren(QPushButton)])


@pytest.fixture
def use(window, time_service) -> Callable[..., None]:
    """A function that has the window ask a variant of the authority."""

    def settle(variant: str, **more) -> None:
        anchors = (time_service.file("root.der"),)
        authority = Authority("Mine", f"{time_service.base}/{variant}", anchors=anchors, **more)
        window.signing.time.use(TimeSettings((authority,)))

    return settle


@pytest.fixture
def opened(window, qtbot) -> Callable[[], ExtensionDialog]:
    """A function that presses the button, and waits until the dialog knows what can be done."""

    def open_it() -> ExtensionDialog:
        press(window, "Add a time stamp")
        (dialog,) = window.findChildren(ExtensionDialog)
        qtbot.waitUntil(lambda: "Looking at the file" not in texts(dialog), timeout=30_000)
        return dialog

    return open_it


def test_a_signed_file_gets_all_that_makes_it_last(window, qtbot, time_service, signed, verify, use, opened) -> None:
    path = signed(time_service.signer())
    before = path.read_bytes()
    use("clock")
    add([time_service.file("root.der")])
    verify(path)
    asked = len(time_service.requests())
    dialog = opened()
    assert time_service.base.removeprefix("http://") in texts(dialog)  # who is asked is named
    assert "contract-signed-stamped.pdf" in texts(dialog)
    assert [choice.isEnabled() for choice in dialog.findChildren(QRadioButton)] == [True] * 3
    for _ in range(2):  # the keyboard stays where it was
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert "/ocsp" in texts(dialog)  # and so is who tells of revocation
    assert len(time_service.requests()) == asked  # up to here nobody was
    press(dialog, "Ask for the time stamp")
    made = path.with_name("contract-signed-stamped.pdf")
    qtbot.waitUntil(lambda: made.exists() and "Made, with a time stamp" in texts(window), timeout=60_000)
    assert path.read_bytes() == before
    press(window, "Verify it")
    wait_for(window, qtbot, made)
    assert window.verifying.current == made
    signature, stamp = window.verifying.files[made].report.signatures
    assert (signature.level, signature.indication, stamp.is_timestamp) == ("B-LTA", "TOTAL-PASSED", True)
    assert "add another time stamp before" in texts(window)  # until when it proves
    assert [each.text() for each in window.findChildren(QPushButton) if "another time stamp" in each.text()]


def test_nobody_is_asked_of_whom_the_person_was_not_told(time_service, tmp_path: Path) -> None:
    """Whatever a helper that has read a stranger's file may want."""
    told = f"{time_service.base}/told"

    class Helper:
        def open(self, _request: object) -> None: ...

        def receive(self) -> object:
            return next(wants)

        def send(self, answer: object) -> None:
            given.append(answer)

    for level, sources in ((SignatureLevel.B_LT, (told,)), (SignatureLevel.B_T, ())):
        before, given = len(time_service.requests()), []
        wants = iter(
            [Source(told, None), Source(f"{time_service.base}/untold", None), Stamped(tmp_path, rescued=False)]
        )
        document = Document.open(Path(__file__))
        request = Extend(Extension(document, level, (), sources), tmp_path, "", (), Trust.default(), tmp_path)
        stamped(Helper(), request, lambda _query: b"")
        assert [each["path"] for each in time_service.requests()[before:]] == ["/told"] * len(sources)
        assert isinstance(given[1], TimestampAddressWrong)


def test_what_cannot_be_had_is_said_with_the_reason(
    window, qtbot, credential, time_service, signed, verify, use, opened
) -> None:
    use("clock")
    verify(signed(credential))  # a certificate that leads to nobody known here
    dialog = opened()
    assert [choice.isEnabled() for choice in dialog.findChildren(QRadioButton)] == [True, False, False]
    assert "extension.untrusted" in texts(dialog)
    dialog.reject()
    plain = signed(time_service.signer(), "registry.pdf", Profile.REGISTRY)
    verify(plain)
    assert "add no time stamp" in texts(opened())


def test_what_a_card_signed_gets_a_time_stamp_and_the_reason_why_no_more(
    practising, qtbot, time_service, make_pdf, verify, use, opened
) -> None:
    """Whether a card's certificate was revoked is told to notified verifiers only."""
    desk = practising.signing
    desk.add([make_pdf()])
    qtbot.waitUntil(lambda: bool(desk.ready_rows()), timeout=30_000)
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1, timeout=30_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=60_000)
    use("clock")
    verify(desk.rows[0].outcome.path)
    asked = len(time_service.requests())
    dialog = opened()
    assert [choice.isEnabled() for choice in dialog.findChildren(QRadioButton)] == [True, False, False]
    assert "to notified verifiers only, not to individuals" in texts(dialog)
    assert "A time stamp can be added." in texts(dialog)
    assert len(time_service.requests()) == asked
    press(dialog, "Ask for the time stamp")
    made = desk.rows[0].outcome.path.with_name("contract-practice-signed-stamped.pdf")
    qtbot.waitUntil(made.exists, timeout=60_000)


def test_a_file_that_was_changed_is_offered_none(window, signed, verify, credential) -> None:
    path = signed(credential)
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    verify(path)
    assert "No time stamp can be added: A signature in this file does not hold" in texts(window)
    assert not [each for each in window.findChildren(QPushButton) if each.text() == "Add a time stamp"]


def test_a_failing_authority_leaves_nothing_behind_and_can_be_asked_again(
    window, qtbot, credential, signed, verify, use, opened
) -> None:
    path = signed(credential)
    there = sorted(path.parent.glob("*.pdf"))
    use("gone")
    verify(path)
    dialog = opened()
    press(dialog, "Ask for the time stamp")
    qtbot.waitUntil(lambda: "timestamp.answer-unusable" in texts(dialog), timeout=30_000)
    assert sorted(each for each in path.parent.iterdir() if each.is_file()) == there
    use("clock")
    press(dialog, "Ask for the time stamp")
    qtbot.waitUntil(lambda: path.with_name("contract-signed-stamped.pdf").exists(), timeout=30_000)


def test_a_password_that_was_denied_is_asked_for_although_it_is_kept(
    window, qtbot, credential, signed, verify, use, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.time.secrets.saved_password", lambda _authority: "of last year")
    use("private", user="hanako")
    path = signed(credential)
    verify(path)
    dialog = opened()
    press(dialog, "Ask for the time stamp")
    qtbot.waitUntil(lambda: "timestamp.access-denied" in texts(dialog), timeout=30_000)
    press(dialog, "Ask for the time stamp")
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QInputDialog)), timeout=30_000)
    (question,) = dialog.findChildren(QInputDialog)
    question.setTextValue("ひみつ")
    question.accept()
    qtbot.waitUntil(lambda: path.with_name("contract-signed-stamped.pdf").exists(), timeout=30_000)


@pytest.mark.parametrize("outcome", ["saved", "locked"])
def test_a_keyring_that_waits_to_be_unlocked_holds_nothing_up(
    window, qtbot, use, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    prompt = threading.Event()

    def saved_password(_authority: Authority) -> str | None:
        prompt.wait(30)
        if outcome == "locked":
            raise KeyringUnavailable
        return "secret"

    monkeypatch.setattr("desktop.time.secrets.saved_password", saved_password)
    use("private", user="hanako")
    desk = window.signing.time
    found: list[bool] = []
    PasswordFinder(desk, window).find(desk.settings.authority(), lambda: found.append(True))
    assert found == []  # it is back at once, while the prompt stands open
    prompt.set()
    if outcome == "saved":
        qtbot.waitUntil(lambda: found == [True])
        return
    qtbot.waitUntil(lambda: bool(window.findChildren(QInputDialog)))
    (dialog,) = window.findChildren(QInputDialog)
    dialog.setTextValue("typed")
    dialog.accept()
    assert found == [True]
    assert desk.knows_password(desk.settings.authority())
