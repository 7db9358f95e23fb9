"""The commands of the terminal; free of Qt, so that it starts at once and runs on a server."""

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.messages import _, listed, plain
from desktop.practice_option import with_practice_state
from desktop.terminal.console import WrongUsage, say, say_failure
from desktop.words.formatting import invalid_choice
from signing.destination import DESTINATIONS, Destination, destination_named
from signing.errors import Cancelled, CardError, KeySourceError, Unexpected, UserFacingError

WRONG_USAGE, CARD_OR_PIN, CANCELLED = 2, 5, 130  # exit status; that of each command stands with the command
FAILED = 1
_NOTHING_KNOWN = 4  # of `verify`, where 1 would say that a signature is bad
_NAMES = "sign|verify|timestamp|waiting|authority|card|doctor|integrate"
_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns the exit status; never raises."""
    try:
        arguments = _parser().parse_args(with_practice_state(sys.argv[1:] if argv is None else argv))
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
        return CARD_OR_PIN if isinstance(error, CardError | KeySourceError) else _failed(arguments)
    except Exception as error:
        # No traceback: it may hold names of documents.
        _log.error("unexpected %s in a command", type(error).__name__)
        say_failure(Unexpected())
        return _failed(arguments)


def _failed(arguments: argparse.Namespace) -> int:
    return _NOTHING_KNOWN if arguments.command == "verify" else FAILED


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
        case "timestamp":
            from desktop.terminal.time import timestamp

            return timestamp(arguments)
        case "waiting":
            from desktop.terminal.time import waiting

            return waiting(arguments)
        case "authority":
            from desktop.terminal.authority import authority

            return authority(arguments)
        case "doctor":
            from desktop.terminal.card import doctor

            return doctor(arguments)
        case _:
            from desktop.terminal.integrate import integrate

            return integrate(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jitsuin", description=_("Sign documents with the My Number Card, and verify.")
    )
    parser.add_argument("--practice", action="store_true", help=_("use the practice card"))
    parser.add_argument("--practice-state", type=_practice_state, metavar="NAME", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True, metavar=_NAMES)
    _add_sign(commands.add_parser("sign", help=_("sign files")))
    _add_verify(commands.add_parser("verify", help=_("verify files and folders")))
    _add_time(commands)
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
        dest="destination",
        type=_destination,
        metavar="NAME",
        help=_("the form of the signature ({names}); without it the one that suits the document").format(
            names=listed(each.name for each in DESTINATIONS)
        ),
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help=_("the folder for the signed files"))
    _add_card_options(parser)
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--p12", type=Path, metavar="FILE", help=_("sign with a certificate file (PKCS#12)"))
    key.add_argument("--pkcs11", type=Path, metavar="MODULE", help=_("sign with a token, through its PKCS#11 library"))
    parser.add_argument("--phone", action="store_true", help=_("sign with a phone on the reader too (experimental)"))
    parser.add_argument("--key", type=int, metavar="NUMBER", help=_("which of several keys in the file or token"))
    _add_authority(parser, _("the time-stamping authority to ask, by its name; without it the first one"))
    parser.add_argument(
        "--timestamp", action="store_true", help=_("ask an authority for a time stamp of each signature")
    )
    parser.add_argument("--pin-stdin", action="store_true", help=_("read the password as one line from standard input"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask for confirmation"))
    _add_json(parser)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=_("a file, or a folder with all below it"))
    _add_json(parser)
    _add_trust(parser)
    parser.add_argument("--at", type=_moment, metavar="TIME", help=_("the moment to judge at (ISO 8601)"))
    report = _("write a report (.json, .csv, .xml, .html or .pdf)")
    parser.add_argument("--report", type=Path, metavar="FILE", help=report)


def _add_time(commands: Any) -> None:
    """What has to do with time stamps, beside `sign --timestamp`."""
    stamp = commands.add_parser("timestamp", help=_("add time stamps to copies of signed files"))
    stamp.add_argument("files", nargs="+", metavar="FILE", help=_("a signed document"))
    levels = _("B-T: a time stamp; B-LT: also data for long-term validation; B-LTA: also a time stamp over that")
    stamp.add_argument("--level", choices=["B-T", "B-LT", "B-LTA"], default="B-T", metavar="LEVEL", help=levels)
    stamp.add_argument("--output", type=Path, metavar="DIR", help=_("the folder for the new files"))
    _add_trust(stamp)
    _add_authority(stamp, _("the time-stamping authority to ask, by its name; without it the first one"))
    stamp.add_argument("--yes", action="store_true", help=_("do not ask for confirmation"))
    _add_json(stamp)
    waiting = commands.add_parser("waiting", help=_("signed files that wait for their time stamp"))
    one = waiting.add_mutually_exclusive_group()
    one.add_argument("--retry", action="store_true", help=_("ask for the time stamps again"))
    one.add_argument("--save", action="store_true", help=_("save the signed files without time stamp"))
    one.add_argument("--discard", action="store_true", help=_("discard the signatures"))
    _add_authority(waiting, _("the time-stamping authority to ask, by its name; without it the first one"))
    waiting.add_argument("--yes", action="store_true", help=_("do not ask for confirmation"))
    _add_json(waiting)
    authority = commands.add_parser("authority", help=_("list, add, remove or test time-stamping authorities"))
    _add_json(authority)
    actions = authority.add_subparsers(dest="action", metavar="add|remove|test")
    add = actions.add_parser("add", help=_("add an authority; nothing is contacted"))
    add.add_argument("name", metavar="NAME", help=_("what you call it"))
    add.add_argument("address", metavar="ADDRESS", help=_("where it is asked: https://… or http://…"))
    add.add_argument("--policy", default="", metavar="OID", help=_("the policy to ask for"))
    add.add_argument("--user", metavar="USER", help=_("the user, where it asks for one; the password is asked for"))
    certificate = _("a PKCS#12 file for the connection; its password is asked for")
    add.add_argument("--client-certificate", type=Path, metavar="FILE", help=certificate)
    anchors = _("what its time stamps must lead to: a file with certificates (PEM or DER)")
    _add_trust(add, anchors)
    for action, words in (("remove", _("forget an authority and its password")), ("test", _("ask it once"))):
        actions.add_parser(action, help=words).add_argument("name", metavar="NAME", help=_("what you call it"))


def _add_trust(parser: argparse.ArgumentParser, words: str = "") -> None:
    words = words or _("trust the certificates in this file too (PEM or DER), for this call")
    parser.add_argument("--trust", action="append", default=[], type=Path, metavar="FILE", help=words)


def _add_authority(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--authority", default="", metavar="NAME", help=words)


def _add_card_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reader", metavar="NAME", help=_("the card reader or the token, by its name or a part of it"))
    _add_practice(parser)


def _add_practice(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: it may stand before the command too, and its absence here must not undo that.
    parser.add_argument("--practice", action="store_true", default=argparse.SUPPRESS, help=_("use the practice card"))
    parser.add_argument(
        "--practice-state",
        type=_practice_state,
        default=argparse.SUPPRESS,
        metavar="NAME",
        help=_("use the practice card in a state, for example expired, locked, 1-day or next; also --practice=NAME"),
    )


def _practice_state(name: str) -> str:
    from signing.card.practice_states import PracticeState

    if name not in list(PracticeState):
        raise argparse.ArgumentTypeError(invalid_choice(name, PracticeState))
    return name


def _destination(name: str) -> Destination:
    try:
        return destination_named(name)
    except KeyError:
        raise argparse.ArgumentTypeError(invalid_choice(name, (each.name for each in DESTINATIONS))) from None


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print JSON to standard output"))


def _moment(text: str) -> datetime:
    """ISO 8601; without an offset it is meant in the zone of this computer."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        words = _("“{word}” is no time as in 2026-04-01 or 2026-04-01T12:00+09:00").format(word=plain(text))
        raise argparse.ArgumentTypeError(words) from None


if __name__ == "__main__":
    sys.exit(main())
