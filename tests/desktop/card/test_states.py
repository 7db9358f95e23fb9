"""What the My card page answers in each state of the card, and that nothing costs a try unasked."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.card.desk import CardState
from desktop.card.exact_date import ExactDateDialog
from desktop.card.life_line import LifeLine
from desktop.look.widgets import ChoiceBox
from desktop.main_window import MainWindow
from desktop.places import renewal_rules_file
from signing.card import CardConnection, ReaderState
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_states import PracticeState, practice_readers
from signing.certificate import certificate_facts
from signing.renewal import RenewalRules
from tests.desktop.card.conftest import LAST_SECONDS, LONG, Clock, press, read_exactly, wait_for_card, words

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
    PracticeState.PHONE: "This is a phone: signing with it is switched off",
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
    page._life._midnight._look()
    assert "Today is the last day: renew it today" in words(page)

    clock.moment = LAST_SECONDS + timedelta(seconds=2)
    page._life._midnight._look()

    assert "It has ended" in words(page)


def test_the_page_looks_again_when_a_day_begins_in_japan(page: MainWindow, clock: Clock, qtbot: QtBot) -> None:
    clock.moment = LAST_SECONDS + timedelta(seconds=1.9)
    assert page._life
    page._life._midnight._look()
    with qtbot.waitSignal(page._life.changed):
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


def test_nothing_of_the_holder_stays_when_the_card_goes(page: MainWindow, qtbot: QtBot) -> None:
    read_exactly(page, qtbot)
    assert page._life
    qtbot.waitUntil(lambda: bool(page._life and page._life.known and page._life.known.signature), timeout=LONG)
    assert certificate_facts.cache_info().currsize
    qtbot.waitUntil(lambda: page.cards.ready, timeout=LONG)
    assert page.cards._watcher
    page.cards._watcher.changed.emit(())
    qtbot.waitUntil(lambda: page._life is not None and page._life.known is None, timeout=LONG)
    assert page.cards.signature_certificate is None
    assert certificate_facts.cache_info().currsize == 0
