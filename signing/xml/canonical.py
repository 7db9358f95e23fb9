"""Canonical XML in one place, for signing and verifying: C14N 1.0 and 1.1 and Exclusive C14N, straight into a hash.

    document = parse.read(data)
    method = Canonicalization.named(uri, prefixes)      # None where the URI names no canonicalisation
    digest(document.root.getroottree(), method, "sha256", without=signature)
    canonical(signed_info, method)

`target` is an element, or the ElementTree for the whole document with what stands around its root; `without` is an
element that the enveloped-signature transform removes (where it lies outside of the target, it changes nothing). While
this works, processing instructions stand in the tree; afterwards it is as before. A same-document reference such as ""
or "#id" has lost its comments before any transform sees it (XML Signature 1.1, 4.4.3.3): use
`method.without_comments` for these. Where no transform canonicalises, the method is `IMPLICIT`.

lxml writes false xmlns="" in the inclusive form of part of a document, never in that of a whole one. So the part is
cut out of the whole as it is streamed (a small part is made a document of its own first, to save the time): within an
element both are the same by definition, for all that is in scope has been written above it or on it; only its own start
tag is written anew, with what it inherits (C14N 1.0, 2.4). The removal of a signature is a cut as well.
"""

import hashlib
import itertools
import re
import secrets
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from lxml import etree

from signing import errors

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_XML = "http://www.w3.org/XML/1998/namespace"
_METHODS = {
    _C14N: (_C14N, False),
    f"{_C14N}#WithComments": (_C14N, True),
    _C14N11: (_C14N11, False),
    f"{_C14N11}#WithComments": (_C14N11, True),
    _EXCLUSIVE: (_EXCLUSIVE, False),
    f"{_EXCLUSIVE}WithComments": (_EXCLUSIVE, True),
}
_MANY = 2000

_Take = Callable[[bytes], object]
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Canonicalization:
    """A method of canonicalisation. `prefixes` are the InclusiveNamespaces of an exclusive one, "" for #default."""

    uri: str
    comments: bool = False
    prefixes: tuple[str, ...] = ()

    @classmethod
    def named(cls, uri: str, prefixes: tuple[str, ...] = ()) -> "Canonicalization | None":
        """The method of this URI, None where it names none. Inclusive methods know no prefixes."""
        if uri not in _METHODS:
            return None
        base, comments = _METHODS[uri]
        listed = tuple("" if each == "#default" else each for each in prefixes)
        return cls(base, comments, listed if base == _EXCLUSIVE else ())

    @property
    def without_comments(self) -> "Canonicalization":
        return replace(self, comments=False)

    @property
    def exclusive(self) -> bool:
        return self.uri == _EXCLUSIVE


_MOST_OCTETS = 512 << 20

# What turns a set of nodes into octets where a reference does not say (XML Signature 1.1, 4.4.3.2).
IMPLICIT = Canonicalization(_C14N)


def digest(
    target: etree._Element | etree._ElementTree,
    method: Canonicalization,
    algorithm: str,
    *,
    without: etree._Element | None = None,
    most: int = _MOST_OCTETS,
) -> bytes:
    """The digest of the canonical form, of no more than `most` octets; `algorithm` is hashlib's name.

    Raises XmlNotCanonical, XmlCrowded.
    """
    hashed = hashlib.new(algorithm)
    with _ready(target, method, without) as write:
        write(_Limited(hashed.update, most))
    return hashed.digest()


def digest_beside(
    target: etree._Element | etree._ElementTree, method: Canonicalization, algorithm: str, other: Callable[[], _Found]
) -> tuple[bytes, _Found]:
    """The digest, and what another reader of the tree finds in a thread meanwhile: nothing changes while both read.

    Not for the exclusive form of a part, which lxml hangs under another root for the time. Raises as `digest` does.
    """
    hashed = hashlib.new(algorithm)
    with _ready(target, method, None) as write, ThreadPoolExecutor(1) as reading:
        found = reading.submit(other)
        write(_Limited(hashed.update, _MOST_OCTETS))
        return hashed.digest(), found.result()


