"""`jitsuin --remind`, started at login: looks for due reminders, tells of them, and ends. Free of Qt when it can be."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from desktop.places import reminders_file, renewal_rules_file

if TYPE_CHECKING:
    from desktop.reminders.memory import Due, Reminders

_ANSWER_SECONDS: Final = 600.0  # how long a click on the notification is waited for
NOTHING_TO_SAY, NOT_SHOWN = 0, 1  # exit status; what was not shown stays due


def main(argv: Sequence[str] | None = None) -> int:
    """Tell what is due today. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="jitsuin --remind")
    parser.add_argument("--language", choices=("ja", "en"))
    arguments = parser.parse_args(argv)
    if not reminders_file().exists():
        return NOTHING_TO_SAY
    from desktop.reminders.memory import Reminders
    from signing.renewal import RenewalRules, day_in_japan

    reminders = Reminders(reminders_file(), RenewalRules.load(renewal_rules_file()))
    due = reminders.due(day_in_japan(datetime.now(UTC)))
    return _tell(reminders, due, arguments.language) if due else NOTHING_TO_SAY


def _tell(reminders: "Reminders", due: "Sequence[Due]", language: str | None) -> int:
    from desktop.reminders.notification import Notification, NotificationsUnavailable, notification_service
    from desktop.words.renewal import reminder_actions, reminder_body, reminder_title
    from desktop.words.translation import set_language

    if language:
        set_language(language)
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
            subprocess.Popen(autostart.program_command(), start_new_session=True)


if __name__ == "__main__":
    sys.exit(main())
