"""Where things stand in the text of a well-formed document: what a tree cannot tell.

The expressions are lenient where well-formedness is given already (a name is whatever stands where a name must), and
exact about where a token ends. No groups capture inside possessive repeats: the first releases of Python 3.11 had
defects there.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from signing import errors

_NAME = rb"[^\s/>=<!?\"'][^\s/>=]*+"
VALUE = rb"(?:\"[^\"]*+\"|'[^']*+')"
_ATTRIBUTES = rb"(?:\s++" + _NAME + rb"\s*+=\s*+" + VALUE + rb")*+"
_COMMENT = rb"<!--.*?-->"
_INSTRUCTION = rb"<\?.*?\?>"
_DOCTYPE = (
    rb"<!DOCTYPE(?:[^\[\]<>\"']++|" + VALUE + rb")*+"
    # What opens a comment or an instruction is nothing else: each that is not closed would be followed to the end.
    rb"(?:\[(?:" + _COMMENT + rb"|" + _INSTRUCTION + rb"|" + VALUE + rb"|(?!<!--|<\?)[^\]\"'])*+\]\s*+)?>"
)
_PASSED = (_COMMENT, rb"<!\[CDATA\[.*?\]\]>", _INSTRUCTION, _DOCTYPE)
_PREFIX = rb"<(?:[^\s/>:<!?]++:)?"
_MISC = rb"(?:\s++|" + _COMMENT + rb"|" + _INSTRUCTION + rb")*+"
_BEFORE_ROOT = re.compile(_MISC + rb"(" + _DOCTYPE + rb")?", re.DOTALL)
_AROUND = re.compile(_MISC, re.DOTALL)
_FEW = 16
_LONGEST_NAME = 1000  # octets; a longer one would take minutes to search for
_START_TAG = re.compile(rb"<(" + _NAME + rb")" + _ATTRIBUTES + rb"\s*+(/?)>")


def document_type(text: bytes) -> bytes:
    """The document type declaration with its internal subset, or nothing; `text` need not be well-formed."""
    found = _BEFORE_ROOT.match(text)
    return (found and found[1]) or b""


def behind_document_type(text: bytes) -> int:
    """Where the document type declaration ends, or what stands before the root where there is none."""
    found = _BEFORE_ROOT.match(text)
    return found.end() if found else 0


@dataclass(frozen=True, slots=True)
class RootTags:
    """The tags of the root as written, and where its end tag stands."""

    start: bytes
    end: bytes
    position: int


def root_tags(text: bytes) -> RootTags | None:
    """The tags of the root, or None where they are not plain at a glance. `text` can be anything: whoever relies on
    this looks whether the tree says the same.
    """
    before = _BEFORE_ROOT.match(text)
    start = _AROUND.match(text, before.end() if before else 0)
    tag = _START_TAG.match(text, start.end() if start else 0)
    closing = _last(text, tag[1]) if tag and not tag[2] and len(tag[1]) <= _LONGEST_NAME else None
    return RootTags(tag[0], closing[0], closing.start()) if tag and closing else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: its start tag, its content (None where the tag is empty), its end; name as written."""

    name: bytes
    start: int
    content: tuple[int, int] | None
    end: int


def place(text: bytes, element: etree._Element) -> Place:
    """Where an element of the tree stands in the text: it is the n-th of its local name in the one as in the other.

    Raises XmlCrowded where its name is longer than any real one.
    """
    name = etree.QName(element).localname
    if len(name) > _LONGEST_NAME:
        raise errors.XmlCrowded
    root = element.getroottree().getroot()
    ordinal = next(n for n, each in enumerate(root.iter(f"{{*}}{name}")) if each is element)
    opening = _PREFIX + re.escape(name.encode()) + rb"(?=[\s/>])"
    start = next(tag.start() for n, tag in enumerate(_tags(opening, text, 0)) if n == ordinal)
    tag = _START_TAG.match(text, start)
    assert tag is not None  # noqa: S101 - a well-formed document has a start tag here
    if len(tag[1]) > _LONGEST_NAME:
        raise errors.XmlCrowded
    if tag[2]:
        return Place(tag[1], start, None, tag.end())
    closing = (_last(text, tag[1]) if element is root else None) or _matching(text, tag[1], tag.end())
    return Place(tag[1], start, (tag.end(), closing.start()), closing.end())


def _last(text: bytes, name: bytes) -> re.Match[bytes] | None:
    """The end tag of the root, or None where it is not plain at a glance; for that a large text is not gone through.

    Nothing but comments and instructions stands behind it. Where that can be said of one end tag only, it is this.
    """
    if text.count(b"</" + name) > _FEW:  # each may have to be followed to the end of the text
        return None
    ending = re.compile(rb"</" + re.escape(name) + rb"\s*>(?=" + _MISC + rb"\Z)", re.DOTALL)
    found = list(itertools.islice(ending.finditer(text), 2))
    return found[0] if len(found) == 1 else None


def _matching(text: bytes, name: bytes, start: int) -> re.Match[bytes]:
    """The end tag of an open element of this name: tags of one name open and close in pairs."""
    either = rb"<(?:/" + re.escape(name) + rb"\s*>|" + re.escape(name) + _ATTRIBUTES + rb"\s*+/?>)"
    depth = 1
    for tag in _tags(either, text, start):
        depth += -1 if tag[0].startswith(b"</") else not tag[0].endswith(b"/>")
        if depth == 0:
            return tag
    raise AssertionError("an element of a well-formed document ends")


def _tags(wanted: bytes, text: bytes, start: int) -> Iterator[re.Match[bytes]]:
    return (found for found in _outside_of_comments(wanted).finditer(text, start) if found[1])


@functools.lru_cache(256)
def _outside_of_comments(wanted: bytes) -> re.Pattern[bytes]:
    # All begin with "<", and what an expression surely begins with is searched for at the speed of memchr.
    return re.compile(b"<(?:(" + wanted[1:] + b")|" + b"|".join(each[1:] for each in _PASSED) + b")", re.DOTALL)
