"""Keys on a token behind the library of its maker (PKCS #11, OASIS Cryptoki)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto.algos import DSASignature
from cryptography.x509 import load_der_x509_certificate
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag, exceptions
from pkcs11.types import PROTECTED_AUTH

from signing import errors
from signing.credential import SHA256_INFO, SignatureAlgorithm
from signing.keys.chain import Chain, chain_of
from signing.keys.software import algorithm_of


class Remaining(StrEnum):
    """What a token tells of the tries that are left; a number it does not tell."""

    MANY = "many"
    FEW = "few"
    ONE = "one"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is known of a token without its PIN.

    `has_keypad`: the PIN is typed on the reader, never here. `wants_new_pin`: it is the maker's still, or ran out.
    """

    slot: int
    label: str
    model: str
    remaining: Remaining
    has_keypad: bool
    wants_new_pin: bool
    certificates: tuple[bytes, ...]  # DER, those that can be read without the PIN


def tokens(module: Path) -> tuple[TokenFacts, ...]:
    """The tokens behind the library. Loading it runs its code in this process: call this in a helper process.

    Raises TokenModuleUnusable, TokenFailed.
    """
    with _library(module) as library, _translated():
        found = []
        for slot in library.get_slots(token_present=True):
            token = slot.get_token()
            if TokenFlag.TOKEN_INITIALIZED in token.flags:
                with token.open() as session:
                    found.append(_facts(token, slot.slot_id, _certificates(session)))
        return tuple(found)


@contextmanager
def token_session(module: Path, slot: int, pin: str | None) -> Iterator[tuple["TokenCredential", ...]]:
    """Log in, once, and yield every key that signs and whose certificate is there; log out at the end.

    `pin` is None where it is typed on the token's own keypad. What a PIN may be only the token knows.
    Raises TokenModuleUnusable, TokenMissing, TokenPinIncorrect, TokenPinLocked, TokenPinExpired, TokenPinFormat,
    KeyFileWithoutKey, KeyUnsupported, TokenFailed.
    """
    with _library(module) as library:
        with _translated():
            token = _token(library, slot)
        if _remaining(token.flags) is Remaining.NONE:
            raise errors.TokenPinLocked
        if pin == "":
            raise errors.TokenPinFormat
        with _logged_in(token, pin) as session:
            with _translated():
                credentials = _credentials(session)
            yield credentials


class TokenCredential:
    """A key on a token, logged in to."""

    def __init__(self, key: Any, chain: Chain) -> None:
        """Raises KeyUnsupported."""
        # It would ask for the PIN again before each signature, and a PIN is not kept.
        if _attribute(key, Attribute.ALWAYS_AUTHENTICATE):
            raise errors.KeyUnsupported
        self._key = key
        self._chain = chain
        self._algorithm = algorithm_of(load_der_x509_certificate(chain.path[0]).public_key())

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
        """One use of the key. Raises TokenFailed."""
        digest = hashlib.new(self._algorithm.digest, data).digest()
        with _translated():
            if self._algorithm is SignatureAlgorithm.RSA_SHA256:
                return bytes(self._key.sign(SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS))
            value = bytes(self._key.sign(digest, mechanism=Mechanism.ECDSA))
        return bytes(DSASignature.from_p1363(value).dump())


def _facts(token: Any, slot: int, certificates: tuple[bytes, ...]) -> TokenFacts:
    return TokenFacts(
        slot=slot,
        label=token.label,
        model=token.model,
        remaining=_remaining(token.flags),
        has_keypad=TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags,
        wants_new_pin=TokenFlag.USER_PIN_TO_BE_CHANGED in token.flags,
        certificates=certificates,
    )


def _remaining(flags: TokenFlag) -> Remaining:
    for flag, meaning in (
        (TokenFlag.USER_PIN_LOCKED, Remaining.NONE),
        (TokenFlag.USER_PIN_FINAL_TRY, Remaining.ONE),
        (TokenFlag.USER_PIN_COUNT_LOW, Remaining.FEW),
    ):
        if flag in flags:
            return meaning
    return Remaining.MANY


@contextmanager
def _library(module: Path) -> Iterator[Any]:
    """The library, at work for no longer than it is needed: some hold the reader as long as they are.

    It begins anew each time, because some look for tokens only then.
    """
    try:
        # A file where one stands is meant before one of the system that has its name.
        library = pkcs11.lib(str(module.absolute() if module.is_file() else module))
    except (exceptions.PKCS11Error, RuntimeError) as error:
        raise errors.TokenModuleUnusable from error
    try:
        yield library
    finally:
        with suppress(exceptions.PKCS11Error):
            library.finalize()


def _token(library: Any, slot: int) -> Any:
    for each in library.get_slots(token_present=True):
        if each.slot_id == slot:
            return each.get_token()
    raise errors.TokenMissing


@contextmanager
def _logged_in(token: Any, pin: str | None) -> Iterator[pkcs11.Session]:
    try:
        session = token.open(user_pin=PROTECTED_AUTH if pin is None else pin)
    except exceptions.PinIncorrect as error:
        remaining = _remaining(token.slot.get_token().flags)
        raise (errors.TokenPinLocked if remaining is Remaining.NONE else errors.TokenPinIncorrect(remaining)) from error
    except exceptions.PinLocked as error:
        raise errors.TokenPinLocked from error
    except exceptions.PinExpired as error:
        raise errors.TokenPinExpired from error
    except (exceptions.PinLenRange, exceptions.PinInvalid) as error:
        raise errors.TokenPinFormat from error
    except exceptions.PKCS11Error as error:
        raise errors.TokenFailed from error
    try:
        yield session
    finally:
        with suppress(exceptions.PKCS11Error):  # the token may be gone; what it signed is not
            session.close()


def _credentials(session: pkcs11.Session) -> tuple[TokenCredential, ...]:
    """The keys that sign, by the identifier that they share with their certificates (PKCS #11, 4.5).

    Raises KeyUnsupported where there are keys, and none that can be used; KeyFileWithoutKey where there are none.
    """
    certificates = list(_objects(session, ObjectClass.CERTIFICATE))
    every = [value for each in certificates if (value := _attribute(each, Attribute.VALUE))]
    of_key = {_attribute(each, Attribute.ID): _attribute(each, Attribute.VALUE) for each in certificates}
    found: list[TokenCredential] = []
    refusal: errors.KeySourceError = errors.KeyFileWithoutKey()
    for key in _objects(session, ObjectClass.PRIVATE_KEY):
        certificate = of_key.get(_attribute(key, Attribute.ID))
        if not (certificate and _attribute(key, Attribute.SIGN)):
            continue
        try:
            found.append(TokenCredential(key, chain_of(certificate, every)))
        except errors.KeyUnsupported as error:
            refusal = error
    if not found:
        raise refusal
    return tuple(sorted(found, key=lambda each: each.certification_path))  # a token has them in any order


def _certificates(session: pkcs11.Session) -> tuple[bytes, ...]:
    values = (_attribute(each, Attribute.VALUE) for each in _objects(session, ObjectClass.CERTIFICATE))
    return tuple(value for value in values if value)


def _objects(session: pkcs11.Session, kind: ObjectClass) -> Iterator[Any]:
    yield from list(session.get_objects({Attribute.CLASS: kind}))


def _attribute(item: Any, attribute: Attribute) -> Any:
    try:
        return item[attribute]
    except exceptions.PKCS11Error:  # not every token knows every attribute
        return None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except exceptions.PKCS11Error as error:
        raise errors.TokenFailed from error
