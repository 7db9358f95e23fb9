"""The practice card in every state that a card can be in, for people who want to see it, and for tests."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from signing.card.practice import PracticeReaders
from signing.card.practice_options import PRACTICE_ADDRESS, PRACTICE_BIRTH, PracticeLife, PracticeOptions, SignatureFile
from signing.renewal import RenewalRules, day_in_japan, nth_birthday, window_opens

_FOLDER: Final = "states"
_ABROAD: Final = "国外転出（予定）２０２５年３月３１日"


class PracticeState(StrEnum):
    NEW = "new"
    HUNDRED_DAYS = "100-days"
    OPENS_TOMORROW = "opens-tomorrow"
    OPENS_TODAY = "opens-today"
    ONE_DAY = "1-day"
    LAST_DAY = "last-day"
    EXPIRED = "expired"
    NO_SIGNATURE_CERTIFICATE = "no-signature-certificate"
    LOCKED = "locked"
    ONE_TRY = "1-try"
    STAY_LIMITED = "stay-limited"
    ABROAD = "abroad"
    RESIDENT_CARD = "resident-card"
    OTHER_CARD = "other-card"
    PHONE = "phone"
    NEXT = "next"  # the card announced for the fiscal year 2028


_OPTIONS: Final = {
    PracticeState.NO_SIGNATURE_CERTIFICATE: PracticeOptions(signature_file=SignatureFile.EMPTY),
    PracticeState.LOCKED: PracticeOptions(signature_tries=0),
    PracticeState.ONE_TRY: PracticeOptions(signature_tries=1),
    PracticeState.RESIDENT_CARD: PracticeOptions(token="JPKIAPICCTOKEN"),  # noqa: S106 - the name of a medium
    PracticeState.OTHER_CARD: PracticeOptions(has_application=False),
    PracticeState.PHONE: PracticeOptions(token="JPKIAPGPSETOKEN"),  # noqa: S106 - the same
    PracticeState.NEXT: PracticeOptions(token="JPKIAPNEXTTOKEN", elliptic=True),  # noqa: S106 - the same
}
_MONTH: Final = timedelta(days=30)
_NEXT_BIRTHDAYS: Final = 10  # as announced
_AGES: Final = {PracticeState.NEW: timedelta(hours=1), PracticeState.NEXT: _MONTH}


@dataclass(frozen=True, slots=True)
class _Days:
    """Of a card: its last day, and whether that is a birthday of its holder."""

    until: date
    on_birthday: bool = True
    abroad: bool = False


def practice_readers(
    directory: Path, state: PracticeState, rules: RenewalRules, *, moment: datetime
) -> PracticeReaders:
    """A reader with a practice card that is in `state` at `moment` (aware); its keys are kept below `directory`.

    A card whose state is a matter of days is made anew each day.
    """
    days = _days(state, day_in_japan(moment), rules)
    if days is None:
        return PracticeReaders(directory, _OPTIONS[state], moment=moment)
    folder = directory / _FOLDER / f"{state}-{days.until:%Y%m%d}"
    for outdated in (directory / _FOLDER).glob(f"{state}-????????"):
        if outdated != folder:
            shutil.rmtree(outdated, ignore_errors=True)
    options = replace(_OPTIONS.get(state, PracticeOptions()), life=_life(state, days, moment))
    return PracticeReaders(folder, options, moment=moment)


def _days(state: PracticeState, today: date, rules: RenewalRules) -> _Days | None:
    day = timedelta(days=1)
    match state:
        case PracticeState.NEW:
            return _Days(_years(today, 5))
        case PracticeState.HUNDRED_DAYS:
            return _Days(today + 100 * day)
        case PracticeState.OPENS_TOMORROW:
            return _Days(_not_open(today, rules))
        case PracticeState.OPENS_TODAY:
            return _Days(_not_open(today, rules) - day)
        case PracticeState.ONE_DAY:
            return _Days(today + day)
        case PracticeState.LAST_DAY:
            return _Days(today)
        case PracticeState.EXPIRED:
            return _Days(today - day)
        case PracticeState.STAY_LIMITED:
            return _Days(today + 60 * day, on_birthday=False)
        case PracticeState.ABROAD:
            return _Days(today + 300 * day, abroad=True)
        case PracticeState.NEXT:
            return _Days(nth_birthday(PRACTICE_BIRTH, today - _MONTH, _NEXT_BIRTHDAYS, rules))
    return None


def _life(state: PracticeState, days: _Days, moment: datetime) -> PracticeLife:
    age = _AGES.get(state, timedelta(days=4 * 365))
    birthday = days.until if days.on_birthday else days.until + timedelta(days=180)
    return PracticeLife(
        issued=moment.astimezone(UTC).replace(microsecond=0) - age,
        until=days.until,
        birth=date(1992, birthday.month, birthday.day),  # a leap year: any day can be in it
        address=_ABROAD if days.abroad else PRACTICE_ADDRESS,
    )


def _years(day: date, years: int) -> date:
    return day + timedelta(days=round(years * 365.25))


def _not_open(today: date, rules: RenewalRules) -> date:
    """The first last day whose window has not begun: mostly it begins tomorrow, but some days begin no window."""
    end = today
    while window_opens(end, rules) <= today:
        end += timedelta(days=1)
    return end
