"""What is true of a CMS SignedData (RFC 5652) that somebody else made; PDF signatures and timestamps are such."""

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, parser, tsp, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import SignatureValidationContext

from signing import errors
from signing.algorithms import digest_name, signature_digest, signature_name
from signing.carried import NO_VALIDATION_DATA, ValidationData, carried
from signing.certification_path import TolerantSignatureValidator
from signing.judgement import Judgement, Purpose, judge_signer
from signing.report import SubIndication
from signing.trust import Trust

_SET = (0, 1, 17)  # class, constructed, number of the tag
_ESS_CERTIFICATE = {"signing_certificate_v2": tsp.SigningCertificateV2, "signing_certificate": tsp.SigningCertificate}


def judge(
    signed_data: cms.SignedData,
    digest_of: Callable[[str], bytes],
    *,
    trust: Trust,
    moment: datetime,
    purpose: Purpose = Purpose.DOCUMENT,
    brought: ValidationData = NO_VALIDATION_DATA,
) -> Judgement:
    """Judge the only signer. `digest_of(algorithm)` returns the digest of the content by an algorithm of hashlib.

    `brought` is what the file around it brings; what it carries itself is added.
    Raises whatever the parsers raise on what is malformed: the caller answers for one signature as a whole.
    """
    signer = only_signer(signed_data)
    digest = signer["digest_algorithm"]["algorithm"].native
    algorithm = signer["signature_algorithm"]
    names = digest_name(digest), signature_name(algorithm, digest)
    certificates = certificates_of(signed_data)
    certificate = signing_certificate(signer, certificates)
    if certificate is None:
        return Judgement(False, SubIndication.NO_SIGNING_CERTIFICATE_FOUND, *names)
    failure = arithmetic(signed_data, certificate, digest_of(digest))
    if failure:
        return Judgement(False, failure, *names)
    data = brought + carried(signed_data, signer)
    signed_by = judge_signer(
        certificate,
        [each for each in dict.fromkeys((*certificates, *data.certificates)) if each != certificate],
        digests=(digest, signature_digest(algorithm)),
        trust=trust,
        moment=moment,
        purpose=purpose,
        revocation_data=data.revocation,
    )
    (claimed,) = attribute_values(signer["signed_attrs"], "signing_time")[:2] or (None,)
    return Judgement(
        True,
        signed_by.sub_indication,
        *names,
        signed_by.path,
        _moment(claimed),
        signed_by.problems,
        signed_by.status,
    )


def _moment(claimed: cms.Time | None) -> datetime | None:
    """None also for the year 0, which no clock shows: the parser has a type of its own for it."""
    moment = claimed.native if claimed is not None else None
    return moment if isinstance(moment, datetime) else None


def only_signer(signed_data: cms.SignedData) -> cms.SignerInfo:
    """The SignerInfo, of which there must be one. Raises SignatureUnreadable."""
    signers = list(signed_data["signer_infos"])
    if len(signers) != 1:
        raise errors.SignatureUnreadable
    return signers[0]


def attribute_values(attributes: cms.CMSAttributes, kind: str) -> list[Any]:
    """All values of all attributes of a kind."""
    if attributes is core.VOID:
        return []
    return [value for each in attributes if each["type"].native == kind for value in each["values"]]


# --- whose key it is said to be


def certificates_of(signed_data: cms.SignedData) -> tuple[bytes, ...]:
    """Those that it carries, in DER."""
    choices = signed_data["certificates"]
    if choices is core.VOID:
        return ()
    return tuple(choice.chosen.untag().dump() for choice in choices if choice.name == "certificate")


def signing_certificate(signer: cms.SignerInfo, certificates: tuple[bytes, ...]) -> bytes | None:
    """EN 319 102-1, 5.2.3: the one that the signer names, and that the signed attributes name too where they do."""
    fitting = [each for each in certificates if _is_named(signer["sid"], each)]
    if not fitting:
        return None
    attributes = signer["signed_attrs"]
    for kind, form in _ESS_CERTIFICATE.items():
        values = attribute_values(attributes, kind)
        if len(values) > 1:
            return None  # RFC 5035, 3: which of them counts is anybody's guess
        if values and not _is_identified(form.load(values[0].dump())["certs"][0], fitting[-1]):
            return None
    return fitting[-1]


