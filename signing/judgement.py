"""What a signature comes to once its arithmetic is known: whose it is, whom that leads to, what is too weak.

The same for every format: CMS in a PDF or a timestamp, and XML.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asn1crypto import x509

from signing import errors
from signing.algorithms import weak_digest
from signing.certification_path import CertificationPath, certification_path
from signing.report import Problem, Revocation, SubIndication
from signing.revocation import UNKNOWN, RevocationData, Status, status_of_path
from signing.trust import Trust

# Parsing takes time for each certificate; a signature needs a handful.
MOST_CERTIFICATES = 64
_KEPT = 256
_NOTHING = RevocationData()


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
    status: Status = UNKNOWN


@dataclass(frozen=True, slots=True)
class SignerJudgement:
    """The certification path, why it does not suffice (or None), whether it was revoked, and what is to be stated."""

    path: CertificationPath
    sub_indication: SubIndication | None
    problems: tuple[Problem, ...] = ()
    status: Status = UNKNOWN


def judge_signer(
    certificate: bytes,
    others: Sequence[bytes],
    *,
    digests: Iterable[str | None],
    trust: Trust,
    moment: datetime,
    purpose: Purpose = Purpose.DOCUMENT,
    revocation_data: RevocationData = _NOTHING,
) -> SignerJudgement:
    """Judge the certificate (DER) whose key verified the signature. `digests` are those used (hashlib's names).

    `revocation_data` is what the file brings, beside the lists of `trust`; nothing is fetched. By EN 319 102-1,
    5.2.6, the status of every certificate between the signer and the anchor must be known unless the constraints waive
    that; where it is not known, but more revocation data could settle it, the sub-indication is TRY_LATER. That is so
    for every JPKI certificate: it names a distribution point that only notified verifiers can read. It is waived where
    the certificate is of a kind that is never revoked, and where it names no source of revocation data at all: then
    there is nothing to wait for, and the caller who added the anchor of such an authority has decided to do without.
    """
    signer = _signer(certificate, others, trust=trust, moment=moment, purpose=purpose)
    status = _status(signer.path, RevocationData(crls=trust.lists) + revocation_data, moment)
    weak = (*(problem for digest in digests for problem in weak_digest(digest)), *signer.path.weaknesses)
    reason = signer.sub_indication
    if status.revocation is Revocation.REVOKED and reason in (None, SubIndication.OUT_OF_BOUNDS_NO_POE):
        reason = SubIndication.REVOKED_CA_NO_POE if status.authority else SubIndication.REVOKED_NO_POE
    if weak and reason is None:
        reason = SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    if reason is None and status.open:
        reason = SubIndication.TRY_LATER
    return SignerJudgement(signer.path, reason, each_once((*signer.problems, *weak, *_told(status))), status)


def _status(path: CertificationPath, data: RevocationData, moment: datetime) -> Status:
    # Below an unknown authority anybody can have written the revocation data too.
    if not path.trusted:
        return UNKNOWN
    return status_of_path(path.certificates, data, moment)


def _told(status: Status) -> tuple[Problem, ...]:
    if status.time is None:
        return ()
    revoked = status.revocation is Revocation.REVOKED
    code = "certificate.revoked" if revoked else "certificate.revoked-later"
    return (Problem(code, {"time": status.time.isoformat()}),)


def _signer(
    certificate: bytes,
    others: Sequence[bytes],
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


@functools.lru_cache(_KEPT)
def _meant_for(der: bytes, purpose: Purpose) -> bool:
    certificate = x509.Certificate.load(der)
    usage = certificate.key_usage_value
    signs = usage is None or bool(usage.native & {"digital_signature", "non_repudiation"})
    if purpose is Purpose.DOCUMENT:
        return signs
    extended = certificate.extended_key_usage_value  # RFC 3161, 2.3: this one and no other
    return signs and extended is not None and extended.native == ["time_stamping"]


def each_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same in the same order, without repetitions."""
    return tuple(problem for place, problem in enumerate(problems) if problem not in problems[:place])
