"""The one entry: a command goes to the terminal, everything else opens the window. Free of Qt until then."""

import sys
from collections.abc import Sequence

_COMMANDS = ("sign", "verify", "card", "doctor", "integrate")
_NO_WINDOW = 1  # exit status


def main(argv: Sequence[str] | None = None) -> int:
    """`jitsuin [--practice] [FILE…]`, or a command with its arguments. Returns the exit status.

    `--remind` is what the entry for the login says; see remind.py.
    """
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # in a frozen program the helper process starts here
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["--remind"]:
        from desktop.remind import main as remind

        return remind(arguments[1:])
    if _for_terminal(arguments):
        from desktop.command_line import main as command_line

        return command_line(arguments)
    practice = "--practice" in _options(arguments)
    return _open_window([word for word in arguments if word not in ("--practice", "--")], practice=practice)


def _for_terminal(arguments: Sequence[str]) -> bool:
    # An option that the window does not know goes there too: it words the wrong usage.
    options = set(_options(arguments)) - {"--practice"}
    first = next((word for word in arguments if word != "--practice"), "")
    return bool(options) or first in _COMMANDS


def _options(arguments: Sequence[str]) -> list[str]:
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return [word for word in before if word.startswith("-")]


def _open_window(files: Sequence[str], *, practice: bool) -> int:
    from desktop.screen import why_no_screen

    if missing := why_no_screen():
        print(_no_screen(missing), file=sys.stderr)  # noqa: T201
        return _NO_WINDOW
    from desktop.window import run

    return run(files, practice=practice)


def _no_screen(missing: str) -> str:
    from desktop.messages import _, joined

    first = _("There is no screen to show the window on.")
    if missing != "display":
        first = _("The window cannot be shown: the system library {name} is missing.").format(name=missing)
    return joined(first, _("“jitsuin sign” and “jitsuin verify” work in the terminal."))