def canonical(
    target: etree._Element | etree._ElementTree,
    method: Canonicalization,
    *,
    without: etree._Element | None = None,
) -> bytes:
    """The canonical form itself, for what is small. Raises XmlNotCanonical, XmlCrowded."""
    pieces: list[bytes] = []
    with _ready(target, method, without) as write:
        write(_Limited(pieces.append, _MOST_OCTETS))
    return b"".join(pieces)


@contextmanager
def _ready(
    target: etree._Element | etree._ElementTree, method: Canonicalization, without: etree._Element | None
) -> Iterator[Callable[[_Take], None]]:
    """The tree with its marks, and what writes the octets."""
    element = target if etree.iselement(target) else None
    if without is not None and element is not None and element not in without.iterancestors():
        without = None

    def renewed(take: _Take) -> _Take:
        return take if method.exclusive else _FirstTag(take, lambda tag: _start_tag(tag, element, method))

    try:
        with _marked(without) as hole:
            if element is None:
                yield lambda take: _stream(target, method, _Cutter(take, [*hole], on=True))
            elif method.exclusive and element.getparent() is not None:
                yield lambda take: _stream(etree.ElementTree(element), method, _Cutter(take, [*hole], on=True))
            elif not method.exclusive and _small(element):
                yield lambda take: _stream(_alone(element), method, _Cutter(renewed(take), [*hole], on=True))
            else:  # the tree of the root has what stands around it too
                with _marked(element) as own:
                    marks = [own[0], *hole, own[1]]
                    yield lambda take: _stream(element.getroottree(), method, _Cutter(renewed(take), marks, on=False))
    except etree.C14NError as error:
        raise errors.XmlNotCanonical from error


def _alone(element: etree._Element) -> etree._ElementTree:
    text = etree.tostring(element, encoding="utf-8", with_tail=False)
    return etree.fromstring(text, etree.XMLParser(huge_tree=True)).getroottree()


def _stream(tree: etree._ElementTree, method: Canonicalization, cutter: "_Cutter") -> None:
    tree.write_c14n(
        cutter,
        exclusive=method.exclusive,
        with_comments=method.comments,
        inclusive_ns_prefixes=list(method.prefixes) or None,
    )


def _small(element: etree._Element) -> bool:
    """Whether parsing it alone takes less time than passing over a whole large document."""
    return next(itertools.islice(element.iter(), _MANY, None), None) is None


@contextmanager
def _marked(element: etree._Element | None) -> Iterator[tuple[bytes, ...]]:
    """Put a processing instruction before and behind the element, and tell how both look in a canonical form."""
    if element is None:
        yield ()
        return
    tail, at_root = element.tail, element.getparent() is None
    before, behind = (etree.ProcessingInstruction(f"cut-{secrets.token_hex(16)}") for _ in range(2))
    element.addprevious(before)
    element.tail = None  # lxml adds behind the tail, which is no part of the element
    element.addnext(behind)
    if not at_root:
        behind.tail = tail
    # Beside the root each stands on a line of its own (C14N 1.0, 2.3).
    line = b"\n" if at_root else b""
    try:
        yield f"<?{before.target}?>".encode() + line, line + f"<?{behind.target}?>".encode()
    finally:
        behind.tail = None
        for each in (before, behind):
            etree.Element("bin").append(each)
        if not at_root:
            element.tail = tail


class _Limited:
    """Passes on so many octets. An exclusive form can be a thousand times as long as its document."""

    def __init__(self, take: _Take, most: int) -> None:
        self._take = take
        self._left = most

    def __call__(self, piece: bytes) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise errors.XmlCrowded
        self._take(piece)


