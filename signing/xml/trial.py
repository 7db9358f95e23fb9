"""A document read once with a signature on trial in it, so that one tree serves us and libxmlsec1.

The signature says nothing. It stands where the real one will, which the text tells without a tree in nearly all
documents; what then stands in the tree shows whether that was right. It is taken out of the tree again, as the
enveloped-signature transform would do, and both of us go through the document without it, at the same time. What the
signature says of itself depends on nothing but the tags around it: there too both must come to the same.
"""

import hashlib
import hmac
import secrets
import urllib.parse
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lxml import etree

from signing import errors
from signing.credential import SignatureAlgorithm
from signing.document import Document
from signing.xml import markup, parse, second_opinion
from signing.xml.canonical import Canonicalization, canonical, digest, digest_beside
from signing.xml.markup import RootTags
from signing.xml.parse import XmlDocument
from signing.xml.profiles import Target, XmlForm
from signing.xml.signature import DSIG, SIGNATURE
from signing.xml.template import ReferenceText, Template

_IN_ROOT = (Target.PROCEDURE, Target.ROOT, Target.DOCUMENT)
_INFO = f"{{{DSIG}}}SignedInfo"


@dataclass(frozen=True, slots=True)
class Trial:
    """`content` is the document of which `signature` was the last child of its root, between these `tags`.

    `text` of the signature stands at `position` in the bytes of the file; `source_sha256` is that of the file without
    it.
    """

    form: XmlForm
    content: XmlDocument
    signature: etree._Element
    tags: RootTags
    text: str
    position: int
    source_sha256: str

    def digest(self, target: etree._Element | etree._ElementTree, method: Canonicalization, uri: str) -> bytes:
        """The SHA-256 of what the signature is to be over, on which we and libxmlsec1 agree.

        Raises XmlReadDifferently.
        """
        theirs = second_opinion.digesting(self.signature, uri, target)
        ours, found = digest_beside(target, method, "sha256", theirs)
        if found != ours:
            raise errors.XmlReadDifferently
        return ours

    def agrees(self, reference: ReferenceText, alone: etree._Element) -> bool:
        """Whether we and libxmlsec1 sign the same octets between the tags, and the same as of `alone`.

        `alone` is the signature with this reference in a small tree, with what is taken to be in scope.
        """
        method, info = Canonicalization(self.form.method), alone.find(_INFO)
        between = self._between_tags(reference.uri)
        if canonical(between.find(_INFO), method) != canonical(info, method):
            return False
        key = secrets.token_bytes(32)
        found = second_opinion.computed(between, key)
        return found == (
            [self._digest_between(between)],
            hmac.digest(key, canonical(between.find(_INFO), method), "sha256"),
        )

    def with_reference(self, reference: ReferenceText) -> str:
        """The text of the signature with this reference, and still without a digest."""
        return _text(self.form, self.signature.get("Id"), reference.uri)

    def _between_tags(self, uri: str) -> etree._Element:
        """The signature in a document of which nothing is left but the root, and an element of that Id."""
        named = f"<any id={quoteattr(urllib.parse.unquote(uri[1:]))}/>" if self.form.target is Target.PROCEDURE else ""
        text = b"".join(
            (self.tags.start, named.encode(), _text(self.form, self.signature.get("Id"), uri).encode(), self.tags.end)
        )
        return _parsed(text)[-1]

    def _digest_between(self, signature: etree._Element) -> bytes:
        root = signature.getparent()
        target = {Target.PROCEDURE: root[0], Target.ROOT: root}.get(self.form.target, root.getroottree())
        return digest(target, self.form.reference_method, "sha256", without=signature)


def tried(document: Document, form: XmlForm) -> Trial | None:
    """Read a document with a signature in it; None where that does not do, for whatever reason.

    Raises DocumentNotFound, DocumentUnreadable, DocumentChangedOnDisk.
    """
    if form.target not in _IN_ROOT:
        return None
    identifier = f"_{secrets.token_hex(16)}"
    text = _text(form, identifier, "")
    with document.opened() as file:
        found = _inserted(file.read(parse.MAXIMUM_SIZE + 1), text)
    if found is None:
        return None
    data, tags, position, source_sha256 = found
    del found
    try:
        content = parse.read(data)
    except errors.DocumentError:  # the document itself will tell why
        return None
    root = content.root
    last = root[-1] if len(root) else None
    if last is None or last.tag != SIGNATURE or last.get("Id") != identifier or last.tail:
        return None
    if not _are_of(root, tags):
        return None
    root.remove(last)
    return Trial(form, content, last, tags, text, position, source_sha256)


def _are_of(root: etree._Element, tags: RootTags) -> bool:
    try:
        empty = _parsed(tags.start + tags.end)
    except etree.XMLSyntaxError:
        return False
    return (empty.tag, empty.nsmap, empty.items()) == (root.tag, root.nsmap, root.items())


def _parsed(text: bytes) -> etree._Element:
    return etree.fromstring(text, etree.XMLParser(huge_tree=True, resolve_entities=False))


def _text(form: XmlForm, identifier: str, uri: str) -> str:
    reference = ReferenceText(uri, b"", form.transforms)
    return Template(form, identifier, SignatureAlgorithm.RSA_SHA256, b"", (reference,)).text()


def _inserted(data: bytes, text: str) -> tuple[bytes, RootTags, int, str] | None:
    """The file with the text as the last thing in its root, the tags of that, where the text stands in the file, and
    the SHA-256 without it."""
    try:
        utf8, encoding, mark = parse.decoded(data)
    except errors.DocumentError:
        return None
    tags = markup.root_tags(utf8)
    if tags is None:
        return None
    before = tags.position if encoding == "utf-8" else len(utf8[: tags.position].decode().encode(encoding))
    start = len(mark) + before
    sha256 = hashlib.sha256(data).hexdigest()
    file = memoryview(data)
    return b"".join((file[:start], text.encode(encoding), file[start:])), tags, start, sha256
