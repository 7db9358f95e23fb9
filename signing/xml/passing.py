"""A credential that is made for one proof and forgotten: what it signs is never handed over."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing.credential import SignatureAlgorithm


class Passing:
    """A key on P-256, which takes no time to make, with its own certificate."""

    algorithm = SignatureAlgorithm.ECDSA_SHA256

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def certification_path(self) -> tuple[bytes, ...]:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Passing")])
        made = datetime(2000, 1, 1, tzinfo=UTC)  # long over: nobody shall take it for somebody's
        certificate = x509.CertificateBuilder(name, name, self._key.public_key(), 1, made, made + timedelta(days=1))
        return (certificate.sign(self._key, hashes.SHA256()).public_bytes(Encoding.DER),)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
