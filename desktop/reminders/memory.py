"""What there is to be reminded of: kept only with consent, and nothing in it tells who the person is.

The file holds, for each certificate, its kind, its last day, a random identifier, and which reminders were shown;
and whether the person wants an icon in the notification area.
Free of Qt and light: at login it is opened, and closed again when nothing is due. `window_reminded=False` is for
certificates that have no window of renewal (those limited by a period of stay), and for holders abroad.
"""

import contextlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from desktop.choices import put_aside, read_choices, write_choices
from desktop.reminders.lock import alone
from signing.errors import ChoicesUnreadable
from signing.renewal import RenewalRules, window_opens

_VERSION: Final = 1
_FIRST: Final = date(2004, 1, 29)  # when the public certification service began


class CertificateKind(StrEnum):
    SIGNATURE = "signature"
    AUTHENTICATION = "authentication"


class Milestone(StrEnum):
    """A day on which to say something; in the order of time."""

    DAYS_90 = "90-days"
    WINDOW_OPENS = "window-opens"
    DAYS_30 = "30-days"
    DAYS_7 = "7-days"


_DAYS_BEFORE: Final = {Milestone.DAYS_90: 90, Milestone.DAYS_30: 30, Milestone.DAYS_7: 7}


@dataclass(frozen=True, slots=True)
class Reminder:
    """One certificate, and what was said of it already. `expires` is its last day, in Japan.

    `opens` is the first day of its window, where that is not the one that the rules of today's card give.
    """

    identifier: str
    kind: CertificateKind
    expires: date
    told: frozenset[Milestone] = frozenset()
    opens: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to say today. `milestones` are all that have been reached, the latest last."""

    reminder: Reminder
    milestones: tuple[Milestone, ...]
    opens: date
    days_left: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that is in the file."""

    reminders: tuple[Reminder, ...] = ()
    never: bool = False
    icon: bool = False


class Reminders:
    """The reminders in a file (JSON). A file that is missing or damaged is one without reminders; it is kept aside.

    Every change is on disk when the method returns, and two programs at once lose none of each other's; OSError as
    the file system says.
    """

    def __init__(self, path: Path, rules: RenewalRules) -> None:
        self._path = path
        self._rules = rules

    @property
    def all(self) -> tuple[Reminder, ...]:
        return self._kept().reminders

    @property
    def declined(self) -> bool:
        """Whether the person said "never again": then nothing offers reminders any more."""
        return self._kept().never

    @property
    def icon_wanted(self) -> bool:
        """Whether the person wants an icon in the notification area."""
        return self._kept().icon

    def remember(
        self, kind: CertificateKind, expires: date, *, opens: date | None = None, window_reminded: bool = True
    ) -> Reminder:
        """Remind of this certificate, instead of an earlier one of its kind. To be called with consent only.

        The same certificate again changes nothing: what was told of it is not told once more.
        """
        known = next((each for each in self.all if (each.kind, each.expires) == (kind, expires)), None)
        told = frozenset() if window_reminded else frozenset({Milestone.WINDOW_OPENS})
        own = None if opens == window_opens(expires, self._rules) else opens
        reminder = known or Reminder(secrets.token_hex(8), kind, expires, told, own)

        def with_it(kept: _Kept) -> _Kept:
            others = tuple(each for each in kept.reminders if each.kind is not kind)
            return replace(kept, reminders=(*others, reminder), never=False)

        self._change(with_it)
        return reminder

    def want_icon(self, *, wanted: bool) -> None:
        self._change(lambda kept: replace(kept, icon=wanted))

    def due(self, today: date) -> tuple[Due, ...]:
        """What to say on this day in Japan; nothing after the last day of a certificate."""
        found = []
        for reminder in self.all:
            opens = self._opens(reminder)
            reached = [
                (day, milestone)
                for milestone in Milestone
                if milestone not in reminder.told and (day := _day(milestone, reminder, opens)) <= today
            ]
            if reached and today <= reminder.expires:
                milestones = tuple(milestone for _day_, milestone in sorted(reached, key=lambda each: each[0]))
                found.append(Due(reminder, milestones, opens, (reminder.expires - today).days))
        return tuple(found)

    def standing(self, today: date) -> tuple[Reminder, ...]:
        """What a window that is open says: told or not, from the first reminder until the person renewed."""
        before = timedelta(days=max(_DAYS_BEFORE.values()))
        return tuple(each for each in self.all if today >= min(each.expires - before, self._opens(each)))

    def _opens(self, reminder: Reminder) -> date:
        return reminder.opens or window_opens(reminder.expires, self._rules)

    def tell(self, due: Due) -> None:
        """It was shown: it is not due any more, nor is what came before it."""

        def told(kept: _Kept) -> _Kept:
            return replace(kept, reminders=tuple(_told(each, due) for each in kept.reminders))

        self._change(told)

    def renewed(self, reminder: Reminder) -> None:
        """The person renewed: all certificates that end no later are replaced with it, so they are forgotten."""

        def without(kept: _Kept) -> _Kept:
            return replace(kept, reminders=tuple(each for each in kept.reminders if each.expires > reminder.expires))

        self._change(without)

    def never_again(self) -> None:
        """Forget everything but this wish. `autostart.disable` takes the entry out."""
        self._change(lambda _kept: _Kept(never=True))

    def _kept(self) -> _Kept:
        with contextlib.suppress(ChoicesUnreadable):
            return self._read()
        return _Kept()

    def _read(self) -> _Kept:
        return read_choices(self._path, _kept_from) or _Kept()

    def _change(self, change: Callable[[_Kept], _Kept]) -> None:
        with alone(self._path.with_suffix(".lock")):
            try:
                kept = self._read()
            except ChoicesUnreadable:
                put_aside(self._path)
                kept = _Kept()
            self._write(change(kept))

    def _write(self, kept: _Kept) -> None:
        rows = [_row(each) for each in kept.reminders]
        write_choices(self._path, {"version": _VERSION, "never": kept.never, "icon": kept.icon, "reminders": rows})


def _kept_from(content: dict[str, Any]) -> _Kept:
    if content["version"] != _VERSION:
        raise ValueError(content["version"])
    reminders = tuple(_reminder(each) for each in content["reminders"])
    return _Kept(reminders, content.get("never") is True, content.get("icon") is True)


def _day(milestone: Milestone, reminder: Reminder, opens: date) -> date:
    if milestone is Milestone.WINDOW_OPENS:
        return opens
    return reminder.expires - timedelta(days=_DAYS_BEFORE[milestone])


def _told(reminder: Reminder, due: Due) -> Reminder:
    same = reminder.identifier == due.reminder.identifier
    return replace(reminder, told=reminder.told | set(due.milestones)) if same else reminder


def _reminder(row: dict[str, Any]) -> Reminder:
    """ValueError, KeyError, TypeError or AttributeError where the row is none of ours."""
    identifier, expires = row["id"], date.fromisoformat(row["expires"])
    if not re.fullmatch(r"[0-9a-f]{16}", identifier) or expires < _FIRST:
        raise ValueError(row)
    told = frozenset(Milestone(each) for each in row["told"])
    opens = date.fromisoformat(row["opens"]) if "opens" in row else None
    return Reminder(identifier, CertificateKind(row["kind"]), expires, told, opens)


def _row(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": reminder.identifier,
        "kind": reminder.kind.value,
        "expires": reminder.expires.isoformat(),
        "told": sorted(each.value for each in reminder.told),
        **({"opens": reminder.opens.isoformat()} if reminder.opens else {}),
    }
