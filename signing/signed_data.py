"""What is true of a CMS SignedData (RFC 5652) that somebody else made; PDF signatures and timestamps are such."""

from collections.abc import Callable, Iterable
from datetime import datetime

from asn1crypto import cms, core, x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError

from signing.algorithms import digest_name, signature_digest, signature_name
from signing.carried import NO_VALIDATION_DATA, ValidationData, carried
from signing.certification_path import TolerantSignatureValidator
from signing.judgement import Judgement, Purpose, judge_signer
from signing.report import SubIndication
from signing.trust import Trust


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
    data = brought + carried(signed_data, signer)
    signed_by = judge_signer(
        certificates.signer_cert,
        _each_once((*certificates.other_certs, *data.certificates)),
        digests=(digest, signature_digest(algorithm)),
        trust=trust,
        moment=moment,
        purpose=purpose,
        revocation_data=data.revocation,
    )
    claimed = generic_cms.extract_self_reported_ts(signer)
    return Judgement(
        True, signed_by.sub_indication, *names, signed_by.path, claimed, signed_by.problems, signed_by.status
    )


def _each_once(certificates: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    return list({each.sha256: each for each in certificates}.values())


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
