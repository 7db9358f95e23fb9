"""What differs between generations of the card, as data: one row each, and one function that tells them apart.

Of the card announced for the fiscal year 2028 little is known. What its row rests on is said in it, field by field;
when the card is there, the row and `recognised` are replaced, and nothing else.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from signing.card import CardFacts, Generation, TokenKind
from signing.card.apdu import ISSUER_SECURITY_DOMAIN, JPKI_APPLICATION
from signing.card.pin import AUTHENTICATION_PIN, SIGNATURE_PASSWORD, PinRule
from signing.credential import SHA256_INFO, SignatureAlgorithm


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The EFs around one key, and the rule of its PIN. `available` is its byte in the availability file."""

    certificate: int
    ca_certificate: int
    key: int
    pin: int
    pin_rule: PinRule
    available: int


@dataclass(frozen=True, slots=True)
class CardProfile:
    """Everything that differs between generations of the card.

    `digest_info` precedes the digest (RFC 8017, 9.2). `announced` and `guessed` name the fields that no card has
    confirmed: what the authorities said of it, and what this program supposes.
    """

    application: bytes
    logout: bytes
    token_file: int
    availability_file: int
    signature: KeyFiles
    authentication: KeyFiles
    algorithm: SignatureAlgorithm
    digest_info: bytes
    signature_length: int
    announced: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()


_MY_NUMBER_CARD: Final = CardProfile(
    application=JPKI_APPLICATION,
    logout=ISSUER_SECURITY_DOMAIN,
    token_file=0x0006,
    availability_file=0x0008,
    signature=KeyFiles(0x0001, 0x0002, 0x001A, 0x001B, SIGNATURE_PASSWORD, available=0),
    authentication=KeyFiles(0x000A, 0x000B, 0x0017, 0x0018, AUTHENTICATION_PIN, available=1),
    algorithm=SignatureAlgorithm.RSA_SHA256,
    digest_info=SHA256_INFO,
    signature_length=256,
)
# Two PINs instead of four are announced, and nothing of their length: a password of today must do, a longer one may.
_NEXT_PASSWORD: Final = PinRule(6, 32, frozenset(string.ascii_uppercase + string.digits), tries=5)
_NEXT_CARD: Final = CardProfile(
    application=JPKI_APPLICATION,
    logout=ISSUER_SECURITY_DOMAIN,
    token_file=0x0006,
    availability_file=0x0008,
    signature=KeyFiles(0x0001, 0x0002, 0x001A, 0x001B, _NEXT_PASSWORD, available=0),
    authentication=KeyFiles(0x000A, 0x000B, 0x0017, 0x0018, AUTHENTICATION_PIN, available=1),
    algorithm=SignatureAlgorithm.ECDSA_SHA384,
    digest_info=b"",
    signature_length=96,  # r and s of P-384, side by side
    announced=frozenset({"algorithm"}),
    guessed=frozenset(
        {
            *("application", "logout", "token_file", "availability_file", "signature", "authentication"),
            *("digest_info", "signature_length"),
        }
    ),
)
PROFILES: Final[Mapping[Generation, CardProfile]] = {
    Generation.MY_NUMBER_CARD: _MY_NUMBER_CARD,
    Generation.NEXT: _NEXT_CARD,
}

_TOKENS: Final = {
    b"JPKIAPICCTOKEN2": TokenKind.MY_NUMBER_CARD,
    b"JPKIAPICCTOKEN": TokenKind.RESIDENT_CARD,
    b"JPKIAPGPSETOKEN": TokenKind.ANDROID,
    b"JPKIAPIOSTOKEN": TokenKind.IPHONE,
}
_NEXT_TOKEN: Final = b"JPKIAPNEXTTOKEN"  # guessed, and such that no card has it by chance: those are refused


def recognised(token: bytes) -> tuple[TokenKind, Generation]:
    """What answers as the JPKI application, by the name in its token file, and of which generation it is."""
    name = token.rstrip(b" \0")
    if name == _NEXT_TOKEN:
        return TokenKind.MY_NUMBER_CARD, Generation.NEXT
    return _TOKENS.get(name, TokenKind.UNKNOWN), Generation.MY_NUMBER_CARD


def password_rule(facts: CardFacts | None) -> PinRule:
    """What the signature password of this card may be; of today's card where none is known yet."""
    generation = facts.generation if facts else Generation.MY_NUMBER_CARD
    return PROFILES[generation].signature.pin_rule
