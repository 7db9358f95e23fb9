"""What an XML document says, for people: its tree with the signed parts marked, and the form that its maker meant."""

import itertools
import re
from collections.abc import Mapping
from typing import BinaryIO

from lxml import etree

from signing import errors
from signing.content import Content, Node
from signing.profile import Profile
from signing.xml import parse
from signing.xml.forms import elements
from signing.xml.neighbours import Neighbours, Unestablished, file_name
from signing.xml.parse import XmlDocument
from signing.xml.plan import place_in
from signing.xml.references import References
from signing.xml.rendering import rendered
from signing.xml.signature import SIGNATURE, Malformed, read_signature

# What a window can show, and a person can look through; the rest is counted.
_MOST_NODES = 20_000
_MOST_CHILDREN = 500
_LONGEST_TEXT = 2000
_DEEPEST = 100
_MOST_SIGNATURES = 64
_LARGEST_STYLESHEET = 2 << 20
_HREF = re.compile(r"\bhref\s*=\s*(['\"])(.*?)\1")
_XSL_TYPE = re.compile(r"\btype\s*=\s*(['\"])(?:text/xsl|text/xml|application/xml|application/xslt\+xml)\1")


def content(file: BinaryIO, neighbours: Neighbours, profile: Profile | None = None) -> Content:
    """The tree of a document, with what the profile would do in it. Raises as `parse.read` does."""
    document = parse.read_file(file)
    signed = _signed(References(document, neighbours))
    return Content(_Drawing(signed, *_planned(document, profile)).node(document.root), _stylesheet(document.root))


def _planned(document: XmlDocument, profile: Profile | None) -> tuple[etree._Element | None, etree._Element | None]:
    if profile is None:
        return None, None
    try:
        return place_in(document, profile)
    except errors.DocumentError:  # it will not be signed like that, and rehearsing it says why
        return None, None


def form(file: BinaryIO, neighbours: Neighbours) -> str:
    """A page of HTML: the document through the stylesheet that it names and that lies beside it.

    Raises StylesheetFailed, also where there is none beside it: a stylesheet is never fetched from anywhere. What the
    page shows is for reading only; a signature rarely covers the stylesheet.
    """
    document = parse.read_file(file)
    name = _stylesheet(document.root)
    if name is None:
        raise errors.StylesheetFailed
    try:
        with neighbours.opened(name) as stylesheet:
            program = stylesheet.read(_LARGEST_STYLESHEET + 1)
    except Unestablished as error:
        raise errors.StylesheetFailed from error
    return rendered(document.utf8, program)


def _stylesheet(root: etree._Element) -> str | None:
    """The name of the file that the first xml-stylesheet instruction means, where it is a name and nothing else."""
    for each in root.itersiblings(etree.PI, preceding=True):
        if each.target == "xml-stylesheet" and _XSL_TYPE.search(each.text or ""):
            found = _HREF.search(each.text or "")
            try:
                return file_name(found[2]) if found else None
            except Unestablished:
                return None
    return None


def _signed(references: References) -> dict[etree._Element, tuple[int, ...]]:
    """Which elements the signatures point to; nothing is computed."""
    signed: dict[etree._Element, tuple[int, ...]] = {}
    signatures = itertools.islice(references.document.root.iter(SIGNATURE), _MOST_SIGNATURES)
    for number, each in enumerate(signatures, start=1):
        try:
            targets = [references.element_of(reference) for reference in read_signature(each).references]
        except Malformed:
            continue
        for element in targets:
            if element is not None and number not in signed.get(element, ()):
                signed[element] = (*signed.get(element, ()), number)
    return signed


class _Drawing:
    """Makes nodes of elements, as long as there is room."""

    def __init__(
        self,
        signed: Mapping[etree._Element, tuple[int, ...]],
        to_sign: etree._Element | None,
        home: etree._Element | None,
    ) -> None:
        self._signed, self._to_sign, self._home = signed, to_sign, home
        self._left = _MOST_NODES

    def node(self, element: etree._Element, depth: int = 0) -> Node:
        self._left -= 1
        name = etree.QName(element)
        children = list(elements(element))
        shown = []
        for child in children[:_MOST_CHILDREN] if depth < _DEEPEST else ():
            if self._left <= 0:
                break
            shown.append(self.node(child, depth + 1))
        return Node(
            name=name.localname,
            namespace=name.namespace,
            attributes=tuple((etree.QName(key).localname, _cut(value)) for key, value in element.attrib.items()),
            text=_cut(_text(element)),
            children=tuple(shown),
            signed_by=self._signed.get(element, ()),
            omitted=len(children) - len(shown),
            to_sign=element is self._to_sign,
            takes_signature=element is self._home,
        )


def _text(element: etree._Element) -> str:
    """The text that stands directly in an element, without its children's; comments do not part it."""
    return "".join(filter(None, (element.text, *(child.tail for child in element)))).strip()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
