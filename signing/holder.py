"""The basic four information of a JPKI signature certificate, read as what it means; nothing is kept."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Final

from signing.report import Holder


class Era(Enum):
    """The first digit of a birth date. The year after it is Gregorian all the same."""

    MEIJI = 1
    TAISHO = 2
    SHOWA = 3
    HEISEI = 4
    REIWA = 5


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as registered; a part that is not known there is None."""

    era: Era | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> date | None:
        """The day, if all of it is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @classmethod
    def parse(cls, text: str | None) -> "Birth":
        """EYYYYMMDD, zeros where unknown; anything else is a birth of which nothing is known."""
        found = re.fullmatch(r"([0-9])([0-9]{4})([0-9]{2})([0-9]{2})", text or "")
        if not found:
            return cls()
        era, year, month, day = (int(part) for part in found.groups())
        return cls(Era(era) if era in _ERAS else None, year or None, month or None, day or None)


@dataclass(frozen=True, slots=True)
class MovedAbroad:
    """The holder registered a move abroad; `planned` is its day, where it can be read."""

    planned: date | None


@dataclass(frozen=True, slots=True, repr=False)
class BasicFour:
    """Name, address, birth and sex. It shows in no repr.

    `substituted_name` and `substituted_address` are the places (from 0) of characters that stand for others which
    the certificate cannot write: there, name and address may rightly differ from the printed card.
    """

    name: str
    address: str | None
    birth: Birth
    sex: Sex
    substituted_name: tuple[int, ...] = ()
    substituted_address: tuple[int, ...] = ()
    moved_abroad: MovedAbroad | None = field(default=None)

    @classmethod
    def of(cls, holder: Holder) -> "BasicFour":
        """Read what the certificate has; what it writes otherwise than expected counts as unknown."""
        return cls(
            name=holder.name,
            address=holder.address,
            birth=Birth.parse(holder.birth_date),
            sex=_SEXES.get(holder.gender or "", Sex.UNKNOWN),
            substituted_name=_places(holder.name_substitutions),
            substituted_address=_places(holder.address_substitutions),
            moved_abroad=_moved_abroad(holder.address),
        )


_ERAS: Final = frozenset(era.value for era in Era)
_SEXES: Final = {"1": Sex.MALE, "2": Sex.FEMALE}  # 0, 3 and 9 are all in use for the rest (JIS X 0303 has 9)
# The exact form of such an address is not published, so it is looked for loosely.
_ABROAD: Final = re.compile(r"国外\s*転出|moving abroad", re.IGNORECASE)
_DAY: Final = re.compile(r"([0-9]{4})\s*[年/.-]\s*([0-9]{1,2})\s*[月/.-]\s*([0-9]{1,2})")
_ERA_DAY: Final = re.compile(r"(令和|平成)\s*([0-9]{1,2}|元)\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})")
_ERA_STARTS: Final = {"令和": 2018, "平成": 1988}


def _places(flags: str | None) -> tuple[int, ...]:
    return tuple(place for place, flag in enumerate(flags or "") if flag == "1")


def _moved_abroad(address: str | None) -> MovedAbroad | None:
    text = unicodedata.normalize("NFKC", address or "")
    return MovedAbroad(_planned_day(text)) if _ABROAD.search(text) else None


def _planned_day(text: str) -> date | None:
    if found := _DAY.search(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _ERA_DAY.search(text):
        era, number, *rest = found.groups()
        year = _ERA_STARTS[era] + (1 if number == "元" else int(number))
        month, day = (int(part) for part in rest)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
