"""The parts of a ds:Signature (W3C XML Signature Syntax and Processing 1.1), read strictly.

What another reader could take for something else is malformed here: an element twice, a stranger among the children,
a comment inside a value.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGNATURE = f"{{{DSIG}}}Signature"
OBJECT = f"{{{DSIG}}}Object"

# A signature has a handful of each; more of them would only take time.
_MOST_REFERENCES = 256
_MOST_TRANSFORMS = 8
_MOST_CERTIFICATES = 256


class Malformed(Exception):
    """It is not built as the standard demands, or in a way that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Method:
    """An algorithm by its URI; `prefixes` are those of exclusive canonicalisation, `parameters` what else it has."""

    algorithm: str
    prefixes: tuple[str, ...] = ()
    parameters: tuple[etree._Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """ds:Reference. `uri` is as written; None where the attribute is missing."""

    uri: str | None
    type: str | None
    transforms: tuple[Method, ...]
    digest_method: Method
    digest: bytes


@dataclass(frozen=True, slots=True)
class XmlSignature:
    """ds:Signature. `certificates` are DER as the file has them, not yet parsed; `key_value` is ds:KeyValue."""

    element: etree._Element
    signed_info: etree._Element
    value_element: etree._Element
    canonicalization: Method
    method: Method
    references: tuple[Reference, ...]
    value: bytes
    certificates: tuple[bytes, ...]
    key_value: etree._Element | None
    objects: tuple[etree._Element, ...]


def read_signature(element: etree._Element) -> XmlSignature:
    """Read a ds:Signature. Raises Malformed."""
    info, value, *rest = _children(element, least=2)
    _require(info, "SignedInfo")
    _require(value, "SignatureValue")
    key_info = rest.pop(0) if rest and rest[0].tag == _ds("KeyInfo") else None
    for each in rest:
        _require(each, "Object")
    canonicalization, method, *references = _children(info, least=3)
    if len(references) > _MOST_REFERENCES:
        raise Malformed
    return XmlSignature(
        element=element,
        signed_info=info,
        value_element=value,
        canonicalization=_method(canonicalization, "CanonicalizationMethod"),
        method=_method(method, "SignatureMethod"),
        references=tuple(map(read_reference, references)),
        value=_octets(value),
        certificates=tuple(_certificates(key_info)),
        key_value=_only(key_info, "KeyValue"),
        objects=tuple(rest),
    )


def read_reference(element: etree._Element) -> Reference:
    """Read a ds:Reference of a SignedInfo or of a Manifest. Raises Malformed."""
    _require(element, "Reference")
    children = _children(element, least=2)
    transforms = _children(children.pop(0), least=1) if children[0].tag == _ds("Transforms") else []
    if len(children) != 2 or len(transforms) > _MOST_TRANSFORMS:
        raise Malformed
    _require(children[1], "DigestValue")
    return Reference(
        uri=element.get("URI"),
        type=element.get("Type"),
        transforms=tuple(_method(each, "Transform") for each in transforms),
        digest_method=_method(children[0], "DigestMethod"),
        digest=_octets(children[1]),
    )


def manifest_references(manifest: etree._Element) -> tuple[Reference, ...]:
    """The references of a ds:Manifest. Raises Malformed."""
    references = _children(manifest, least=1)
    if len(references) > _MOST_REFERENCES:
        raise Malformed
    return tuple(map(read_reference, references))


def decoded(text: str) -> bytes:
    """Base64 with any white space, such as the CR that programs on Windows write as `&#13;`. Raises Malformed."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:  # binascii.Error is one, and so is a character outside of ASCII
        raise Malformed from error


def _octets(element: etree._Element) -> bytes:
    octets = decoded(plain_text(element))
    if not octets:
        raise Malformed
    return octets


def plain_text(element: etree._Element) -> str:
    """The text of an element that has nothing else. Raises Malformed.

    A comment in it counts as something else: some readers stop there, and would read another value.
    """
    if len(element):
        raise Malformed
    return element.text or ""


def _method(element: etree._Element, name: str) -> Method:
    _require(element, name)
    algorithm = element.get("Algorithm")
    if algorithm is None:
        raise Malformed
    parameters = [each for each in element if isinstance(each.tag, str)]
    inclusive = [each for each in parameters if each.tag == f"{{{EXCLUSIVE}}}InclusiveNamespaces"]
    if len(inclusive) > 1:
        raise Malformed
    prefixes = tuple((inclusive[0].get("PrefixList") or "").split()) if inclusive else ()
    return Method(algorithm, prefixes, tuple(each for each in parameters if each not in inclusive))


def _certificates(key_info: etree._Element | None) -> Iterator[bytes]:
    if key_info is None:
        return
    found = key_info.findall(f"{_ds('X509Data')}/{_ds('X509Certificate')}")
    if len(found) > _MOST_CERTIFICATES:
        raise Malformed
    for each in found:
        yield _octets(each)


def _only(parent: etree._Element | None, name: str) -> etree._Element | None:
    found = [] if parent is None else parent.findall(_ds(name))
    if len(found) > 1:
        raise Malformed
    return found[0] if found else None


def _children(element: etree._Element, *, least: int) -> list[etree._Element]:
    """The child elements, where nothing but white space, comments and instructions stands between them."""
    if _says_something(element.text) or any(_says_something(each.tail) for each in element):
        raise Malformed
    children = [each for each in element if isinstance(each.tag, str)]
    if len(children) < least:
        raise Malformed
    return children


def _says_something(text: str | None) -> bool:
    return text is not None and bool(text.strip())


def _require(element: etree._Element, name: str) -> None:
    if element.tag != _ds(name):
        raise Malformed


def _ds(name: str) -> str:
    return f"{{{DSIG}}}{name}"
