"""What is due, in one sentence at the head of the window, with what ends it one press away."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from PyQt6.QtWidgets import QSizePolicy, QWidget

from desktop.look.widgets import Notice, button, column
from desktop.reminders.desk import ReminderDesk
from desktop.words.formatting import joined, shown_date
from desktop.words.translation import _
from signing.renewal import day_in_japan


class ReminderStrip(QWidget):
    """Shown while something is due; the earliest end speaks for all. `show_card` leads to a page not shown now."""

    def __init__(self, reminders: ReminderDesk, *, show_card: Callable[[], None] | None) -> None:
        super().__init__()
        first = min(reminders.standing(), key=lambda each: each.expires)
        words = due_words(first.expires, day_in_japan(datetime.now(UTC)))
        if reminders.unwritable:  # what was pressed here did nothing
            words = joined(words, _("This could not be saved on this computer."))
        notice = Notice(
            "care",
            words,
            *([button(_("Open the card page"), show_card, "link")] if show_card else []),
            button(_("I renewed"), lambda: reminders.renewed(first), "link"),
            button(_("Never again"), reminders.never_again, "link"),
        )
        self.setLayout(column(notice, margins=(24, 12, 24, 0)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # the page takes the rest


def due_words(expires: date, today: date) -> str:
    """Until when, and how long that is."""
    days, day = (expires - today).days, shown_date(expires)
    if days < 0:
        return _("The certificate of your card ended on {day}.").format(day=day)
    if days == 0:
        return _("The certificate of your card ends today, {day}.").format(day=day)
    if days == 1:
        return _("The certificate of your card ends tomorrow, {day}.").format(day=day)
    return _("The certificate of your card ends on {day}: {days} more days.").format(day=day, days=days)
