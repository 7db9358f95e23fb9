"""Days that authorities and towns have published, and days that follow from the same rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.renewal import (
    Basis,
    Forecast,
    forecast_after_move,
    forecast_after_renewal,
    forecast_card_end,
    forecast_end,
    insurance_ends,
    nth_birthday,
    special_period_ends,
    window_opens,
)
from tests.signing.renewal.conftest import EVERY_DAY, RULES, day

# --- until when


@pytest.mark.parametrize(
    ("birth", "issued", "last"),
    [
        ("1980-02-17", "2025-10-27", "2030-02-17"),  # a test card of J-LIS
        ("1990-10-10", "2020-05-15", "2024-10-10"),
        ("1990-04-01", "2024-03-31", "2028-04-01"),
        ("1990-04-01", "2024-04-01", "2029-04-01"),  # the day of issue itself does not count
        ("1990-04-01", "2024-04-02", "2029-04-01"),
        ("1990-04-01", "2028-04-02", "2033-04-01"),  # issued anew after the end
        ("1990-04-01", "2023-05-10", "2028-04-01"),
        ("1996-02-29", "2024-06-01", "2029-02-28"),
        ("1996-02-29", "2023-06-01", "2028-02-29"),
    ],
)
def test_first_certificate_ends_on_the_fifth_birthday_after_its_day_of_issue(birth, issued, last) -> None:
    assert forecast_end(day(issued), day(birth), RULES) == Forecast(day(last), Basis.BIRTHDAYS)


@pytest.mark.parametrize("issued", ["2028-01-02", "2028-02-15", "2028-03-31"])
def test_renewal_in_the_window_loses_nothing_of_the_old_certificate(issued) -> None:
    old = day("2028-04-01")
    assert window_opens(old, RULES) == day("2028-01-02")
    forecast = forecast_end(day(issued), day("1990-04-01"), RULES, renewed=True)
    assert forecast.day == forecast_after_renewal(old, RULES).day == day("2033-04-01")
    assert forecast_after_renewal(old, RULES).basis is Basis.AFTER_RENEWAL


def test_renewal_on_the_last_day_counts_from_that_day_and_is_capped_by_the_card() -> None:
    birth, last = day("1990-04-01"), day("2028-04-01")
    assert forecast_end(last, birth, RULES, renewed=True).day == day("2034-04-01")
    card = forecast_card_end(day("2023-05-10"), birth, RULES).day
    assert forecast_end(last, birth, RULES, renewed=True, caps=(card,)).day == card == day("2033-04-01")


def test_issue_after_a_move_does_not_extend() -> None:
    forecast = forecast_after_move(day("2025-03-01"), day("1990-09-20"), day("2026-09-20"), RULES)
    assert forecast == Forecast(day("2026-09-20"), Basis.AFTER_MOVE)
    assert forecast_end(day("2025-03-01"), day("1990-09-20"), RULES).day == day("2029-09-20")


def test_period_of_stay_ends_a_certificate_before_its_birthday() -> None:
    forecast = forecast_end(day("2027-05-10"), day("1990-08-01"), RULES, caps=(day("2030-05-20"), None))
    assert forecast.day == day("2030-05-20")
    assert special_period_ends(day("2027-05-20"), RULES) == day("2027-07-20")


@pytest.mark.parametrize(
    ("birth", "issued", "received", "last"),
    [
        ("1990-10-10", "2020-05-15", None, "2029-10-10"),
        ("1990-04-01", "2023-05-10", None, "2033-04-01"),
        ("2003-06-15", "2022-04-10", "2022-03-20", "2026-06-15"),  # 18 years old, under the former rule
        ("2003-06-15", "2022-04-20", "2022-04-05", "2031-06-15"),
        ("2010-06-15", "2024-01-10", None, "2028-06-15"),
    ],
)
def test_card_itself_lasts_longer_for_those_of_age(birth, issued, received, last) -> None:
    forecast = forecast_card_end(day(issued), day(birth), RULES, received=received and day(received))
    assert forecast.day == day(last)


@pytest.mark.parametrize(
    ("end", "insured"), [("2026-02-10", "2026-05-31"), ("2026-04-01", "2026-07-31"), ("2026-11-30", "2027-02-28")]
)
def test_health_insurance_goes_on_to_the_end_of_the_third_month(end, insured) -> None:
    assert insurance_ends(day(end), RULES) == day(insured)


@given(birth=st.dates(date(1925, 1, 1), date(2019, 12, 31)), issued=EVERY_DAY, count=st.integers(1, 11))
def test_count_birthdays_lie_between_issue_and_end(birth, issued, count) -> None:
    last = nth_birthday(birth, issued, count, RULES)
    birthdays = [_birthday_in(year, birth) for year in range(issued.year, last.year + 1)]
    assert len([each for each in birthdays if issued < each <= last]) == count
    assert last in birthdays


def _birthday_in(year: int, birth: date) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


# --- the window


@pytest.mark.parametrize(
    ("end", "first"),
    [
        ("2023-07-07", "2023-04-08"),  # Nerima
        ("2023-05-28", "2023-03-01"),  # Nerima: the end of February
        ("2020-09-24", "2020-06-25"),  # Setagaya
        ("2026-04-15", "2026-01-16"),  # Kure
        ("2026-06-15", "2026-03-16"),  # Tsurugashima
        ("2026-08-01", "2026-05-02"),  # Omura
        ("2026-05-05", "2026-02-06"),  # Kochi
        ("2026-07-15", "2026-04-16"),  # Tosu
        # ends of months, by the same formula
        ("2026-05-28", "2026-03-01"),
        ("2028-05-28", "2028-02-29"),
        ("2026-05-29", "2026-03-01"),
        ("2026-05-30", "2026-03-01"),
        ("2026-05-31", "2026-03-01"),
        ("2026-07-30", "2026-05-01"),
        ("2026-07-31", "2026-05-01"),
        ("2026-12-31", "2026-10-01"),
        ("2026-09-30", "2026-07-01"),
        ("2026-11-30", "2026-08-31"),
        ("2026-10-31", "2026-08-01"),
        ("2026-01-31", "2025-11-01"),
        ("2026-03-31", "2026-01-01"),
        ("2026-08-31", "2026-06-01"),
        ("2026-04-30", "2026-01-31"),
        ("2026-06-30", "2026-03-31"),
        ("2026-02-28", "2025-11-29"),
        ("2028-02-29", "2027-11-30"),
        ("2026-03-01", "2025-12-02"),
    ],
)
def test_window_opens_on_the_day_that_towns_publish(end, first) -> None:
    assert window_opens(day(end), RULES) == day(first)


def _first_day_in_words(end: date) -> date:
    """Nerima's sentence: the day after the same-numbered day, or the 1st of the next month where there is none."""
    year, month = (end.year, end.month - 3) if end.month > 3 else (end.year - 1, end.month + 9)
    try:
        return date(year, month, end.day) + timedelta(days=1)
    except ValueError:
        return date(year, month + 1, 1)


@given(EVERY_DAY)
def test_window_agrees_with_the_words_of_the_rule(end) -> None:
    assert window_opens(end, RULES) == _first_day_in_words(end)


def test_window_agrees_with_the_words_of_the_rule_on_every_single_day() -> None:
    end = date(2020, 1, 1)
    while end <= date(2060, 12, 31):
        assert window_opens(end, RULES) == _first_day_in_words(end)
        end += timedelta(days=1)


def test_window_abroad_is_a_year() -> None:
    assert window_opens(day("2028-04-01"), RULES, abroad=True) == day("2027-04-02")
