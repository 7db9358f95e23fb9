"""What a profile makes of a document, found out before any card: where the signature goes, and what it points to."""

import functools
import hashlib
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lxml import etree

from signing import errors
from signing.document import Document
from signing.note import Note
from signing.profile import Profile
from signing.report import DocumentForm
from signing.xml import markup, parse
from signing.xml.canonical import IMPLICIT, Canonicalization, canonical, digest
from signing.xml.forms import form_of
from signing.xml.limits import too_costly_to_sign
from signing.xml.neighbours import Folder, Unestablished, a_few, file_name, uri_of
from signing.xml.parse import READ_OTHERWISE, XmlDocument
from signing.xml.profiles import FORMS, SIGNATURES, Target, XmlForm, composition
from signing.xml.references import DuplicateId, References
from signing.xml.signature import SIGNATURE, Malformed, Reference, read_signature
from signing.xml.template import ReferenceText, content_object, in_scope_of
from signing.xml.trial import Trial, tried

_JAPAN = timezone(timedelta(hours=9))
_XML = "{http://www.w3.org/XML/1998/namespace}"
_OBJECT = "object"
_BEARING = etree.XPath("//*[@id=$id or @Id=$id or @ID=$id or @xml:id=$id]")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything but the signer and the bytes of the document, which may be many.

    `gap`: from where to where the bytes of the file give way to `opening`, the signature, `closing`; None where the
    signature is a file of its own. `namespaces` and `attributes` (xml:*) are in scope where the signature stands.
    `source_sha256` is what was read, `signatures` how many are there, `values` what they are over and their values, of
    those with which this one could be confused. `names` are files to be signed with it, `files` their contents by the
    URI that the signature names them with. `disputed` are characters that not all programs read there. `trial`:
    libxmlsec1 has computed the same of the document with this text in the gap, when the SHA-256 of both together was
    this.
    """

    form: XmlForm
    references: tuple[ReferenceText, ...]
    source_sha256: str
    encoding: str = "utf-8"
    gap: tuple[int, int] | None = None
    opening: bytes = _DECLARATION
    closing: bytes = b"\n"
    signatures: int = 0
    values: tuple[tuple[bytes, bytes], ...] = ()
    namespaces: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    object: str = ""
    disputed: str = ""
    trial: tuple[str, str] | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        signed = (Note("already-signed", {"count": self.signatures}),) if self.signatures else ()
        disputed = (Note("encoding-disputed", {"characters": self.disputed}),) if self.disputed else ()
        return (*signed, *disputed)

    def around(self, document: Document) -> tuple[bytes, bytes]:
        """What stands before and behind the signature. Raises DocumentError: the file is not what it was."""
        if self.gap is None:
            return self.opening, self.closing
        with document.opened() as file:
            source = file.read()
        if hashlib.sha256(source).hexdigest() != self.source_sha256:
            raise errors.DocumentChangedOnDisk
        start, end = self.gap
        return source[:start] + self.opening, self.closing + source[end:]

    def in_place(self, signature: str) -> etree._Element:
        """The signature as a tree, with everything in scope that is so in the document."""
        return etree.fromstring(in_scope_of(self.namespaces, self.attributes, signature), _parser())[0]

    def free_id(self, moment: datetime, content: bytes) -> str:
        """An Id that nothing in the content has: made of the moment, later if need be."""
        while True:
            japan = moment.astimezone(_JAPAN)
            identifier = f"{japan:%Y%m%d%H%M%S}" if self.form.timestamp_id else f"_{japan:%Y%m%d%H%M%S%f}"[:-3]
            if identifier.encode(self.encoding) not in content:
                return identifier
            moment += timedelta(seconds=1)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(huge_tree=True, resolve_entities=False)


def look(document: Document, profile: Profile) -> tuple[Note, ...]:
    """Whether the profile can be put on the document, and what is special about it. Raises DocumentError."""
    match FORMS[profile].target:
        case Target.FILE:
            uri_of(document.path.name)
            return ()
        case Target.OBJECT:
            if document.size > parse.MAXIMUM_SIZE // 2:
                raise errors.XmlTooLarge(limit=parse.MAXIMUM_SIZE // 2)
            return ()
    return plan(document, profile).notes


def plan(document: Document, profile: Profile) -> Plan:
    """Find the place and compute the digests. Raises DocumentError."""
    form = FORMS[profile]
    match form.target:
        case Target.FILE:
            reference = ReferenceText(uri_of(document.path.name), bytes.fromhex(document.sha256))
            return Plan(form, (reference,), document.sha256)
        case Target.OBJECT:
            return _enveloping(document, form)
    found = _within(document, profile)
    files = dict(_read_files(document.path.parent, found.names))
    signed_with_it = (ReferenceText(uri, hashlib.sha256(content).digest()) for uri, content in files.items())
    return replace(found, references=(*found.references, *signed_with_it), files=files)


# A large document takes seconds. Between rehearsing and signing it, a Document cannot change without being told.
@functools.lru_cache(256)
def _within(document: Document, profile: Profile) -> Plan:
    if trial := tried(document, FORMS[profile]):
        return _Place(trial.content, profile).tried_plan(trial)
    with document.opened() as file:
        data = file.read(parse.MAXIMUM_SIZE + 1)
    return _Place(parse.read(data), profile).plan(data)


def _enveloping(document: Document, form: XmlForm) -> Plan:
    content = b"".join(document.pieces())
    text = content_object(form, _OBJECT, content)
    frame = f'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{text}</ds:Signature>'
    (element,) = etree.fromstring(frame, _parser())
    reference = ReferenceText(f"#{_OBJECT}", digest(element, IMPLICIT, "sha256"), form.transforms)
    return Plan(form, (reference,), hashlib.sha256(content).hexdigest(), object=text)


def _read_files(folder: Path, names: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    missing = []
    for name in names:
        uri = urllib.parse.quote(name, safe="")
        try:
            with Folder(folder).opened(file_name(uri)) as file:
                yield uri, file.read()
        except Unestablished:
            missing.append(name)
    if missing:
        raise errors.XmlFileMissing(count=len(missing), names=a_few(missing))


def place_in(content: XmlDocument, profile: Profile) -> tuple[etree._Element, etree._Element | None]:
    """The element that the profile would sign, and the one that would take the signature: None where that is a file of
    its own. Raises DocumentError."""
    form = FORMS.get(profile)
    if form is None or form.target in (Target.FILE, Target.OBJECT):
        return content.root, None
    place = _Place(content, profile)
    return place.target, content.root if place.home is None else place.home


class _Place:
    """A document in which a signature over `target` is to stand, and where: as the last child of `home`.

    `home` is None in an application to e-Gov that has no place for signatures yet: its root takes one.
    """

    def __init__(self, content: XmlDocument, profile: Profile) -> None:
        self._content = content
        self._profile = profile
        self._form = FORMS[profile]
        self.target = self._found()
        self.home = next(content.root.iterchildren(SIGNATURES), None) if self._form.files else content.root
        self._signatures = list(content.root.iter(SIGNATURE))
        self._values: list[tuple[bytes, bytes]] = []
        self._refuse_ambiguity()
        self._refuse_to_break_signatures()

    def plan(self, data: bytes) -> Plan:
        start, end, opening, closing = self._gap()
        content = self._content
        return replace(
            self._plan(content.sha256, self._reference(lambda target, method, _: digest(target, method, "sha256"))),
            gap=(self._offset(data, start), self._offset(data, end)),
            opening=content.encoded(opening),
            closing=content.encoded(closing),
        )

    def tried_plan(self, trial: Trial) -> Plan:
        """The same of a document that was read with a signature on trial. Raises XmlReadDifferently."""
        reference = self._reference(trial.digest)
        found = replace(
            self._plan(trial.source_sha256, reference), gap=(trial.position, trial.position), opening=b"", closing=b"",
            trial=(trial.text, self._content.sha256),
        )  # fmt: skip
        if not trial.agrees(reference, found.in_place(trial.with_reference(reference))):
            raise errors.XmlReadDifferently
        return found

    def _plan(self, source_sha256: str, reference: ReferenceText) -> Plan:
        content = self._content
        if too_costly_to_sign(content.utf8, content.root):
            raise errors.XmlCrowded
        disputed = content.disputed
        if set(disputed) & READ_OTHERWISE:
            raise errors.XmlEncodingDisputed
        around = content.root if self.home is None else self.home
        return Plan(
            form=self._form,
            references=(reference,),
            source_sha256=source_sha256,
            encoding=self._content.encoding,
            signatures=len(self._signatures),
            values=tuple(self._values),
            namespaces=tuple((prefix or "", uri or "") for prefix, uri in around.nsmap.items() if prefix != "xml"),
            attributes=tuple(_xml_attributes(around)),
            names=self._names(),
            disputed=disputed,
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
        return str(self.target.get("ID" if self._form.target is Target.COMPOSITION else "id"))

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
        known = References(self._content, Folder(Path()))  # which element is meant, and nothing of files
        around = self._content.root if self.home is None else self.home
        for signature in self._signatures:
            try:
                found = read_signature(signature)
            except Malformed:
                continue  # nothing holds that could be broken
            if any(_covers(each, around, known) for each in found.references):
                raise errors.XmlSignatureWouldBreak
            if found.canonicalization.algorithm == self._form.method and signature.getparent() is self.home:
                self._values.append((canonical(found.signed_info, Canonicalization(self._form.method)), found.value))

    def _names(self) -> tuple[str, ...]:
        elements = self.target.iter(*self._form.files) if self._form.files else ()
        named = tuple(dict.fromkeys(name for each in elements if (name := (each.text or "").strip())))
        if self._profile is Profile.E_GOV_FILE and len(named) != 1:
            raise self._unsuitable()
        return named

    def _reference(
        self, digest_of: Callable[[etree._Element | etree._ElementTree, Canonicalization, str], bytes]
    ) -> ReferenceText:
        form = self._form
        target = self._content.root.getroottree() if form.target is Target.DOCUMENT else self.target
        uri = "" if form.target is Target.DOCUMENT else "#" + urllib.parse.quote(self._identifier(), safe="")
        return ReferenceText(uri, digest_of(target, form.reference_method, uri), form.transforms)

    def _gap(self) -> tuple[int, int, bytes, bytes]:
        """From where to where the text gives way, and what stands before and behind the signature there."""
        text = self._content.utf8
        if self.home is None:  # an application that has no place for signatures yet
            end = markup.place(text, self.target).end
            return end, end, f"<{SIGNATURES}>".encode(), f"</{SIGNATURES}>".encode()
        home = markup.place(text, self.home)
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
