"""The My card page with the practice card in each state: what it answers, and that nothing costs a try unasked."""

import errno
import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtPrintSupport import QPrinter
from PyQt6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.card.desk import CardState
from desktop.card.exact_date import ExactDateDialog
from desktop.card.life_line import LifeLine
from desktop.file_saving import write_new
from desktop.guides.chapters import GuideLanguage, GuideName, load_guide
from desktop.look import theme
from desktop.look.widgets import ChoiceBox
from desktop.main_window import CARD, MainWindow
from desktop.passwords.pin_change_dialog import PinChangeDialog
from desktop.places import reminders_file, renewal_rules_file
from desktop.reminders import autostart
from desktop.reminders.icon import NotificationIcon
from desktop.reminders.memory import CertificateKind, Reminders
from desktop.reminders.strip import ReminderStrip, due_words
from desktop.settings import load_settings, save_settings
from signing.card import CardConnection, ReaderState
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_card import PRACTICE_AUTHENTICATION_PIN
from signing.card.practice_states import PracticeState, practice_readers
from signing.renewal import RenewalRules, day_in_japan

LONG = 60_000  # milliseconds
NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # in Japan
LAST_SECONDS = datetime(2026, 11, 22, 14, 59, 58, tzinfo=UTC)  # 23:59:58 in Japan


