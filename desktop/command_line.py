"""`jitsuin sign|verify|card|doctor|integrate`; free of Qt, so that it starts at once and runs on a server."""

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from desktop.messages import _
from desktop.terminal.console import WrongUsage, say, say_failure
from signing.errors import Cancelled, CardError, Unexpected, UserFacingError
from signing.profile import Profile

WRONG_USAGE, CARD_OR_PIN, CANCELLED = 2, 5, 130  # exit status; that of each command stands with the command
FAILED = 1
_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns the exit status; never raises."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as exit_:  # argparse has said what is wrong, or printed the help
        return WRONG_USAGE if exit_.code else 0
    try:
        return _carry_out(arguments)
    except (Cancelled, KeyboardInterrupt):
        say(_("Cancelled."))
        return CANCELLED
    except WrongUsage as error:
        say(str(error))
        return WRONG_USAGE
    except UserFacingError as error:
        say_failure(error)
        return CARD_OR_PIN if isinstance(error, CardError) else FAILED
    except Exception as error:
        # No traceback: it may hold names of documents.
        _log.error("unexpected %s in a command", type(error).__name__)
        say_failure(Unexpected())
        return FAILED


def _carry_out(arguments: argparse.Namespace) -> int:
    arguments.practice |= bool(getattr(arguments, "practice_state", None))  # a state is one of the practice card
    # Imported when they are needed: `jitsuin verify` loads nothing of the card, and --help nothing at all.
    match arguments.command:
        case "sign":
            from desktop.terminal.sign import sign

            return sign(arguments)
        case "verify":
            from desktop.terminal.verify import verify_files

            return verify_files(arguments)
        case "card":
            from desktop.terminal.card import card

            return card(arguments)
        case "doctor":
            from desktop.terminal.card import doctor

            return doctor(arguments)
    raise WrongUsage(_("The integration into file managers is not there yet."))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jitsuin", description=_("Sign documents with the My Number Card, and verify.")
    )
    parser.add_argument("--practice", action="store_true", help=_("use the practice card"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="sign|verify|card|doctor|integrate")
    _add_sign(commands.add_parser("sign", help=_("sign files")))
    _add_verify(commands.add_parser("verify", help=_("verify files and folders")))
    card = commands.add_parser("card", help=_("what the card says without a PIN"))
    _add_card_options(card)
    _add_json(card)
    doctor = commands.add_parser("doctor", help=_("why a reader or card is not seen"))
    _add_practice(doctor)
    _add_json(doctor)
    integrate = commands.add_parser("integrate", help=_("put the program into the file managers"))
    integrate.add_argument("--remove", action="store_true", help=_("take it out again"))
    integrate.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    return parser


def _add_sign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help=_("a document to sign"))
    parser.add_argument(
        "--profile",
        type=Profile,
        choices=list(Profile),
        metavar="NAME",
        help=_("the form of the signature ({names}); without it the one that suits the document").format(
            names=", ".join(Profile)
        ),
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help=_("the folder for the signed files"))
    _add_card_options(parser)
    parser.add_argument("--p12", type=Path, metavar="FILE", help=_("a certificate file (not there yet)"))
    parser.add_argument("--pin-stdin", action="store_true", help=_("read the password as one line from standard input"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask for confirmation"))
    _add_json(parser)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=_("a file, or a folder with all below it"))
    _add_json(parser)
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=_("trust the certificates in this file too (PEM or DER), for this call"),
    )
    parser.add_argument("--at", type=_moment, metavar="TIME", help=_("the moment to judge at (ISO 8601)"))
    report = _("write a report (.json, .csv, .xml, .html or .pdf)")
    parser.add_argument("--report", type=Path, metavar="FILE", help=report)


def _add_card_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reader", metavar="NAME", help=_("the card reader, by its name or a part of it"))
    _add_practice(parser)


def _add_practice(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: it may stand before the command too, and its absence here must not undo that.
    parser.add_argument("--practice", action="store_true", default=argparse.SUPPRESS, help=_("use the practice card"))
    parser.add_argument(
        "--practice-state",
        type=_practice_state,
        metavar="NAME",
        help=_("use the practice card in a state, for example expired, locked, opens-today, 1-day or stay-limited"),
    )


def _practice_state(name: str) -> str:
    from signing.card.practice_states import PracticeState

    if name not in list(PracticeState):
        raise argparse.ArgumentTypeError(", ".join(PracticeState))
    return name


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print JSON to standard output"))


def _moment(text: str) -> datetime:
    """ISO 8601; without an offset it is meant in the zone of this computer."""
    return datetime.fromisoformat(text).astimezone()


if __name__ == "__main__":
    sys.exit(main())
