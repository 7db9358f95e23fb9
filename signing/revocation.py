"""Whether a certificate was revoked, by the CRLs and OCSP responses that a file brings along; nothing is fetched.

RFC 5280, 6.3 (complete and partitioned CRLs of the issuer itself), RFC 6960, 3.2 and 4.2.2.2, and the freshness of
ETSI EN 319 102-1, 5.2.5. What does not fit exactly says nothing: it never makes a certificate good, nor revoked.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from signing import errors
from signing.algorithms import weak_digest
from signing.report import Revocation

# Each is parsed and its signature verified; a file needs a handful.
_MOST = 64
_UNDERSTOOD = frozenset({ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.CRL_NUMBER})
# Certificates that are never revoked and say so: noRevAvail (RFC 9608), validity assured short term
# (ETSI EN 319 412-1, 5.2), and OCSP responders (RFC 6960, 4.2.2.2.1).
_NEVER_REVOKED = frozenset({"2.5.29.56", "0.4.0.194121.2.1", "1.3.6.1.5.5.7.48.1.5"})


@dataclass(frozen=True, slots=True)
class RevocationData:
    """CRLs and OCSP responses (OCSPResponse) in DER. `unread`: there was more, which could not be read."""

    crls: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()
    unread: bool = False

    def __add__(self, other: "RevocationData") -> "RevocationData":
        """Both together, each piece once."""
        crls = dict.fromkeys((*self.crls, *other.crls))
        responses = dict.fromkeys((*self.responses, *other.responses))
        return RevocationData(tuple(crls), tuple(responses), self.unread or other.unread)

    @property
    def bounded(self) -> "RevocationData":
        """As much of it as is worth reading."""
        crls, responses = self.crls[:_MOST], self.responses[:_MOST]
        more = len(self.crls) > _MOST or len(self.responses) > _MOST
        return RevocationData(crls, responses, self.unread or more)


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a certificate, or of all of a path. `time` is when it was revoked, `authority` whether the one
    that was revoked is not the signer's own. A certificate can be good as of the moment, and `time` lie after it.

    `open`: a certificate could have been revoked without our knowing.
    """

    revocation: Revocation
    time: datetime | None = None
    authority: bool = False
    open: bool = False


UNKNOWN = Status(Revocation.NOT_CHECKED, open=True)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one CRL or response says of one certificate."""

    this_update: datetime
    next_update: datetime | None
    revoked: datetime | None
    complete: bool  # it would name the certificate if it were revoked, and nobody could have forged it

    def proves_good(self, certificate: x509.Certificate, moment: datetime) -> bool:
        """Not revoked at `moment`, by data that is fresh enough for it.

        An authority may forget certificates that have expired (RFC 5280, 3.3): what it issues afterwards proves
        nothing about them.
        """
        if not self.complete or self.this_update > certificate.not_valid_after_utc:
            return False
        if self.revoked is not None:
            return self.revoked > moment
        return self.this_update >= moment or (self.next_update is not None and moment < self.next_update)


def status_of_path(path: Sequence[bytes], data: RevocationData, moment: datetime) -> Status:
    """The status of the certificates (DER) of a trusted path, the signer's first, the anchor (not looked at) last."""
    statuses = [_status(one, issuer, data.bounded, moment) for one, issuer in pairwise(path)]
    for place, status in enumerate(statuses):
        if status.revocation is Revocation.REVOKED:
            return Status(status.revocation, status.time, authority=place > 0)
    unknown = [
        can_be_revoked(certificate)
        for certificate, status in zip(path, statuses, strict=False)
        if status.revocation is not Revocation.GOOD
    ]
    if any(unknown) or (data.bounded.unread and unknown):
        return UNKNOWN
    if not statuses or statuses[0].revocation is not Revocation.GOOD:
        return Status(Revocation.NOT_CHECKED)
    return statuses[0]


@functools.lru_cache(256)  # the files of a batch carry the same ones
def can_be_revoked(der: bytes) -> bool:
    """Whether a certificate names a source that could say so, and is not of a kind that is never revoked."""
    certificate = asn1.Certificate.load(der)
    extensions = {extension["extn_id"].dotted for extension in certificate["tbs_certificate"]["extensions"]}
    if extensions & _NEVER_REVOKED:
        return False
    access = certificate.authority_information_access_value or ()
    responders = [each for each in access if each["access_method"].native == "ocsp"]
    return bool(certificate.crl_distribution_points_value or responders)


def _status(certificate: bytes, issuer: bytes, data: RevocationData, moment: datetime) -> Status:
    if not data.crls and not data.responses:
        return Status(Revocation.NOT_CHECKED)
    try:
        pair = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
        statements = list(_statements(*pair, data))
        revoked = [each.revoked for each in statements if each.revoked is not None]
        if revoked and min(revoked) <= moment:  # however old the data is: what was revoked stays so
            return Status(Revocation.REVOKED, min(revoked))
        if any(each.proves_good(pair[0], moment) for each in statements):
            return Status(Revocation.GOOD, min(revoked, default=None))
    except (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension):  # a certificate that is malformed
        pass
    return Status(Revocation.NOT_CHECKED)


