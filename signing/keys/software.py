"""A key in memory as a Credential, and what a public key can sign with."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from signing import errors
from signing.credential import SignatureAlgorithm
from signing.keys.chain import Chain

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_SHORTEST_RSA = 2048  # bits
_CURVES = {"secp256r1": SignatureAlgorithm.ECDSA_SHA256, "secp384r1": SignatureAlgorithm.ECDSA_SHA384}
_HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384}


def algorithm_of(key: PublicKeyTypes) -> SignatureAlgorithm:
    """What a key of this kind signs with. Raises KeyUnsupported, for RSA below 2048 bits among others."""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SHORTEST_RSA:
        return SignatureAlgorithm.RSA_SHA256
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise errors.KeyUnsupported


class SoftwareCredential:
    """A Credential whose key is in this process."""

    def __init__(self, key: PrivateKey, chain: Chain) -> None:
        """Raises KeyUnsupported."""
        self._key = key
        self._chain = chain
        self._algorithm = algorithm_of(key.public_key())

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._chain.path

    @property
    def reaches_root(self) -> bool:
        return self._chain.reaches_root

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._algorithm

    def sign(self, data: bytes) -> bytes:
        algorithm = _HASHES[self._algorithm.digest]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))
