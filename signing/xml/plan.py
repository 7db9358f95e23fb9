"""What a profile makes of a document, found out before any card: where the signature goes, and what it points to."""

import hashlib
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from lxml import etree

from signing import errors
from signing.document import Document
from signing.note import Note
from signing.profile import Profile
from signing.report import DocumentForm
from signing.xml import markup, parse
from signing.xml.canonical import IMPLICIT, Canonicalization, digest
from signing.xml.forms import form_of
from signing.xml.neighbours import Folder, Unestablished, file_name
from signing.xml.parse import XmlDocument
from signing.xml.profiles import FORMS, SIGNATURES, Target, XmlForm, composition
from signing.xml.references import DuplicateId, References
from signing.xml.signature import SIGNATURE, Malformed, Reference, read_signature
from signing.xml.template import ReferenceText, content_object, in_scope_of

_JAPAN = timezone(timedelta(hours=9))
_XML = "{http://www.w3.org/XML/1998/namespace}"
_OBJECT = "object"
_BEARING = etree.XPath("//*[@id=$id or @Id=$id or @ID=$id or @xml:id=$id]")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything but the signer: the file is to be `before`, the signature, `after`.

    `namespaces` and `attributes` (xml:*) are in scope where the signature stands; `files` are those that it names, by
    the URI that it names them with; `source_sha256` is what was read.
    """

    form: XmlForm
    encoding: str
    before: bytes
    after: bytes
    references: tuple[ReferenceText, ...]
    source_sha256: str
    notes: tuple[Note, ...] = ()
    namespaces: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    object: str = ""

    def in_place(self, signature: str) -> etree._Element:
        """The signature as a tree, with everything in scope that is so in the document."""
        return etree.fromstring(in_scope_of(self.namespaces, self.attributes, signature), _parser())[0]

    def free_id(self, moment: datetime) -> str:
        """An Id that nothing in the document has: made of the moment, later if need be."""
        while True:
            japan = moment.astimezone(_JAPAN)
            identifier = f"{japan:%Y%m%d%H%M%S}" if self.form.timestamp_id else f"_{japan:%Y%m%d%H%M%S%f}"[:-3]
            written = identifier.encode(self.encoding)
            if written not in self.before and written not in self.after:
                return identifier
            moment += timedelta(seconds=1)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(huge_tree=True, resolve_entities=False)


def look(document: Document, profile: Profile) -> tuple[Note, ...]:
    """Whether the profile can be put on the document, and what is special about it. Raises DocumentError."""
    form = FORMS[profile]
    if form.target is Target.FILE:
        return ()
    if form.target is Target.OBJECT:
        if document.size > parse.MAXIMUM_SIZE // 2:
            raise errors.XmlTooLarge(limit=parse.MAXIMUM_SIZE // 2)
        return ()
    return _Place(document, parse.read_document(document), profile).notes()


def plan(document: Document, profile: Profile) -> Plan:
    """Read the document, find the place and compute the digests. Raises DocumentError."""
    form = FORMS[profile]
    match form.target:
        case Target.FILE:
            uri = urllib.parse.quote(document.path.name, safe="")
            reference = ReferenceText(uri, bytes.fromhex(document.sha256))
            return Plan(form, "utf-8", _DECLARATION, b"\n", (reference,), document.sha256)
        case Target.OBJECT:
            return _enveloping(document, form)
    with document.opened() as file:
        data = file.read(parse.MAXIMUM_SIZE + 1)
    return _Place(document, parse.read(data), profile).plan(data)


def _enveloping(document: Document, form: XmlForm) -> Plan:
    content = b"".join(document.pieces())
    text = content_object(form, _OBJECT, content)
    frame = f'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{text}</ds:Signature>'
    (element,) = etree.fromstring(frame, _parser())
    reference = ReferenceText(f"#{_OBJECT}", digest(element, IMPLICIT, "sha256"), form.transforms)
    sha256 = hashlib.sha256(content).hexdigest()
    return Plan(form, "utf-8", _DECLARATION, b"\n", (reference,), sha256, object=text)


class _Place:
    """A document in which a signature is to stand, and where: as the last child of `home`."""

    def __init__(self, document: Document, content: XmlDocument, profile: Profile) -> None:
        self._path = document.path
        self._content = content
        self._profile = profile
        self._form = FORMS[profile]
        self._target = self._found()
        self._home = next(content.root.iterchildren(SIGNATURES), None) if self._form.files else content.root
        self._signatures = list(content.root.iter(SIGNATURE))
        self._refuse_ambiguity()
        self._refuse_to_break_signatures()
        self._files = dict(self._read_files())

    def notes(self) -> tuple[Note, ...]:
        count = len(self._signatures)
        return (Note("already-signed", {"count": count}),) if count else ()

    def plan(self, data: bytes) -> Plan:
        start, end, opening, closing = self._gap()
        content = self._content
        around = content.root if self._home is None else self._home
        return Plan(
            self._form,
            content.encoding,
            data[: self._offset(data, start)] + content.encoded(opening),
            content.encoded(closing) + data[self._offset(data, end) :],
            (self._reference(), *self._references_to_files()),
            hashlib.sha256(data).hexdigest(),
            self.notes(),
            tuple((prefix or "", uri or "") for prefix, uri in around.nsmap.items() if prefix != "xml"),
            tuple(_xml_attributes(around)),
            self._files,
        )

    def _found(self) -> etree._Element:
        root = self._content.root
        form = form_of(root)
        match self._form.target:
            case Target.PROCEDURE if form.kind is DocumentForm.E_TAX and form.required is not None:
                return form.required
            case Target.ROOT if form.kind is DocumentForm.TEG and root.get("id"):
                return root
            case Target.COMPOSITION if root.tag == "DataRoot" and (found := composition(root)) is not None:
                return found
            case Target.DOCUMENT:
                return root
        raise self._unsuitable()

    def _unsuitable(self) -> errors.DocumentError:
        return errors.DocumentNotOfProfile(profile=self._profile)

    def _identifier(self) -> str:
        return str(self._target.get("ID" if self._form.target is Target.COMPOSITION else "id"))

    def _refuse_ambiguity(self) -> None:
        if self._form.target is Target.DOCUMENT:
            return
        # Looking at each element takes longer than all the rest: only where the text leaves a doubt.
        text, value = self._content.utf8, self._identifier().encode()
        doubtful = b"&#" in text or text.count(b'"' + value + b'"') + text.count(b"'" + value + b"'") > 1
        if doubtful and len(_BEARING(self._content.root, id=self._identifier())) > 1:
            raise errors.XmlDuplicateId

    def _refuse_to_break_signatures(self) -> None:
        if self._signatures and self._form.once:
            raise errors.XmlSignatureWouldBreak
        known = References(self._content, Folder(self._path.parent))
        around = self._content.root if self._home is None else self._home
        for signature in self._signatures:
            try:
                references = read_signature(signature).references
            except Malformed:
                continue  # nothing holds that could be broken
            if any(_covers(each, around, known) for each in references):
                raise errors.XmlSignatureWouldBreak

    def _read_files(self) -> Iterator[tuple[str, bytes]]:
        elements = self._target.iter(*self._form.files) if self._form.files else ()
        named = list(dict.fromkeys(name for each in elements if (name := (each.text or "").strip())))
        if self._profile is Profile.E_GOV_FILE and len(named) != 1:
            raise self._unsuitable()
        missing = 0
        for name in named:
            uri = urllib.parse.quote(name, safe="")
            try:
                with Folder(self._path.parent).opened(file_name(uri)) as file:
                    yield uri, file.read()
            except Unestablished:
                missing += 1
        if missing:
            raise errors.XmlFileMissing(count=missing)

    def _reference(self) -> ReferenceText:
        form = self._form
        target = self._content.root.getroottree() if form.target is Target.DOCUMENT else self._target
        uri = "" if form.target is Target.DOCUMENT else "#" + urllib.parse.quote(self._identifier(), safe="")
        methods = [method for each in form.transforms if (method := Canonicalization.named(each))]
        return ReferenceText(uri, digest(target, methods[0] if methods else IMPLICIT, "sha256"), form.transforms)

    def _references_to_files(self) -> Iterator[ReferenceText]:
        for uri, content in self._files.items():
            yield ReferenceText(uri, hashlib.sha256(content).digest())

    def _gap(self) -> tuple[int, int, bytes, bytes]:
        """From where to where the text gives way, and what stands before and behind the signature there."""
        text = self._content.utf8
        if self._home is None:  # an application that has no place for signatures yet
            end = markup.place(text, self._target).end
            return end, end, f"<{SIGNATURES}>".encode(), f"</{SIGNATURES}>".encode()
        home = markup.place(text, self._home)
        if home.content is None:
            return home.end - 2, home.end, b">", b"</" + home.name + b">"
        return home.content[1], home.content[1], b"", b""

    def _offset(self, data: bytes, position: int) -> int:
        """Where in the file this position of its text is."""
        content = self._content
        start = len(content.mark)
        if content.encoding == "utf-8":
            return start + position
        text = content.utf8[:position]
        end = start + len(content.encoded(text))
        if data[start:end].decode(content.encoding, "replace") != text.decode():
            raise errors.XmlEncodingUnsupported  # characters that can be written in two ways, of different lengths
        return end


def _covers(reference: Reference, around: etree._Element, known: References) -> bool:
    """Whether something put into `around` changes what a reference of a signature there covers.

    The signature itself is taken out by the enveloped-signature transform; nothing is put into it.
    """
    try:
        target = known.element_of(reference)
    except DuplicateId:
        return True
    return target is not None and (target is around or target in around.iterancestors())


def _xml_attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    for each in (element, *element.iterancestors()):
        for name, value in each.attrib.items():
            if name.startswith(_XML):
                found.setdefault("xml:" + name.removeprefix(_XML), value)
    yield from found.items()
