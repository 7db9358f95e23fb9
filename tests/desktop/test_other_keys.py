"""Signing in the window with a certificate file and with a token."""

import base64
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto.pkcs12 import Pfx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.keys import conversation
from desktop.keys.conversation import KeySession, OpenFile, tokens_behind
from desktop.keys.desk import KeyDesk, OtherKey
from desktop.keys.dialog import KeyDialog
from desktop.keys.memory import KnownKeys, load_known_keys, save_known_keys
from desktop.keys.strip import KeyStrip
from desktop.keys.token_dialog import TokenDialog
from desktop.main_window import MainWindow
from desktop.passwords import kept
from desktop.places import keys_file
from desktop.sign.desk import Stage
from desktop.work.questions import _contains
from signing import SignedFile, errors

LONG = 60_000
PASSWORD = "himitsu-42"


@pytest.fixture(scope="session")
def p12(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("p12")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/O=Trading/CN=Taro"]
    make += ["-addext", "basicConstraints=CA:FALSE", "-keyout", "key", "-out", "crt"]
    export = ["openssl", "pkcs12", "-export", "-inkey", "key", "-in", "crt", "-passout", f"pass:{PASSWORD}"]
    for command in (make, [*export, "-out", "key.p12"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "key.p12"


def visible(parent: QWidget) -> list[QPushButton]:
    return [each for each in parent.findChildren(QPushButton) if each.isVisible()]


def pressed(parent: QWidget, words: str) -> None:
    found = [each for each in visible(parent) if each.text() == words][-1]  # the first is that of the page on the left
    assert found.isEnabled()
    found.click()


def asked_about(window: MainWindow, qtbot: QtBot, path: Path, key: OtherKey) -> KeyDialog:
    """The dialog about the key, over a document that is ready."""
    window.signing.keys.use(key)
    window.signing.add([path])
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: any(each.text() == "Sign" and each.isEnabled() for each in visible(window)), timeout=LONG)
    pressed(window, "Sign")
    (dialog,) = [each for each in window.findChildren(KeyDialog) if each.isVisible()]
    return dialog


def entered(dialog: KeyDialog, text: str) -> None:
    dialog._field.setText(text)
    pressed(dialog, "Continue")


def words_of(dialog: QWidget) -> str:
    from PyQt6.QtWidgets import QLabel

    return " ".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def signed(window: MainWindow, qtbot: QtBot) -> SignedFile:
    qtbot.waitUntil(lambda: window.signing.stage is Stage.DONE, timeout=LONG)
    (row,) = window.signing.rows
    assert isinstance(row.outcome, SignedFile), row.outcome
    said = subprocess.run(["pdfsig", "-nocert", row.outcome.path], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    return row.outcome


def test_a_certificate_file_tells_what_it_reveals_before_it_signs(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], p12: Path
) -> None:
    source = make_pdf()
    dialog = asked_about(window, qtbot, source, OtherKey(p12))
    entered(dialog, "wrong")
    qtbot.waitUntil(lambda: "key.password-wrong" in words_of(dialog), timeout=LONG)
    entered(dialog, PASSWORD)
    qtbot.waitUntil(lambda: "organization: Trading" in words_of(dialog), timeout=LONG)
    assert window.signing.stage is Stage.ASKING  # nothing was signed before that
    assert [each.name for each in source.parent.iterdir()] == [source.name]
    pressed(dialog, "Sign")
    assert signed(window, qtbot).path == source.with_name("contract-signed.pdf")
    assert load_known_keys().files == ()  # nobody said that it may be kept


def test_beside_the_practice_card_another_key_is_told_to_sign_in_earnest(
    practising: MainWindow, qtbot: QtBot, p12: Path
) -> None:
    nothing, earnest = "What it signs proves nothing.", "signs in earnest"
    assert nothing in words_of(practising)
    practising.signing.keys.use(OtherKey(p12))
    qtbot.waitUntil(lambda: earnest in words_of(practising), timeout=LONG)
    assert nothing not in words_of(practising)
    practising.signing.keys.use(None)
    qtbot.waitUntil(lambda: nothing in words_of(practising), timeout=LONG)


def test_a_file_is_listed_only_with_consent_and_forgotten_with_one_click(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], p12: Path
) -> None:
    dialog = asked_about(window, qtbot, make_pdf(), OtherKey(p12))
    (box,) = [each for each in dialog.findChildren(QCheckBox) if each.text().startswith("List this file")]
    box.setChecked(True)
    entered(dialog, PASSWORD)
    qtbot.waitUntil(lambda: "Taro" in words_of(dialog), timeout=LONG)
    assert load_known_keys().files == (str(p12),)
    dialog.reject()
    strip = window.findChild(KeyStrip)
    actions = {each.text(): each for each in strip.menu().actions()}
    assert actions[p12.name].isChecked()
    actions["Forget these files and their passwords"].trigger()
    qtbot.waitUntil(lambda: load_known_keys().files == (), timeout=LONG)


def test_a_keyring_that_waits_for_the_person_holds_nothing_up(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], p12: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is locked, and nobody answers its question: neither when it is looked into nor when it is to keep."""
    answered = threading.Event()
    asked: list[str] = []

    def wait(entry: str, *_password: str) -> None:
        asked.append(entry)
        answered.wait(60)
        raise errors.KeyringUnavailable

    monkeypatch.setattr(kept, "has_keyring", lambda: True)
    monkeypatch.setattr(kept, "kept", wait)
    monkeypatch.setattr(kept, "keep", wait)
    save_known_keys(KnownKeys().with_file(str(p12)))
    dialog = asked_about(window, qtbot, make_pdf(), OtherKey(p12))
    window.signing.keys.keep = True
    entered(dialog, PASSWORD)
    qtbot.waitUntil(lambda: "organization: Trading" in words_of(dialog), timeout=LONG)
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=LONG)
    pressed(dialog, "Sign")
    signed(window, qtbot)
    window.signing.keys.shut_down()
    answered.set()


def test_who_cancels_at_the_certificate_has_signed_nothing(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], p12: Path
) -> None:
    source = make_pdf()
    dialog = asked_about(window, qtbot, source, OtherKey(p12))
    entered(dialog, PASSWORD)
    qtbot.waitUntil(lambda: "Taro" in words_of(dialog), timeout=LONG)
    dialog.reject()
    qtbot.waitUntil(
        lambda: window.signing.stage is Stage.LISTING and len(window.signing.ready_rows()) == 1, timeout=LONG
    )
    assert [each.name for each in source.parent.iterdir()] == [source.name]


def test_a_token_is_found_by_its_library_and_signs_with_the_chosen_key(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], token_module: Path
) -> None:
    choice = TokenDialog(window.signing.keys, window)
    choice.open()
    choice._module.setText(str(token_module))
    qtbot.keyClick(choice._module, Qt.Key.Key_Return)  # and not “Choose”, which stands beside it
    qtbot.waitUntil(lambda: choice._use.isVisible(), timeout=LONG)
    qtbot.keyClick(choice._module, Qt.Key.Key_Return)
    key = window.signing.keys.chosen
    assert key
    assert key.token
    assert key.token.label == "Office"
    dialog = asked_about(window, qtbot, make_pdf(), key)
    entered(dialog, "9999")
    qtbot.waitUntil(lambda: "key.pin-incorrect" in words_of(dialog), timeout=LONG)
    entered(dialog, "1234")
    qtbot.waitUntil(lambda: dialog._box.count() == 2, timeout=LONG)
    place = dialog._box.findText("p384", flags=Qt.MatchFlag.MatchContains)
    dialog._box.setCurrentIndex(place)
    pressed(dialog, "Sign")
    signed(window, qtbot)


def test_a_pin_is_typed_on_the_token_where_that_has_keys_for_it(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], make_token: Callable[..., Path]
) -> None:
    module = make_token(FLAGS="0x100|0x20000", KEYPAD='"1234"')  # and its last try, which is asked about
    (token,) = tokens_behind(module)
    dialog = asked_about(window, qtbot, make_pdf(), OtherKey(module, token))
    assert not dialog._field.isVisible()
    assert "This program does not see it" in words_of(dialog)
    pressed(dialog, "Continue")
    assert "This is the last try." in words_of(dialog)
    pressed(dialog, "Continue")
    qtbot.waitUntil(lambda: bool(dialog._credentials), timeout=LONG)
    pressed(dialog, "Sign")
    signed(window, qtbot)


def test_the_last_try_is_asked_about_also_where_a_wrong_pin_made_it_the_last(
    window: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], make_token: Callable[..., Path]
) -> None:
    module = make_token(FLAGS="(refused ? 0x20000 : 0)")
    (token,) = tokens_behind(module)
    dialog = asked_about(window, qtbot, make_pdf(), OtherKey(module, token))
    entered(dialog, "9999")
    qtbot.waitUntil(lambda: "that one try is left" in words_of(dialog), timeout=LONG)
    entered(dialog, "1234")
    assert "This is the last try." in words_of(dialog)
    assert dialog._credentials == []
    pressed(dialog, "Continue")
    qtbot.waitUntil(lambda: bool(dialog._credentials), timeout=LONG)


def test_a_token_that_hangs_holds_no_window_that_is_closed(
    window: MainWindow,
    qtbot: QtBot,
    make_pdf: Callable[..., Path],
    make_token: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It never answers the second time. What it signed before is there, and nothing else."""
    monkeypatch.setattr("desktop.keys.desk._LAST_PATIENCE", 300)
    module = make_token(ON_SIGN="for (;;) pause()")
    (token,) = tokens_behind(module)
    dialog = asked_about(window, qtbot, make_pdf("a.pdf"), OtherKey(module, token))
    dialog.reject()
    window.signing.add([make_pdf("b.pdf")])
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 2, timeout=LONG)
    pressed(window, "Sign")
    (dialog,) = [each for each in window.findChildren(KeyDialog) if each.isVisible()]
    entered(dialog, "1234")
    qtbot.waitUntil(lambda: bool(dialog._credentials), timeout=LONG)
    pressed(dialog, "Sign")
    made = window.signing.rows[0].path.with_name("a-signed.pdf")
    qtbot.waitUntil(made.exists, timeout=LONG)
    process = window.signing.keys._session._worker._process

    with qtbot.waitSignal(window.ended):
        window.close()
        assert not window.isVisible()

    assert not process.is_alive()
    first, second = window.signing.rows
    assert first.outcome.path == made
    assert second.outcome is None
    assert not list(made.parent.glob("b-*"))


