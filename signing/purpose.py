"""Whether a certificate is meant for signing documents; asked before its key is used, whatever holds the key."""

import functools
from collections.abc import Sequence
from typing import TypeVar

from asn1crypto import x509

from signing import errors
from signing.certificate import certificate_facts
from signing.credential import Credential
from signing.report import CertificateFacts, IssuerClass

C = TypeVar("C", bound=Credential)

# User authentication of JPKI: the policies of the card and of its test hierarchy, and the unit of the issuer.
_AUTHENTICATION_POLICIES = frozenset({"1.2.392.200149.8.5.1.3.30", "1.2.392.200149.8.5.1.0.30"})
_AUTHENTICATION_UNIT = "OU=JPKI for user authentication"
_JPKI = (IssuerClass.JPKI, IssuerClass.JPKI_SMARTPHONE, IssuerClass.JPKI_TEST, IssuerClass.PRACTICE)

# RFC 5280, 4.2.1.12: where purposes are named, a key serves these and no others. Of documents speak: RFC 9336,
# the makers of PDF and office programs, and the one for mail, which S/MIME has in common with CMS.
_OF_DOCUMENTS = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "1.3.6.1.5.5.7.3.36",
        "1.2.840.113583.1.1.5",
        "1.3.6.1.4.1.311.10.3.12",
    }
)


@functools.lru_cache(64)  # the files of a batch are signed with the same one
def require_signing(der: bytes) -> None:
    """Raises CertificateNotForSigning, CertificateUnreadable."""
    kind = _why_not(certificate_facts(der), x509.Certificate.load(der))
    if kind:
        raise errors.CertificateNotForSigning(kind)


def signing_ones(credentials: Sequence[C]) -> list[C]:
    """Those that may sign documents. Raises why the first may not, where none may; KeyFileWithoutKey for none."""
    usable: list[C] = []
    refusal: errors.UserFacingError = errors.KeyFileWithoutKey()
    for credential in credentials:
        try:
            require_signing(credential.certification_path[0])
            usable.append(credential)
        except errors.CertificateError as error:
            refusal = refusal if isinstance(refusal, errors.CertificateError) else error
    if not usable:
        raise refusal
    return usable


def _why_not(facts: CertificateFacts, certificate: x509.Certificate) -> str:
    authentication = _AUTHENTICATION_UNIT in facts.issuer.split(",") and facts.issuer_class in _JPKI
    if authentication or _AUTHENTICATION_POLICIES.intersection(facts.policies):
        return "user-authentication"
    if certificate.ca:
        return "authority"
    if facts.key_usage and not {"nonRepudiation", "digitalSignature"}.intersection(facts.key_usage):
        return "other"
    if facts.issuer_class in _JPKI and "nonRepudiation" not in facts.key_usage:
        return "user-authentication"  # of the two that JPKI issues it has no other
    extended = certificate.extended_key_usage_value
    return "other" if extended is not None and not _OF_DOCUMENTS.intersection(_purposes(extended)) else ""


def _purposes(extended: x509.ExtKeyUsageSyntax) -> set[str]:
    """By the name that the parser has, and by number."""
    return {name for each in extended for name in (each.native, each.dotted)}
