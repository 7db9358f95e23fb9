"""The settings: each page, what a choice does at once, and that nothing secret comes into the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.content.file_dialog import FileDialog
from desktop.look import theme
from desktop.main_window import MainWindow
from desktop.settings import Appearance, load_settings, save_settings
from desktop.settings_dialog import SettingsDialog
from desktop.words.destinations import destination_name
from desktop.words.translation import language
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.destination import REGISTRY
from signing.job import SignedFile


def opened(window: MainWindow, page: int) -> SettingsDialog:
    window.open_settings()
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    dialog.choose(page)
    return dialog


def words(part: QWidget) -> str:
    labels = [shown.text() for shown in part.findChildren(QLabel) if shown.isVisible()]
    return "\n".join(labels + [shown.text() for shown in part.findChildren(QPushButton) if shown.isVisible()])


def choose(dialog: SettingsDialog, name: str, key: str) -> None:
    box = next(each for each in dialog.findChildren(QComboBox) if each.accessibleName() == name and each.isVisible())
    box.setCurrentText(key)
    box.activated.emit(box.currentIndex())


def test_language_and_high_contrast_are_in_force_at_once_in_the_settings_too(window: MainWindow) -> None:
    dialog = opened(window, 0)
    choose(dialog, "Appearance", "High contrast")
    assert theme.colours() in (theme.CONTRAST_LIGHT, theme.CONTRAST_DARK)
    choose(dialog, "Language", "日本語")
    assert language() == "ja"
    assert "外観" in words(dialog)
    choose(dialog, "言語", "システムに合わせる")
    assert (language(), load_settings().language) == ("en", "")
    assert load_settings().appearance is Appearance.CONTRAST


def test_signed_files_go_where_the_settings_say(
    practising: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "署名済み"
    folder.mkdir()
    save_settings(load_settings()._replace(folder=str(folder), destination="registry"))
    desk = practising.signing
    practising.receive([str(make_pdf())])
    qtbot.waitUntil(lambda: bool(desk.ready_rows()), timeout=20_000)
    assert desk.rows[0].destination
    assert desk.rows[0].destination.name == "registry"
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 1 and practising.cards.ready, timeout=20_000)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.signed() == 1, timeout=30_000)
    outcome = desk.rows[0].outcome
    assert isinstance(outcome, SignedFile)
    assert outcome.path.parent == folder


def test_nothing_but_choices_is_in_the_file(window: MainWindow) -> None:
    dialog = opened(window, 1)
    choose(dialog, "Where PDFs are for", destination_name(REGISTRY))
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "jitsuin", "window")
    known = {"language", "appearance", "disclosure_seen", "pin_change", "destination", "folder"}
    assert set(store.allKeys()) == known
    assert store.value("destination") == "registry"


@pytest.mark.parametrize(("there", "said"), [(True, "nowhere else"), (False, "has no keyring")])
def test_it_is_said_whether_there_is_a_keyring(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, there: bool, said: str
) -> None:
    monkeypatch.setattr("desktop.settings_pages.has_keyring", lambda: there)
    dialog = opened(window, 2)
    qtbot.waitUntil(lambda: said in words(dialog))


def test_trust_reminders_file_manager_and_experiments_are_here(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, 3)
    qtbot.waitUntil(lambda: "Added by you" in words(dialog), timeout=20_000)
    for page, said in ((4, "None is set"), (5, "Menu of the file manager"), (6, "experiment")):
        dialog.choose(page)
        assert said in words(dialog)
    switch = next(each for each in dialog.findChildren(QCheckBox) if each.isVisible())
    switch.toggle()
    assert load_settings().pin_change


def test_a_file_of_another_kind_is_shown_by_name_size_and_digest(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"abc")
    window.signing.add([path])
    qtbot.waitUntil(lambda: bool(window.signing.ready_rows()), timeout=20_000)
    document = window.signing.rows[0].document
    assert document
    window.look(document)
    dialog = window.findChild(FileDialog)
    assert isinstance(dialog, FileDialog)
    qtbot.waitUntil(lambda: "ba7816bf 8f01cfea" in words(dialog), timeout=20_000)  # FIPS 180-4, of "abc"
    assert words(dialog).count("3 bytes") == 1
    assert "(3 bytes)" not in words(dialog)
    focus = dialog.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "Close"  # Enter opens no other program


@pytest.mark.parametrize("tokens", [theme.CONTRAST_LIGHT, theme.CONTRAST_DARK])
def test_high_contrast_is_high(tokens: theme.Colours) -> None:
    """WCAG 2.2, 1.4.6 and 1.4.11."""
    for ink in ("ink", "ink_soft", "seal", "good", "care", "bad", "practice"):
        assert contrast(getattr(tokens, ink), tokens.paper) >= 7, ink
    assert contrast(tokens.on_seal, tokens.seal) >= 7
    assert contrast(tokens.line, tokens.paper) >= 3
    assert contrast(tokens.ink, tokens.line) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