class _Cutter:
    """A file that passes on what lies between the marks; each mark turns it on or off, as they come."""

    def __init__(self, take: _Take, marks: list[bytes], *, on: bool) -> None:
        self._take = take
        self._marks = marks
        self._on = on
        self._held = b""

    def write(self, piece: bytes) -> None:
        held = self._held + piece
        while self._marks and (at := held.find(self._marks[0])) >= 0:
            self._pass(held[:at])
            held = held[at + len(self._marks.pop(0)) :]
            self._on = not self._on
        # The beginning of a mark may stand at the end.
        settled = max(0, len(held) - len(self._marks[0]) + 1) if self._marks else len(held)
        self._pass(held[:settled])
        self._held = held[settled:]

    def _pass(self, piece: bytes) -> None:
        if self._on and piece:
            self._take(piece)


class _FirstTag:
    """Passes everything on, with the first tag replaced."""

    def __init__(self, take: _Take, renew: Callable[[bytes], bytes]) -> None:
        self._take = take
        self._renew = renew
        self._head: bytes | None = b""

    def __call__(self, piece: bytes) -> None:
        if self._head is None:
            self._take(piece)
            return
        self._head += piece
        if tag := _TAG.match(self._head):
            self._take(self._renew(tag[0]))
            self._take(self._head[tag.end() :])
            self._head = None


_ATTRIBUTE = re.compile(rb' ([^ =>]+)="([^"]*)"')
_TAG = re.compile(rb'<[^ =>]+(?: [^ =>]+="[^"]*")*+>')


def _start_tag(tag: bytes, element: etree._Element, method: Canonicalization) -> bytes:
    """A canonical start tag for the first element: with every namespace in scope, and the xml:* it takes over."""
    scope = {prefix or "": uri for prefix, uri in element.nsmap.items() if uri and prefix != "xml"}
    namespaces = [f' xmlns{":" if prefix else ""}{prefix}="{_escaped(uri)}"' for prefix, uri in sorted(scope.items())]
    found = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
    attributes = {name: value for name, value in found.items() if name != "xmlns" and not name.startswith("xmlns:")}
    taken = {etree.QName(name).localname: each.get(name) for each, name in inherited(element, method)}
    attributes = {f"xml:{name}": _escaped(value) for name, value in taken.items()} | attributes
    if method.uri == _C14N11:
        attributes = _with_base(element, attributes)
    uris = {**scope, "": "", "xml": _XML}

    def order(name: str) -> tuple[str, str]:
        prefix, _, local = name.rpartition(":")
        return uris[prefix], local

    name = tag[1:-1].partition(b" ")[0].decode()
    written = [f' {each}="{attributes[each]}"' for each in sorted(attributes, key=order)]
    return f"<{name}{''.join(namespaces)}{''.join(written)}>".encode()


def inherited(element: etree._Element, method: Canonicalization) -> Iterator[tuple[etree._Element, str]]:
    """The xml:* attributes that the canonical form of an element takes over, each with the ancestor that has it.

    An exclusive form takes none (Exclusive C14N, 3), that of C14N 1.1 neither xml:id nor xml:base as it is (its 2.4).
    """
    if method.exclusive:
        return
    left_out = (f"{{{_XML}}}id", f"{{{_XML}}}base") if method.uri == _C14N11 else ()
    known = {*element.attrib, *left_out}  # the nearest one counts
    for ancestor in element.iterancestors():
        for name in ancestor.attrib:
            if name not in known and etree.QName(name).namespace == _XML:
                known.add(name)
                yield ancestor, name


def _with_base(element: etree._Element, attributes: dict[str, str]) -> dict[str, str]:
    """The xml:base that the ancestors make of it (C14N 1.1, 2.4); none where it comes to nothing."""
    bases = [each.get(f"{{{_XML}}}base") for each in (element, *element.iterancestors())]
    if not any(bases[1:]):
        return attributes
    base = ""
    for each in reversed([each for each in bases if each is not None]):
        base = urllib.parse.urljoin(base, each)
    attributes = {name: value for name, value in attributes.items() if name != "xml:base"}
    return attributes | ({"xml:base": _escaped(base)} if base else {})


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)
