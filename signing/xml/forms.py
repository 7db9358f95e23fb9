"""What kind of document an element is the root of, what a signature of that kind must cover, and where it stands.

A signature over a part says nothing of the rest: a file can be rearranged so that the signed part is still there, and
something else is what people read. Against that, what is signed is held against what the kind of document demands.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from signing.report import DocumentForm
from signing.xml.signature import SIGNATURE

_ETAX = "http://xml.e-tax.nta.go.jp/XSD/"
_TEG = re.compile(rf"\{{{re.escape(_ETAX)}kyotsu\}}TEG\d{{3}}")
_COMPOSITION = "構成情報"
_FILE_NAMES = ("申請書ファイル名称", "添付書類ファイル名称")


@dataclass(frozen=True, slots=True)
class Form:
    """A document as its kind demands it.

    `required` is what a signature must cover, `home` the element whose child the signature is; both None for a
    document of no kind known here. `frame` are elements that by design stand outside of what is signed, each with
    the only attributes that it may have; anything else outside is told.
    """

    kind: DocumentForm
    root: etree._Element
    required: etree._Element | None = None
    home: etree._Element | None = None
    frame: Mapping[etree._Element, Mapping[str, str]] = field(default_factory=dict)


def form_of(root: etree._Element) -> Form:
    """The form of a document by the shape of its root element."""
    return next((form for recognise in _RECOGNISERS if (form := recognise(root))), Form(DocumentForm.GENERIC, root))


def form_around(signature: etree._Element) -> Form:
    """The form of the nearest document around a signature: one document can carry another one, signed by itself."""
    form = None
    for ancestor in signature.iterancestors():
        form = form_of(ancestor)
        if form.required is not None:
            return form
    return form or Form(DocumentForm.GENERIC, signature)


def listed_files(form: Form) -> frozenset[str]:
    """The files that an application to e-Gov names as belonging to it, in NFC; they lie beside it."""
    if form.kind is not DocumentForm.E_GOV_APPLICATION or form.required is None:
        return frozenset()
    named = (each for name in _FILE_NAMES for each in form.required.iter(name))
    return frozenset(unicodedata.normalize("NFC", each.text.strip()) for each in named if each.text)


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The child elements, without comments and processing instructions."""
    yield from parent.iterchildren("{*}*")


def local_name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _e_tax(root: etree._Element) -> Form | None:
    """A return or an application to the National Tax Agency (.xtx): DATA, and in it the procedure and signatures."""
    if local_name(root) != "DATA":
        return None
    for child in elements(root):
        parts = {local_name(each) for each in elements(child)}
        if child.get("id") == local_name(child) and parts & {"CATALOG", "CONTENTS"}:
            return Form(DocumentForm.E_TAX, root, child, root, {root: {"id": "DATA"}})
    return None


def _certificate_of_deduction(root: etree._Element) -> Form | None:
    """A certificate for the tax return, 電子的控除証明書等 (TEG…): the signature is in the root and covers it."""
    return Form(DocumentForm.TEG, root, root, root) if _TEG.fullmatch(str(root.tag)) else None


def _official_document(root: etree._Element) -> Form | None:
    """An official document of e-Gov, 公文書: DOC, in it BODY, and after that the signature."""
    if root.tag != "DOC":
        return None
    body = next((child for child in root.iterchildren("BODY") if child.get("ID") == "DOCBODY"), None)
    if body is None:
        return None
    return Form(DocumentForm.OFFICIAL_DOCUMENT, root, body, root, {root: {"VERSION": "1.0"}, **_empty(root, "FRONT")})


def _application(root: etree._Element) -> Form | None:
    """The composition of an application to e-Gov, 構成管理XML: 構成情報 is signed, and signatures stand in 署名情報."""
    if root.tag != "DataRoot":
        return None
    composition = next((each for each in root.iterchildren(_COMPOSITION) if each.get("ID") == _COMPOSITION), None)
    home = next(root.iterchildren("署名情報"), None)
    if composition is None or home is None:
        return None
    frame: dict[etree._Element, Mapping[str, str]] = {root: {}, home: {}, **_empty(root, "その他")}
    return Form(DocumentForm.E_GOV_APPLICATION, root, composition, home, frame)


def _prescription(root: etree._Element) -> Form | None:
    """An electronic prescription or its dispensing record: the base64 of the document is signed, with HPKI."""
    if root.tag != "Document":
        return None
    for child in elements(root):
        for name in ("PrescriptionDocument", "Dispensing"):
            signed = next((each for each in child.iter(name) if each.get("id") == name), None)
            home = next((each for each in child.iter(f"{name.removesuffix('Document')}Sign")), None)
            if signed is not None and home is not None:
                return Form(DocumentForm.PRESCRIPTION, root, signed, home, {root: {}, child: {}, home: {}})
    return None


_RECOGNISERS = (_e_tax, _certificate_of_deduction, _official_document, _application, _prescription)


def _empty(root: etree._Element, name: str) -> dict[etree._Element, Mapping[str, str]]:
    """The elements of this name in a frame: without content they can say nothing."""
    return {each: {} for each in root.iterchildren(name)}


def signature_container(element: etree._Element) -> bool:
    """Whether an element holds nothing but signatures, as a file beside a document does for several signers."""
    children = list(elements(element))
    return bool(children) and all(child.tag == SIGNATURE for child in children)