class Clock:
    """What the page takes for now."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class NotForPractice:
    """The practice card in a reader that does not say that it is one."""

    practice = False

    def __init__(self, readers: PracticeReaders) -> None:
        self._readers = readers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._readers, name)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(NOON)
    monkeypatch.setattr("desktop.card.life.now", made)
    monkeypatch.setattr("desktop.card.state.now", made)
    return made


@pytest.fixture
def state() -> PracticeState:
    return PracticeState.NEW


@pytest.fixture
def readers(practice_keys: Path, state: PracticeState, clock: Clock) -> PracticeReaders:
    rules = RenewalRules.load(renewal_rules_file())
    return practice_readers(practice_keys, state, rules, moment=clock.moment)


@pytest.fixture(autouse=True)
def _own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


@pytest.fixture
def page(window: MainWindow, readers: PracticeReaders, qtbot: QtBot) -> MainWindow:
    """The window on the card page when the practice card has been read."""
    window.show_card()
    window.cards.use_practice_card()
    wait_for_card(window, qtbot)
    return window


@pytest.fixture
def own_card(window: MainWindow, readers: PracticeReaders, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> MainWindow:
    """The same with a card that does not say that it is for practice."""
    monkeypatch.setattr(window.cards, "_open_readers", lambda *, practice: NotForPractice(readers))
    window.show_card()
    window.cards.use_real_card()
    wait_for_card(window, qtbot)
    return window


def wait_for_card(window: MainWindow, qtbot: QtBot) -> None:
    def settled() -> bool:
        known = window._life.known if window._life else None
        read = known is not None and known.facts is window.cards.seen
        return read or (window.cards.state is CardState.REFUSED and window.cards.seen is None)

    qtbot.waitUntil(settled, timeout=LONG)


def words(widget: QWidget) -> str:
    QGuiApplication.processEvents()  # what was added becomes visible with the next layout
    parts = [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]
    return "\n".join(parts + [part.text() for part in widget.findChildren(QAbstractButton) if part.isVisible()])


def press(widget: QWidget, text: str) -> None:
    QGuiApplication.processEvents()
    buttons = [part for part in widget.findChildren(QAbstractButton) if part.isVisible()]
    (found,) = (part for part in buttons if text in (part.text(), part.accessibleName()))
    assert found.isEnabled()
    found.click()


def shown_dialog(window: MainWindow, kind: type[QWidget]) -> Any:
    QGuiApplication.processEvents()
    (found,) = (part for part in window.findChildren(kind) if part.isVisible())
    return found


def read_exactly(window: MainWindow, qtbot: QtBot, password: str = PRACTICE_PIN) -> None:
    press(window, "Read the exact date")
    dialog = shown_dialog(window, ExactDateDialog)
    qtbot.waitUntil(lambda: bool(window.cards.ready), timeout=LONG)
    dialog._field.setText(password)
    dialog._send.click()


# --- each state


EXPECTED = {
    PracticeState.NEW: "Probably nothing to do until 23 August 2031",
    PracticeState.HUNDRED_DAYS: "Probably nothing to do until 3 December 2026",
    PracticeState.OPENS_TOMORROW: "Probably nothing to do until 23 November 2026",
    PracticeState.NEXT: "Probably nothing to do until 2 April 2035",
    PracticeState.OPENS_TODAY: "Renew it by 21 February 2027 at the latest",
    PracticeState.ONE_DAY: "Renew it by 23 November 2026 at the latest",
    PracticeState.LAST_DAY: "Today is the last day: renew it today",
    PracticeState.EXPIRED: "It has ended: you can have a new one issued, free of charge",
    PracticeState.NO_SIGNATURE_CERTIFICATE: "This card has no signature certificate",
    PracticeState.LOCKED: "The signature password is locked: have it reset",
    PracticeState.ONE_TRY: "One try is left.",
    PracticeState.STAY_LIMITED: "If your stay in Japan is limited, it ends with the period of stay.",
    PracticeState.ABROAD: "Probably nothing to do until",
    PracticeState.RESIDENT_CARD: "This is an old resident card: it cannot sign any more",
    PracticeState.OTHER_CARD: "This is not a My Number Card",
    PracticeState.PHONE: "This is a phone: it cannot sign at a card reader",
}


@pytest.mark.parametrize("state", list(PracticeState))
def test_every_state_is_answered_without_a_password(
    page: MainWindow, state: PracticeState, readers: PracticeReaders
) -> None:
    assert EXPECTED[state] in words(page)
    assert "PRACTICE" in words(page)
    assert readers.card.pins_used == 0


EXACT = {
    PracticeState.HUNDRED_DAYS: "Nothing to do until 3 December 2026",
    PracticeState.ONE_DAY: "Renew it by tomorrow, 23 November 2026",
    PracticeState.STAY_LIMITED: "Extend it together with your stay, by 21 January 2027",
    PracticeState.ABROAD: "Renew it by 18 September 2027: 300 more days",
}


@pytest.mark.parametrize("state", list(EXACT))
def test_the_password_once_gives_the_exact_answer(
    page: MainWindow, state: PracticeState, readers: PracticeReaders, qtbot: QtBot
) -> None:
    read_exactly(page, qtbot)

    qtbot.waitUntil(lambda: EXACT[state] in words(page), timeout=LONG)
    assert readers.card.pins_used == 1
    assert "estimate" not in words(page)
    assert "Read the exact date" not in words(page)
    readers.card.remove()
    qtbot.waitUntil(lambda: page.cards.state is CardState.NO_CARD)
    assert page.cards.signature_certificate is None  # gone with the card


@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS])
def test_after_signing_the_exact_date_is_known(
    page: MainWindow, readers: PracticeReaders, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    page.signing.add([make_pdf()])
    qtbot.waitUntil(lambda: bool(page.signing.ready_rows()), timeout=LONG)
    page.signing.prepare()
    qtbot.waitUntil(lambda: page.cards.ready and bool(page.signing.digests), timeout=LONG)
    page.signing.sign(SignaturePin.parse(PRACTICE_PIN))

    qtbot.waitUntil(lambda: "Nothing to do until 3 December 2026" in words(page), timeout=LONG)
    assert readers.card.pins_used == 1


def test_a_wrong_password_costs_one_try_and_the_dialog_comes_back(
    page: MainWindow, readers: PracticeReaders, qtbot: QtBot
) -> None:
    read_exactly(page, qtbot, "WRONG1")

    qtbot.waitUntil(
        lambda: any(part.isVisible() and "wrong" in words(part) for part in page.findChildren(ExactDateDialog)),
        timeout=LONG,
    )
    assert readers.card.tries_left == 4
    assert readers.card.pins_used == 1


@pytest.mark.parametrize("state", [PracticeState.LAST_DAY])
def test_the_last_two_seconds_of_the_last_day(page: MainWindow, clock: Clock, qtbot: QtBot) -> None:
    clock.moment = LAST_SECONDS
    assert page._life
    page._life.changed.emit()
    assert "Today is the last day: renew it today" in words(page)

    clock.moment = LAST_SECONDS + timedelta(seconds=2)
    page._life._on_midnight()

    assert "It has ended" in words(page)


def test_the_page_looks_again_when_a_day_begins_in_japan(page: MainWindow, clock: Clock, qtbot: QtBot) -> None:
    clock.moment = LAST_SECONDS + timedelta(seconds=1.9)
    assert page._life
    page._life._on_midnight()
    with qtbot.waitSignal(page._life.changed, timeout=5000):
        clock.moment += timedelta(seconds=0.2)


@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS])
def test_the_line_tells_its_days_to_screen_readers_in_both_calendars(page: MainWindow) -> None:
    (line,) = page.findChildren(LifeLine)
    assert line.accessibleName().startswith("Issued: 23 November 2022 (Reiwa 4); Today: 22 November 2026 (Reiwa 8)")
    assert line.accessibleName().endswith("Renewal begins: 3 December 2026 (Reiwa 8); Ends: 2 March 2027 (Reiwa 9)")


@pytest.mark.parametrize("state", [PracticeState.LOCKED])
def test_a_locked_password_is_not_asked_for_and_leads_to_the_guide(page: MainWindow) -> None:
    assert "Read the exact date" not in words(page)
    (primary,) = (
        part for part in page.findChildren(QAbstractButton) if part.property("role") == "primary" and part.isVisible()
    )
    primary.click()
    assert "At the counter" in words(page)


def test_without_a_reader_guides_and_doctor_are_there(window: MainWindow, qtbot: QtBot) -> None:
    window.cards.use_real_card()
    qtbot.waitUntil(lambda: window.cards.state is CardState.NO_READER)
    window.show_card()
    press(window, "Find out why")
    qtbot.waitUntil(lambda: "Connect the reader directly" in words(window), timeout=LONG)
    press(window, "Copy the report")
    clipboard = QGuiApplication.clipboard()
    assert clipboard
    assert "[doctor.no-reader]" in clipboard.text()
    assert str(Path.home()) not in clipboard.text()
    press(window, "Back to My card")
    press(window, "Card lost or stolen")
    assert "0120-95-0178" in words(window)


# --- guides


def test_a_guide_speaks_three_languages_and_stays_open(page: MainWindow) -> None:
    press(page, "Renew the certificates")
    for language, title in (("日本語", "電子証明書を更新する"), ("やさしい日本語", "お金は いりません")):
        assert page._card_page
        press(page._card_page, language)
        assert title in words(page)
    page.preferences.speak("ja")
    assert "電子証明書を更新する" in words(page)
    (box, *_) = (part for part in page.findChildren(QCheckBox) if part.isVisible())
    box.click()
    assert box.isChecked()
    assert box.accessibleName()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("spoken", ["日本語", "やさしい日本語", "English"])
def test_what_is_printed_is_the_whole_guide_with_its_checklist(
    page: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    path = tmp_path / "guide.pdf"
    opened: list[PrintDialog] = []
    monkeypatch.setattr(PrintDialog, "opened", opened, raising=False)
    monkeypatch.setattr("PyQt6.QtPrintSupport.QPrintDialog", PrintDialog)
    press(page, "Renew the certificates")
    assert page._card_page
    press(page._card_page, spoken)
    press(page, "Print")
    printer = opened[0].printer
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    opened[0].accept()

    printed = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    printed = re.sub(r"\n *\d+\n+\f", "\n", printed)  # the numbers of the pages
    languages = {"日本語": GuideLanguage.JAPANESE, "やさしい日本語": GuideLanguage.EASY}
    guide = load_guide(GuideName.RENEW, languages.get(spoken, GuideLanguage.ENGLISH))
    blocks = [block.text for section in guide.sections for block in section.blocks]
    missing = [text for text in (guide.title, guide.summary, *blocks) if bare(text) not in bare(printed)]
    assert missing == []
    assert printed.count("☐") == sum(len(section.checklist) for section in guide.sections) > 5
    assert "https://www.jpki.go.jp/" in printed


class PrintDialog(QDialog):
    """Stands where the system asks for a printer."""

    opened: "list[PrintDialog]"

    def __init__(self, printer: QPrinter, parent: QWidget) -> None:
        super().__init__(parent)
        self.printer = printer
        self.opened.append(self)


def bare(text: str) -> str:
    """Without what the lines and pages of paper put between words; a font has one glyph for a radical and its sign."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_RADICALS).split())


