"""How much of a document signatures cover: what a reader would rely on, and lies outside, is counted."""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from signing.xml.canonical import inherited
from signing.xml.forms import Form, elements, local_name, signature_container
from signing.xml.parse import XmlDocument
from signing.xml.references import Target
from signing.xml.signature import DSIG, OBJECT, SIGNATURE

_QUALIFYING = "QualifyingProperties"
# What stands in these belongs to a signature: XML Signature 1.0 and 1.1, all versions of XAdES.
_OF_SIGNATURES = (DSIG, "http://www.w3.org/2009/xmldsig11#", "http://uri.etsi.org/01903/")


@dataclass(frozen=True, slots=True)
class Extent:
    """`outside`: elements and texts that are not covered. `markup`: comments, processing instructions and document
    types that are not; they are no content, but a style sheet, for example, decides how the content looks."""

    outside: int
    markup: int


def extent(document: XmlDocument, form: Form, signature: etree._Element, targets: Collection[Target]) -> Extent:
    """What one signature leaves uncovered in the whole document. `targets` are what its references cover."""
    root = document.root
    covered = {target.element for target in targets if target.element is not None}
    outside = sum(_outside(root, covered, _signed_with(targets, form.frame)))
    within = sum(_loose_objects(signature, covered)) + sum(_strangers(signature, covered))
    return Extent(outside + within, _markup(document, targets))


def _signed_with(
    targets: Collection[Target], frame: Mapping[etree._Element, Mapping[str, str]]
) -> Mapping[etree._Element, Mapping[str, str]]:
    """The frame with those attributes too that what is signed takes over from it (xml:lang, for example)."""
    made = {element: dict(attributes) for element, attributes in frame.items()}
    for target in targets:
        if target.element is not None and target.method:
            for ancestor, name in inherited(target.element, target.method):
                if ancestor in made:
                    made[ancestor][name] = ancestor.get(name)
    return made


def _outside(
    root: etree._Element, covered: set[etree._Element], frame: Mapping[etree._Element, Mapping[str, str]]
) -> Iterator[int]:
    above = {ancestor for element in covered for ancestor in element.iterancestors()}
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element in covered or element.tag == SIGNATURE:
            continue
        if element in frame:
            yield int(not _bare(element, frame[element]))
        elif signature_container(element):
            yield int(not _bare(element, {}))
        else:
            yield 1
            if element not in above:
                continue  # counted as one, with all that is in it
        waiting += elements(element)


def _bare(element: etree._Element, attributes: Mapping[str, str]) -> bool:
    """Whether an element says nothing itself: no text of its own, no attributes but these."""
    texts = (element.text, *(child.tail for child in element))
    return attributes.items() >= dict(element.attrib).items() and not any(text and text.strip() for text in texts)


def _loose_objects(signature: etree._Element, covered: set[etree._Element]) -> Iterator[int]:
    """What stands in a ds:Object of this signature and is not signed by it; XAdES has its own rules for its part."""
    for each in signature.iterchildren(OBJECT):
        if each not in covered:
            yield int(bool(each.text and each.text.strip()))
            yield from (1 for child in elements(each) if child not in covered and local_name(child) != _QUALIFYING)


def _strangers(signature: etree._Element, covered: set[etree._Element]) -> Iterator[int]:
    """What belongs to no signature and stands, unsigned, where this one has its keys and properties."""
    parts = (*signature.iterchildren(f"{{{DSIG}}}KeyInfo"), *signature.iterfind(f"{OBJECT}/{{*}}{_QUALIFYING}"))
    for element in itertools.chain.from_iterable(part.iterdescendants("{*}*") for part in parts):
        within = (element, *itertools.takewhile(lambda each: each is not signature, element.iterancestors()))
        if covered.isdisjoint(within) and not element.tag.lstrip("{").startswith(_OF_SIGNATURES):
            yield 1


def _markup(document: XmlDocument, targets: Collection[Target]) -> int:
    commented = [target for target in targets if target.comments]
    comments = _uncovered(document.root, "comment()", commented) if document.comments else 0
    instructions = _uncovered(document.root, "processing-instruction()", targets) if document.instructions else 0
    return int(bool(document.root.getroottree().docinfo.doctype)) + comments + instructions


def _uncovered(root: etree._Element, nodes: str, targets: Collection[Target]) -> int:
    if any(target.whole for target in targets):
        return 0
    of_document, within = (
        etree.XPath(f"count({path}{nodes}[not(ancestor::ds:Signature)])", namespaces={"ds": DSIG})
        for path in ("//", ".//")
    )
    covered = {target.element for target in targets if target.element is not None}
    apart = [each for each in covered if covered.isdisjoint(each.iterancestors())]
    return int(of_document(root) - sum(map(within, apart)))
