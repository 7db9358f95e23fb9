"""Each state of the practice card is what its name says, read through the same code as a real card."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.card import TokenKind
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER
from signing.card.practice_states import PracticeState, _days, practice_readers
from signing.certificate import certificate_facts
from signing.errors import NoSignatureCertificate, PinLocked, UnsupportedCard
from signing.renewal import CardLife, Circumstance, NextStep, RenewalRules, State, life_of_card, window_opens

RULES = RenewalRules.load(Path(__file__).parents[3] / "resources" / "rules" / "renewal.toml")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
S, N = State, NextStep


def life(directory: Path, state: PracticeState, moment: datetime = NOW, *, at: datetime | None = None) -> CardLife:
    """What the person sees, with the signature certificate read by the password."""
    readers = practice_readers(directory, state, RULES, moment=moment)
    facts = read_facts(readers, PRACTICE_READER)
    signature = None
    if facts.has_signature_certificate and facts.signature_tries:
        with signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as credential:
            signature = certificate_facts(credential.certification_path[0])
    assert facts.authentication_certificate
    return life_of_card(
        facts,
        RULES,
        moment=at or moment,
        authentication=certificate_facts(facts.authentication_certificate),
        signature=signature,
    )


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.mark.parametrize(
    ("state", "expected", "days_left", "step"),
    [
        (PracticeState.NEW, S.NOT_YET, 1826, N.NOTHING),
        (PracticeState.HUNDRED_DAYS, S.NOT_YET, 100, N.NOTHING),
        (PracticeState.OPENS_TOMORROW, S.NOT_YET, 92, N.NOTHING),
        (PracticeState.OPENS_TODAY, S.RENEW, 91, N.RENEW),
        (PracticeState.ONE_DAY, S.RENEW, 1, N.RENEW),
        (PracticeState.LAST_DAY, S.LAST_DAY, 0, N.RENEW_TODAY),
        (PracticeState.EXPIRED, S.EXPIRED, -1, N.ISSUE_ANEW),
        (PracticeState.STAY_LIMITED, S.STAY_LIMITED, 60, N.EXTEND_WITH_STAY),
        (PracticeState.ABROAD, S.RENEW, 300, N.RENEW),
        (PracticeState.NO_SIGNATURE_CERTIFICATE, S.NOT_ON_CARD, None, N.ASK_FOR_ISSUE),
        (PracticeState.LOCKED, S.NOT_YET, 1591, N.RESET_PASSWORD),
        (PracticeState.ONE_TRY, S.NOT_YET, 1591, N.NOTHING),
    ],
)
def test_state_is_what_it_is_called(directory, state, expected, days_left, step) -> None:
    own = life(directory, state)
    assert (own.signature.state, own.signature.days_left, own.next_step) == (expected, days_left, step)
    assert Circumstance.PRACTICE in own.signature.circumstances


def test_last_second_of_the_last_day_in_japan(directory) -> None:
    midday = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    last_second = datetime(2026, 11, 23, 14, 59, 58, tzinfo=UTC)
    own = life(directory, PracticeState.LAST_DAY, midday, at=last_second)
    assert own.signature.state is State.LAST_DAY
    after = life(directory, PracticeState.LAST_DAY, midday, at=last_second + timedelta(seconds=2))
    assert after.signature.state is State.EXPIRED


def test_card_abroad_is_known_by_its_address(directory) -> None:
    assert Circumstance.ABROAD in life(directory, PracticeState.ABROAD).signature.circumstances


def test_card_of_a_day_is_made_anew_on_the_next(directory) -> None:
    first = life(directory, PracticeState.ONE_DAY).signature
    second = life(directory, PracticeState.ONE_DAY, NOW + timedelta(days=1)).signature
    assert (first.days_left, second.days_left) == (1, 1)
    assert len(list((directory / "states").glob("1-day-*"))) == 1


@pytest.mark.parametrize(
    ("state", "token"),
    [(PracticeState.RESIDENT_CARD, TokenKind.RESIDENT_CARD), (PracticeState.PHONE, TokenKind.ANDROID)],
)
def test_other_tokens_are_told_apart(directory, state, token) -> None:
    facts = read_facts(practice_readers(directory, state, RULES, moment=NOW), PRACTICE_READER)
    assert facts.token is token


def test_other_card_is_no_my_number_card(directory) -> None:
    with pytest.raises(UnsupportedCard):
        read_facts(practice_readers(directory, PracticeState.OTHER_CARD, RULES, moment=NOW), PRACTICE_READER)


@pytest.mark.parametrize(
    ("state", "error"),
    [(PracticeState.NO_SIGNATURE_CERTIFICATE, NoSignatureCertificate), (PracticeState.LOCKED, PinLocked)],
)
def test_card_that_cannot_sign_says_why(directory, state, error) -> None:
    readers = practice_readers(directory, state, RULES, moment=NOW)
    with pytest.raises(error), signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)):
        pass


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_window_of_one_card_is_open_today_and_of_the_other_not_yet(today) -> None:
    opened, shut = (_days(state, today, RULES) for state in (PracticeState.OPENS_TODAY, PracticeState.OPENS_TOMORROW))
    # No window begins on some days around the ends of months, so that "today" can be two days ago.
    assert today - timedelta(days=3) < window_opens(opened.until, RULES) <= today
    assert today < window_opens(shut.until, RULES) <= today + timedelta(days=3)
