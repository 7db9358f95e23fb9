"""How dates, sizes and foreign text are shown in the language spoken now."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from desktop.words.translation import _, language

# First day and name of an era; years before Meiji have no Gregorian counterpart in the register.
_ERAS = (
    (date(2019, 5, 1), "令和", "Reiwa"),
    (date(1989, 1, 8), "平成", "Heisei"),
    (date(1926, 12, 25), "昭和", "Showa"),
    (date(1912, 7, 30), "大正", "Taisho"),
    (date(1868, 1, 25), "明治", "Meiji"),
)
# Not from calendar or strftime: their names follow the locale of the process, not the language spoken.
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_LONGEST = 200
_MINUTE = 60  # seconds
_JAPAN = timezone(timedelta(hours=9))


def plain(text: str) -> str:
    """Text from outside, made fit for one line: no control or direction characters, not too long."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    one_line = re.sub(r"(\s)\s+", r"\1", visible).strip()  # a wide space stays: it is part of many Japanese names
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"


def day_in_japan(moment: datetime) -> date:
    """The date on which a moment falls where certificates are issued."""
    try:
        return moment.astimezone(_JAPAN).date()
    except OverflowError:  # 99991231235959Z, which stands for "no end" (RFC 5280, 4.1.2.5)
        return date.max


def shown_date(day: date) -> str:
    """In both calendars: 2030年2月17日（令和12年2月17日）, 17 February 2030 (Reiwa 12)."""
    if day < _ERAS[-1][0]:  # what some certificates state for "always"; before, eras counted other years
        return gregorian_date(day)
    both = "{} ({})" if language() == "en" else "{}（{}）"
    return both.format(gregorian_date(day), era_date(day))


def gregorian_date(day: date) -> str:
    """2030年2月17日, 17 February 2030."""
    if language() == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def era_date(day: date) -> str:
    """令和12年2月17日, Reiwa 12."""
    start, japanese, english = next((era for era in _ERAS if era[0] <= day), _ERAS[-1])
    year = day.year - start.year + 1
    if language() == "en":
        return f"{english} {year}"
    return f"{japanese}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def in_local_zone(moment: datetime) -> datetime:
    """The same in the zone of this computer, or as it is where that calendar has no such day."""
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):  # the first or the last day of all; each system has its own error
        return moment


def shown_moment(moment: datetime) -> str:
    """In the zone of this computer, with its offset."""
    local = in_local_zone(moment)
    offset = f"{local:%z}"
    zone = f"UTC{offset[:3]}:{offset[3:5]}"
    if language() == "en":
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({zone})"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}（{zone}）"


def shown_size(size: int) -> str:
    """A number of bytes in the unit that a person would use (powers of 1,000, as file managers count)."""
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.95 or unit == "TB":
            break
    return _("{size} bytes").format(size=size) if size < 1000 else f"{amount:.1f} {unit}"


def before_stop(name: str) -> str:
    """A name that a full stop follows, without its own one: “Yamada Co., Ltd.” would end in two."""
    return name.removesuffix(".") if language() == "en" else name


def joined(*sentences: str) -> str:
    """Sentences one after the other, with the space between them that the language has."""
    return (" " if language() == "en" else "").join(sentence for sentence in sentences if sentence)


def listed(names: Iterable[str]) -> str:
    """Names one after the other, parted as the language does it."""
    return (", " if language() == "en" else "、").join(names)


def enumerated(clauses: Iterable[str]) -> str:
    """The same of what is longer than a name, and can have commas itself."""
    return ("; " if language() == "en" else "、").join(clauses)


def invalid_choice(word: str, choices: Iterable[str]) -> str:
    """What is wrong with a word that has to be one of several, and which they are."""
    return _("invalid choice: “{word}” (choose from {choices})").format(word=plain(word), choices=listed(choices))


def shown_duration(seconds: float) -> str:
    """About how long something will take."""
    if seconds < _MINUTE:
        return _("about {count} s").format(count=max(1, round(seconds)))
    return _("about {count} min").format(count=round(seconds / _MINUTE))
