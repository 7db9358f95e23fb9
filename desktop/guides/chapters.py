"""The guides, offline: what to do at the counter, after a loss, abroad, and more; free of Qt.

`load_guide(GuideName.RENEW, GuideLanguage.EASY)` gives sections of blocks, ready to be shown or printed. A link is
shown as it is, and opened only when the person asks for it.

A file is plain text: `# ` the title, then a summary; `## name | title` begins a section; then one block a line:
`- [ ] ` something to bring or do, `- ` an item, `? ` what is not settled, `[text](address)` a link,
`![text](name)` a picture, else a paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.places import guides_folder
from signing.renewal import NextStep


class GuideLanguage(StrEnum):
    """The name of the folder too. EASY is やさしい日本語, plain Japanese with readings."""

    JAPANESE = "ja"
    ENGLISH = "en"
    EASY = "ja-easy"


class GuideName(StrEnum):
    """In the order in which they are listed."""

    FIRST_STEPS = "first-steps"
    RECEIVED = "received"
    ACROBAT = "acrobat"
    RENEW = "renew"
    PIN = "pin"
    MOVED = "moved"
    LOST = "lost"
    ABROAD = "abroad"
    FOREIGN_RESIDENTS = "foreign-residents"
    AFTER_RENEWAL = "after-renewal"
    NO_CERTIFICATE = "no-certificate"
    SCAMS = "scams"
    SIGNING = "signing"
    MY_NUMBER = "my-number"
    OTHER_SERVICES = "other-services"


class BlockKind(StrEnum):
    TEXT = "text"
    ITEM = "item"
    CHECK = "check"  # of a checklist
    UNSETTLED = "unsettled"  # no authority says it for certain; to be shown apart
    LINK = "link"
    PICTURE = "picture"  # the address is the name of one that came with the program, the text says what it shows


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text. `address` is that of a link."""

    kind: BlockKind
    text: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`name` is the same in every language."""

    name: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def checklist(self) -> tuple[str, ...]:
        """What to bring or do, for printing."""
        return tuple(block.text for block in self.blocks if block.kind is BlockKind.CHECK)


@dataclass(frozen=True, slots=True)
class Guide:
    name: GuideName
    language: GuideLanguage
    title: str
    summary: str
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section:
        """KeyError where there is none of that name."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)


class GuideDamaged(Exception):
    """A file that came with the program is missing, or not what a guide looks like."""


def load_guide(name: GuideName, language: GuideLanguage) -> Guide:
    """Raises GuideDamaged."""
    path = guides_folder() / language / f"{name}.md"
    try:
        return _parsed(path, name, language)
    except (OSError, ValueError) as error:
        raise GuideDamaged(str(name)) from error


def guide_for(step: NextStep | None) -> GuideName | None:
    """The guide that tells how to do this step."""
    return _GUIDES.get(step) if step else None


_GUIDES = {
    NextStep.RENEW: GuideName.RENEW,
    NextStep.RENEW_TODAY: GuideName.RENEW,
    NextStep.ISSUE_ANEW: GuideName.RENEW,
    NextStep.ASK_FOR_ISSUE: GuideName.NO_CERTIFICATE,
    NextStep.RESET_PASSWORD: GuideName.PIN,
    NextStep.EXTEND_WITH_STAY: GuideName.FOREIGN_RESIDENTS,
    NextStep.USE_MY_NUMBER_CARD: GuideName.SIGNING,
}
OF_DOCUMENTS = (GuideName.FIRST_STEPS, GuideName.RECEIVED, GuideName.ACROBAT)
"""These are about this program; the others about the card and its certificates."""

_MARKS = (("- [ ] ", BlockKind.CHECK), ("- ", BlockKind.ITEM), ("? ", BlockKind.UNSETTLED))
_LINK = re.compile(r"\[(.+)\]\((https://[^ )]+)\)")
_PICTURE = re.compile(r"!\[(.+)\]\(([a-z-]+)\)")


def _parsed(path: Path, name: GuideName, language: GuideLanguage) -> Guide:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    title, summary, *rest = lines
    if not title.startswith("# ") or summary.startswith("#") or not "".join(rest).startswith("## "):
        raise ValueError("a guide begins with its title, a summary and a section")
    return Guide(name, language, title.removeprefix("# "), summary, tuple(_sections(rest)))


def _sections(lines: list[str]) -> Iterator[Section]:
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        name, title = lines[start].removeprefix("## ").split(" | ")
        yield Section(name, title, tuple(_block(line) for line in lines[start + 1 : end]))


def _block(line: str) -> Block:
    if link := _LINK.fullmatch(line):
        return Block(BlockKind.LINK, link[1], link[2])
    if picture := _PICTURE.fullmatch(line):
        return Block(BlockKind.PICTURE, picture[1], picture[2])
    for mark, kind in _MARKS:
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark))
    return Block(BlockKind.TEXT, line)