def test_a_library_that_hangs_when_it_is_looked_for_holds_no_program_that_ends(
    qtbot: QtBot, make_token: Callable[..., Path]
) -> None:
    keys = KeyDesk()
    keys.look_for_tokens(make_token(ON_LIST="for (;;) pause()"))
    qtbot.wait(1500)
    keys.shut_down()


def test_another_library_is_told_where_it_was_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    choice = TokenDialog(window.signing.keys, window)
    choice.open()
    choice._module.setText(str(tmp_path / "nothing.so"))
    pressed(choice, "Look for tokens")
    qtbot.waitUntil(lambda: "key.module-unusable" in words_of(choice), timeout=LONG)


def test_the_password_is_wiped_and_does_not_stay_in_the_window(p12: Path) -> None:
    secret = bytearray(PASSWORD.encode())
    session = KeySession(OpenFile(p12))
    session.open(secret)
    assert secret == bytes(len(secret))
    assert len(session.credentials[0].sign(b"data")) == 256
    session.close()
    session.close()


def test_a_file_that_asks_for_hours_of_work_is_given_up(
    p12: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_PATIENCE_FOR_A_FILE", 5.0)
    pfx = Pfx.load(p12.read_bytes())
    pfx["mac_data"]["iterations"] = 2**31 - 1
    bomb = tmp_path / "bomb.p12"
    bomb.write_bytes(pfx.dump(force=True))
    session = KeySession(OpenFile(bomb))
    with pytest.raises(errors.KeyFileStuck):
        session.open(bytearray(PASSWORD.encode()))
    session.close()


def test_what_is_being_opened_is_not_waited_for(tmp_path: Path, qtbot: QtBot) -> None:
    """A named pipe that nobody writes to stands for a keypad on which nobody types."""
    pipe = tmp_path / "key.p12"
    os.mkfifo(pipe)
    keys = KeyDesk()
    keys.use(OtherKey(pipe))
    keys.open("x")
    qtbot.wait(1500)
    keys.shut_down()


def test_a_key_whose_helper_died_is_told_and_not_waited_for(p12: Path) -> None:
    session = KeySession(OpenFile(p12))
    session.open(bytearray(PASSWORD.encode()))
    process = session._worker._process
    assert process
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(errors.KeySourceError):
        session.credentials[0].sign(b"data")
    session.close()


def test_a_library_that_ends_its_process_is_unusable_and_the_window_stays(tmp_path: Path) -> None:
    if not shutil.which("gcc"):
        pytest.skip("there is no compiler to make such a library with")
    source = tmp_path / "module.c"
    source.write_text("#include <stdlib.h>\n__attribute__((constructor)) static void gone(void) { abort(); }\n")
    module = tmp_path / "module.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", module, source], check=True)
    with pytest.raises(errors.TokenModuleUnusable):
        tokens_behind(module)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda curve: curve.name)
def test_an_elliptic_signature_is_found_again_in_xml(tmp_path: Path, curve: ec.EllipticCurve) -> None:
    """So that a file that was finished before the helper died is not signed once more."""
    size = curve.key_size // 8
    for number in (1, 1 << 8 * size - 1):
        value = encode_dss_signature(number, 7)
        path = tmp_path / "signed.xml"
        both = number.to_bytes(size, "big") + (7).to_bytes(size, "big")
        path.write_bytes(b"<SignatureValue>" + base64.encodebytes(both) + b"</SignatureValue>")
        assert _contains(path, value)
        assert not _contains(path, encode_dss_signature(number, 8))


@pytest.mark.parametrize("content", [b"{", b'{"files": [7], "modules": []}'])
def test_a_damaged_list_of_known_keys_is_kept_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keys_file().parent.mkdir()
    keys_file().write_bytes(content)
    assert load_known_keys() == KnownKeys()
    save_known_keys(KnownKeys().with_file("mine.p12"))
    assert load_known_keys().files == ("mine.p12",)
    assert keys_file().with_name("keys.json.unreadable-1").read_bytes() == content
