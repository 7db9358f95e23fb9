"""XAdES (ETSI EN 319 132-1): what the properties of a signature say, as far as it is signed or can be proven here."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from asn1crypto import cms, x509
from lxml import etree

from signing.report import SignatureLevel
from signing.revocation import RevocationData
from signing.trust import Trust
from signing.xml.algorithms import digest_algorithm
from signing.xml.canonical import IMPLICIT, Canonicalization, digest
from signing.xml.references import Resolved
from signing.xml.signature import DSIG, SIGNATURE, Malformed, Method, XmlSignature, decoded, plain_text

if TYPE_CHECKING:
    from signing.timestamp import Timestamp

SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
_VERSIONS = (
    "http://uri.etsi.org/01903/v1.3.2#",
    "http://uri.etsi.org/01903/v1.1.1#",
    "http://uri.etsi.org/01903/v1.2.2#",
)
_UNSIGNED = "{*}UnsignedProperties/{*}UnsignedSignatureProperties"
_MOST_TOKENS = 8
# What long-term levels are made of. It is not judged here, and that is told.
_LONG_TERM = frozenset(
    {
        *("CompleteCertificateRefs", "CompleteCertificateRefsV2", "CompleteRevocationRefs", "AttributeCertificateRefs"),
        *("AttributeCertificateRefsV2", "AttributeRevocationRefs", "SigAndRefsTimeStamp", "SigAndRefsTimeStampV2"),
        *(
            "RefsOnlyTimeStamp",
            "RefsOnlyTimeStampV2",
            "CertificateValues",
            "RevocationValues",
            "AttrAuthoritiesCertValues",
        ),
        *("AttributeRevocationValues", "TimeStampValidationData", "ArchiveTimeStamp", "ArchiveTimeStampV2"),
        *("RenewedDigests", "RenewedDigestsV2", "SignaturePolicyStore"),
    }
)
_OTHER_REVOCATION = frozenset({"TimeStampValidationData", "AttributeRevocationValues"})  # not read


@dataclass(frozen=True, slots=True)
class Properties:
    """The qualifying properties of one signature. `signed` is xades:SignedProperties where a reference covers it."""

    element: etree._Element
    signed: etree._Element | None

    def signing_time(self) -> datetime | None:
        """What the signer's clock said, where it says how far it was from UTC."""
        text = self._signed_text("SigningTime")
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            return None
        return moment if moment and moment.utcoffset() is not None else None

    def names(self, certificate: x509.Certificate) -> bool | None:
        """Whether the signer named this certificate as theirs; None where they named none.

        Raises Malformed, AlgorithmRefused.
        """
        named = self._signed("SigningCertificateV2")
        named = self._signed("SigningCertificate") if named is None else named
        if named is None:
            return None
        first = named.find("{*}Cert/{*}CertDigest")  # EN 319 132-1, 5.2.2: the signer's certificate comes first
        method = None if first is None else first.find(f"{{{DSIG}}}DigestMethod")
        value = None if first is None else first.find(f"{{{DSIG}}}DigestValue")
        if method is None or value is None:
            raise Malformed
        algorithm = digest_algorithm(Method(method.get("Algorithm") or ""))
        return hmac.compare_digest(hashlib.new(algorithm, certificate.dump()).digest(), decoded(plain_text(value)))

    def unsigned(self) -> list[str]:
        """The local names of the unsigned signature properties."""
        found = self.element.find(_UNSIGNED)
        return [] if found is None else [etree.QName(each).localname for each in found if isinstance(each.tag, str)]

    @property
    def long_term(self) -> bool:
        """Whether there is material of the long-term levels."""
        return not _LONG_TERM.isdisjoint(self.unsigned())

    def revocation_data(self) -> RevocationData:
        """The CRLs and OCSP responses that the file brings along (A.1.5.2)."""
        values = f"{_UNSIGNED}/{{*}}RevocationValues"
        crls = self.element.findall(f"{values}/{{*}}CRLValues/{{*}}EncapsulatedCRLValue")
        responses = self.element.findall(f"{values}/{{*}}OCSPValues/{{*}}EncapsulatedOCSPValue")
        elsewhere = self.element.find(f"{values}/{{*}}OtherValues") is not None
        try:
            found = [[decoded(plain_text(each)) for each in kind] for kind in (crls, responses)]
        except Malformed:
            return RevocationData(unread=True)
        unread = elsewhere or not _OTHER_REVOCATION.isdisjoint(self.unsigned())
        return RevocationData(tuple(found[0]), tuple(found[1]), unread)

    def certificates(self) -> list[bytes]:
        """Certificates that the file brings along for building paths, in DER."""
        found = self.element.findall(f"{_UNSIGNED}/{{*}}CertificateValues/{{*}}EncapsulatedX509Certificate")
        return [decoded(plain_text(each)) for each in found]

    def _signed(self, name: str) -> etree._Element | None:
        return None if self.signed is None else self.signed.find(f"{{*}}SignedSignatureProperties/{{*}}{name}")

    def _signed_text(self, name: str) -> str:
        found = self._signed(name)
        return "" if found is None else plain_text(found).strip()


