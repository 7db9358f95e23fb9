"""The days of a certificate as a calendar file (iCalendar, RFC 5545), for any calendar program."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desktop.reminders.memory import CertificateKind
from desktop.words.formatting import joined
from desktop.words.renewal import STEP_WORDS, runs_until
from desktop.words.translation import _
from signing.renewal import NextStep

if TYPE_CHECKING:
    from icalendar import Event


def calendar_file(
    identifier: str, kind: CertificateKind, *, opens: date | None, expires: date, made: datetime
) -> bytes:
    """Events of the first day of the window and of the last day; `made` is aware.

    The certificate is known by its random `identifier` alone. The same identifier and days again replace the
    events that a calendar has already.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Jitsuin//Reminders//EN")
    calendar.add("version", "2.0")
    advice = _("Renewal is free, at the counter of your municipality.")
    if opens is None:  # a period of stay ends it
        advice = _(STEP_WORDS[NextStep.EXTEND_WITH_STAY])
    words = joined(runs_until(kind, expires), advice)
    if opens and opens < expires:
        title = _("My Number Card: the certificate can be renewed from today")
        calendar.add_component(_event(f"{identifier}-opens", opens, title, words, made, alarms=(0,)))
    title = _("My Number Card: last day of the certificate")
    calendar.add_component(_event(f"{identifier}-expires", expires, title, words, made, alarms=(30, 7)))
    return bytes(calendar.to_ical())


def _event(uid: str, day: date, title: str, text: str, made: datetime, *, alarms: tuple[int, ...]) -> "Event":
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", f"{uid}@jitsuin.invalid")
    event.add("dtstamp", made)
    event.add("dtstart", day)
    event.add("summary", title)
    event.add("description", text)
    event.add("transp", "TRANSPARENT")
    for days in alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        # An event of a whole day begins at midnight; 9 in the morning is when a person can act.
        alarm.add("trigger", timedelta(hours=9) - timedelta(days=days))
        event.add_component(alarm)
    return event
