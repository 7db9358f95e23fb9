"""What there is to be reminded of: kept only with consent, and nothing in it tells who the person is.

The file holds, for each certificate, its kind, its last day, a random identifier, and which reminders were shown.
Free of Qt and light: at login it is opened, and closed again when nothing is due. `window_reminded=False` is for
certificates that have no window of renewal (those limited by a period of stay), and for holders abroad.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from signing.renewal import RenewalRules, window_opens

_VERSION: Final = 1


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
    """One certificate, and what was said of it already. `expires` is its last day, in Japan."""

    identifier: str
    kind: CertificateKind
    expires: date
    told: frozenset[Milestone] = frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """Something to say today. `milestones` are all that have been reached, the latest last."""

    reminder: Reminder
    milestones: tuple[Milestone, ...]
    opens: date
    days_left: int


class Reminders:
    """The reminders in a file (JSON). A file that is missing or damaged is one without reminders.

    Every change is on disk when the method returns; OSError as the file system says.
    """

    def __init__(self, path: Path, rules: RenewalRules) -> None:
        self._path = path
        self._rules = rules

    @property
    def all(self) -> tuple[Reminder, ...]:
        return tuple(_reminder(each) for each in self._content()["reminders"])

    @property
    def declined(self) -> bool:
        """Whether the person said "never again": then nothing offers reminders any more."""
        return bool(self._content()["never"])

    def remember(self, kind: CertificateKind, expires: date, *, window_reminded: bool = True) -> Reminder:
        """Remind of this certificate, instead of an earlier one of its kind. To be called with consent only.

        The same certificate again changes nothing: what was told of it is not told once more.
        """
        known = next((each for each in self.all if (each.kind, each.expires) == (kind, expires)), None)
        told = frozenset() if window_reminded else frozenset({Milestone.WINDOW_OPENS})
        reminder = known or Reminder(secrets.token_hex(8), kind, expires, told)
        others = [each for each in self.all if each.kind is not kind]
        self._write([*others, reminder], never=False)
        return reminder

    def due(self, today: date) -> tuple[Due, ...]:
        """What to say on this day in Japan; nothing after the last day of a certificate."""
        found = []
        for reminder in self.all:
            opens = window_opens(reminder.expires, self._rules)
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
        return tuple(
            each for each in self.all if today >= min(each.expires - before, window_opens(each.expires, self._rules))
        )

    def tell(self, due: Due) -> None:
        """It was shown: it is not due any more, nor is what came before it."""
        self._write(
            [
                replace(each, told=each.told | set(due.milestones)) if _same(each, due.reminder) else each
                for each in self.all
            ],
            never=self.declined,
        )

    def renewed(self, reminder: Reminder) -> None:
        """The person renewed: all certificates that end no later are replaced with it, so they are forgotten."""
        self._write([each for each in self.all if each.expires > reminder.expires], never=self.declined)

    def never_again(self) -> None:
        """Forget everything but this wish. `autostart.disable` takes the entry out."""
        self._write([], never=True)

    def _content(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"version": _VERSION, "never": False, "reminders": []}
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            for each in content["reminders"]:
                _reminder(each)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return empty
        return empty | content if content.get("version") == _VERSION else empty

    def _write(self, reminders: Sequence[Reminder], *, never: bool) -> None:
        content = {"version": _VERSION, "never": never, "reminders": [_row(each) for each in reminders]}
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}-")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _day(milestone: Milestone, reminder: Reminder, opens: date) -> date:
    if milestone is Milestone.WINDOW_OPENS:
        return opens
    return reminder.expires - timedelta(days=_DAYS_BEFORE[milestone])


def _same(one: Reminder, other: Reminder) -> bool:
    return one.identifier == other.identifier


def _reminder(row: dict[str, Any]) -> Reminder:
    told = frozenset(Milestone(each) for each in row["told"])
    return Reminder(str(row["id"]), CertificateKind(row["kind"]), date.fromisoformat(row["expires"]), told)


def _row(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": reminder.identifier,
        "kind": reminder.kind.value,
        "expires": reminder.expires.isoformat(),
        "told": sorted(each.value for each in reminder.told),
    }
