"""What is true of a CMS SignedData (RFC 5652) that somebody else made; PDF signatures and timestamps are such."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asn1crypto import cms, core, x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError

from signing import errors
from signing.algorithms import digest_name, signature_digest, signature_name, weak_digest
from signing.certification_path import CertificationPath, TolerantSignatureValidator, certification_path
from signing.report import Problem, SubIndication
from signing.trust import Trust

# Parsing takes time for each certificate; a signature needs a handful.
_MOST_CERTIFICATES = 64


class Purpose(Enum):
    """What a key must be meant for."""

    DOCUMENT = "document"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`intact` is arithmetic alone. `sub_indication` is why it does not pass, or None; by EN 319 102-1, 5.3.4."""

    intact: bool
    sub_indication: SubIndication | None
    digest_algorithm: str
    signature_algorithm: str
    path: CertificationPath | None = None
    signing_time: datetime | None = None  # claimed, from the signed attributes
    problems: tuple[Problem, ...] = ()


def judge(
    signed_data: cms.SignedData,
    digest_of: Callable[[str], bytes],
    *,
    trust: Trust,
    moment: datetime,
    purpose: Purpose = Purpose.DOCUMENT,
) -> Judgement:
    """Judge the only signer. `digest_of(algorithm)` returns the digest of the content by an algorithm of hashlib.

    Raises whatever the parsers raise on what is malformed: the caller answers for one signature as a whole.
    """
    signer = extract_signer_info(signed_data)
    digest = signer["digest_algorithm"]["algorithm"].native
    algorithm = signer["signature_algorithm"]
    names = digest_name(digest), signature_name(algorithm, digest)
    try:
        certificates = generic_cms.extract_certs_for_validation(signed_data)
    except SignatureValidationError:
        return Judgement(False, SubIndication.NO_SIGNING_CERTIFICATE_FOUND, *names)
    failure = _arithmetic(signed_data, signer, certificates.signer_cert, digest_of(digest))
    if failure:
        return Judgement(False, failure, *names)
    path, reason, problems = _signer(
        certificates.signer_cert, certificates.other_certs, trust=trust, moment=moment, purpose=purpose
    )
    weak = (*weak_digest(digest), *weak_digest(signature_digest(algorithm)), *path.weaknesses)
    if weak and reason in (None, SubIndication.TRY_LATER):
        reason = SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    if reason is None and _carries_revocation_data(signed_data, signer):
        # What the file brings along could say that the certificate was revoked, and was not read.
        reason = SubIndication.TRY_LATER
    claimed = generic_cms.extract_self_reported_ts(signer)
    return Judgement(True, reason, *names, path, claimed, _each_once((*problems, *weak)))


def _arithmetic(
    signed_data: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate, digest: bytes
) -> SubIndication | None:
    """EN 319 102-1, 5.2.7: why the digests or the signature value do not match, or None where they do."""
    content = signed_data["encap_content_info"]
    detached = content["content"] is core.VOID or content["content"].contents is None
    if content["content_type"].native == "data" and not detached:
        return SubIndication.FORMAT_FAILURE  # two contents: which one was meant is anybody's guess
    try:
        same_digest, valid = generic_cms.validate_sig_integrity(
            signer,
            certificate,
            expected_content_type=content["content_type"].native,
            actual_digest=digest,
            sig_validator=TolerantSignatureValidator(),
        )
    except SignatureValidationError as error:
        return _sub_indication(error)
    if not valid:
        return SubIndication.SIG_CRYPTO_FAILURE
    return None if same_digest else SubIndication.HASH_FAILURE


def _sub_indication(error: SignatureValidationError) -> SubIndication:
    name = error.ades_subindication.standard_name if error.ades_subindication else None
    return SubIndication(name) if name in set(SubIndication) else SubIndication.FORMAT_FAILURE


def _signer(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    trust: Trust,
    moment: datetime,
    purpose: Purpose,
) -> tuple[CertificationPath, SubIndication | None, tuple[Problem, ...]]:
    if len(others) > _MOST_CERTIFICATES:
        problem = Problem("signature.too-many-certificates", {"count": len(others)})
        return (
            CertificationPath((certificate,), broken=True),
            SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
            (problem,),
        )
    path = certification_path(certificate, others, trust=trust, moment=moment)
    if path.trusted and not _meant_for(certificate, purpose):
        problem = Problem(errors.CertificateNotForSigning.code)
        return path, SubIndication.CHAIN_CONSTRAINTS_FAILURE, (problem,)
    return path, path.sub_indication, ()


def _meant_for(certificate: x509.Certificate, purpose: Purpose) -> bool:
    usage = certificate.key_usage_value
    signs = usage is None or bool(usage.native & {"digital_signature", "non_repudiation"})
    if purpose is Purpose.DOCUMENT:
        return signs
    extended = certificate.extended_key_usage_value  # RFC 3161, 2.3: this one and no other
    return signs and extended is not None and extended.native == ["time_stamping"]


def _carries_revocation_data(signed_data: cms.SignedData, signer: cms.SignerInfo) -> bool:
    attributes = [
        attribute["type"].native
        for kind in ("signed_attrs", "unsigned_attrs")
        if signer[kind] is not core.VOID
        for attribute in signer[kind]
    ]
    return bool(signed_data["crls"].native) or "adobe_revocation_info_archival" in attributes


def _each_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for place, problem in enumerate(problems) if problem not in problems[:place])
