"""Talking with a person at a terminal: JSON goes to standard output, everything else to standard error."""

import getpass
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop.messages import Coded, _, describe, plain
from signing.errors import Cancelled


class WrongUsage(Exception):
    """The command cannot be carried out as it was given; the text says why."""


def say(text: str = "") -> None:
    """A line for the person; lost where standard error is closed, which is no reason to do less."""
    if sys.stderr is None:
        return
    sys.stderr.write(_printable(text + "\n", sys.stderr.encoding))
    sys.stderr.flush()


def say_failure(failure: Coded, *, indent: str = "") -> None:
    """What happened, what to do, and the code for those who help."""
    words = describe(failure)
    say(f"{indent}{words.title} [{failure.code}]")
    say(f"{indent}  {words.explanation}")
    say(f"{indent}  {words.action}")


def print_json(content: Mapping[str, Any]) -> None:
    """The answer for a program."""
    print_document(json.dumps({"version": 1, **content}, ensure_ascii=False, indent=2))


def print_document(text: str) -> None:
    """Text for a program, in UTF-8 whatever the terminal speaks; odd bytes of file names are escaped.

    Raises WrongUsage where nobody takes it: the disk is full, the output closed.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    except (OSError, AttributeError) as error:  # there is no sys.stdout where it was closed from the beginning
        raise WrongUsage(_("The answer could not be written to standard output.")) from error


def as_json(failure: Coded) -> dict[str, str]:
    """A failure for a program: its code, and its words in the language of the person."""
    return {"code": failure.code, "text": describe(failure).text}


def is_interactive() -> bool:
    """Whether a person can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def require_yes(question: str) -> None:
    """Ask, and go on only if the answer is yes. Raises Cancelled; WrongUsage where nobody can answer."""
    if not is_interactive():
        raise WrongUsage(_("Nobody can confirm here. If you mean it, give the option --yes."))
    if ask(f"{question} [y/N] ") not in ("y", "yes", "はい", "ｙ"):
        raise Cancelled


def ask(question: str) -> str:
    """What the person answers, in small letters. Raises Cancelled where the input has ended."""
    sys.stderr.write(_printable(question, sys.stderr.encoding))
    sys.stderr.flush()
    if not (line := sys.stdin.readline()):
        raise Cancelled
    return line.strip().lower()


def choose(question: str, lines: Sequence[str]) -> int:
    """The place of the line that the person chooses by its number; of one there is no choice. Raises Cancelled."""
    if len(lines) == 1:
        return 0
    for number, line in enumerate(lines, start=1):
        say(f"  {number}. {line}")
    while True:
        answer = unicodedata.normalize("NFKC", ask(f"{question} [1-{len(lines)}] "))
        if answer.isdecimal() and 1 <= int(answer) <= len(lines):
            return int(answer) - 1


def read_password(prompt: str, *, from_stdin: bool) -> str:
    """Without echo from the terminal, or one line of standard input.

    Raises WrongUsage where there is neither, Cancelled where the person ends the input.
    """
    if from_stdin and sys.stdin is not None:
        password = sys.stdin.readline().rstrip("\r\n")
        if any("\ud800" <= each <= "\udfff" for each in password):
            raise WrongUsage(_("The password is not written in UTF-8. Nothing was tried."))
        return password
    if not is_interactive():
        raise WrongUsage(_("There is no terminal to ask for the password. Use --pin-stdin to hand it in."))
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError as error:
        raise Cancelled from error


def read_document_password(path: Path) -> str:
    """The password of an encrypted document; empty where nobody can be asked, or nobody knows it."""
    if not is_interactive():
        return ""
    return read_password(_("Password that opens {name}: ").format(name=plain(path.name)), from_stdin=False)


def _printable(text: str, encoding: str | None) -> str:
    # A terminal that speaks no Japanese shows escapes; it must not end the program.
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
