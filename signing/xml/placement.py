"""Whether a signature covers what its document demands, from where it must stand; and what it leaves uncovered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from signing.report import Coverage, DocumentForm, Problem
from signing.xml.extent import Extent, extent
from signing.xml.forms import Form, form_around, listed_files, local_name
from signing.xml.neighbours import a_few
from signing.xml.parse import XmlDocument
from signing.xml.references import Resolved, Target
from signing.xml.signature import DSIG, OBJECT, XmlSignature
from signing.xml.xades import countersigned

_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Placement:
    """`wrapped`: it is not what the document demands, and something else than the signed part could be shown.

    `confirms`: it is a counter-signature, which covers another signature and nothing of the document by itself.
    """

    form: DocumentForm
    covers: Coverage
    signed_elements: tuple[str, ...]
    wrapped: bool = False
    confirms: bool = False
    problems: tuple[Problem, ...] = ()


def placement(document: XmlDocument, signature: XmlSignature, resolved: Sequence[Resolved]) -> Placement:
    """Hold what the references cover against the document around the signature."""
    targets = [each.target for each in resolved]
    confirmed = countersigned(signature.element)
    if confirmed is not None:
        return _confirmation(confirmed, targets)
    form = form_around(signature.element)
    expected = form.required is None or _covers(targets, form.required)
    at_home = form.required is None or signature.element.getparent() is form.home
    problems = [Problem("signature.wrong-element")] if at_home and not expected else []
    problems += [Problem("signature.misplaced")] if expected and not at_home else []
    if not expected and not at_home:  # a signature over something that the document carries, not over the document
        form = Form(DocumentForm.GENERIC, form.root)
    found = extent(document, form, signature.element, targets)
    return Placement(
        form=form.kind,
        covers=Coverage.PART if found.outside or problems else Coverage.WHOLE,
        signed_elements=_names(signature.element, targets),
        wrapped=bool(problems),
        problems=(*problems, *_left_out(found), *_unsigned_files(form, targets)),
    )


def _confirmation(confirmed: etree._Element, targets: Sequence[Target]) -> Placement:
    value = confirmed.find(f"{{{DSIG}}}SignatureValue")
    right = any(target.element is value for target in targets)
    problems = () if right else (Problem("signature.wrong-element"),)
    names = (local_name(confirmed),)
    return Placement(DocumentForm.GENERIC, Coverage.PART, names, wrapped=not right, confirms=right, problems=problems)


def _covers(targets: Sequence[Target], required: etree._Element) -> bool:
    within = {required, *required.iterancestors()}
    return any(target.element in within for target in targets)


def _left_out(found: Extent) -> Iterator[Problem]:
    if found.outside:
        yield Problem("signature.outside", {"count": found.outside})
    if found.markup:
        yield Problem("signature.markup-unsigned", {"count": found.markup})


def _unsigned_files(form: Form, targets: Sequence[Target]) -> Iterator[Problem]:
    # By the rules of e-Gov attachments need no signature; who relies on one must know that it has none.
    unsigned = listed_files(form) - {target.name for target in targets if target.element is None}
    if unsigned:
        yield Problem("signature.files-unsigned", {"count": len(unsigned), "names": a_few(sorted(unsigned))})


def _names(signature: etree._Element, targets: Sequence[Target]) -> tuple[str, ...]:
    """What is signed, without what a signature covers of itself: its properties, its key."""
    names = [_name(signature, target) for target in targets if not _own(signature, target.element)]
    more = ["…"] if len(names) > _MOST_NAMES else []
    return (*names[:_MOST_NAMES], *more)


def _name(signature: etree._Element, target: Target) -> str:
    """What is enclosed in the signature is named with a "/", which neither an element nor a file has in its name."""
    enclosed = target.element is not None and target.element.getparent() is signature
    return f"{local_name(signature)}/{target.name}" if enclosed else target.name


def _own(signature: etree._Element, element: etree._Element | None) -> bool:
    if element is None or element.tag == OBJECT:
        return False
    return any(ancestor is signature for ancestor in element.iterancestors())
