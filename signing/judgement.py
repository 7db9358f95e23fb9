"""What a signature comes to once its arithmetic is known: whose it is, whom that leads to, what is too weak.

The same for every format: CMS in a PDF or a timestamp, and XML.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asn1crypto import x509

from signing import errors
from signing.algorithms import weak_digest
from signing.certification_path import CertificationPath, certification_path
from signing.report import Problem, SubIndication
from signing.trust import Trust

# Parsing takes time for each certificate; a signature needs a handful.
MOST_CERTIFICATES = 64


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


@dataclass(frozen=True, slots=True)
class SignerJudgement:
    """The certification path, why it does not suffice (or None), and what is to be stated about it."""

    path: CertificationPath
    sub_indication: SubIndication | None
    problems: tuple[Problem, ...] = ()


def judge_signer(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    digests: Iterable[str | None],
    trust: Trust,
    moment: datetime,
    purpose: Purpose = Purpose.DOCUMENT,
    brings_revocation_data: bool = False,
) -> SignerJudgement:
    """Judge the certificate whose key verified the signature. `digests` are those used (hashlib's names).

    `brings_revocation_data`: the file has data that could say that the certificate was revoked, and was not read.
    """
    signer = _signer(certificate, others, trust=trust, moment=moment, purpose=purpose)
    weak = (*(problem for digest in digests for problem in weak_digest(digest)), *signer.path.weaknesses)
    reason = signer.sub_indication
    if weak and reason in (None, SubIndication.TRY_LATER):
        reason = SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    if reason is None and brings_revocation_data:
        reason = SubIndication.TRY_LATER
    return SignerJudgement(signer.path, reason, each_once((*signer.problems, *weak)))


def _signer(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    trust: Trust,
    moment: datetime,
    purpose: Purpose,
) -> SignerJudgement:
    if len(others) > MOST_CERTIFICATES:
        return SignerJudgement(
            CertificationPath((certificate,), broken=True),
            SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
            (Problem("signature.too-many-certificates", {"count": len(others)}),),
        )
    path = certification_path(certificate, others, trust=trust, moment=moment)
    if path.trusted and not _meant_for(certificate, purpose):
        problem = Problem(errors.CertificateNotForSigning.code)
        return SignerJudgement(path, SubIndication.CHAIN_CONSTRAINTS_FAILURE, (problem,))
    return SignerJudgement(path, path.sub_indication)


def _meant_for(certificate: x509.Certificate, purpose: Purpose) -> bool:
    usage = certificate.key_usage_value
    signs = usage is None or bool(usage.native & {"digital_signature", "non_repudiation"})
    if purpose is Purpose.DOCUMENT:
        return signs
    extended = certificate.extended_key_usage_value  # RFC 3161, 2.3: this one and no other
    return signs and extended is not None and extended.native == ["time_stamping"]


def each_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same in the same order, without repetitions."""
    return tuple(problem for place, problem in enumerate(problems) if problem not in problems[:place])