def properties_of(signature: XmlSignature, resolved: Sequence[Resolved]) -> Properties | None:
    """The qualifying properties in a signature, or None. Raises Malformed where there are two of them."""
    found = [
        child
        for each in signature.objects
        for child in each
        if isinstance(child.tag, str) and child.tag.endswith("}QualifyingProperties") and _namespace(child) in _VERSIONS
    ]
    if len(found) > 1:
        raise Malformed
    if not found:
        return None
    own = found[0].findall(f"{{{_namespace(found[0])}}}SignedProperties")
    # Only what was digested counts, and only by the reference that is made for it: the same element as signed here.
    covered = [
        each.target.element
        for each in resolved
        if each.matches and each.reference.type in (SIGNED_PROPERTIES, _older_type(found[0]))
    ]
    signed = own[0] if len(own) == 1 and any(each is own[0] for each in covered) else None
    return Properties(found[0], signed)


def _namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def _older_type(properties: etree._Element) -> str:
    return f"{_namespace(properties)}SignedProperties"


def level(properties: Properties, certificate_named: bool | None, stamp: "Timestamp | None") -> SignatureLevel | None:
    """The level that was established: the material of the higher ones was not judged, so it does not count."""
    if properties.signed is None or not certificate_named:
        return None
    return SignatureLevel.B_T if stamp is not None and stamp.proven else SignatureLevel.B_B


def signature_timestamp(
    signature: XmlSignature, properties: Properties, *, trust: Trust, moment: datetime
) -> "Timestamp | None":
    """The timestamp over the signature value (5.3), the earliest proven one where there are several.

    Raises whatever the parsers raise on what is malformed.
    """
    tokens = list(_tokens(properties))[:_MOST_TOKENS]
    if not tokens:
        return None
    # Few files have one, and what judges it takes longer to load than all the rest.
    from signing.timestamp import judge_timestamp

    stamps = [
        judge_timestamp(token, _digest_of(signature, method), trust=trust, moment=moment) for token, method in tokens
    ]
    return min(stamps, key=lambda stamp: (not stamp.proven, stamp.time), default=None)


def _tokens(properties: Properties) -> Iterator[tuple[cms.SignedData, Canonicalization]]:
    for container in properties.element.iterfind(f"{_UNSIGNED}/{{*}}SignatureTimeStamp"):
        chosen = container.find(f"{{{DSIG}}}CanonicalizationMethod")
        uri = None if chosen is None else chosen.get("Algorithm")
        method = IMPLICIT if uri is None else Canonicalization.named(uri)
        if method is None or container.find("{*}Include") is not None:
            raise Malformed
        for token in container.iterfind("{*}EncapsulatedTimeStamp"):
            yield cms.ContentInfo.load(decoded(plain_text(token)))["content"], method


def _digest_of(signature: XmlSignature, method: Canonicalization) -> Callable[[str], bytes]:
    return lambda algorithm: digest(signature.value_element, method, algorithm)


def countersigned(signature: etree._Element) -> etree._Element | None:
    """The signature that this one is a counter-signature of by its place (5.2.7.2), or None."""
    parent = signature.getparent()
    if parent is None or not isinstance(parent.tag, str) or not parent.tag.endswith("}CounterSignature"):
        return None
    return next(parent.iterancestors(SIGNATURE), None)
