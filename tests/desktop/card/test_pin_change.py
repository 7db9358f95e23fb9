"""Changing a PIN: told while typing, the last try confirmed, off for real cards."""

from dataclasses import replace

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.passwords.pin_change_dialog import PinChangeDialog
from desktop.settings import load_settings, save_settings
from signing.card import TokenKind
from signing.card.practice import PRACTICE_PIN, PracticeReaders
from signing.card.practice_card import PRACTICE_AUTHENTICATION_PIN
from signing.card.practice_states import PracticeState
from tests.desktop.card.conftest import LONG, press, shown_dialog, wait_for_card, words


def change(window: MainWindow, qtbot: QtBot, entry: str, old: str, new: str) -> PinChangeDialog:
    press(window, entry)
    dialog: PinChangeDialog = shown_dialog(window, PinChangeDialog)
    dialog._old.setText(old)
    dialog._new.setText(new)
    assert not dialog._change.isEnabled()  # not before it was entered twice
    dialog._again.setText(new)
    qtbot.waitUntil(dialog._change.isEnabled, timeout=LONG)
    dialog._change.click()
    return dialog


@pytest.mark.parametrize(
    ("entry", "old", "new"),
    [
        ("Change the signature password", PRACTICE_PIN, "new2pass"),
        ("Change the 4-digit PIN", PRACTICE_AUTHENTICATION_PIN, "4321"),
    ],
)
def test_a_pin_of_the_practice_card_is_changed(
    page: MainWindow, readers: PracticeReaders, qtbot: QtBot, entry: str, old: str, new: str
) -> None:
    dialog = change(page, qtbot, entry, old, new)
    qtbot.waitUntil(lambda: "It is changed." in words(dialog), timeout=LONG)
    assert readers.card.pins_used == 1
    assert all(field.text() == "" for field in dialog.findChildren(QLineEdit))
    dialog.reject()
    wait_for_card(page, qtbot)

    dialog = change(page, qtbot, entry, old, "X1Y2Z3" if "password" in entry else "1111")
    qtbot.waitUntil(lambda: "is wrong" in words(dialog), timeout=LONG)  # the old one works no more
    dialog.reject()


@pytest.mark.parametrize("text", ["ABC12", "ABCDEF", "123456", "ABC-123", "ABC1234567890ABCD"])
def test_what_cannot_be_a_new_password_is_told_while_typing(page: MainWindow, text: str) -> None:
    press(page, "Change the signature password")
    dialog = shown_dialog(page, PinChangeDialog)
    for field, typed in ((dialog._old, PRACTICE_PIN), (dialog._new, text), (dialog._again, text)):
        field.setText(typed)
    assert not dialog._change.isEnabled()
    assert dialog._new.accessibleDescription()
    dialog._new.setText("abc123")
    dialog._again.setText("ａｂｃ１２３")
    assert dialog._new.accessibleDescription() == ""
    assert dialog._change.isEnabled()
    dialog.reject()


def test_nothing_is_sent_to_a_phone_that_came_instead_of_the_card(page: MainWindow, readers: PracticeReaders) -> None:
    press(page, "Change the signature password")
    dialog = shown_dialog(page, PinChangeDialog)
    for field, typed in ((dialog._old, PRACTICE_PIN), (dialog._new, "ABC124"), (dialog._again, "ABC124")):
        field.setText(typed)
    assert dialog._change.isEnabled()
    assert page.cards.seen
    page.cards.seen = replace(page.cards.seen, token=TokenKind.ANDROID)
    page.cards.changed.emit()
    dialog._press()
    assert not dialog._change.isEnabled()
    assert readers.card.pins_used == 0
    dialog.reject()


@pytest.mark.parametrize("state", [PracticeState.ONE_TRY])
def test_the_last_try_is_confirmed(page: MainWindow, readers: PracticeReaders, qtbot: QtBot) -> None:
    dialog = change(page, qtbot, "Change the signature password", "WRONG1", "ABC124")
    assert readers.card.pins_used == 0
    assert dialog._change.text() == "Send it all the same"
    assert not dialog._change.isDefault()
    dialog.reject()


def test_for_a_real_card_it_is_off_until_switched_on(own_card: MainWindow) -> None:
    def entry() -> QAbstractButton:
        QGuiApplication.processEvents()
        buttons = own_card.findChildren(QAbstractButton)
        (found,) = (each for each in buttons if each.isVisible() and each.text() == "Change the signature password")
        return found

    assert not entry().isEnabled()
    press(own_card, "Switch the experiment on")
    assert load_settings().pin_change
    assert entry().isEnabled()
    save_settings(load_settings()._replace(pin_change=False))
