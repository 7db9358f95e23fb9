"""The only place that words a failure, a verdict or advice; free of Qt, so that window and terminal agree.

The door to the words, which stand in the room behind it, words/: a table for each thing that is spoken of, verdicts.py
(sentences composed from a report), formatting.py (dates, sizes), translation.py (the language).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from desktop.words.errors import ERROR_WORDS
from desktop.words.formatting import (
    day_in_japan,
    enumerated,
    joined,
    listed,
    plain,
    shown_date,
    shown_moment,
    shown_size,
)
from desktop.words.report import NOTE_WORDS, PROBLEM_WORDS
from desktop.words.seal import CONSTRAINT_WORDS
from desktop.words.translation import _, language, mark, set_language, system_language
from desktop.words.verdicts import Row, Tone, three_rows, verdict_sentence
from signing.report import Problem

__all__ = [
    "Row",
    "Tone",
    "Words",
    "_",
    "day_in_japan",
    "describe",
    "disclosure",
    "enumerated",
    "joined",
    "language",
    "listed",
    "note",
    "plain",
    "set_language",
    "shown_date",
    "shown_moment",
    "shown_size",
    "system_language",
    "three_rows",
    "tries_left",
    "verdict_sentence",
]


class Coded(Protocol):
    """A UserFacingError, a Problem of a report, a Note of a rehearsal."""

    @property
    def code(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What to tell a person: a title of a few words, what happened and what did not, what to do now."""

    title: str
    explanation: str
    action: str

    @property
    def text(self) -> str:
        """Everything in one paragraph."""
        stop = "." if language() == "en" else "。"
        return joined(self.title + stop, self.explanation, self.action)


_KINDS = {"pdf": "PDF", "xml": "XML", "cms": "CMS", "other": mark("something else")}


def describe(failure: Coded) -> Words:
    """The words of a failure. A code without words is told as unexpected: the code still stands beside it."""
    # A problem of a file that one has received reads differently from the same failure when one signs.
    entries = ERROR_WORDS | PROBLEM_WORDS if isinstance(failure, Problem) else ERROR_WORDS
    variants = (_variant(failure), failure.code, "unexpected")
    title, explanation, action = next(entries[key] for key in variants if key in entries)
    facts = _shown(failure.facts)
    return Words(
        _(title).format(**facts),
        joined(*(_(sentence).format(**facts) for sentence in explanation)),
        joined(*(_(sentence).format(**facts) for sentence in action)),
    )


def note(finding: Coded) -> str:
    """The words of what a rehearsal found."""
    return _(NOTE_WORDS[finding.code]).format(**_shown(finding.facts))


def tries_left(count: int | None) -> str:
    """The tries left of a password, and what follows from them."""
    match count:
        case None:
            return _("Tries left: unknown.")
        case 0:
            return _("No try is left: the password is locked until it is reset.")
        case 1:
            return _("One try is left. If the next entry is wrong, the password is locked until it is reset.")
        case _number:
            return _("Tries left: {count}.").format(count=_number)


def disclosure(*, practice: bool = False) -> str:
    """What others will see of the signer; to be shown before the first signature, and on request."""
    invented = _("This is practice: what goes into the file is of an invented person. With your own card it is so:")
    return joined(
        *([invented] if practice else ()),
        _("By signing, your name, address, date of birth and sex go into the file, inside the electronic certificate."),
        _("Everyone who receives the file can see them, and they cannot be removed afterwards."),
        _("Your My Number (12 digits) does not go in."),
    )


def _variant(failure: Coded) -> str:
    facts = failure.facts
    match failure.code:
        case "pin.format":
            return f"pin.format/{facts['reason']}"
        case "pin.incorrect" if facts["tries_left"] == 0:
            return "pin.incorrect/locked"
        case "pin.incorrect" if facts["tries_left"] == 1:
            return "pin.incorrect/last"
        case "pin.outcome-unknown" if facts["tries_left"] is None:
            return "pin.outcome-unknown/unread"
        case "timestamp.answer-unusable" if facts["http"] >= 500:
            return f"{failure.code}/server"
        case "timestamp.address-wrong" | "timestamp.rejected" | "timestamp.wrong":
            return f"{failure.code}/{facts['reason']}"
        case "card.unsupported-token":
            return f"card.unsupported-token/{facts['token']}"
        case "key.pin-incorrect" if facts["remaining"] != "many":
            return f"key.pin-incorrect/{facts['remaining']}"
        case "certificate.expired" if facts.get("kind") == "other":
            return "certificate.expired/other"
        case "certificate.not-for-signing" if "kind" in facts:
            return f"{failure.code}/{facts['kind']}"
    return failure.code


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _shown_fact(name, value) for name, value in facts.items()}


def _shown_fact(name: str, value: Any) -> Any:
    match name:
        case "not_after" | "not_before":
            return shown_date(day_in_japan(datetime.fromisoformat(value)))
        case "time" | "before":
            return shown_moment(datetime.fromisoformat(value))
        case "bytes_needed" | "limit":
            return shown_size(value)
        case "constraint":
            return _(CONSTRAINT_WORDS[value])
        case "pages":
            return _(" (page {numbers})").format(numbers=listed(map(str, value))) if value else ""
        case "names":
            return listed(map(plain, value))
        case "named" | "content":
            return _(_KINDS[value])
    return plain(value) if isinstance(value, str) else value
