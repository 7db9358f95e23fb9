"""In which state a card is on a day, what to do next, and what no clock or odd end may spoil."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from signing.card import CardFacts, TokenKind
from signing.renewal import (
    AbsenceReason,
    Basis,
    Circumstance,
    Established,
    Forecast,
    NextStep,
    RenewalRules,
    State,
    day_in_japan,
    is_stay_limited,
    life_of_card,
    renewal,
)
from signing.report import CertificateFacts, Holder, IssuerClass
from tests.signing.renewal.conftest import JAPAN, RULES, TABLE, day, end_of, in_japan

# --- the state of a day


@pytest.mark.parametrize(
    ("moment", "state", "days_left"),
    [
        (in_japan("2026-04-07", "23:59:59"), State.NOT_YET, 91),
        (in_japan("2026-04-08", "00:00:00"), State.RENEW, 90),
        (in_japan("2026-07-06"), State.RENEW, 1),
        (in_japan("2026-07-07", "00:00:00"), State.LAST_DAY, 0),
        (in_japan("2026-07-07", "23:59:58"), State.LAST_DAY, 0),
        (in_japan("2026-07-07", "23:59:59"), State.LAST_DAY, 0),
        (in_japan("2026-07-08", "00:00:00"), State.EXPIRED, -1),
        # the same moments, told by clocks elsewhere
        (datetime(2026, 7, 7, 10, 59, 59, tzinfo=timezone(timedelta(hours=-4))), State.LAST_DAY, 0),
        (datetime(2026, 7, 7, 11, 0, 0, tzinfo=timezone(timedelta(hours=-4))), State.EXPIRED, -1),
        (datetime(2026, 4, 7, 15, 0, 0, tzinfo=UTC), State.RENEW, 90),
    ],
)
def test_state_changes_at_midnight_in_japan(moment, state, days_left) -> None:
    today = renewal(Established(end_of("2026-07-07")), RULES, moment=moment)
    assert (today.state, today.days_left, today.opens) == (state, days_left, day("2026-04-08"))


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_zone_of_the_computer_changes_no_date(zone, monkeypatch) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be set on this system")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert day_in_japan(datetime(2030, 2, 17, 14, 59, 59, tzinfo=UTC)) == day("2030-02-17")
        assert day_in_japan(datetime(2030, 2, 17, 15, 0, 0, tzinfo=UTC)) == day("2030-02-18")
        assert renewal(Established(end_of("2030-02-17")), RULES, moment=in_japan("2029-11-17")).state is State.NOT_YET
    finally:
        monkeypatch.undo()
        time.tzset()


def test_certificate_that_ends_within_a_day_is_over_when_it_says_so() -> None:
    end = Established(in_japan("2026-07-07", "10:00:00"))
    assert renewal(end, RULES, moment=in_japan("2026-07-07", "10:00:00")).state is State.LAST_DAY
    assert renewal(end, RULES, moment=in_japan("2026-07-07", "10:00:01")).state is State.EXPIRED


def test_stay_limited_certificate_has_no_window_but_still_a_last_day() -> None:
    limited = frozenset({Circumstance.STAY_LIMITED})
    states = [
        renewal(Established(end_of("2026-07-07")), RULES, moment=in_japan(today), circumstances=limited)
        for today in ("2026-05-01", "2026-07-07", "2026-07-08")
    ]
    assert [each.state for each in states] == [State.STAY_LIMITED, State.LAST_DAY, State.EXPIRED]
    assert {each.opens for each in states} == {None}


# --- a card


def facts(**given) -> CardFacts:
    known = {
        "reader": "Reader",
        "practice": False,
        "token": TokenKind.MY_NUMBER_CARD,
        "has_signature_certificate": True,
        "has_authentication_certificate": True,
        "signature_tries": 5,
        "authentication_tries": 3,
        "signature_ca_certificate": None,
        "authentication_certificate": None,
    }
    return CardFacts(**(known | given))


def certificate(end: str, *, birth: str = "419900707", address: str = "架空市１") -> CertificateFacts:
    return CertificateFacts(
        sha256="",
        subject="",
        issuer="",
        not_before=in_japan("2021-08-01"),
        not_after=end_of(end),
        issuer_class=IssuerClass.JPKI,
        public_key="RSA-2048",
        signature_algorithm="RSA-SHA256",
        holder=Holder("実印　花子", address, birth),
    )


def life(today: str, *, card=None, signature=None, authentication="2026-07-07"):
    return life_of_card(
        card or facts(),
        RULES,
        moment=in_japan(today),
        authentication=certificate(authentication),
        signature=signature,
    )


def test_before_the_password_the_end_is_a_forecast_and_after_it_a_fact() -> None:
    before = life("2026-04-07")
    assert before.signature.end == Forecast(day("2026-07-07"), Basis.AT_THE_LATEST)
    assert isinstance(before.authentication.end, Established)
    after = life("2026-04-07", signature=certificate("2026-07-07"))
    assert isinstance(after.signature.end, Established)
    assert (after.signature.state, after.next_step) == (State.NOT_YET, NextStep.NOTHING)


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2026-04-07", NextStep.NOTHING),
        ("2026-04-08", NextStep.RENEW),
        ("2026-07-07", NextStep.RENEW_TODAY),
        ("2026-07-08", NextStep.ISSUE_ANEW),
    ],
)
def test_next_step_follows_the_day(today, step) -> None:
    assert life(today).next_step is step


def test_locked_password_is_the_next_step_unless_the_counter_is_anyway() -> None:
    locked = facts(signature_tries=0)
    assert life("2026-01-01", card=locked).next_step is NextStep.RESET_PASSWORD
    assert life("2026-07-08", card=locked).next_step is NextStep.ISSUE_ANEW


def test_card_without_a_signature_certificate_names_what_may_be_the_reason() -> None:
    own = life("2026-01-01", card=facts(has_signature_certificate=False))
    assert own.signature.state is State.NOT_ON_CARD
    assert own.next_step is NextStep.ASK_FOR_ISSUE
    assert {AbsenceReason.UNDER_AGE, AbsenceReason.ADULT_WARD} < set(own.signature.possible_reasons)


def test_end_on_no_birthday_is_recognised_as_a_period_of_stay() -> None:
    own = life("2026-05-01", signature=certificate("2026-06-30"))
    assert own.signature.state is State.STAY_LIMITED
    assert own.next_step is NextStep.EXTEND_WITH_STAY


@pytest.mark.parametrize("tries", [5, 0])
def test_last_day_of_a_stay_is_the_last_day_to_extend_the_card(tries) -> None:
    own = life("2026-06-30", card=facts(signature_tries=tries), signature=certificate("2026-06-30"))
    assert own.signature.state is State.LAST_DAY
    assert own.next_step is NextStep.EXTEND_WITH_STAY


@pytest.mark.parametrize("end", ["2029-02-28", "2028-02-29", "2029-03-01"])
def test_those_born_on_29_february_are_not_taken_for_visitors(end) -> None:
    assert not is_stay_limited(day(end), date(1996, 2, 29))
    assert is_stay_limited(date(2029, 3, 2), date(1996, 2, 29))


def test_holder_abroad_has_the_window_of_a_year() -> None:
    own = life("2025-07-08", signature=certificate("2026-07-07", address="国外転出（予定）２０２５年３月１日"))
    assert Circumstance.ABROAD in own.signature.circumstances
    assert (own.signature.state, own.signature.opens) == (State.RENEW, day("2025-07-08"))


def test_practice_is_always_said() -> None:
    assert Circumstance.PRACTICE in life("2026-01-01", card=facts(practice=True)).signature.circumstances


@pytest.mark.parametrize("token", [TokenKind.RESIDENT_CARD, TokenKind.ANDROID, TokenKind.IPHONE, TokenKind.UNKNOWN])
def test_other_tokens_lead_to_the_card_itself(token) -> None:
    own = life_of_card(
        facts(token=token, has_signature_certificate=None, signature_tries=None), RULES, moment=in_japan("2026-01-01")
    )
    assert (own.signature.state, own.next_step) == (State.UNKNOWN, NextStep.USE_MY_NUMBER_CARD)


# --- a clock that is wrong


ISSUED = in_japan("2021-08-01")  # of `certificate`


@pytest.mark.parametrize("moment", ["1970-01-01", "2000-01-01", "2019-12-31", "2021-07-29"])
def test_clock_that_is_behind_is_told_and_nothing_is_counted_by_it(moment) -> None:
    own = life(moment, signature=certificate("2026-07-07"))
    assert (own.signature.state, own.signature.days_left) == (State.CLOCK_BEHIND, None)
    assert own.authentication.state is State.CLOCK_BEHIND
    assert own.next_step is NextStep.SET_CLOCK
    assert own.signature.end is not None
    assert own.signature.end.day == day("2026-07-07")  # what the certificate says is still known
    before_the_password = life(moment)
    assert before_the_password.signature.state is State.CLOCK_BEHIND


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=26)])
def test_card_that_was_just_issued_tells_of_no_clock(ahead) -> None:
    own = renewal(Established(end_of("2026-07-07")), RULES, moment=ISSUED - ahead, issued=ISSUED)
    assert own.state is State.NOT_YET


def test_no_clock_is_right_that_is_before_the_table() -> None:
    shipped = RenewalRules.load(TABLE)
    end = Established(end_of("2030-02-17"))
    before = datetime(shipped.compiled.year, shipped.compiled.month, shipped.compiled.day, tzinfo=JAPAN)
    assert renewal(end, shipped, moment=before - timedelta(seconds=1)).state is State.CLOCK_BEHIND
    assert renewal(end, shipped, moment=before).state is State.NOT_YET


# --- ends that are no ordinary days


@pytest.mark.parametrize(
    ("not_after", "last", "state"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), date.min, State.EXPIRED),
        (datetime(1950, 1, 1, tzinfo=UTC), date(1950, 1, 1), State.EXPIRED),
        (datetime(2049, 12, 31, 14, 59, 59, tzinfo=UTC), date(2049, 12, 31), State.NOT_YET),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), date.max, State.NOT_YET),  # RFC 5280: no end
    ],
)
def test_odd_ends_are_days_too(not_after, last, state) -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    own = renewal(Established(not_after), RULES, moment=in_japan("2026-04-07"), issued=first)
    assert own.end is not None
    assert (own.end.day, own.state) == (last, state)


ODD = ["", "0", "00000000", "000000000", "099999999", "912345678", "４１９９００７０７", "319800230", "３", "\0" * 9]


@pytest.mark.parametrize("birth", [*ODD, "5" * 5000, None])
@pytest.mark.parametrize(
    "address", [None, "", "国外転出", "国外転出 9999年99月99日", "国外転出 令和０年０月０日", "\x00\ufeff"]
)
def test_whatever_a_certificate_writes_of_its_holder_there_is_a_state(birth, address) -> None:
    own = life("2026-04-07", signature=certificate("2026-07-07", birth=birth, address=address))
    abroad = address is not None and "国外転出" in address
    assert own.signature.state is (State.RENEW if abroad else State.NOT_YET)
    assert (Circumstance.ABROAD in own.signature.circumstances) is abroad


@pytest.mark.parametrize(("era", "year"), [("3", 1980), ("4", 1990), ("5", 2020), ("9", 1980), ("0", 1980)])
def test_era_digit_says_nothing_of_the_year(era, year) -> None:
    limited = life("2026-05-01", signature=certificate("2026-06-30", birth=f"{era}{year}0707"))
    assert Circumstance.STAY_LIMITED in limited.signature.circumstances
