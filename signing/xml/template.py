"""The text of a ds:Signature (XML Signature 1.1, 4) and of its XAdES properties (ETSI EN 319 132-1, 5.2)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from signing.credential import SignatureAlgorithm
from signing.xml.profiles import EXCLUSIVE, XmlForm
from signing.xml.signature import DSIG
from signing.xml.xades import SIGNED_PROPERTIES

_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
# By the name that the algorithm of the credential has in CMS.
METHODS = {
    "sha256_rsa": f"{_MORE}rsa-sha256",
    "sha256_ecdsa": f"{_MORE}ecdsa-sha256",
    "sha384_ecdsa": f"{_MORE}ecdsa-sha384",
}


@dataclass(frozen=True, slots=True)
class ReferenceText:
    """What a ds:Reference is to say; `digest` is SHA-256."""

    uri: str
    digest: bytes
    transforms: tuple[str, ...] = ()
    id: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A signature but for its value. `object` is the text of a ds:Object, or nothing."""

    form: XmlForm
    id: str
    algorithm: SignatureAlgorithm
    certificate: bytes
    references: tuple[ReferenceText, ...]
    object: str = ""

    def text(self, value: bytes = b"") -> str:
        """The element. All of it is ASCII, save for what a URI or an Id of the document brings."""
        p, namespace = _names(self.form.prefix)
        return (
            f"<{p}Signature xmlns{namespace}={quoteattr(DSIG)} Id={quoteattr(self.id)}>{self._signed_info(p)}"
            f"<{p}SignatureValue>{_base64(value)}</{p}SignatureValue>"
            f"<{p}KeyInfo><{p}X509Data><{p}X509Certificate>{_base64(self.certificate)}</{p}X509Certificate>"
            f"</{p}X509Data></{p}KeyInfo>{self.object}</{p}Signature>"
        )

    def _signed_info(self, p: str) -> str:
        return (
            f"<{p}SignedInfo><{p}CanonicalizationMethod Algorithm={quoteattr(self.form.method)}/>"
            f"<{p}SignatureMethod Algorithm={quoteattr(METHODS[self.algorithm.cms])}/>"
            f"{''.join(_reference(p, each) for each in self.references)}</{p}SignedInfo>"
        )


def _reference(p: str, reference: ReferenceText) -> str:
    stated = {"Id": reference.id, "URI": reference.uri, "Type": reference.type}
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in stated.items() if value is not None)
    transforms = "".join(f"<{p}Transform Algorithm={quoteattr(each)}/>" for each in reference.transforms)
    return (
        f"<{p}Reference{attributes}>{f'<{p}Transforms>{transforms}</{p}Transforms>' if transforms else ''}"
        f"<{p}DigestMethod Algorithm={quoteattr(SHA256)}/>"
        f"<{p}DigestValue>{_base64(reference.digest)}</{p}DigestValue></{p}Reference>"
    )


def content_object(form: XmlForm, identifier: str, content: bytes) -> str:
    """A ds:Object with a file in base64 (XML Signature 1.1, 4.5)."""
    p, _ = _names(form.prefix)
    return f'<{p}Object Id="{identifier}" Encoding="{DSIG}base64">{_base64(content)}</{p}Object>'


def xades_object(form: XmlForm, signature_id: str, certificate: bytes, moment: datetime, mime_type: str) -> str:
    """SigningTime, SigningCertificateV2 and DataObjectFormat: what B-B demands (EN 319 132-1, 6.3)."""
    p, namespace = _names(form.prefix)
    time = moment.replace(microsecond=0).isoformat()
    return (
        f'<{p}Object><xades:QualifyingProperties xmlns:xades="{_XADES}" Target="#{signature_id}">'
        f'<xades:SignedProperties Id="{properties_id(signature_id)}"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{time}</xades:SigningTime>"
        f"<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<{p}DigestMethod xmlns{namespace}="{DSIG}" Algorithm="{SHA256}"/>'
        f'<{p}DigestValue xmlns{namespace}="{DSIG}">{_base64(hashlib.sha256(certificate).digest())}</{p}DigestValue>'
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>"
        "<xades:SignedDataObjectProperties>"
        f'<xades:DataObjectFormat ObjectReference="#{document_id(signature_id)}">'
        f"<xades:MimeType>{escape(mime_type)}</xades:MimeType></xades:DataObjectFormat>"
        "</xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>"
        f"</{p}Object>"
    )


def properties_reference(signature_id: str, digest: bytes) -> ReferenceText:
    return ReferenceText(f"#{properties_id(signature_id)}", digest, (EXCLUSIVE,), type=SIGNED_PROPERTIES)


def properties_id(signature_id: str) -> str:
    return f"{signature_id}-SignedProperties"


def document_id(signature_id: str) -> str:
    return f"{signature_id}-Document"


def in_scope_of(namespaces: Sequence[tuple[str, str]], attributes: Sequence[tuple[str, str]], text: str) -> str:
    """The text within an element that has these namespaces (by prefix) and attributes in scope."""
    declared = "".join(f" xmlns{':' if p else ''}{p}={quoteattr(uri)}" for p, uri in namespaces)
    return f"<any{declared}{''.join(f' {name}={quoteattr(value)}' for name, value in attributes)}>{text}</any>"


def _names(prefix: str) -> tuple[str, str]:
    """How an element name and how the declaration of its namespace begin."""
    return (f"{prefix}:", f":{prefix}") if prefix else ("", "")


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
