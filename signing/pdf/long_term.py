"""What must be known of the certificates of a PDF so that its signatures can be validated in years to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto import cms

from signing import errors
from signing.carried import ValidationData
from signing.certificate import certificate_facts
from signing.certification_path import certification_path
from signing.pdf.embedded import EmbeddedSignature
from signing.report import IssuerClass, Revocation
from signing.revocation import RevocationData, status_of_path
from signing.revocation_sources import Fetch, fetched
from signing.signed_data import attribute_values, certificates_of, only_signer, signing_certificate
from signing.trust import Trust

# Their revocation is told to notified verifiers only; the practice card plays them.
_RESTRICTED = frozenset({IssuerClass.JPKI, IssuerClass.JPKI_TEST, IssuerClass.PRACTICE})


@dataclass(frozen=True, slots=True)
class SignedPath:
    """A path (DER, the anchor last) that a signature or time stamp rests on, and the moment to judge it at."""

    certificates: tuple[bytes, ...]
    moment: datetime


def paths_of(
    signatures: Sequence[EmbeddedSignature], brought: ValidationData, *, trust: Trust, moment: datetime
) -> list[SignedPath]:
    """Of every signature and time stamp; one that a later stamp covers is judged at the time of that stamp.

    `signatures` in the order of their revisions. Raises RevocationDataRestricted, SignerUntrusted.
    """
    found: list[SignedPath] = []
    for signature in reversed(signatures):
        if signature.is_timestamp:
            found.append(_path(signature.signed_data, brought, trust.for_timestamps(), moment))
            moment = min(moment, _time(signature.signed_data))
            continue
        own = moment
        for token in attribute_values(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token"):
            found.append(_path(token["content"], brought, trust.for_timestamps(), moment))
            own = min(own, _time(token["content"]))
        found.append(_path(signature.signed_data, brought, trust, own))
    return found


def _path(signed_data: cms.SignedData, brought: ValidationData, trust: Trust, moment: datetime) -> SignedPath:
    certificates = certificates_of(signed_data)
    signer = signing_certificate(only_signer(signed_data), certificates)
    if signer is None:
        raise errors.SignerUntrusted
    if certificate_facts(signer).issuer_class in _RESTRICTED:
        raise errors.RevocationDataRestricted
    path = certification_path(signer, (*certificates, *brought.certificates), trust=trust, moment=moment)
    if path.sub_indication is not None:
        raise errors.SignerUntrusted
    return SignedPath(path.certificates, moment)


def _time(token: cms.SignedData) -> datetime:
    time: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return time


def complete_data(paths: Sequence[SignedPath], brought: ValidationData, fetch: Fetch) -> ValidationData:
    """The certificates of the paths, and revocation data that settles them: what is there, and what must be fetched.

    Raises CertificateRevoked, RevocationDataMissing.
    """
    data = brought.revocation
    for path in paths:
        data = _settled(path, data, fetch)
    certificates = dict.fromkeys(each for path in paths for each in path.certificates)
    return ValidationData(tuple(certificates), data)


def _settled(path: SignedPath, known: RevocationData, fetch: Fetch) -> RevocationData:
    """As much more data as it takes until the path is known to be good."""
    for pair in pairwise(path.certificates):
        one = SignedPath(pair, path.moment)
        if not _is_settled(one, known):
            known += _settling(one, known, fetch)
    return known


def _settling(pair: SignedPath, known: RevocationData, fetch: Fetch) -> RevocationData:
    """What proves that a certificate is good; answers that do not are of no use to anybody."""
    certificate, issuer = pair.certificates
    for more in fetched(certificate, issuer, fetch):
        if _is_settled(pair, known + more):
            return more
    raise errors.RevocationDataMissing


def _is_settled(path: SignedPath, data: RevocationData) -> bool:
    status = status_of_path(path.certificates, data, path.moment)
    if status.revocation is Revocation.REVOKED:
        raise errors.CertificateRevoked
    return not status.open
