"""What a card, a PKCS#12 file or a PKCS#11 token all are: a certificate path and the ability to sign."""

from enum import Enum
from typing import Protocol


class SignatureAlgorithm(Enum):
    """Value: the name of the digest (as hashlib knows it) and of the key's arithmetic."""

    RSA_SHA256 = ("sha256", "rsassa_pkcs1v15")  # RFC 8017, 8.2
    ECDSA_SHA384 = ("sha384", "ecdsa")  # the card announced for 2028

    @property
    def digest(self) -> str:
        return self.value[0]


class Credential(Protocol):
    """A certificate path and sign(data). It knows nothing of PDF or XML."""

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        """DER certificates: the signing certificate first, then its issuers as far as they are at hand."""
        ...

    @property
    def algorithm(self) -> SignatureAlgorithm: ...

    def sign(self, data: bytes) -> bytes:
        """Sign `data` (whole; hashed by the credential) and return the signature value.

        One call is one use of the private key. Raises CardError and its subclasses.
        """
        ...
