"""The reminders as the window deals with them: consent, "I renewed", "never again", and what stands to be said."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.card.calendar_export import calendar_file
from desktop.midnight import Midnight
from desktop.places import reminders_file, renewal_rules_file
from desktop.reminders import autostart
from desktop.reminders.memory import CertificateKind, Reminder, Reminders
from signing.renewal import CardLife, Established, Renewal, RenewalRules, State, day_in_japan


class ReminderDesk(QObject):
    """What is kept is on disk at once; `unwritable` tells that the last change could not be kept."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rules = RenewalRules.load(renewal_rules_file())
        self._reminders = Reminders(reminders_file(), self._rules)
        self.unwritable = False
        self._midnight = Midnight(self)
        self._midnight.passed.connect(self.changed)

    @property
    def declined(self) -> bool:
        return self._reminders.declined

    @property
    def all(self) -> tuple[Reminder, ...]:
        return self._reminders.all

    def standing(self) -> tuple[Reminder, ...]:
        """What the window has to say today, until the person renewed."""
        return self._reminders.standing(day_in_japan(datetime.now(UTC)))

    def about(self, life: CardLife) -> Reminder | None:
        """The reminder of this card, if there is one."""
        kind, own = remindable(life)
        return next((each for each in self.all if own.end and (each.kind, each.expires) == (kind, own.end.day)), None)

    def remind(self, life: CardLife) -> None:
        """To be called with consent only."""
        kind, own = remindable(life)
        if own.end:
            day, opens = own.end.day, own.opens
            self._change(lambda: self._remember(kind, day, opens=opens))

    @property
    def icon_wanted(self) -> bool:
        return self._reminders.icon_wanted

    def want_icon(self, *, wanted: bool) -> None:
        """Show the icon in the notification area from now on, or take it away: a program of its own, which sees it."""
        self._change(lambda: self._want_icon(wanted=wanted))

    def renewed(self, reminder: Reminder) -> None:
        """Forget what was renewed; with nothing left to remind of, nothing starts at login any more."""
        self._change(lambda: self._forget(lambda: self._reminders.renewed(reminder)))

    def never_again(self) -> None:
        self._change(lambda: self._forget(self._reminders.never_again))

    def calendar(self, life: CardLife) -> bytes:
        """The days of this card as a calendar file."""
        kind, own = remindable(life)
        assert own.end  # noqa: S101 - offered only where it is known
        known = self.about(life)
        identifier = known.identifier if known else secrets.token_hex(8)
        return calendar_file(identifier, kind, opens=own.opens, expires=own.end.day, made=datetime.now(UTC))

    def _want_icon(self, *, wanted: bool) -> None:
        self._reminders.want_icon(wanted=wanted)
        if wanted:
            autostart.start("--icon")

    def _remember(self, kind: CertificateKind, day: date, *, opens: date | None) -> None:
        autostart.enable(autostart.remind_command())  # first: what would never be told is not to be kept
        try:
            for earlier in self.all:  # one card a person: another date, or a more exact one, replaces it
                self._reminders.renewed(earlier)
            self._reminders.remember(kind, day, opens=opens, window_reminded=opens is not None)
        except OSError:
            if not self.all:
                autostart.disable()
            raise

    def _forget(self, forget: Callable[[], None]) -> None:
        forget()
        if not self.all:
            autostart.disable()

    def _change(self, change: Callable[[], None]) -> None:
        self.unwritable = False
        try:
            change()
        except OSError:
            self.unwritable = True
        self.changed.emit()


def remindable(life: CardLife) -> tuple[CertificateKind, Renewal]:
    """The certificate whose end is certain: that of the signature once it was read, else the one that bounds it."""
    if isinstance(life.signature.end, Established):
        return CertificateKind.SIGNATURE, life.signature
    return CertificateKind.AUTHENTICATION, life.authentication


def can_remind(life: CardLife) -> bool:
    """Whether there is a day to come."""
    _kind, own = remindable(life)
    return own.end is not None and own.state is not State.EXPIRED