_RADICALS = str.maketrans("⻑⻘⻩⺠⻄⻲戶〜", "長青黄民西亀戸~")


def test_a_link_is_text_until_it_is_pressed(page: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("desktop.guides.view.QDesktopServices.openUrl", lambda url: opened.append(url.toString()))
    press(page, "PIN forgotten or locked")
    assert "https://www2.jpki.go.jp/jpkiidreset/" in words(page)
    assert opened == []
    (link,) = (part for part in page.findChildren(QAbstractButton) if part.text().startswith("https://"))
    link.click()
    assert opened == ["https://www2.jpki.go.jp/jpkiidreset/"]


# --- reminders


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

    monkeypatch.setattr("desktop.reminders.memory.json.dump", full)
    press(own_card, "Remind me")
    assert "This could not be saved on this computer." in words(own_card)
    assert not autostart.is_enabled()
    assert not reminders_file().exists()


# --- several readers


class Several:
    """Two readers and more, each with a practice card of its own."""

    practice = True

    def __init__(self, **readers: PracticeReaders) -> None:
        self._readers = readers

    def states(self) -> tuple[ReaderState, ...]:
        return tuple(ReaderState(name, each.states()[0].atr) for name, each in self._readers.items())

    def wait_for_change(self, known: Sequence[ReaderState], timeout: float) -> tuple[ReaderState, ...]:
        time.sleep(min(timeout, 0.05))
        return self.states()

    @contextmanager
    def connect(self, reader: str) -> Iterator[CardConnection]:
        with self._readers[reader].connect(PRACTICE_READER) as connection:
            yield connection


@pytest.fixture
def several(window: MainWindow, practice_keys: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot):  # type: ignore[no-untyped-def]  # a function of states
    rules = RenewalRules.load(renewal_rules_file())

    def put(**states: PracticeState) -> dict[str, PracticeReaders]:
        cards = {
            name: practice_readers(practice_keys, state, rules, moment=clock.moment) for name, state in states.items()
        }
        monkeypatch.setattr(window.cards, "_open_readers", lambda *, practice: Several(**cards))
        window.show_card()
        window.cards.use_practice_card()
        wait_for_card(window, qtbot)
        return cards

    return put


def choice(window: MainWindow) -> ChoiceBox:
    QGuiApplication.processEvents()
    (found,) = (
        part for part in window.findChildren(ChoiceBox) if part.isVisible() and part.accessibleName() == "Card reader"
    )
    return found


def test_a_reader_is_chosen_where_several_hold_cards(window: MainWindow, several: Any, qtbot: QtBot) -> None:
    cards = several(first=PracticeState.HUNDRED_DAYS, second=PracticeState.ONE_DAY)
    assert EXPECTED[PracticeState.HUNDRED_DAYS] in words(window)
    window.show_sign()
    assert [choice(window).itemText(place) for place in range(2)] == ["first", "second"]
    choice(window).activated.emit(1)
    window.show_card()
    qtbot.waitUntil(lambda: EXPECTED[PracticeState.ONE_DAY] in words(window), timeout=LONG)
    assert choice(window).currentText() == "second"

    cards["second"].card.remove()
    qtbot.waitUntil(lambda: EXPECTED[PracticeState.HUNDRED_DAYS] in words(window), timeout=LONG)
    assert not [part for part in window.findChildren(ChoiceBox) if part.isVisible()]
    assert all(each.card.pins_used == 0 for each in cards.values())


@pytest.mark.parametrize(
    "other", [PracticeState.OTHER_CARD, PracticeState.RESIDENT_CARD, PracticeState.NO_SIGNATURE_CERTIFICATE]
)
def test_a_card_that_cannot_sign_hides_none_that_can(
    window: MainWindow, several: Any, other: PracticeState, qtbot: QtBot
) -> None:
    several(first=other, second=PracticeState.NEW)
    qtbot.waitUntil(lambda: EXPECTED[PracticeState.NEW] in words(window), timeout=LONG)
    assert window.cards.ready
    choice(window).activated.emit(0)  # what the person chooses is shown all the same
    qtbot.waitUntil(lambda: EXPECTED[other] in words(window), timeout=LONG)
    assert window.cards.reader == "first"


# --- a clock that is behind


@pytest.mark.parametrize("state", [PracticeState.HUNDRED_DAYS])
def test_a_clock_that_is_behind_is_said_before_any_day(page: MainWindow, clock: Clock) -> None:
    clock.moment = datetime(2001, 1, 5, tzinfo=UTC)
    assert page._life
    page._life.changed.emit()
    assert "The clock of this computer is behind: set it first" in words(page)
    assert "2 March 2027" in words(page)  # what the certificate says is known all the same
    assert not page.findChildren(LifeLine)


# --- changing a PIN


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


# --- for everyone


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
    assert set(controls) <= reached


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
