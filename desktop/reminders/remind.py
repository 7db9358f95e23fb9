"""`jitsuin --remind`, started at login: looks for due reminders, tells of them, and ends. Free of Qt when it can be.

`jitsuin --icon`, started from there or from the window, shows an icon in the notification area and stays.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from desktop.places import reminders_file, renewal_rules_file

if TYPE_CHECKING:
    from desktop.reminders.memory import Due, Reminders

_ANSWER_SECONDS: Final = 600.0  # how long a click on the notification is waited for
NOTHING_TO_SAY, NOT_SHOWN = 0, 1  # exit status; what was not shown stays due


def main() -> int:
    """Tell what is due today. Returns the exit status."""
    if not os.path.exists(reminders_file()):  # noqa: PTH110 - Path.exists fails in a folder that may not be read
        return NOTHING_TO_SAY
    from desktop.reminders.memory import Reminders
    from signing.renewal import RenewalRules, day_in_japan

    reminders = Reminders(reminders_file(), RenewalRules.load(renewal_rules_file()))
    if reminders.icon_wanted and reminders.all:
        from desktop.reminders.autostart import start

        start("--icon")
    due = reminders.due(day_in_japan(datetime.now(UTC)))
    return _tell(reminders, due) if due else NOTHING_TO_SAY


def stay() -> int:
    """Show the icon in the notification area until it is not wanted; a second one ends at once."""
    from desktop.look.screen import why_no_screen
    from desktop.reminders.lock import alone_or_not

    try:
        with alone_or_not(reminders_file().with_suffix(".icon")) as first:
            if not first or why_no_screen():
                return NOTHING_TO_SAY
            from desktop.reminders.icon import run

            return run()
    except OSError:  # nothing can be kept here, so nothing is
        return NOTHING_TO_SAY


def _tell(reminders: "Reminders", due: "Sequence[Due]") -> int:
    from desktop.reminders.notification import Notification, NotificationsUnavailable, notification_service
    from desktop.words.renewal import reminder_actions, reminder_body, reminder_title

    speak_as_the_window()
    shown: dict[int, Due] = {}
    try:
        with notification_service() as service:
            for each in due:
                notification = Notification(reminder_title(each), reminder_body(each), reminder_actions())
                shown[service.show(notification)] = each
                reminders.tell(each)
            for number, action in service.answers(_ANSWER_SECONDS):
                _act(reminders, shown[number], action)
    except (NotificationsUnavailable, OSError):  # OSError: nothing can be written, so it is told again
        return NOT_SHOWN
    return NOTHING_TO_SAY


def _act(reminders: "Reminders", due: "Due", action: str) -> None:
    from desktop.reminders import autostart

    match action:
        case "renewed":
            reminders.renewed(due.reminder)
        case "never":
            reminders.never_again()
            autostart.disable()
        case "default":
            autostart.start()


def speak_as_the_window() -> None:
    """The language may have been changed since the entry for the login was written, so it is not part of that."""
    from desktop.settings import load_settings
    from desktop.words.translation import set_language, system_language

    set_language(load_settings().language or system_language())
