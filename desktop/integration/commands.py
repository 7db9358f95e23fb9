"""The two things that an entry of a file manager can ask for, and the words that start them. No shell is near."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desktop.words.integration import SIGN, VERIFY, Label

PDF, XML_TYPES = "application/pdf", ("application/xml", "text/xml")
XTX: Final = "application/x-xtx+xml"
SIGNATURES: Final = ("application/pkcs7-signature", "application/pkcs7-mime")
CONTAINERS: Final = ("application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip")
SIGNABLE: Final = (PDF, *XML_TYPES, XTX)
VERIFIABLE: Final = (*SIGNABLE, *SIGNATURES, *CONTAINERS)


@dataclass(frozen=True, slots=True)
class Verb:
    """`name` is also that of the page on which the files are wanted."""

    name: str
    label: Label
    types: tuple[str, ...]
    endings: tuple[str, ...]

    def words(self, program: Sequence[str]) -> list[str]:
        """The command before the files; what follows `--` is a file whatever it looks like."""
        return [*program, f"--page={self.name}", "--"]


VERBS: Final = (
    Verb("verify", VERIFY, VERIFIABLE, ("pdf", "xml", "xtx", "p7s", "p7m", "asice", "sce", "asics", "scs")),
    Verb("sign", SIGN, SIGNABLE, ("pdf", "xml", "xtx")),
)


def entry_quoted(words: Sequence[str]) -> str:
    """A value of Exec by the Desktop Entry Specification: quoted, reserved characters and field codes escaped."""
    return " ".join(_entry_word(word) for word in words)


def _entry_word(word: str) -> str:
    escaped = "".join(f"\\{c}" if c in '"`$\\' else c for c in word)
    return f'"{escaped}"'.replace("%", "%%").replace("\\", "\\\\")


def shell_quoted(words: Sequence[str]) -> str:
    """As g_shell_parse_argv() of GLib takes it apart; no shell is started with it."""
    return " ".join(shlex.quote(word) for word in words)
