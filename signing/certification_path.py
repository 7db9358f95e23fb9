"""From a signing certificate to a trust anchor (RFC 5280, 6; ETSI EN 319 102-1, 5.2.6), without a network.

Certificates are DER here, and what was established about them is kept under every byte of it: the files of a batch
carry the same ones again and again.
"""

import asyncio
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, keys, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)
from pyhanko_certvalidator.validate import async_validate_path

from signing.algorithms import weaknesses_of_certificate
from signing.report import Problem, SubIndication
from signing.trust import Trust

# A file can hold certificates that issue each other in circles; the number of paths through them grows without
# bound. Real paths have at most five certificates.
_LONGEST_PATH = 8
_STEPS = 200
_KEPT = 256  # certificates and paths; a batch is full of the same few


@dataclass(frozen=True, slots=True)
class CertificationPath:
    """A path as far as it could be built, signing certificate first, in DER.

    `trusted`: it ends in a trust anchor and every link holds at a moment at which all of it was valid. `in_bounds`
    says whether the moment judged at is such a moment. Whether a certificate of it was revoked is another question.
    """

    certificates: tuple[bytes, ...]
    trusted: bool = False
    in_bounds: bool = False
    broken: bool = False

    @property
    def sub_indication(self) -> SubIndication | None:
        """Why the path does not suffice, or None where it does."""
        if self.broken:
            return SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE
        if not self.trusted:
            return SubIndication.NO_CERTIFICATE_CHAIN_FOUND
        return None if self.in_bounds else SubIndication.OUT_OF_BOUNDS_NO_POE

    @property
    def weaknesses(self) -> tuple[Problem, ...]:
        last = len(self.certificates) - 1
        return tuple(
            problem
            for place, certificate in enumerate(self.certificates)
            for problem in _weaknesses(certificate, anchor=place == last and self.trusted)
        )


@functools.lru_cache(_KEPT)
def _weaknesses(certificate: bytes, *, anchor: bool) -> tuple[Problem, ...]:
    return weaknesses_of_certificate(x509.Certificate.load(certificate), anchor=anchor)


def certification_path(
    certificate: bytes, others: Sequence[bytes], *, trust: Trust, moment: datetime
) -> CertificationPath:
    """The path that holds best: to an anchor and valid, to an anchor, or as far as the certificates at hand lead.

    Raises whatever the parser raises on certificates that are malformed.
    """
    anchors = trust.among((certificate, *others))
    longest: tuple[bytes, ...] = (certificate,)
    best = None
    for path in _paths(certificate, (*anchors, *others)):
        if path[-1] in anchors:
            best = _better(best, _judged(path, moment))
            if best.trusted and best.in_bounds:
                return best
        elif len(path) > len(longest):
            longest = path
    return best or CertificationPath(longest)


def _better(one: CertificationPath | None, other: CertificationPath) -> CertificationPath:
    return other if one is None or (other.trusted, other.in_bounds) > (one.trusted, one.in_bounds) else one


@dataclass(frozen=True, slots=True)
class _Fields:
    """What of a certificate says where it belongs; names in the form in which they are compared (RFC 5280, 7.1)."""

    subject: str
    issuer: str
    key_identifier: bytes | None
    authority_key_identifier: bytes | None
    not_before: datetime
    not_after: datetime


@functools.lru_cache(_KEPT)
def _fields(certificate: bytes) -> _Fields:
    parsed = x509.Certificate.load(certificate)
    return _Fields(
        parsed.subject.hashable,
        parsed.issuer.hashable,
        parsed.key_identifier,
        parsed.authority_key_identifier,
        parsed.not_valid_before,
        parsed.not_valid_after,
    )


def _paths(certificate: bytes, issuers: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Every way up by names and key identifiers, the nearest ends first, within a budget of steps."""
    by_subject: dict[str, dict[bytes, None]] = {}
    for issuer in issuers:
        by_subject.setdefault(_fields(issuer).subject, {})[issuer] = None
    open_paths: list[tuple[bytes, ...]] = [(certificate,)]
    for step in range(_STEPS):
        if step == len(open_paths):
            return
        path = open_paths[step]
        yield path
        if len(path) < _LONGEST_PATH:
            open_paths += [
                (*path, issuer)
                for issuer in by_subject.get(_fields(path[-1]).issuer, ())
                if issuer not in path and _key_fits(path[-1], issuer)
            ]


def _key_fits(certificate: bytes, issuer: bytes) -> bool:
    # The generations of one authority have one name: the key identifier tells them apart (RFC 5280, 4.2.1.1).
    wanted, known = _fields(certificate).authority_key_identifier, _fields(issuer).key_identifier
    return not wanted or not known or wanted == known


def _judged(path: tuple[bytes, ...], moment: datetime) -> CertificationPath:
    start = max(_fields(each).not_before for each in path)
    end = min(_fields(each).not_after for each in path)
    # A path that has run out still tells whose certificate it is: its links are judged within the time in which all
    # of it was valid, and the report says that the moment asked for lies outside.
    holds = start <= end and _holds(path, end)
    return CertificationPath(
        path,
        trusted=holds,
        in_bounds=start <= moment <= end,
        broken=not holds,
    )


@functools.lru_cache(_KEPT)
def _holds(path: tuple[bytes, ...], moment: datetime) -> bool:
    """Whether every link holds, the last certificate being believed; at any moment within the validity of all."""
    leaf, *between, anchor = (x509.Certificate.load(each) for each in (path[0], *path[1:-1], path[-1]))
    context = ValidationContext(
        trust_roots=[anchor],
        moment=moment,
        allow_fetching=False,
        # Arithmetic first: what is weak is stated by us, apart, instead of looking like a forgery.
        algorithm_usage_policy=AcceptAllAlgorithms(),
        signature_validator=TolerantSignatureValidator(),
    )
    candidate = ValidationPath(CertTrustAnchor(anchor), between[::-1], leaf if len(path) > 1 else None)
    try:
        asyncio.run(async_validate_path(context, candidate))
    except Exception:  # PathValidationError, and whatever the parsers raise on certificates that are malformed
        return False
    return True


class TolerantSignatureValidator(DefaultSignatureValidator):
    """Verifies also under RSA keys whose modulus was written without its leading zero octet."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        super().validate_signature(
            signature, signed_data, _with_positive_modulus(public_key_info), signature_algorithm, context
        )


def _with_positive_modulus(key: keys.PublicKeyInfo) -> keys.PublicKeyInfo:
    if key.algorithm != "rsa" or key["public_key"].parsed["modulus"].native > 0:
        return key
    numbers = key["public_key"].parsed
    modulus = int.from_bytes(numbers["modulus"].contents, "big")
    return keys.PublicKeyInfo(
        {
            "algorithm": key["algorithm"],
            "public_key": keys.RSAPublicKey({"modulus": modulus, "public_exponent": numbers["public_exponent"].native}),
        }
    )
