"""Revocation data from where certificates say it is; asked only for a person who wants it put into a document."""

from collections.abc import Callable, Iterator, Sequence

from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from signing import errors, web
from signing.revocation import RevocationData, can_be_revoked
from signing.signed_data import certificates_of

_LARGEST_LIST = 32 << 20  # bytes; lists of large authorities have some millions
_LARGEST_RESPONSE = 256 << 10
_MOST_SOURCES = 4  # of each certificate

# Gets what an address answers: to a question of OCSP, or, where there is None, the list there. Raises TimestampError.
Fetch = Callable[[str, bytes | None], bytes]


def responders_of(certificate: bytes) -> tuple[str, ...]:
    """Where OCSP (RFC 6960) is answered for a certificate in DER."""
    return _over_http(asn1.Certificate.load(certificate).ocsp_urls)


def lists_of(certificate: bytes) -> tuple[str, ...]:
    """Where the CRLs are that a certificate in DER names; those in a directory (LDAP) are not among them."""
    points = asn1.Certificate.load(certificate).crl_distribution_points_value or ()
    names = [point["distribution_point"] for point in points]
    full = [name.chosen for name in names if name.name == "full_name"]
    return _over_http([each.native for every in full for each in every if each.name == "uniform_resource_identifier"])


def _over_http(addresses: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in addresses if each.lower().startswith(("http://", "https://")))[:_MOST_SOURCES]


def sources_of(path: Sequence[bytes]) -> tuple[str, ...]:
    """Every address that may be asked about a path, the signer's certificate first and the anchor last."""
    revocable = [certificate for certificate in path[:-1] if can_be_revoked(certificate)]
    return tuple(source for each in revocable for source in (*responders_of(each), *lists_of(each)))


def sources_in_answer(answer: bytes) -> tuple[str, ...]:
    """Every address that the certificates in a TimeStampResp (RFC 3161, 2.4.2) name; none in anything else."""
    try:
        certificates = certificates_of(tsp.TimeStampResp.load(answer)["time_stamp_token"]["content"])
        return tuple(dict.fromkeys(each for der in certificates for each in (*responders_of(der), *lists_of(der))))
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def fetched(certificate: bytes, issuer: bytes, fetch: Fetch) -> Iterator[RevocationData]:
    """What the sources of a certificate answer, one after the other; what cannot be had is left out."""
    for responder in responders_of(certificate):
        if response := _answer(fetch, responder, _ocsp_request(certificate, issuer)):
            yield RevocationData(responses=(response,))
    for place in lists_of(certificate):
        if revoked := _answer(fetch, place, None):
            yield RevocationData(crls=(revoked,))


def from_network(address: str, request: bytes | None) -> bytes:
    """Ask the address itself. Raises TimestampError."""
    if request is None:
        return web.fetch(address, largest=_LARGEST_LIST)
    return web.fetch(
        address,
        body=request,
        content_type="application/ocsp-request",
        accept="application/ocsp-response",
        largest=_LARGEST_RESPONSE,
    )


def _answer(fetch: Fetch, address: str, request: bytes | None) -> bytes | None:
    try:
        return fetch(address, request)
    except errors.TimestampError:  # another source may do
        return None


def _ocsp_request(certificate: bytes, issuer: bytes) -> bytes:
    about = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
    # SHA-1 names the issuer, and is what every responder understands (RFC 5019, 2.1.1).
    request = ocsp.OCSPRequestBuilder().add_certificate(*about, hashes.SHA1())  # noqa: S303 - as said
    return request.build().public_bytes(serialization.Encoding.DER)
