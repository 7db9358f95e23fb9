"""The password dialog: what it lets through, what it keeps, what it says before the last try."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.messages import set_language
from desktop.passwords.pin_dialog import PinDialog
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PracticeReaders
from signing.card.practice_options import PracticeOptions
from signing.errors import PinIncorrect


@pytest.fixture
def tries() -> int:
    return 5


@pytest.fixture
def readers(practice_keys: Path, tries: int) -> PracticeReaders:
    return PracticeReaders(practice_keys, PracticeOptions(signature_tries=tries))


@pytest.fixture
def dialog(practising: MainWindow) -> Iterator[PinDialog]:
    made = PinDialog(practising.signing, practising.cards, practising)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def words(dialog: PinDialog) -> str:
    QGuiApplication.processEvents()  # what was added becomes visible with the next layout
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("text", ["abc123", "ＡＢＣ１２３", "A" * 16])
def test_sign_is_possible_and_the_default_when_a_password_is_there(dialog: PinDialog, text: str) -> None:
    dialog._field.setText(text)

    assert dialog._send.isEnabled()
    assert dialog._send.isDefault()


@pytest.mark.parametrize("text", ["", "ABC12", "A" * 17, "ABC 123", "パスワード123"])
def test_what_cannot_be_a_password_is_never_sent(dialog: PinDialog, qtbot: QtBot, text: str) -> None:
    dialog._field.setText(text)

    assert not dialog._send.isEnabled()
    assert not dialog._send.isDefault()
    with qtbot.assertNotEmitted(dialog.entered):
        qtbot.keyClick(dialog._field, Qt.Key.Key_Return)


def test_the_field_keeps_nothing(dialog: PinDialog, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard
    clipboard.setText("before")
    qtbot.keyClicks(dialog._field, "abc123")
    dialog._eye.click()
    assert dialog._field.echoMode() is QLineEdit.EchoMode.Normal
    dialog._field.selectAll()
    qtbot.keyClick(dialog._field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog._field, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)

    assert clipboard.text() == "before"
    assert dialog._field.text() == "abc123"
    assert not dialog._field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert dialog._field.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu

    with qtbot.waitSignal(dialog.entered):
        dialog._send.click()

    assert dialog._field.text() == ""
    assert not dialog._field.isUndoAvailable()
    assert dialog._field.echoMode() is QLineEdit.EchoMode.Password


def test_what_it_made_of_the_input_is_shown_only_when_the_password_is(dialog: PinDialog) -> None:
    dialog._field.setText("ａｂc123")
    assert "ABC123" not in dialog._made.text()
    assert "6 characters" in dialog._made.text()

    dialog._eye.click()

    assert "ABC123" in dialog._made.text()


def test_the_emitted_password_is_what_the_card_wants(dialog: PinDialog, qtbot: QtBot) -> None:
    dialog._field.setText("abc123")
    with qtbot.waitSignal(dialog.entered) as signal:
        dialog._send.click()

    assert isinstance(signal.args[0], SignaturePin)
    assert signal.args[0].octets() == PRACTICE_PIN.encode()


def test_closing_it_empties_the_field(dialog: PinDialog) -> None:
    dialog._field.setText("abc123")
    dialog.reject()

    assert dialog._field.text() == ""


def test_a_refused_password_is_told_with_the_tries_that_are_left(dialog: PinDialog) -> None:
    dialog.refuse(PinIncorrect(3))

    assert "wrong" in words(dialog)
    assert "3" in words(dialog)
    assert dialog._field.isVisible()


def test_the_reader_of_the_practice_card_is_named_in_the_language(practising: MainWindow) -> None:
    set_language("ja")
    dialog = PinDialog(practising.signing, practising.cards, practising)
    dialog.show()

    assert "カードリーダー：練習用カード" in words(dialog)


def test_without_the_card_nothing_can_be_sent(dialog: PinDialog, readers: PracticeReaders, qtbot: QtBot) -> None:
    dialog._field.setText("abc123")
    readers.card.remove()
    qtbot.waitUntil(lambda: not dialog._send.isEnabled())
    assert "Put the card on the reader" in words(dialog)

    readers.card.insert()
    qtbot.waitUntil(dialog._send.isEnabled)


class TestOneTryLeft:
    @pytest.fixture
    def tries(self) -> int:
        return 1

    def test_the_password_is_sent_only_after_what_a_lock_costs_was_said(self, dialog: PinDialog, qtbot: QtBot) -> None:
        assert "One try is left" in words(dialog)
        dialog._field.setText("abc123")

        with qtbot.assertNotEmitted(dialog.entered):
            dialog._send.click()

        assert "municipality" in words(dialog)
        assert dialog._cancel.isDefault()
        assert not dialog._send.isDefault()
        with qtbot.waitSignal(dialog.entered):
            dialog._send.click()

    def test_typing_again_after_the_warning_asks_for_the_confirmation_once_more(
        self, dialog: PinDialog, qtbot: QtBot
    ) -> None:
        dialog._field.setText("abc123")
        dialog._send.click()
        dialog._field.setText("abc124")

        with qtbot.assertNotEmitted(dialog.entered):
            dialog._send.click()


class TestLocked:
    @pytest.fixture
    def tries(self) -> int:
        return 0

    def test_there_is_no_field_at_all(self, dialog: PinDialog) -> None:
        assert not dialog._field.isVisible()
        assert not dialog._send.isVisible()
        assert "locked" in words(dialog)
        assert "municipality" in words(dialog)


def test_enter_never_shows_a_password_that_is_not_yet_whole(dialog: PinDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog._field, "ABC12")
    qtbot.keyClick(dialog._field, Qt.Key.Key_Return)

    assert dialog._field.echoMode() is QLineEdit.EchoMode.Password
    assert dialog._field.text() == "ABC12"
    assert dialog.isVisible()


def test_enter_on_cancel_sends_nothing(dialog: PinDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog._field, PRACTICE_PIN)
    dialog._cancel.setFocus()
    with qtbot.assertNotEmitted(dialog.entered):
        qtbot.keyClick(dialog._cancel, Qt.Key.Key_Return)
    assert not dialog.isVisible()
