"""The algorithms of XML signatures by their URIs (XML Signature 1.1, 6; RFC 9231), and the arithmetic of a value."""

from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.algorithms import digest_name
from signing.report import Problem
from signing.xml.signature import Method

_ENC = "http://www.w3.org/2001/04/xmlenc#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_MORE_2021 = "http://www.w3.org/2021/04/xmldsig-more#"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_DSIG11 = "http://www.w3.org/2009/xmldsig11#"

_SHORTEST_RSA = 256  # octets; no ECDSA value is as long
_DIGESTS = {
    f"{_DSIG}sha1": "sha1",
    f"{_MORE}sha224": "sha224",
    f"{_ENC}sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    f"{_ENC}sha512": "sha512",
    **{f"{_MORE_2007}sha3-{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)},
}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - old files are verified, and their weakness is stated
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_224": hashes.SHA3_224(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}


@dataclass(frozen=True, slots=True)
class SignatureMethod:
    """`family`: RSA, RSASSA-PSS, DSA, ECDSA, EdDSA. `digest` is hashlib's name, None where the family has its own."""

    family: str
    digest: str | None

    @property
    def name(self) -> str:
        return f"{self.family}-{self.digest.upper()}" if self.digest else self.family


_SHA2 = ("sha224", "sha256", "sha384", "sha512")
_METHODS = {
    f"{_DSIG}rsa-sha1": SignatureMethod("RSA", "sha1"),
    f"{_DSIG}dsa-sha1": SignatureMethod("DSA", "sha1"),
    f"{_DSIG11}dsa-sha256": SignatureMethod("DSA", "sha256"),
    f"{_MORE}ecdsa-sha1": SignatureMethod("ECDSA", "sha1"),
    **{f"{_MORE}rsa-{digest}": SignatureMethod("RSA", digest) for digest in _SHA2},
    **{f"{_MORE}ecdsa-{digest}": SignatureMethod("ECDSA", digest) for digest in _SHA2},
    **{f"{_MORE_2007}{digest}-rsa-MGF1": SignatureMethod("RSASSA-PSS", digest) for digest in ("sha1", *_SHA2)},
    **{f"{_MORE_2021}ecdsa-sha3-{bits}": SignatureMethod("ECDSA", f"sha3_{bits}") for bits in (224, 256, 384, 512)},
    f"{_MORE_2021}eddsa-ed25519": SignatureMethod("EdDSA", None),
    f"{_MORE_2021}eddsa-ed448": SignatureMethod("EdDSA", None),
}


class AlgorithmRefused(Exception):
    """An algorithm that proves nothing, or that is not known here; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def digest_algorithm(method: Method) -> str:
    """The name in hashlib. Raises AlgorithmRefused."""
    if method.algorithm not in _DIGESTS or method.parameters:
        raise _refusal(method)
    return _DIGESTS[method.algorithm]


def signature_method(method: Method) -> SignatureMethod:
    """Raises AlgorithmRefused: for a shared secret too (HMAC), since whoever can verify it could have made it."""
    if method.algorithm not in _METHODS or method.parameters:
        raise _refusal(method)
    return _METHODS[method.algorithm]


def shown_name(uri: str) -> str:
    """The last part of an algorithm's URI: enough to tell a person, and of a length that cannot hurt."""
    name = uri.rpartition("#")[2].rpartition("/")[2][:40]
    return digest_name(_DIGESTS[uri]) if uri in _DIGESTS else name


def _refusal(method: Method) -> AlgorithmRefused:
    name = shown_name(method.algorithm)
    # Of a method that is known, it is the parameters that are refused: a truncated value, for example.
    broken = name.lower().startswith(("hmac", "md5", "md2", "md4", "rsa-md5", "none")) or bool(method.parameters)
    facts = {"algorithm": name}
    return AlgorithmRefused(Problem("algorithm.refused", facts) if broken else Problem("algorithm.unknown", facts))


def verifies(key: keys.PublicKeyInfo, method: SignatureMethod, value: bytes, data: bytes) -> bool:
    """Whether `value` is the signature of `data` by this key. A key of another family verifies nothing."""
    try:
        return _verified(load_der_public_key(key.dump()), method, value, data)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False


def _verified(key: object, method: SignatureMethod, value: bytes, data: bytes) -> bool:
    digest = _HASHES[method.digest] if method.digest else hashes.SHA256()
    match key, method.family:
        case rsa.RSAPublicKey(), "RSA":
            key.verify(value, data, padding.PKCS1v15(), digest)
        case rsa.RSAPublicKey(), "RSASSA-PSS":  # RFC 9231, 2.3.10: the salt is as long as the digest
            key.verify(value, data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        case ec.EllipticCurvePublicKey(), "ECDSA":
            key.verify(_as_der(value, (key.curve.key_size + 7) // 8), data, ec.ECDSA(digest))
        case dsa.DSAPublicKey(), "DSA":
            key.verify(_as_der(value, 20 if method.digest == "sha1" else 32), data, digest)
        case ((ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()), "EdDSA"):
            key.verify(value, data)
        case _:
            return False
    return True


def forms_in_xml(signature: bytes) -> Iterator[bytes]:
    """What may stand in XML for a signature as CMS has it: of ECDSA r and s side by side, of P-256 or of P-384."""
    if len(signature) >= _SHORTEST_RSA:
        yield signature
        return
    r, s = decode_dss_signature(signature)
    for size in (32, 48):
        if max(r, s) < 1 << 8 * size:
            yield r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _as_der(value: bytes, size: int) -> bytes:
    """XML has r and s side by side (XML Signature 1.1, 6.4.3), the arithmetic wants them in DER."""
    if len(value) != 2 * size:
        raise ValueError
    return encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
