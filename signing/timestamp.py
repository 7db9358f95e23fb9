"""RFC 3161: what a timestamp token says, and whether it proves it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from asn1crypto import cms, core

from signing import errors
from signing.algorithms import weak_digest
from signing.carried import NO_VALIDATION_DATA, ValidationData
from signing.certificate import certificate_facts, signer_name
from signing.judgement import Judgement, Purpose
from signing.report import Indication, Problem, SignatureReport, SubIndication, TimestampFacts, indication
from signing.signed_data import judge
from signing.trust import Trust

_MOST_TOKENS = 8
_TOLERANCE = timedelta(minutes=5)  # between two clocks
_SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"
_CONTENT_TIMESTAMP = "1.2.840.113549.1.9.16.2.20"
_NOT_CHECKED = "timestamp.revocation-not-checked"


@dataclass(frozen=True, slots=True)
class Timestamp:
    """`time` is what the token claims; it is proven where nothing is missing in the judgement of the token.

    `accuracy` is how far the clock of the authority may have been off, as far as it says that (RFC 3161, 2.4.2).
    """

    time: datetime
    judgement: Judgement
    accuracy: timedelta = timedelta(0)
    policy: str | None = None

    @property
    def latest(self) -> datetime:
        """What was stamped existed then at the latest."""
        return self.time + self.accuracy

    @property
    def proven(self) -> bool:
        return self.judgement.sub_indication is None

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """What is to be stated of it beside the signature that it covers."""
        if self.proven:
            return tuple(each for each in self.judgement.problems if each.code == _NOT_CHECKED)
        return (Problem("timestamp.not-proven", {"time": self.time.isoformat()}),)

    def facts(self) -> TimestampFacts:
        """For the report; who made it is said only where it holds."""
        path = self.judgement.path if self.judgement.intact else None
        signer = path.certificates[0] if path else None
        return TimestampFacts(
            time=self.time,
            proven=self.proven,
            authority=signer_name(signer) if signer else None,
            accuracy=self.accuracy,
            policy=self.policy,
            ends=certificate_facts(signer).not_after if signer else None,
        )


def judge_timestamp(
    signed_data: cms.SignedData,
    digest_of: Callable[[str], bytes],
    *,
    trust: Trust,
    moment: datetime,
    brought: ValidationData = NO_VALIDATION_DATA,
) -> Timestamp:
    """Judge a token. `digest_of(algorithm)` returns the digest of what was stamped.

    Raises whatever the parsers raise on what is malformed.
    """
    content = signed_data["encap_content_info"]["content"]
    info = content.parsed
    judgement = judge(
        signed_data,
        lambda digest: hashlib.new(digest, bytes(content)).digest(),
        trust=trust.for_timestamps(),
        moment=moment,
        purpose=Purpose.TIMESTAMP,
        brought=brought,
    )
    digest = info["message_imprint"]["hash_algorithm"]["algorithm"].native
    if info["message_imprint"]["hashed_message"].native != digest_of(digest):
        judgement = replace(judgement, intact=False, sub_indication=SubIndication.HASH_FAILURE)
    elif judgement.sub_indication is None and weak_digest(digest):
        judgement = replace(
            judgement,
            sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
            problems=(*judgement.problems, *weak_digest(digest)),
        )
    accuracy, time = _accuracy(info["accuracy"].native or {}), info["gen_time"].native
    if not isinstance(time, datetime):
        raise errors.SignatureUnreadable  # the year 0, for which the parser has a type of its own
    return Timestamp(time, _waived(judgement, trust), accuracy, info["policy"].dotted)


def _accuracy(stated: Mapping[str, int | None]) -> timedelta:
    seconds, millis, micros = (stated.get(unit) or 0 for unit in ("seconds", "millis", "micros"))
    return timedelta(seconds=seconds, milliseconds=millis, microseconds=micros)


def out_of_order(claimed: datetime | None, stamp: Timestamp | None) -> tuple[Problem, ...]:
    """What is to be stated where a signature claims to be younger than the stamp over it: its clock was wrong."""
    if claimed is None or stamp is None or not stamp.proven or claimed <= stamp.latest + _TOLERANCE:
        return ()
    return (Problem("timestamp.before-claim", {"time": claimed.isoformat()}),)


def held_against_each_other(reports: Sequence[SignatureReport]) -> tuple[SignatureReport, ...]:
    """The reports of a file, where no document time stamp may say an earlier time than one that it covers."""
    return tuple(_after_what_it_covers(each, reports) for each in reports)


def _after_what_it_covers(report: SignatureReport, others: Sequence[SignatureReport]) -> SignatureReport:
    """TIMESTAMP_ORDER_FAILURE (EN 319 102-1, 5.1.3) where it is otherwise."""
    stamp = report.timestamp
    if not report.is_timestamp or stamp is None or not stamp.proven:
        return report
    below = [each.timestamp for each in others if each.timestamp and (each.revision or 0) < (report.revision or 0)]
    earliest = max((each.time - each.accuracy for each in below if each.proven), default=stamp.time)
    if earliest <= stamp.time + stamp.accuracy + _TOLERANCE:
        return report
    facts = {"time": stamp.time.isoformat(), "before": earliest.isoformat()}
    report = replace(report, problems=(*report.problems, Problem("timestamp.out-of-order", facts)))
    if report.indication is not Indication.TOTAL_PASSED and report.sub_indication is not SubIndication.TRY_LATER:
        return report
    reason = SubIndication.TIMESTAMP_ORDER_FAILURE
    return replace(report, indication=indication(reason), sub_indication=reason)


def _waived(judgement: Judgement, trust: Trust) -> Judgement:
    """Whoever adds an authority for time stamps believes it without its revocation data, which nothing here fetches.

    Such are the revocation checking constraints of this program (EN 319 102-1, 5.2.6); that it was so is told.
    """
    anchor = judgement.path.certificates[-1] if judgement.path else b""
    if judgement.sub_indication is not SubIndication.TRY_LATER or anchor not in trust.stamping:
        return judgement
    problems = (*judgement.problems, Problem(_NOT_CHECKED))
    return replace(judgement, sub_indication=None, problems=problems)


def signature_timestamp(
    signer: cms.SignerInfo, *, trust: Trust, moment: datetime, brought: ValidationData = NO_VALIDATION_DATA
) -> Timestamp | None:
    """The timestamp over a signature value (RFC 5126, 6.1.1), the earliest proven one where there are several."""
    stamps = [
        judge_timestamp(
            token["content"],
            lambda digest: _digest(signer, digest),
            trust=trust,
            moment=moment,
            brought=brought,
        )
        for token in _tokens(signer["unsigned_attrs"], _SIGNATURE_TIMESTAMP)
    ]
    return min(stamps, key=lambda stamp: (not stamp.proven, stamp.time), default=None)


def content_timestamp(
    signer: cms.SignerInfo,
    digest_of: Callable[[str], bytes],
    *,
    trust: Trust,
    moment: datetime,
    brought: ValidationData = NO_VALIDATION_DATA,
) -> datetime | None:
    """The latest proven time before which the signature was not made: the content was stamped first, and the stamp
    is among what was signed (RFC 5126, 5.11.4). `digest_of(algorithm)` returns the digest of the content."""
    stamps = [
        judge_timestamp(token["content"], digest_of, trust=trust, moment=moment, brought=brought)
        for token in _tokens(signer["signed_attrs"], _CONTENT_TIMESTAMP)
    ]
    return max((stamp.time for stamp in stamps if stamp.proven), default=None)


def has_timestamp(signer: cms.SignerInfo) -> bool:
    return bool(_tokens(signer["unsigned_attrs"], _SIGNATURE_TIMESTAMP))


def _tokens(attributes: cms.CMSAttributes, kind: str) -> list[cms.ContentInfo]:
    if attributes is core.VOID:
        return []
    values = [value for each in attributes if each["type"].dotted == kind for value in each["values"]]
    # Not every kind is known to the parser.
    return [cms.ContentInfo.load(value.dump()) for value in values[:_MOST_TOKENS]]


def _digest(signer: cms.SignerInfo, algorithm: str) -> bytes:
    return hashlib.new(algorithm, signer["signature"].native).digest()
