"""Reminders of the end of a certificate: only with consent, and nothing of it stays behind."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.file_saving import write_new
from desktop.main_window import CARD, MainWindow
from desktop.places import reminders_file, renewal_rules_file
from desktop.reminders import autostart
from desktop.reminders.icon import NotificationIcon
from desktop.reminders.memory import CertificateKind, Reminders
from desktop.reminders.strip import ReminderStrip, due_words
from desktop.settings import load_settings, save_settings
from signing.card.practice_states import PracticeState
from signing.renewal import RenewalRules, day_in_japan
from tests.desktop.card.conftest import (
    LONG,
    press,
    read_exactly,
    words,
)


@pytest.mark.parametrize("state", [PracticeState.ONE_DAY])
def test_reminders_begin_with_consent_and_end_with_one_press(own_card: MainWindow, qtbot: QtBot) -> None:
    assert not reminders_file().exists()
    assert "the kind of the certificate, its last day and a random number, and nothing else" in words(own_card)
    press(own_card, "Remind me")

    assert autostart.is_enabled()
    assert "Reminders are on" in words(own_card)
    assert own_card.findChildren(ReminderStrip)
    assert own_card._card_button.accessibleName() == "My card: something has to be done"
    own_card.show_sign()
    assert "The certificate of your card ends" in words(own_card)

    press(own_card, "Never again")
    assert "The certificate of your card ends" not in words(own_card)
    assert own_card._card_button.accessibleName() == "My card"
    assert not autostart.is_enabled()
    assert Reminders(reminders_file(), RenewalRules.load(renewal_rules_file())).declined


@pytest.mark.parametrize("state", [PracticeState.ONE_DAY])
def test_the_exact_date_replaces_the_estimate(own_card: MainWindow, qtbot: QtBot) -> None:
    press(own_card, "Remind me")
    read_exactly(own_card, qtbot)
    qtbot.waitUntil(lambda: "Renew it by tomorrow" in words(own_card), timeout=LONG)
    press(own_card, "Remind me of this card")
    assert own_card._reminders
    (only,) = own_card._reminders.all
    assert only.kind is CertificateKind.SIGNATURE
    own_card.show_sign()
    press(own_card, "I renewed")
    assert own_card._reminders.all == ()
    assert not autostart.is_enabled()


def test_the_practice_card_is_never_reminded_of(page: MainWindow) -> None:
    assert "the dates of the practice card are not yours" in words(page)
    assert "Remind me" not in words(page)


def test_what_is_due_is_said_when_the_window_opens(window: MainWindow) -> None:
    today = day_in_japan(datetime.now(UTC))
    kept = Reminders(reminders_file(), RenewalRules.load(renewal_rules_file()))
    kept.remember(CertificateKind.SIGNATURE, today + timedelta(days=30))
    window.look_for_reminders()
    assert due_words(today + timedelta(days=30), today) in words(window)


def test_days_in_words() -> None:
    day = datetime(2026, 11, 22, tzinfo=UTC).date()
    assert "ended on" in due_words(day, day + timedelta(days=1))
    assert "ends today" in due_words(day, day)
    assert "ends tomorrow" in due_words(day + timedelta(days=1), day)
    assert "2 more days" in due_words(day + timedelta(days=2), day)


@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS])
def test_the_calendar_file_is_saved_and_never_over_another(own_card: MainWindow, tmp_path: Path) -> None:
    assert own_card._life
    assert own_card._life.life
    content = own_card._reminder_desk().calendar(own_card._life.life)
    path = tmp_path / "card.ics"
    assert write_new(path, content)[0] == "good"
    assert b"DTSTART;VALUE=DATE:20270302" in path.read_bytes()
    path.write_bytes(b"mine")
    assert write_new(path, content)[0] == "care"
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("state", [PracticeState.ONE_DAY])
def test_what_is_due_leads_to_the_card_page_only_from_elsewhere(own_card: MainWindow) -> None:
    press(own_card, "Remind me")
    assert "The certificate of your card ends" in words(own_card)
    assert "Open the card page" not in words(own_card)
    own_card.show_sign()
    press(own_card, "Open the card page")
    assert own_card.page == CARD
    assert "Open the card page" not in words(own_card)


def test_the_icon_is_shown_only_when_it_is_wanted(own_card: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(autostart, "start", lambda *options: started.append(options))
    assert "notification area" not in words(own_card)  # not before reminders are on
    press(own_card, "Remind me")
    assert started == []
    press(own_card, "Show an icon in the notification area")
    assert started == [("--icon",)]
    kept = Reminders(reminders_file(), RenewalRules.load(renewal_rules_file()))
    assert kept.icon_wanted
    press(own_card, "Do not show the icon any more")
    assert not kept.icon_wanted
    assert started == [("--icon",)]


# Qt looks for a panel as X11 has it on every screen, and says so where there is none.
@pytest.mark.qt_log_ignore("systemTrayWindowChanged")
def test_the_icon_says_until_when_and_goes_when_it_is_taken_away(
    own_card: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(autostart, "start", lambda *options: started.append(options))
    save_settings(load_settings()._replace(language="en"))
    left: list[bool] = []
    kept = Reminders(reminders_file(), RenewalRules.load(renewal_rules_file()))
    today = day_in_japan(datetime.now(UTC))
    kept.remember(CertificateKind.SIGNATURE, today + timedelta(days=30))
    kept.want_icon(wanted=True)
    icon = NotificationIcon(kept, leave=lambda: left.append(True))
    assert icon.refresh()
    assert due_words(today + timedelta(days=30), today) in icon.toolTip()
    icon._look()
    assert started == [("--remind",)]  # the person has been logged in since before it was due

    menu = icon.contextMenu()
    assert menu
    (entry,) = (each for each in menu.actions() if each.text() == "Do not show the icon any more")
    entry.trigger()
    assert left
    assert not icon.isVisible()
    assert not kept.icon_wanted


def test_a_disk_that_is_full_keeps_no_half_of_a_reminder(own_card: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("desktop.choices.json.dump", full)
    press(own_card, "Remind me")
    assert "This could not be saved on this computer." in words(own_card)
    assert not autostart.is_enabled()
    assert not reminders_file().exists()


@pytest.mark.parametrize("state", [PracticeState.ONE_DAY])
def test_end_of_the_reminders_that_cannot_be_kept_is_told_where_it_was_pressed(
    own_card: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(own_card, "Remind me")
    own_card.show_sign()

    def full(*_given: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr("desktop.choices.json.dump", full)
    press(own_card, "Never again")
    assert "This could not be saved on this computer." in words(own_card)
    assert autostart.is_enabled()
