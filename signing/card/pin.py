"""The password of the signature certificate: checked before it is sent, and overwritten after."""

import string
import unicodedata
from dataclasses import dataclass
from types import TracebackType
from typing import NoReturn, Self

from signing.errors import PinFormat

_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


@dataclass(frozen=True, slots=True)
class PinRule:
    """What a password may consist of, and how many wrong ones in a row lock it."""

    shortest: int
    longest: int
    characters: frozenset[str]
    tries: int

    def violation(self, text: str) -> str | None:
        """`characters`, `length` (the facts of PinFormat), or None."""
        if not self.characters.issuperset(text):
            return "characters"
        return None if self.shortest <= len(text) <= self.longest else "length"


# Letters and digits must both appear in a new password; older ones may lack either, so that is not required.
SIGNATURE_PASSWORD = PinRule(6, 16, frozenset(string.ascii_uppercase + string.digits), tries=5)
AUTHENTICATION_PIN = PinRule(4, 4, frozenset(string.digits), tries=3)


class SignaturePin:
    """A password that can be one, for a single VERIFY. It shows in no repr and cannot be pickled."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytearray) -> None:
        self._octets = octets

    @staticmethod
    def shown(text: str) -> str:
        """What the program makes of the input: NFKC (full-width becomes half-width), then a-z as A-Z.

        Only ASCII letters are raised: the card compares bytes, and nothing else may turn into something else.
        """
        return unicodedata.normalize("NFKC", text).translate(_UPPER)

    @classmethod
    def parse(cls, text: str, rule: PinRule = SIGNATURE_PASSWORD) -> Self:
        """Raises PinFormat with the reason `characters` or `length`: sent, it might cost a try."""
        normalized = cls.shown(text)
        if reason := rule.violation(normalized):
            raise PinFormat(reason)
        return cls(bytearray(normalized, "ascii"))

    def octets(self) -> bytes:
        """The ASCII octets, for the VERIFY command. ValueError after wipe()."""
        if not self._octets:
            raise ValueError("this password was used already")
        return bytes(self._octets)

    def wipe(self) -> None:
        """Overwrite it. Copies that Python made on the way (the text, the command) are out of reach."""
        self._octets[:] = bytes(len(self._octets))
        self._octets.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "SignaturePin(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a password does not leave the process")
