"""Keys in a PKCS#12 file (RFC 7292): commercial registry, accredited authorities."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asn1crypto import pkcs12 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key, pkcs12

from signing import errors
from signing.document import content_of
from signing.keys.chain import chain_of
from signing.keys.software import SoftwareCredential

_LARGEST = 4 << 20


def open_key_file(path: Path, password: str) -> tuple[SoftwareCredential, ...]:
    """Every key of the file whose certificate is there too, as a credential, in the file's order.

    Raises DocumentError, KeyFileUnreadable, KeyFilePasswordWrong, KeyFileCipherUnsupported, KeyFileWithoutKey,
    KeyUnsupported.
    """
    content = content_of(path, _LARGEST)
    pfx = _parsed(content)
    opened = _opened(content, password)
    certificates = [each.certificate for each in (opened.cert, *opened.additional_certs) if each is not None]
    by_key = {_public(certificate): certificate for certificate in reversed(certificates)}
    keys = {_public(key): key for key in (opened.key, *_visible_keys(pfx, password)) if key is not None}
    if not keys.keys() & by_key.keys():
        raise errors.KeyFileWithoutKey
    if not any(isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) for key in keys.values()):
        raise errors.KeyUnsupported
    return tuple(
        SoftwareCredential(key, chain_of(_der(by_key[public]), [_der(each) for each in certificates]))
        for public, key in keys.items()
        if public in by_key and isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    )


def _parsed(content: bytes) -> Sequence[Any]:
    """The parts of the authenticated safe. Where these can be read, what fails later is the password."""
    try:
        if len(content) > _LARGEST:
            raise errors.KeyFileUnreadable
        return list(asn1.Pfx.load(content, strict=True).authenticated_safe)
    except (ValueError, TypeError, KeyError) as error:
        raise errors.KeyFileUnreadable from error


def _opened(content: bytes, password: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(content, password.encode())
    except UnsupportedAlgorithm as error:
        raise errors.KeyFileCipherUnsupported from error
    except ValueError as error:
        raise errors.KeyFilePasswordWrong from error


def _visible_keys(parts: Sequence[Any], password: str) -> Iterator[Any]:
    """The library opens one key of the file; further ones lie, each encrypted, in a part that is not."""
    for part in parts:
        if part["content_type"].native != "data":
            continue
        for bag in asn1.SafeContents.load(part["content"].native):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                try:
                    yield load_der_private_key(bag["bag_value"].untag().dump(), password.encode())
                except (ValueError, TypeError, UnsupportedAlgorithm):
                    continue  # one that cannot be opened; the library has told where that is the only one


def _public(holder: Any) -> bytes:
    key = holder.public_key()
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
