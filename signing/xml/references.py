"""What a ds:Reference points to, and whether its digest matches (XML Signature 1.1, 4.4.3). Nothing is fetched.

Transforms are run by an allow-list: canonicalisation, enveloped-signature, base64. XPath and XSLT let a signature cover
whatever a program computes, which nobody can show to a person; they are told, not run.
"""

import contextlib
import hashlib
import hmac
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from lxml import etree

from signing import errors
from signing.report import SubIndication
from signing.xml import parse
from signing.xml.algorithms import digest_algorithm, shown_name
from signing.xml.canonical import IMPLICIT, Canonicalization, digest
from signing.xml.neighbours import Neighbours, Unestablished, file_name
from signing.xml.parse import XmlDocument
from signing.xml.signature import DSIG, Malformed, Method, Reference, decoded, plain_text

_ENVELOPED = f"{DSIG}enveloped-signature"
_BASE64 = f"{DSIG}base64"
_POINTER = re.compile(r"#xpointer\(id\((['\"])([^'\"]*)\1\)\)")
_WHOLE = "#xpointer(/)"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_IDENTIFIERS = ("id", "Id", "ID", "{http://www.w3.org/XML/1998/namespace}id", f"{{{_WSU}}}Id")
# Passing over a large document takes a second: once for all references, and not once for each.
_WITH_VALUE = etree.XPath("//@*[. = $wanted]/..")
_MENTIONED = etree.XPath("//ds:Reference/@URI[starts-with(., '#')]", namespaces={"ds": DSIG}, smart_strings=False)
# Bytes that the references of one file may make us go through: many signatures over a large document, and no more.
_BUDGET = 2 << 30

# A canonical form is about as long as its document; line ends, quotes and namespaces can make a few times of it.
_LONGER = 8


