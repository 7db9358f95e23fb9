"""A client of time-stamping authorities (RFC 3161): 32 bytes of hash go out, a token that was checked comes back."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from asn1crypto import algos, cms, core, tsp

from signing import errors
from signing.report import SubIndication
from signing.signed_data import attribute_values, certificates_of, only_signer, signing_certificate
from signing.timestamp import judge_timestamp
from signing.trust import Trust
from signing.web import NO_ACCESS, Access, fetch

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_DIGEST = "sha256"
_LARGEST = 256 << 10  # bytes; tokens have less than ten thousand
_MOST_APART = timedelta(days=1)
_NAMING = ("signing_certificate", "signing_certificate_v2")


class _Response(core.Sequence):  # type: ignore[misc]  # the library has no types
    """TimeStampResp; the library's own knows none that refuses, and so has no token."""

    _fields = [  # noqa: RUF012 - the library reads it from there
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class TimestampingAuthority:
    """Where time stamps are asked for. `policy` is an OID, empty where any will do; `anchors` are DER: the path of a
    token must lead to one of them, where there are any."""

    address: str
    policy: str = ""
    anchors: tuple[bytes, ...] = ()
    access: Access = NO_ACCESS


@dataclass(frozen=True, slots=True)
class Token:
    """A time-stamp token (ContentInfo in DER) that answers what was asked, and the time it states."""

    der: bytes
    time: datetime


class Timestamper(Protocol):
    """Whatever stamps a SHA-256 digest. Raises TimestampError."""

    def stamp(self, digest: bytes) -> Token: ...


def post(authority: TimestampingAuthority, query: bytes) -> bytes:
    """Send a TimeStampReq; what came back, not yet looked at. Raises TimestampError."""
    return fetch(
        authority.address,
        body=query,
        content_type=_QUERY,
        accept=_REPLY,
        access=authority.access,
        largest=_LARGEST,
    )


@dataclass(frozen=True, slots=True)
class RemoteTimestamper:
    """Asks an authority once for each stamp. `clock` tells the moment, with a time zone; `post` is who sends."""

    authority: TimestampingAuthority
    clock: Callable[[], datetime]
    post: Callable[[TimestampingAuthority, bytes], bytes] = post

    def stamp(self, digest: bytes) -> Token:
        """Raises TimestampError."""
        nonce = secrets.randbits(63) | 1 << 62
        answer = self.post(self.authority, _request(digest, self.authority.policy, nonce))
        return token_in(answer, digest=digest, nonce=nonce, authority=self.authority, moment=self.clock())


def require_policy(policy: str) -> None:
    """Raise TimestampAddressWrong where it is no object identifier."""
    try:
        if policy:
            tsp.ObjectIdentifier(policy).dump()
    except (ValueError, TypeError) as error:
        raise errors.TimestampAddressWrong("policy") from error


def _request(digest: bytes, policy: str, nonce: int) -> bytes:
    require_policy(policy)
    content = {
        "version": 1,
        "message_imprint": {"hash_algorithm": algos.DigestAlgorithm({"algorithm": _DIGEST}), "hashed_message": digest},
        "nonce": nonce,
        "cert_req": True,
    }
    return bytes(tsp.TimeStampReq(content | ({"req_policy": policy} if policy else {})).dump())


def token_in(answer: bytes, *, digest: bytes, nonce: int, authority: TimestampingAuthority, moment: datetime) -> Token:
    """The token of a TimeStampResp, once everything that RFC 3161, 2.4.2 demands of the requester was checked.

    Raises TimestampAnswerUnusable, TimestampRejected, TimestampWrong, TimestampNotTrusted.
    """
    try:
        response = _Response.load(answer, strict=True)
        _require_granted(response["status"], policy=authority.policy)
        token = response["time_stamp_token"]
        signed_data = token["content"]
        info = signed_data["encap_content_info"]["content"].parsed
        _require_answer(info, digest=digest, nonce=nonce, policy=authority.policy)
        _require_clock(info["gen_time"].native, moment)
        _require_proof(signed_data, digest, authority.anchors, moment)
        return Token(bytes(token.dump()), info["gen_time"].native.astimezone(UTC))
    except errors.UserFacingError:
        raise
    except Exception as error:  # the parsers raise whatever they stumble over
        raise errors.TimestampAnswerUnusable(200) from error


def _require_granted(status: tsp.PKIStatusInfo, *, policy: str) -> None:
    if status["status"].native not in ("granted", "granted_with_mods"):
        reason = min(status["fail_info"].native or ("other",))
        unasked = reason == "unaccepted_policy" and not policy
        raise errors.TimestampRejected("policy_missing" if unasked else reason)


def _require_answer(info: tsp.TSTInfo, *, digest: bytes, nonce: int, policy: str) -> None:
    imprint = info["message_imprint"]
    algorithm, stamped = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    if algorithm != _DIGEST or not hmac.compare_digest(stamped, digest):
        raise errors.TimestampWrong("imprint")
    if info["nonce"].native != nonce:
        raise errors.TimestampWrong("nonce")
    if policy and info["policy"].dotted != policy:
        raise errors.TimestampWrong("policy")


def _require_clock(time: datetime, moment: datetime) -> None:
    # One of the two is wrong then, and it cannot be known here which.
    if abs(time - moment) > _MOST_APART:
        raise errors.TimestampWrong("time")


def _require_proof(signed_data: cms.SignedData, digest: bytes, anchors: tuple[bytes, ...], moment: datetime) -> None:
    """The signature, and a certificate that is meant for it, in force, named in the token, and led to an anchor."""
    signer = only_signer(signed_data)
    certificate = signing_certificate(signer, certificates_of(signed_data))
    # RFC 3161, 2.4.2, and RFC 5816: the attributes that are signed name it.
    if certificate is None or not any(attribute_values(signer["signed_attrs"], kind) for kind in _NAMING):
        raise errors.TimestampWrong("certificate")
    # Without anchors the certificate is at least held against its own dates and purpose.
    trust = Trust(frozenset()).with_anchors(anchors or (certificate,))
    judgement = judge_timestamp(signed_data, lambda _algorithm: digest, trust=trust, moment=moment).judgement
    if not judgement.intact:
        raise errors.TimestampWrong("signature")
    match judgement.sub_indication:
        case None | SubIndication.TRY_LATER:  # whether it was revoked cannot be known here
            return
        case SubIndication.OUT_OF_BOUNDS_NO_POE:
            raise errors.TimestampWrong("expired")
        case SubIndication.NO_CERTIFICATE_CHAIN_FOUND | SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE:
            raise errors.TimestampNotTrusted
    raise errors.TimestampWrong("certificate")
