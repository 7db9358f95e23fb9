"""The table of the rules."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from signing.card.pin import AUTHENTICATION_PIN, SIGNATURE_PASSWORD
from signing.renewal import (
    RenewalRules,
    add_months,
    forecast_end,
    window_opens,
)
from tests.signing.renewal.conftest import EVERY_DAY, RULES, TABLE, day


def test_every_row_has_a_source_and_what_is_not_settled_is_marked() -> None:
    assert all(source.text for source in RULES.sources.values())
    assert len(RULES.sources) == len(RULES.fees) + len(RenewalRules.__dataclass_fields__) - 2
    unsettled = {name for name, source in RULES.sources.items() if not source.settled}
    assert unsettled == {"common_year_birthday", "window_days_later_abroad"}


def test_tries_of_the_table_are_those_of_the_card() -> None:
    assert (RULES.signature_tries, RULES.authentication_tries) == (SIGNATURE_PASSWORD.tries, AUTHENTICATION_PIN.tries)


def test_renewal_is_free_and_a_lost_card_is_not() -> None:
    free = ("renewal", "first_issue", "issue_after_expiry", "issue_after_move")
    assert [RULES.fees[name] for name in free] == [0, 0, 0, 0]
    assert (RULES.fees["card_again"], RULES.fees["card_again_without_certificates"]) == (1000, 800)


def test_card_of_2028_is_a_matter_of_the_table_alone() -> None:
    coming = RenewalRules.load(TABLE, "card-of-2028")
    assert forecast_end(day("2029-05-10"), day("1990-04-01"), coming).day == day("2039-04-01")
    assert window_opens(day("2039-04-01"), coming) == day("2038-04-02")
    assert not any(coming.sources[name].settled for name in ("birthdays", "window_months"))


@given(EVERY_DAY, st.integers(-600, 600))
def test_months_are_added_in_the_calendar(start, months) -> None:
    moved = add_months(start, months)
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months
    assert moved.day == start.day or (moved.day < start.day and (moved + timedelta(days=1)).day == 1)