class DuplicateId(Malformed):
    """Two elements bear the identifier: which one was meant is anybody's guess."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points to: a file, or an element; `element` is the root where it is the whole document.

    `comments`: those in it are part of what is signed. `method` made octets of an element, unless it is base64.
    """

    name: str
    element: etree._Element | None = None
    whole: bool = False
    comments: bool = False
    method: Canonicalization | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference whose digest was computed."""

    reference: Reference
    target: Target
    algorithm: str
    matches: bool


@dataclass(slots=True)
class References:
    """The references of all signatures of one document; what one has computed serves the others."""

    document: XmlDocument
    neighbours: Neighbours
    _known: dict[object, bytes] = field(default_factory=dict)
    _identified: dict[str, list[etree._Element]] = field(default_factory=dict)
    _spent: int = 0

    def resolve(self, reference: Reference, signature: etree._Element) -> Resolved:
        """Compute the digest. `signature` is the ds:Signature that holds the reference.

        Raises Unestablished, AlgorithmRefused, Malformed (DuplicateId).
        """
        algorithm = digest_algorithm(reference.digest_method)
        try:
            target, value = self._digest(reference, signature, algorithm)
        except errors.DocumentError as error:  # what it leads to is XML, and broken or too large
            raise Unestablished(error.code, SubIndication.SIGNED_DATA_NOT_FOUND, **error.facts) from error
        matches = hmac.compare_digest(value, reference.digest)
        if not matches and target.element is not None and (disputed := self.document.disputed):
            raise Unestablished("reference.encoding-disputed", None, characters=disputed)
        return Resolved(reference, target, algorithm, matches)

    def element_of(self, reference: Reference) -> etree._Element | None:
        """The element of this document that a reference points to, None where it points to none.

        Raises DuplicateId, Malformed.
        """
        if reference.uri in ("", _WHOLE):
            return self.document.root
        if reference.uri is None or not reference.uri.startswith("#"):
            return None
        return self._element(reference.uri)

    def _element(self, uri: str) -> etree._Element | None:
        identifier = _fragment(uri)
        if identifier not in self._identified:
            self._identify({identifier, *filter(None, map(_mentioned, _MENTIONED(self.document.root)))})
        found = self._identified[identifier]
        if len(found) > 1:
            raise DuplicateId
        return found[0] if found else None

    def _identify(self, identifiers: set[str]) -> None:
        wanted = etree.Element("wanted")
        for each in identifiers:
            self._identified[each] = []
            with contextlib.suppress(ValueError):  # characters that cannot stand in XML, so it has no such identifier
                etree.SubElement(wanted, "value").text = each
        for element in _WITH_VALUE(self.document.root, wanted=list(wanted)):
            for value in {element.get(name) for name in _IDENTIFIERS} & identifiers:
                self._identified[value].append(element)

    def _digest(self, reference: Reference, signature: etree._Element, algorithm: str) -> tuple[Target, bytes]:
        if reference.uri is None:
            raise Unestablished("reference.outside", SubIndication.SIGNED_DATA_NOT_FOUND)
        if reference.uri and not reference.uri.startswith("#"):
            return self._of_file(reference, algorithm)
        target = self._same_document(reference.uri)
        if [each.algorithm for each in reference.transforms] == [_BASE64]:
            return target, self._once(
                (target.element, _BASE64, algorithm),
                lambda: hashlib.new(algorithm, _decoded(target.element)).digest(),
            )
        return self._of_nodes(target, reference.transforms, signature, algorithm)

    def _same_document(self, uri: str) -> Target:
        if uri in ("", _WHOLE):
            name = _shown(self.document.root)
            return Target(name, self.document.root, whole=True, comments=uri == _WHOLE)
        element = self._element(uri)
        if element is None:
            raise Unestablished("reference.missing", SubIndication.SIGNED_DATA_NOT_FOUND, name=_fragment(uri)[:80])
        return Target(_shown(element), element, comments=uri.startswith("#xpointer("))

    def _of_nodes(
        self, target: Target, transforms: tuple[Method, ...], signature: etree._Element, algorithm: str
    ) -> tuple[Target, bytes]:
        without, method = None, None
        for transform in transforms:
            if method is not None:
                raise _not_run(transform)  # octets by now: it would have to be parsed once more
            if transform.algorithm == _ENVELOPED:
                without = signature
            else:
                method = _canonicalization(transform)
        method = method or IMPLICIT
        target = replace(target, comments=target.comments and method.comments)
        if not target.comments:
            method = method.without_comments
        target = replace(target, method=method)
        most = _LONGER * len(self.document.utf8) + _BUDGET // 1024
        nodes = self.document.root.getroottree() if target.whole else target.element
        return target, self._once(
            (target.whole or target.element, method, without, algorithm),
            lambda: digest(nodes, method, algorithm, without=without, most=most),
        )

    def _of_file(self, reference: Reference, algorithm: str) -> tuple[Target, bytes]:
        name = file_name(reference.uri or "")
        methods = [_canonicalization(transform) for transform in reference.transforms]
        if len(methods) > 1:
            raise _not_run(reference.transforms[1])

        def compute() -> bytes:
            with self.neighbours.opened(name) as file:
                if not methods:
                    return _hashed(file, algorithm)
                document = parse.read_file(file)
                return digest(document.root.getroottree(), methods[0], algorithm)

        return Target(name), self._once((name, *methods, algorithm), compute)

    def _once(self, key: object, compute: Callable[[], bytes]) -> bytes:
        if key not in self._known:
            self._spent += len(self.document.utf8)
            if self._spent > _BUDGET:
                raise Unestablished("signature.too-costly")
            self._known[key] = compute()
        return self._known[key]


def _canonicalization(transform: Method) -> Canonicalization:
    method = Canonicalization.named(transform.algorithm, transform.prefixes)
    if method is None or transform.parameters:
        raise _not_run(transform)
    return method


def _not_run(transform: Method) -> Unestablished:
    return Unestablished("reference.transform-not-run", None, algorithm=shown_name(transform.algorithm))


def _fragment(uri: str) -> str:
    pointer = _POINTER.fullmatch(uri)
    try:
        return pointer[2] if pointer else urllib.parse.unquote(uri[1:], errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed from error


def _decoded(element: etree._Element) -> bytes:
    try:
        return decoded(plain_text(element))
    except Malformed as error:
        raise Unestablished("reference.transform-not-run", None, algorithm="base64") from error


def _hashed(file: BinaryIO, algorithm: str) -> bytes:
    hashed = hashlib.new(algorithm)
    while piece := file.read(1 << 20):
        hashed.update(piece)
    return hashed.digest()


def _mentioned(uri: str) -> str | None:
    try:
        return _fragment(uri)
    except Malformed:
        return None


def _shown(element: etree._Element) -> str:
    """Name and identifier, as `BODY#DOCBODY`."""
    name = etree.QName(element).localname
    identifier = next((value for key in ("id", "Id", "ID") if (value := element.get(key))), None)
    return f"{name}#{identifier}"[:200] if identifier else name[:200]
