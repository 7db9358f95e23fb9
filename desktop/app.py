"""The one entry: a command goes to the terminal, everything else opens the window. Free of Qt until then."""

import os
import sys
from collections.abc import Sequence

from desktop.arrival.place import activation_token, place_for
from desktop.arrival.request import ANYWHERE, PAGES, Arrival, located
from desktop.practice_option import with_practice_state

_COMMANDS = ("sign", "verify", "timestamp", "waiting", "authority", "card", "doctor", "integrate")
_NO_WINDOW, _WRONG_USAGE = 1, 2  # exit status
_STATE, _PAGE, _PRACTICE = "--practice-state=", "--page=", "--practice"


def main(argv: Sequence[str] | None = None) -> int:
    """`jitsuin [--practice] [--page=NAME] [FILE…]`, or a command with its arguments. Returns the exit status.

    A window that is open already takes the files. `--page=sign` or `verify` puts them on that page whatever they are;
    `--practice=NAME` shows the window with the practice card in a state of its life. `--remind` is what the
    entry for the login says, `--icon` shows the icon in the notification area; see the room reminders.
    """
    if getattr(sys, "frozen", False):
        if sys.platform == "linux":
            give_back_environment()
        _become_helper_if_meant()
    arguments = with_practice_state(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--remind"]:
        from desktop.reminders.remind import main as remind

        return remind()
    if arguments[:1] == ["--icon"]:
        from desktop.reminders.remind import stay

        return stay()
    if _for_terminal(arguments):
        from desktop.command_line import main as command_line

        return command_line(arguments)
    return _open_window(*_arrival(arguments))


def give_back_environment() -> None:
    """As it was before the starter of the frozen program put our libraries before those of the system.

    Every program that is started from here would load them: a file manager with our Qt ends at once. What is loaded
    into this process stays found, and each helper process is started as the first one was.
    """
    for name in [each for each in os.environ if each.startswith("_PYI_")]:
        del os.environ[name]
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before


def _become_helper_if_meant() -> None:
    """Helper processes of a frozen program start here. They look for no main module: that is in no file."""
    vars(sys.modules["__main__"]).pop("__file__", None)
    if "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
        import multiprocessing

        multiprocessing.freeze_support()


def _for_terminal(arguments: Sequence[str]) -> bool:
    # An option that the window does not know goes there too: it words the wrong usage.
    unknown = [word for word in _options(arguments) if not _is_of_window(word)]
    first = next((word for word in arguments if not word.startswith(_PRACTICE)), "")
    return bool(unknown) or first in _COMMANDS


def _is_of_window(option: str) -> bool:
    page = option.removeprefix(_PAGE) if option.startswith(_PAGE) else None
    return option == _PRACTICE or option.startswith(_STATE) or page in PAGES


def _arrival(arguments: Sequence[str]) -> tuple[Arrival, str | None]:
    """What is asked of the window, and the state of the practice card if one is named."""
    options = _options(arguments)
    state = next((word.removeprefix(_STATE) for word in options if word.startswith(_STATE)), None)
    page = next((word.removeprefix(_PAGE) for word in options if word.startswith(_PAGE)), ANYWHERE)
    practice = _PRACTICE in options or state is not None
    return Arrival(located(_files(arguments)), page, practice, activation_token()), state


def _options(arguments: Sequence[str]) -> list[str]:
    return [word for word in arguments[: _end_of_options(arguments)] if word.startswith("-")]


def _files(arguments: Sequence[str]) -> list[str]:
    end = _end_of_options(arguments)
    return [word for word in arguments[:end] if not word.startswith("-")] + list(arguments[end + 1 :])


def _end_of_options(arguments: Sequence[str]) -> int:
    return arguments.index("--") if "--" in arguments else len(arguments)


def _open_window(arrival: Arrival, state: str | None) -> int:
    if state is not None:
        from signing.card.practice_states import PracticeState

        if state not in list(PracticeState):
            from desktop.words.formatting import invalid_choice

            words = invalid_choice(state, PracticeState)
            print(f"jitsuin: error: argument --practice-state: {words}", file=sys.stderr)  # noqa: T201 - as argparse
            return _WRONG_USAGE
    from desktop.look.screen import why_no_screen

    if missing := why_no_screen():
        print(_no_screen(missing), file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return _NO_WINDOW
    # A card in a state of its own shares no window with another.
    place = place_for(practice=arrival.practice) if state is None else None
    if place and not place.claim() and place.hand_over(arrival):
        return 0
    try:
        from desktop.window import run
    except ImportError as error:
        name, colon, _reason = str(error).partition(": ")  # as the system words it
        if not colon or ".so" not in name:
            raise
        print(_no_screen(name), file=sys.stderr)  # noqa: T201 - as above
        return _NO_WINDOW
    return run(arrival, place=place if place and place.claimed else None, state=state)


def _no_screen(missing: str) -> str:
    from desktop.messages import _, joined

    first = _("There is no screen to show the window on.")
    if missing != "display":
        first = _("The window cannot be shown: the system library {name} is missing.").format(name=missing)
    return joined(first, _("“jitsuin sign” and “jitsuin verify” work in the terminal."))
