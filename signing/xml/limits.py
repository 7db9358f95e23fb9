"""What no real document has, and what would keep a canonicaliser busy for ever: crowds of attributes and namespaces.

libxml2 compares each attribute with all others of its element, and each namespace with all that are in scope;
libxmlsec1 looks through all that stands beside the root for each instruction there.
"""

import itertools
import re
from collections.abc import Iterator

from lxml import etree

_MOST_ATTRIBUTES = 256
_MOST_NAMESPACES = 256
_MOST_BESIDE_ROOT = 4096
# What libxmlsec1 does for the inclusive form in some ten seconds: it compares all namespaces at each element.
_MOST_COMPARISONS = 400_000_000
_FEW_NAMESPACES = 32
# A document is verified with one gibibyte of memory, and what cannot be verified is not signed either: its text, once
# more in UTF-8, and a tree that takes so much for each start and end tag.
_MEMORY = 900 << 20
_PER_TAG = 170
_SHORTEST_TAG = 3  # "<a></a>" has two in seven bytes
_LONG = _MOST_ATTRIBUTES * len('a="" ')
_NAME = re.compile(rb"<[^\s/>]*+")
_ATTRIBUTE = re.compile(rb"\s++[^\s=/>]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')")


def crowded_with_elements(text: bytes) -> bool:
    """Whether there are more elements than any document has: a tree of them would take all memory."""
    if len(text) * (2 + _PER_TAG / _SHORTEST_TAG) < _MEMORY:
        return False
    return 2 * len(text) + text.count(b"<") * _PER_TAG > _MEMORY


def crowded_with_attributes(text: bytes) -> bool:
    """Whether an element has more attributes, declarations of namespaces included, than are accepted."""
    return any(_attributes(text, start) > _MOST_ATTRIBUTES for start in _long_tags(text))


def _long_tags(text: bytes) -> Iterator[int]:
    """Where "<" begins a tag with room for that many attributes: none can stand in a tag. (Others begin so, too.)"""
    start = text.find(b"<")
    while start >= 0:
        following = text.rfind(b"<", start + 1, start + _LONG)
        if following < 0:
            if text[start + 1 : start + 2] not in (b"!", b"?", b"/"):
                yield start
            following = text.find(b"<", start + 1)
        start = following


def _attributes(text: bytes, start: int) -> int:
    count, at = 0, _NAME.match(text, start).end()  # type: ignore[union-attr]  # the text around is well-formed
    while found := _ATTRIBUTE.match(text, at):
        count, at = count + 1, found.end()
    return count


def crowded_beside_root(root: etree._Element) -> bool:
    """Whether there are more comments and instructions before or behind the root than are accepted."""
    beside = itertools.chain(root.itersiblings(preceding=True), root.itersiblings())
    return next(itertools.islice(beside, _MOST_BESIDE_ROOT, None), None) is not None


def declares_many_namespaces(text: bytes) -> bool:
    """Whether there are so many declarations of namespaces that it matters where they are."""
    return text.count(b"xmlns") > _MOST_NAMESPACES


def crowded_with_namespaces(root: etree._Element) -> bool:
    """Whether more declarations of namespaces are in scope somewhere than are accepted."""
    return _in_scope(root) > _MOST_NAMESPACES


def too_costly_to_sign(text: bytes, root: etree._Element) -> bool:
    """Whether libxmlsec1 would be busy for minutes with namespaces: many in scope of many elements."""
    if text.count(b"xmlns") <= _FEW_NAMESPACES:
        return False
    return _in_scope(root) ** 2 * text.count(b"<") // 2 > _MOST_COMPARISONS


def _in_scope(root: etree._Element) -> int:
    """The most declarations of namespaces that are in scope somewhere; no more are counted than tell a crowd."""
    in_scope = most = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        in_scope += 1 if event == "start-ns" else -1
        most = max(most, in_scope)
        if most > _MOST_NAMESPACES:
            break
    return most