def _statements(certificate: x509.Certificate, issuer: x509.Certificate, data: RevocationData) -> Iterator[_Statement]:
    lists = [statement for crl in data.crls if (statement := _by_crl(crl, certificate, issuer))]
    yield from lists
    for response in data.responses:
        yield from _by_response(response, certificate, issuer, lists_of=data.crls)


def _is_weak(algorithm: hashes.HashAlgorithm | None) -> bool:
    return algorithm is not None and bool(weak_digest(algorithm.name))


# --- CRLs


def _by_crl(der: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> _Statement | None:
    try:
        crl = x509.load_der_x509_crl(der)
        if crl.issuer != certificate.issuer or not _may_sign_lists(issuer) or not _signed_by(crl, issuer):
            return None
        scope = _scope(crl, certificate)
        if scope is None:
            return None
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        revoked = entry.revocation_date_utc if entry is not None else None
        complete = scope and not _is_weak(crl.signature_hash_algorithm)
        return _Statement(crl.last_update_utc, crl.next_update_utc, revoked, complete)
    except Exception:  # the parser is lazy and raises whatever it stumbles over
        return None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """Who issued a CRL (RFC 4514), when, and when the next one is due; how many certificates it names."""

    issuer: str
    this_update: datetime
    next_update: datetime | None
    revoked: int


def list_facts(der: bytes) -> ListFacts:
    """What a CRL in DER says of itself. Raises CertificateFileUnreadable."""
    try:
        crl = x509.load_der_x509_crl(der)
        return ListFacts(crl.issuer.rfc4514_string(), crl.last_update_utc, crl.next_update_utc, len(crl))
    except Exception as error:  # the parser is lazy and raises whatever it stumbles over
        raise errors.CertificateFileUnreadable from error


def _signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # raises on keys that cannot sign


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool | None:
    """Whether the list would name the certificate; None where entries mean something else than they seem to."""
    extensions = {extension.oid: extension for extension in crl.extensions}
    critical = {oid for oid, extension in extensions.items() if extension.critical}
    if critical - _UNDERSTOOD or ExtensionOID.DELTA_CRL_INDICATOR in extensions:
        return None
    if ExtensionOID.ISSUING_DISTRIBUTION_POINT not in extensions:
        return True
    point = extensions[ExtensionOID.ISSUING_DISTRIBUTION_POINT].value
    if not isinstance(point, x509.IssuingDistributionPoint) or point.indirect_crl:
        return None
    authority = _is_authority(certificate)
    other_kind = point.only_contains_attribute_certs or (
        point.only_contains_user_certs if authority else point.only_contains_ca_certs
    )
    return not other_kind and not point.only_some_reasons and _same_point(point, certificate)


def _same_point(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """RFC 5280, 6.3.3 (b)(2)(i): a list of one distribution point covers the certificates that name it."""
    if point.full_name is None and point.relative_name is None:
        return True
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    if point.relative_name is not None:
        return any(each.relative_name == point.relative_name for each in points)
    return any(name in (each.full_name or ()) for each in points for name in point.full_name or ())


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


# --- OCSP


def _by_response(
    der: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, lists_of: Iterable[bytes]
) -> list[_Statement]:
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return []
        fitting = [each for each in response.responses if _is_about(each, certificate, issuer)]
        if not fitting or not _authorized(response, issuer, lists_of):
            return []
        weak = _is_weak(response.signature_hash_algorithm)
        return [
            _said(each, complete=not weak)
            for each in fitting
            if each.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN
        ]
    except Exception:  # as above
        return []


def _said(single: ocsp.OCSPSingleResponse, *, complete: bool) -> _Statement:
    revoked = None
    if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        revoked = single.revocation_time_utc
    return _Statement(single.this_update_utc, single.next_update_utc, revoked, complete)


def _is_about(single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if single.serial_number != certificate.serial_number:
        return False
    name = _hashed(issuer.subject.public_bytes(), single.hash_algorithm)
    key = _hashed(_key_bits(issuer), single.hash_algorithm)
    return (single.issuer_name_hash, single.issuer_key_hash) == (name, key)


def _hashed(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _key_bits(certificate: x509.Certificate) -> bytes:
    der = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return bytes(asn1.PublicKeyInfo.load(der)["public_key"].contents[1:])


def _authorized(response: ocsp.OCSPResponse, issuer: x509.Certificate, lists: Iterable[bytes]) -> bool:
    """RFC 6960, 4.2.2.2: signed by the issuer itself, or by one whom the issuer made its responder."""
    if _response_signed_by(response, issuer):
        return True
    return any(
        _response_signed_by(response, each) and _is_responder(each, issuer, response.produced_at_utc, lists)
        for each in response.certificates[:4]
    )


def _is_responder(responder: x509.Certificate, issuer: x509.Certificate, at: datetime, lists: Iterable[bytes]) -> bool:
    try:
        responder.verify_directly_issued_by(issuer)
        uses = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, x509.ExtensionNotFound):
        return False
    valid = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
    if not valid or ExtendedKeyUsageOID.OCSP_SIGNING not in uses:
        return False
    der = responder.public_bytes(serialization.Encoding.DER)
    if not can_be_revoked(der):
        return True
    statements = [statement for crl in lists if (statement := _by_crl(crl, responder, issuer))]
    return any(each.proves_good(responder, at) for each in statements)


def _response_signed_by(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    key, algorithm = certificate.public_key(), response.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
