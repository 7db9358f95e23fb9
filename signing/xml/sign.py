"""An XML signature put into, around or beside a document, through any Credential; the source stays byte for byte.

The signature is inserted into the bytes of the file, in its encoding; nothing else of it is written anew. A further
signer signs beside the first where the form allows that (e-Tax, e-Gov: each signature covers a part in which none
stands; sidecars). A signature over a whole document cannot have another beside it in the same file: the standard lets
it leave out itself alone (XML Signature 1.1, 6.6.4). Then signing is refused, and a sidecar does.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from signing import errors
from signing.credential import Credential
from signing.document import Document, Kind
from signing.note import Note
from signing.profile import Profile
from signing.staged_copy import StagedFile, file_with, translated
from signing.xml import second_opinion
from signing.xml.algorithms import signature_method, verifies
from signing.xml.canonical import Canonicalization, canonical, digest
from signing.xml.passing import Passing
from signing.xml.plan import look, plan
from signing.xml.profiles import EXCLUSIVE, Target
from signing.xml.signature import DSIG, Method
from signing.xml.template import (
    METHODS,
    ReferenceText,
    Template,
    document_id,
    properties_reference,
    xades_object,
)

_MIME_TYPES = {Kind.PDF: "application/pdf", Kind.XML: "text/xml"}
_LONGEST_VALUE = 1024  # octets; RSA-8192
_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # the moment of the signature that nobody gets
_COORDINATES = {"sha256_ecdsa": 32, "sha384_ecdsa": 48}


def rehearse(document: Document, profile: Profile) -> tuple[Note, ...]:
    """Try on the source whatever can go wrong with it, and tell what is special about it. Raises DocumentError."""
    return look(document, profile)


class StagedXml:
    """A file that waits for its signature: it stands on the disk, and libxmlsec1 has verified it.

    It was signed like any other, but with a key made for that and forgotten; or libxmlsec1 has gone through the same
    bytes when the document was planned. So everything that a signature says of its document, and the place where it
    stands, is proven before a card signs; what is left to prove of the signature that takes its place is what it says
    of itself, and its value.
    """

    def __init__(self, document: Document, profile: Profile, folder: Path) -> None:
        """Raises DocumentError (XmlReadDifferently among them), DestinationError, OutputNotVerified."""
        self._plan = plan(document, profile)
        self._source = document
        self._made = b""
        self.source_sha256 = self._plan.source_sha256
        self.file = StagedFile(folder)
        try:
            self._prove()
        except BaseException:
            self.file.close()
            raise

    def sign(self, credential: Credential, *, name: str, moment: datetime) -> None:
        """Put the signature into the file, read it back and have libxmlsec1 verify it; the credential signs once.

        `moment` is the signer's claim (XAdES) and makes the Id. Raises CardError, CardSignatureWrong among them,
        DocumentError, DestinationError and OutputNotVerified.
        """
        certificate = credential.certification_path[0]
        staged = self._content()
        template = self._template(credential, moment, self._plan.free_id(moment, staged))
        signed_info = self._signed_info(template)
        method = signature_method(Method(METHODS[credential.algorithm.cms]))
        key = x509.Certificate.load(certificate).public_key
        if any(verifies(key, method, value, signed_info) for info, value in self._plan.values if info == signed_info):
            raise errors.XmlSignedAlready
        self._write(self._end(template, bytes(_LONGEST_VALUE)))  # the disk has room for it before the card signs
        if self._plan.gap is None:
            with self._source.opened():  # it is still what the signature beside it says
                pass
        value = _xml_value(credential.algorithm.cms, credential.sign(signed_info))
        if not verifies(key, method, value, signed_info):
            raise errors.CardSignatureWrong
        signature = self._plan.in_place(template.text(value))
        if canonical(
            _signed_info(signature), Canonicalization(template.form.method)
        ) != signed_info or not second_opinion.confirms(signature, certificate):
            raise errors.OutputNotVerified
        end = self._end(template, value)
        self._made = b"".join((memoryview(staged)[: self._start], end))
        del staged
        self._write(end)
        expected = self._before.copy()
        expected.update(end)
        if hashlib.sha256(self._content()).digest() != expected.digest():
            raise errors.OutputNotVerified

    @property
    def signed(self) -> bool:
        return bool(self._made)

    def made_again(self, folder: Path) -> StagedFile:
        """What was signed, in another folder. Raises DestinationError."""
        return file_with(self._made, folder)

    def _prove(self) -> None:
        before, self._after = self._plan.around(self._source)
        self._start = len(before)
        with translated(len(before)):
            self.file.file.write(before)
        stranger = Passing()
        template = self._template(stranger, _ONCE, f"_{secrets.token_hex(16)}")
        value = _xml_value(stranger.algorithm.cms, stranger.sign(self._signed_info(template)))
        end = self._end(template, value)
        self._write(end)
        content = self._content()
        if len(content) != len(before) + len(end) or not (content.startswith(before) and content.endswith(end)):
            raise errors.OutputNotVerified
        del before
        self._before = hashlib.sha256(memoryview(content)[: self._start])
        if not self._agrees(template, value, content, stranger.certification_path[0]):
            raise errors.XmlReadDifferently

    def _agrees(self, template: Template, value: bytes, content: bytes, certificate: bytes) -> bool:
        """Whether libxmlsec1 verifies the file; of a document that it has gone through already, the signature alone."""
        if self._plan.trial is None:
            return second_opinion.agrees(content, template.id, certificate, self._files())
        text, sha256 = self._plan.trial
        tried = self._before.copy()
        tried.update(text.encode(self._plan.encoding) + self._after)
        if tried.hexdigest() != sha256:
            return second_opinion.agrees(content, template.id, certificate, self._files())
        return second_opinion.confirms(self._plan.in_place(template.text(value)), certificate)

    def _end(self, template: Template, value: bytes) -> bytes:
        return template.text(value).encode(self._plan.encoding) + self._after

    def _write(self, end: bytes) -> None:
        """Write the signature and what stands behind it, and sync the file."""
        with translated(self._start + len(end)):
            self.file.file.seek(self._start)
            self.file.file.write(end)
            self.file.file.truncate()
        self.file.sync()

    def _content(self) -> bytes:
        with self.file.reopened() as file:
            return file.read()

    def _template(self, credential: Credential, moment: datetime, identifier: str) -> Template:
        certificate, form = credential.certification_path[0], self._plan.form
        main, *others = self._plan.references
        if not form.xades:
            references = tuple(self._plan.references)
            return Template(form, identifier, credential.algorithm, certificate, references, self._plan.object)
        mime_type = _MIME_TYPES.get(self._source.kind, "application/octet-stream")
        properties = xades_object(form, identifier, certificate, moment, mime_type)
        main = ReferenceText(main.uri, main.digest, main.transforms, document_id(identifier))
        draft = Template(form, identifier, credential.algorithm, certificate, (main, *others), properties)
        (signed,) = self._plan.in_place(draft.text()).iterfind(".//{*}SignedProperties")
        reference = properties_reference(identifier, digest(signed, Canonicalization(EXCLUSIVE), "sha256"))
        references = (main, *others, reference)
        return Template(form, identifier, credential.algorithm, certificate, references, properties)

    def _signed_info(self, template: Template) -> bytes:
        return canonical(_signed_info(self._plan.in_place(template.text())), Canonicalization(template.form.method))

    def _files(self) -> dict[str, bytes]:
        if self._plan.form.target is not Target.FILE:
            return dict(self._plan.files)
        return {self._plan.references[0].uri: b"".join(self._source.pieces())}


def stage(document: Document, profile: Profile, folder: Path) -> StagedXml:
    """Prepare everything that does not need the signer. Raises DocumentError, DestinationError."""
    return StagedXml(document, profile, folder)


def _signed_info(signature: etree._Element) -> etree._Element:
    return signature.find(f"{{{DSIG}}}SignedInfo")


def _xml_value(algorithm: str, value: bytes) -> bytes:
    """RSA as it is; of ECDSA r and s side by side (XML Signature 1.1, 6.4.3), where CMS and the credential have DER."""
    size = _COORDINATES.get(algorithm)
    if size is None:
        return value
    return b"".join(integer.to_bytes(size, "big") for integer in decode_dss_signature(value))
