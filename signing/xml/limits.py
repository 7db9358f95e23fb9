"""What no real document has, and what would keep a canonicaliser busy for ever: crowds of attributes and namespaces.

libxml2 compares each attribute with all others of its element, and each namespace with all that are in scope.
"""

import re

from lxml import etree

_MOST_ATTRIBUTES = 256
_MOST_NAMESPACES = 256
# Start and end tags, for the most part. A tree takes two hundred bytes for each; the largest file has fewer by far.
_MOST_TAGS = 12_000_000
# No "<" can stand in a tag, so a tag with that many attributes is such a stretch of text. (Others are, too.)
_LONG = re.compile(rb"<[^<!?/][^<]{%d}" % (_MOST_ATTRIBUTES * len(' a=""')))
_NAME = re.compile(rb"<[^\s/>]*+")
_ATTRIBUTE = re.compile(rb"\s++[^\s=/>]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')")


def crowded_with_elements(text: bytes) -> bool:
    """Whether there are more elements than any document has: a tree of them would take all memory."""
    return len(text) > 3 * _MOST_TAGS and text.count(b"<") > _MOST_TAGS  # "<a></a>" is the shortest there is


def crowded_with_attributes(text: bytes) -> bool:
    """Whether an element has more attributes, declarations of namespaces included, than are accepted."""
    return any(_attributes(text, found.start()) > _MOST_ATTRIBUTES for found in _LONG.finditer(text))


def _attributes(text: bytes, start: int) -> int:
    count, at = 0, _NAME.match(text, start).end()  # type: ignore[union-attr]  # the text around is well-formed
    while found := _ATTRIBUTE.match(text, at):
        count, at = count + 1, found.end()
    return count


def declares_many_namespaces(text: bytes) -> bool:
    """Whether there are so many declarations of namespaces that it matters where they are."""
    return text.count(b"xmlns") > _MOST_NAMESPACES


def crowded_with_namespaces(root: etree._Element) -> bool:
    """Whether more declarations of namespaces are in scope somewhere than are accepted."""
    in_scope = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        in_scope += 1 if event == "start-ns" else -1
        if in_scope > _MOST_NAMESPACES:
            return True
    return False
