"""The names of algorithms as people know them, and which of them hold no longer."""

from asn1crypto import algos, keys, x509

from signing.report import Problem

# Below these no signature is accepted without a word (NIST SP 800-131A Rev. 2; ETSI TS 119 312, 8.4).
_BROKEN_DIGESTS = frozenset({"md2", "md4", "md5", "sha1"})
_MINIMUM_BITS = {"RSA": 2048, "DSA": 2048, "ECDSA": 224}
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp224r1": "P-224"}
_ARITHMETIC = {"rsassa_pkcs1v15": "RSA", "rsassa_pss": "RSASSA-PSS", "ecdsa": "ECDSA", "dsa": "DSA"}


def digest_name(digest: str) -> str:
    """`sha256` becomes `SHA-256`; names without a number stay in capitals."""
    name = digest.upper()
    if name.startswith("SHA3_"):
        return name.replace("_", "-")
    return name.replace("SHA", "SHA-", 1) if name.startswith("SHA") and name[3:4].isdigit() else name


def signature_name(algorithm: algos.SignedDigestAlgorithm, digest: str | None = None) -> str:
    """For example `RSA-SHA256`. `digest` counts where the algorithm names none, as CMS allows (RFC 3370, 3.2)."""
    digest = signature_digest(algorithm) or digest
    try:
        arithmetic = algorithm.signature_algo
    except ValueError:
        return str(algorithm["algorithm"].native)
    name = _ARITHMETIC.get(arithmetic, arithmetic.capitalize())
    return f"{name}-{digest.upper()}" if digest and arithmetic in _ARITHMETIC else name


def signature_digest(algorithm: algos.SignedDigestAlgorithm) -> str | None:
    """The digest that a signature algorithm fixes (`sha256`), or None."""
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return None


def key_name(key: keys.PublicKeyInfo) -> str:
    """For example `RSA-2048` or `ECDSA-P-384`."""
    if key.algorithm in ("rsa", "rsassa_pss"):
        return f"RSA-{_modulus_bits(key)}"
    if key.algorithm == "ec":
        curve = key.curve[1] if key.curve[0] == "named" else "explicit"
        return f"ECDSA-{_CURVES.get(curve, curve)}"
    return f"DSA-{key.bit_size}" if key.algorithm == "dsa" else str(key.algorithm).capitalize()


def _modulus_bits(key: keys.PublicKeyInfo) -> int:
    # Some issuers wrote the modulus without its leading zero octet: a negative number by the letter of DER.
    return int.from_bytes(key["public_key"].parsed["modulus"].contents, "big").bit_length()


def weaknesses_of_certificate(certificate: x509.Certificate, *, anchor: bool) -> tuple[Problem, ...]:
    """What is too weak in a certificate; nobody relies on the signature of a trust anchor over itself."""
    problems = weak_key(certificate.public_key)
    return problems if anchor else (*problems, *weak_digest(signature_digest(certificate["signature_algorithm"])))


def weak_digest(digest: str | None) -> tuple[Problem, ...]:
    if digest not in _BROKEN_DIGESTS:
        return ()
    return (Problem("algorithm.digest-weak", {"algorithm": digest_name(digest)}),)


def weak_key(key: keys.PublicKeyInfo) -> tuple[Problem, ...]:
    kind = key_name(key)
    bits = _modulus_bits(key) if kind.startswith("RSA") else key.bit_size if kind.startswith(("DSA", "ECDSA")) else None
    if bits is None or bits >= _MINIMUM_BITS[kind.split("-")[0]]:
        return ()
    return (Problem("algorithm.key-too-short", {"key": kind}),)
