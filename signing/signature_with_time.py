"""A CMS signature together with the timestamps over it (ETSI EN 319 102-1, 5.5: Signatures with Time)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms

from signing.carried import NO_VALIDATION_DATA, ValidationData, carried
from signing.certificate import certificate_facts
from signing.judgement import Judgement
from signing.report import SubIndication
from signing.signed_data import judge, only_signer
from signing.timestamp import Timestamp, content_timestamp, signature_timestamp
from signing.trust import Trust


def judge_with_time(
    signed_data: cms.SignedData,
    digest_of: Callable[[str], bytes],
    *,
    trust: Trust,
    moment: datetime,
    brought: ValidationData = NO_VALIDATION_DATA,
) -> tuple[Timestamp | None, Judgement]:
    """The timestamp over the only signature (None where there is none), and the judgement of that signature.

    `digest_of(algorithm)` returns the digest of the content, `brought` is what the file around it brings.
    Raises whatever the parsers raise on what is malformed.
    """
    signer = only_signer(signed_data)
    brought += carried(signed_data, signer)  # also what it brings itself can be about its timestamps
    stamp = signature_timestamp(signer, trust=trust, moment=moment, brought=brought)
    # What is proven to have existed then is judged as of then.
    proven = min(moment, stamp.latest) if stamp and stamp.proven else moment
    judgement = judge(signed_data, digest_of, trust=trust, moment=proven, brought=brought)
    if judgement.sub_indication in (SubIndication.REVOKED_NO_POE, SubIndication.OUT_OF_BOUNDS_NO_POE):
        begun = content_timestamp(signer, digest_of, trust=trust, moment=moment, brought=brought)
        existed = stamp.time if stamp and stamp.proven else None
        judgement = replace(judgement, sub_indication=_settled(judgement, begun, existed))
    return stamp, judgement


def _settled(judgement: Judgement, begun: datetime | None, existed: datetime | None) -> SubIndication | None:
    """EN 319 102-1, 5.3.4 and 5.5.4: what is certain where the moment of signing is bounded by proof."""
    revoked = judgement.status.time
    if judgement.sub_indication is SubIndication.REVOKED_NO_POE:
        late = begun is not None and revoked is not None and begun > revoked
        return SubIndication.REVOKED if late else judgement.sub_indication
    if judgement.path is None:
        return judgement.sub_indication
    certificate = certificate_facts(judgement.path.certificates[0])
    if begun is not None and begun > certificate.not_after:
        return SubIndication.EXPIRED
    if existed is not None and existed < certificate.not_before:
        return SubIndication.NOT_YET_VALID
    return judgement.sub_indication
