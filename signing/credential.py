"""What a card, a PKCS#12 file or a PKCS#11 token all are: a certificate path and the ability to sign."""

from enum import Enum
from typing import Final, Protocol

# DigestInfo of SHA-256 up to the digest itself: what RSASSA-PKCS1-v1_5 pads (RFC 8017, 9.2)
SHA256_INFO: Final = bytes.fromhex("3031300D060960864801650304020105000420")


class SignatureAlgorithm(Enum):
    """A digest, by the name that hashlib has for it, and what the key does with it."""

    RSA_SHA256 = ("sha256", "sha256_rsa")  # RSASSA-PKCS1-v1_5, RFC 8017, 8.2
    ECDSA_SHA256 = ("sha256", "sha256_ecdsa")  # P-256; FIPS 186-5, 6
    ECDSA_SHA384 = ("sha384", "sha384_ecdsa")  # P-384

    @property
    def digest(self) -> str:
        return self.value[0]

    @property
    def cms(self) -> str:
        """The signatureAlgorithm of a SignerInfo, by the name that asn1crypto has for it."""
        return self.value[1]


class Credential(Protocol):
    """A certificate path and sign(data). It knows nothing of PDF or XML."""

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        """DER certificates: the signing certificate first, then its issuers as far as they are at hand."""
        ...

    @property
    def algorithm(self) -> SignatureAlgorithm: ...

    def sign(self, data: bytes) -> bytes:
        """Sign `data` (whole; hashed by the credential) and return the signature value: of ECDSA in DER, as CMS has it.

        One call is one use of the private key. Raises CardError and its subclasses.
        """
        ...


class OtherCredential(Credential, Protocol):
    """That of a file or a token, which brings what certificates it has."""

    @property
    def reaches_root(self) -> bool:
        """Whether every issuer up to a root was at hand; else recipients may not be able to trace the certificate."""
        ...
