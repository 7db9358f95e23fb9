"""The basic four information, as cards write it and as they might."""

from datetime import date

import pytest

from signing.holder import BasicFour, Birth, Era, MovedAbroad, Sex
from signing.report import Holder


def four(**given: str | None) -> BasicFour:
    return BasicFour.of(Holder(**({"name": "黒桐　幹也"} | given)))


@pytest.mark.parametrize(
    ("text", "birth", "day"),
    [
        ("319800217", Birth(Era.SHOWA, 1980, 2, 17), date(1980, 2, 17)),
        ("419900102", Birth(Era.HEISEI, 1990, 1, 2), date(1990, 1, 2)),
        ("520190501", Birth(Era.REIWA, 2019, 5, 1), date(2019, 5, 1)),
        ("019650000", Birth(None, 1965, None, None), None),
        ("000000000", Birth(), None),
        ("319800230", Birth(Era.SHOWA, 1980, 2, 30), None),
        ("919800217", Birth(None, 1980, 2, 17), date(1980, 2, 17)),  # an era yet to come
        ("19800217", Birth(), None),
        ("３１９８００２１７", Birth(), None),
        ("", Birth(), None),
        (None, Birth(), None),
    ],
)
def test_birth_is_an_era_digit_and_a_gregorian_date(text, birth, day) -> None:
    assert four(birth_date=text).birth == birth
    assert birth.date == day


@pytest.mark.parametrize(
    ("code", "sex"),
    [
        ("1", Sex.MALE),
        ("2", Sex.FEMALE),
        ("3", Sex.UNKNOWN),
        ("9", Sex.UNKNOWN),
        ("0", Sex.UNKNOWN),
        (None, Sex.UNKNOWN),
    ],
)
def test_sex_of_either_table_of_codes(code, sex) -> None:
    assert four(gender=code).sex is sex


def test_substituted_characters_are_places() -> None:
    read = four(name_substitutions="00010", address_substitutions="100")
    assert (read.substituted_name, read.substituted_address) == ((3,), (0,))
    assert four(name_substitutions=None).substituted_name == ()


@pytest.mark.parametrize(
    ("address", "moved"),
    [
        ("国外転出（予定）２０２５年３月１日", MovedAbroad(date(2025, 3, 1))),
        ("国外転出　令和７年３月１日", MovedAbroad(date(2025, 3, 1))),
        ("国外転出（令和元年１２月３１日予定）", MovedAbroad(date(2019, 12, 31))),
        ("Moving Abroad 2025/03/01 (Scheduled Move Date)", MovedAbroad(date(2025, 3, 1))),
        ("国外転出", MovedAbroad(None)),
        ("国外転出　２０２５年１３月４０日", MovedAbroad(None)),
        ("東京都千代田区一番町１", None),
        (None, None),
    ],
)
def test_address_of_those_who_moved_abroad_is_recognised(address, moved) -> None:
    assert four(address=address).moved_abroad == moved


def test_person_shows_in_no_repr() -> None:
    read = four(address="東京都千代田区一番町１", birth_date="319800217")
    assert "黒桐" not in repr(read)
    assert "千代田" not in repr(read)
