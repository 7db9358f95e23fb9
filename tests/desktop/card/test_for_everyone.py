"""The My card page by keyboard, in the other language, and in large text."""

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.look import theme
from desktop.main_window import CARD, MainWindow
from signing.card.practice_states import PracticeState
from tests.desktop.card.conftest import words


@pytest.mark.parametrize("state", [PracticeState.OPENS_TODAY])
@pytest.mark.parametrize("view", ["", "doctor", "renew"])
def test_everything_is_reached_by_keyboard_and_has_a_name(page: MainWindow, view: str, qtbot: QtBot) -> None:
    assert page._card_page
    page._card_page.open(view)
    qtbot.wait(300)
    controls = [part for part in page._card_page.findChildren(QAbstractButton) if part.isVisible() and part.isEnabled()]
    assert len(controls) > 2
    for part in controls:
        assert part.text() or part.accessibleName()
    reached = set()
    page.activateWindow()
    controls[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _step in range(4 * len(controls)):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
    # One of several is reached at the one that is chosen; Qt leads from there with the arrow keys.
    stops = {(group.checkedButton() if (group := part.group()) else part) for part in controls}
    assert stops <= reached


@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS, PracticeState.NO_SIGNATURE_CERTIFICATE])
def test_no_text_stays_behind_when_the_language_changes(page: MainWindow, state: PracticeState) -> None:
    page.preferences.speak("ja")
    QGuiApplication.processEvents()
    left = [text for text in words(page).split("\n") if text and not any("\u3040" <= c <= "\u9fff" for c in text)]
    assert set(left) <= {"Jitsuin", "English"}


@pytest.fixture
def large_text(qapp: QApplication) -> Iterator[None]:
    """The system's text at 150 %."""
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(15)
    qapp.setFont(larger)
    yield
    qapp.setFont(before)
    theme.use_fonts(qapp)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS, PracticeState.ONE_TRY])
def test_large_text_is_not_clipped_on_a_small_screen(
    large_text: None, page: MainWindow, language: str, state: PracticeState, qtbot: QtBot
) -> None:
    page.preferences.speak(language)
    page.resize(1024, 600)
    qtbot.wait(300)
    assert page.width() == 1024
    assert page.page == CARD
    assert page._card_page
    for part in page._card_page.findChildren(QLabel):
        if part.isVisible():
            assert part.height() >= part.heightForWidth(part.width()) - 1, part.text()
    area = page._card_page._stack.currentWidget()
    assert area
    for pressed in page._card_page.findChildren(QAbstractButton):
        if pressed.isVisible() and pressed.text():
            assert pressed.width() >= pressed.minimumSizeHint().width() - 1, pressed.text()
            right = pressed.mapTo(area, QPoint(pressed.width(), 0)).x()
            assert right <= area.width(), pressed.text()