def _is_named(identifier: cms.SignerIdentifier, certificate: bytes) -> bool:
    if identifier.name == "issuer_and_serial_number":
        return _is_issued(identifier.chosen["issuer"], identifier.chosen["serial_number"], certificate)
    return bool(identifier.chosen.native == x509.Certificate.load(certificate).key_identifier)


def _is_identified(identifier: tsp.ESSCertID | tsp.ESSCertIDv2, certificate: bytes) -> bool:
    """RFC 5035, 4: by its digest, and by its issuer and number where they are given."""
    digest = identifier["hash_algorithm"]["algorithm"].native if isinstance(identifier, tsp.ESSCertIDv2) else "sha1"
    if hashlib.new(digest, certificate).digest() != identifier["cert_hash"].native:
        return False
    named = identifier["issuer_serial"]
    if named is core.VOID:
        return True
    names = list(named["issuer"])
    one = len(names) == 1 and names[0].name == "directory_name"
    return one and _is_issued(names[0].chosen, named["serial_number"], certificate)


def _is_issued(issuer: x509.Name, number: core.Integer, certificate: bytes) -> bool:
    return number.contents == _number(certificate) and _is_issuer(issuer.untag().dump(), certificate)


@functools.lru_cache(256)  # the files of a batch carry the same ones
def _number(certificate: bytes) -> bytes:
    return bytes(x509.Certificate.load(certificate)["tbs_certificate"]["serial_number"].contents)


@functools.lru_cache(256)
def _is_issuer(name: bytes, certificate: bytes) -> bool:
    issuer = x509.Certificate.load(certificate).issuer
    try:
        return bool(name == issuer.dump() or x509.Name.load(name) == issuer)
    except ValueError:  # there are names that cannot be compared but by their bytes
        return False


# --- what it comes to


def arithmetic(signed_data: cms.SignedData, certificate: bytes, digest: bytes) -> SubIndication | None:
    """EN 319 102-1, 5.2.7: why the digests or the signature value do not match, or None where they do.

    Raises whatever the parsers raise on what is malformed.
    """
    content, signer = signed_data["encap_content_info"], only_signer(signed_data)
    detached = content["content"] is core.VOID or content["content"].contents is None
    if content["content_type"].native == "data" and not detached:
        return SubIndication.FORMAT_FAILURE  # two contents: which one was meant is anybody's guess
    attributes = signer["signed_attrs"]
    if attributes is core.VOID:  # then the value is over the content itself (RFC 5652, 5.4)
        return None if _verifies(signer, certificate, digest, prehashed=True) else SubIndication.SIG_CRYPTO_FAILURE
    if not _is_well_formed(signer, content["content_type"].native):
        return SubIndication.FORMAT_FAILURE
    # As they stand there, under the tag of a set: many signers do not write them in the order that DER demands.
    signed = parser.emit(*_SET, attributes.contents)
    if not _verifies(signer, certificate, signed):
        return SubIndication.SIG_CRYPTO_FAILURE
    (stated,) = attribute_values(attributes, "message_digest")
    return None if stated.native == digest else SubIndication.HASH_FAILURE


def _is_well_formed(signer: cms.SignerInfo, content_type: str) -> bool:
    """RFC 5652, 11.1 and 11.2: one type, one digest; RFC 6211: the algorithms are those that were signed."""
    types, digests, protected = (
        attribute_values(signer["signed_attrs"], kind)
        for kind in ("content_type", "message_digest", "cms_algorithm_protection")
    )
    if len(types) != 1 or types[0].native != content_type or len(digests) != 1 or len(protected) > 1:
        return False
    return all(
        each["digest_algorithm"].native == signer["digest_algorithm"].native
        and each["signature_algorithm"].native == signer["signature_algorithm"].native
        for each in protected
    )


def _verifies(signer: cms.SignerInfo, certificate: bytes, signed: bytes, *, prehashed: bool = False) -> bool:
    context = SignatureValidationContext(signer["digest_algorithm"]["algorithm"].native, prehashed)
    key = x509.Certificate.load(certificate).public_key
    try:
        TolerantSignatureValidator().validate_signature(
            signer["signature"].native, signed, key, signer["signature_algorithm"], context
        )
    except InvalidSignature:
        return False
    return True
