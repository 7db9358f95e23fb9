"""A document read once with a signature on trial in it, so that one tree serves us and libxmlsec1.

The signature says nothing. It stands where the real one will, which the text tells without a tree in nearly all
documents; what then stands in the tree shows whether that was right.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from lxml import etree

from signing import errors
from signing.credential import SignatureAlgorithm
from signing.document import Document
from signing.xml import markup, parse, second_opinion
from signing.xml.canonical import Canonicalization, canonical
from signing.xml.parse import XmlDocument
from signing.xml.profiles import Target, XmlForm
from signing.xml.signature import DSIG, SIGNATURE
from signing.xml.template import ReferenceText, Template

_IN_ROOT = (Target.PROCEDURE, Target.ROOT, Target.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Trial:
    """`content` is the document with `signature` in it, the last child of its root.

    `text` of the signature stands at `offset` in the bytes of the file; `source_sha256` is that of the file without it.
    """

    form: XmlForm
    content: XmlDocument
    signature: etree._Element
    text: str
    offset: int
    source_sha256: str

    def agrees(self, reference: ReferenceText, alone: etree._Element) -> bool:
        """Whether libxmlsec1 computes this digest, and with us the same octets of SignedInfo.

        `alone` is the signature with the reference as it will be signed: a small tree, with what is taken to be in
        scope. The tree of the document is of no use afterwards.
        """
        info = self.signature.find(f"{{{DSIG}}}SignedInfo")
        info.find(f"{{{DSIG}}}Reference").set("URI", reference.uri)
        method = Canonicalization(self.form.method)
        if canonical(info, method) != canonical(alone.find(f"{{{DSIG}}}SignedInfo"), method):
            return False
        key = secrets.token_bytes(32)
        found = second_opinion.computed(self.signature, key)
        return found == ([reference.digest], hmac.digest(key, canonical(info, method), "sha256"))

    def with_reference(self, reference: ReferenceText) -> str:
        """The text of the signature with this reference, and still without a digest."""
        return _text(self.form, self.signature.get("Id"), ReferenceText(reference.uri, b"", reference.transforms))


def tried(document: Document, form: XmlForm) -> Trial | None:
    """Read a document with a signature in it; None where that does not do, for whatever reason.

    Raises DocumentNotFound, DocumentUnreadable, DocumentChangedOnDisk.
    """
    if form.target not in _IN_ROOT:
        return None
    identifier = f"_{secrets.token_hex(16)}"
    text = _text(form, identifier, ReferenceText("", b"", form.transforms))
    with document.opened() as file:
        found = _inserted(file.read(parse.MAXIMUM_SIZE + 1), text)
    if found is None:
        return None
    data, offset, source_sha256 = found
    del found
    try:
        content = parse.read(data)
    except errors.DocumentError:  # the document itself will tell why
        return None
    last = content.root[-1] if len(content.root) else None
    if last is None or last.tag != SIGNATURE or last.get("Id") != identifier or last.tail:
        return None
    return Trial(form, content, last, text, offset, source_sha256)


def _text(form: XmlForm, identifier: str, reference: ReferenceText) -> str:
    return Template(form, identifier, SignatureAlgorithm.RSA_SHA256, b"", (reference,)).text()


def _inserted(data: bytes, text: str) -> tuple[bytes, int, str] | None:
    """The file with the text as the last thing in its root, where it stands, and the SHA-256 without it."""
    try:
        utf8, encoding, mark = parse.decoded(data)
    except errors.DocumentError:
        return None
    end = markup.end_of_content(utf8)
    if end is None:
        return None
    offset = len(mark) + (end if encoding == "utf-8" else len(utf8[:end].decode().encode(encoding)))
    sha256 = hashlib.sha256(data).hexdigest()
    return b"".join((memoryview(data)[:offset], text.encode(encoding), memoryview(data)[offset:])), offset, sha256
