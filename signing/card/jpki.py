"""The JPKI application of the My Number Card: what it tells without a password, and a session that signs."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from signing.card import PHONES, CardFacts, Generation, Readers, TokenKind
from signing.card.apdu import (
    FILE_NOT_FOUND,
    NO_DIAGNOSIS,
    OK,
    SECURITY_STATUS_NOT_SATISFIED,
    WRONG_LENGTH,
    CardChannel,
    CommandApdu,
    StatusWord,
    change_reference_data,
    compute_digital_signature,
    read_binary,
    select_application,
    select_ef,
    verify,
)
from signing.card.pin import SignaturePin
from signing.card.profiles import PROFILES, CardProfile, KeyFiles, recognised
from signing.credential import Credential, SignatureAlgorithm
from signing.errors import (
    CardError,
    CardProtocolError,
    CardSignatureWrong,
    CertificateUnreadable,
    NoSignatureCertificate,
    PinIncorrect,
    PinLocked,
    PinOutcomeUnknown,
    UnsupportedCard,
    UnsupportedToken,
)

_log = logging.getLogger(__name__)


# 6983 is what ISO 7816-4 says, 6984 what the card's own specification (JICSAP) says.
_LOCKED: Final = frozenset({StatusWord(0x6983), StatusWord(0x6984)})
_CHECKING_ERRORS: Final = range(0x6700, 0x6F00)  # ISO 7816-4, table 6: the card understood, and declines


def read_facts(readers: Readers, reader: str, *, phones: bool = False) -> CardFacts:
    """What the card tells without a PIN, over a connection of its own.

    Anything but a My Number Card is asked for no more than its kind: a phone would trouble its owner. With `phones`,
    an experiment, it is asked for the tries of its signature password too.
    Raises UnsupportedCard, CardProtocolError, CardRemoved, and what `readers.connect` raises.
    """
    with open_application(readers, reader) as card:
        token = card.token()
        plastic = token is TokenKind.MY_NUMBER_CARD
        signature, authentication = card.profile.signature, card.profile.authentication
        available = card.availability() if plastic else b""
        return CardFacts(
            reader=reader,
            practice=readers.practice,
            token=token,
            has_signature_certificate=_flag(available, signature.available),
            has_authentication_certificate=_flag(available, authentication.available),
            signature_tries=card.tries_left(signature) if plastic or (phones and token in PHONES) else None,
            authentication_tries=card.tries_left(authentication) if plastic else None,
            signature_ca_certificate=card.certificate(signature.ca_certificate) if plastic else None,
            authentication_certificate=card.certificate(authentication.certificate) if plastic else None,
            generation=card.generation,
        )


def require_my_number_card(facts: CardFacts, *, phones: bool = False) -> None:
    """Raise UnsupportedToken for the old resident card, for what is not known, and for phones unless they are to be
    tried."""
    if facts.token is not TokenKind.MY_NUMBER_CARD and not (phones and facts.token in PHONES):
        raise UnsupportedToken(facts.token)


@contextmanager
def signing_session(
    readers: Readers,
    reader: str,
    pin: SignaturePin,
    *,
    issuers: Sequence[bytes] = (),
    generation: Generation = Generation.MY_NUMBER_CARD,
) -> Iterator[Credential]:
    """A credential that signs while the session lasts, each signature by one command; `pin` is wiped.

    `generation` is that of the facts of the card. `issuers` are CA certificates (DER) at hand; the card is asked for
    its own only if none of them issued the certificate. Exactly one VERIFY is sent, and none when no try is left.
    Raises PinIncorrect, PinLocked, PinOutcomeUnknown, NoSignatureCertificate, CertificateUnreadable, UnsupportedCard,
    CardProtocolError, CardRemoved, and what `readers.connect` raises.
    """
    with pin:
        try:
            with open_application(readers, reader, generation) as card:
                try:
                    yield card.open_signature_key(pin, issuers)
                finally:
                    with suppress(CardError):  # a card that went away has forgotten the PIN anyway
                        card.log_out()
        except NoAnswerToVerify as error:
            raise outcome_of_verify(readers, reader, PROFILES[generation].signature) from error


class NoAnswerToVerify(Exception):
    """The PIN was sent, and nothing came back that says whether it was right."""


def outcome_of_verify(readers: Readers, reader: str, files: KeyFiles) -> PinLocked | PinOutcomeUnknown:
    """Read the counter again over a new connection, after a VERIFY without an answer."""
    tries = None
    with suppress(CardError), open_application(readers, reader) as card:
        tries = card.tries_left(files)
    return PinLocked() if tries == 0 else PinOutcomeUnknown(tries)


@contextmanager
def open_application(
    readers: Readers, reader: str, generation: Generation = Generation.MY_NUMBER_CARD
) -> Iterator["JpkiApplication"]:
    """The application, selected, while the connection lasts; for this package."""
    with readers.connect(reader) as connection:
        card = JpkiApplication(CardChannel(connection), generation)
        card.select()
        yield card


class JpkiApplication:
    """The JPKI application on an open connection."""

    def __init__(self, channel: CardChannel, generation: Generation) -> None:
        self._channel = channel
        self.generation = generation

    @property
    def profile(self) -> CardProfile:
        return PROFILES[self.generation]

    def select(self) -> None:
        command = select_application(self.profile.application)
        status = self._channel.send(command).status
        if status == NO_DIAGNOSIS:  # seen as the answer to the first command after power-up
            status = self._channel.send(command).status
        if status in _CHECKING_ERRORS:
            raise UnsupportedCard
        _require_ok(command, status)

    def log_out(self) -> None:
        self._channel.require(select_application(self.profile.logout))

    def token(self) -> TokenKind:
        """What answers; from then on it is dealt with as its generation wants it."""
        kind, self.generation = recognised(self._read_start(self.profile.token_file, 32))
        return kind

    def availability(self) -> bytes:
        """One byte per certificate, not zero where it is on the card; empty when the card does not say."""
        return self._read_start(self.profile.availability_file, 3)

    def tries_left(self, files: KeyFiles) -> int | None:
        """The counter of a PIN; None when the card does not tell it."""
        return self._counter() if self._select_ef(files.pin) else None

    def _counter(self) -> int | None:
        command = verify()
        status = self._channel.send(command).status
        if status == WRONG_LENGTH:  # some stacks cannot carry a command of four bytes
            command = CommandApdu(command.cla, command.ins, command.p1, command.p2, le=256)
            status = self._channel.send(command).status
        if status in _LOCKED:
            return 0
        if status == OK:  # verified already: the counter is not told
            return None
        if status.tries_left is None:
            raise CardProtocolError(command.name, str(status))
        return status.tries_left

    def certificate(self, ef: int) -> bytes | None:
        """DER, or None where there is none, or none to read without a PIN."""
        try:
            return self._channel.read_der() if self._select_ef(ef) else None
        except CardProtocolError as error:
            if error.status == str(SECURITY_STATUS_NOT_SATISFIED):
                return None
            raise

    def open_signature_key(self, pin: SignaturePin, issuers: Sequence[bytes]) -> "_CardCredential":
        """Verify, read the certificate, leave the key selected."""
        files = self.profile.signature
        self.verify(pin, files)
        certificate = self.certificate(files.certificate)
        if certificate is None:
            raise NoSignatureCertificate
        path = (certificate, *self._issuer(certificate, issuers))
        self._channel.require(select_ef(files.key))
        return _CardCredential(self._channel, self.profile, path)

    def verify(self, pin: SignaturePin, files: KeyFiles) -> None:
        """The one VERIFY with data of this program; it leaves the PIN file selected. `pin` is wiped.

        Raises PinLocked, PinIncorrect, NoAnswerToVerify; NoSignatureCertificate where there is no PIN file.
        """
        if not self._select_ef(files.pin):
            raise NoSignatureCertificate
        if self._counter() == 0:
            raise PinLocked
        try:
            status = self._channel.send(verify(pin.octets())).status
        except (CardError, KeyboardInterrupt) as error:  # an interrupted VERIFY may have reached the card, too
            # Without the traceback: its frames hold the command, and the error may live long.
            raise NoAnswerToVerify from error.with_traceback(None)
        finally:
            pin.wipe()
        if status in _LOCKED or status.tries_left == 0:
            raise PinLocked
        if status.tries_left is not None:
            raise PinIncorrect(status.tries_left)
        if status != OK:
            raise NoAnswerToVerify

    def change_pin(self, new: SignaturePin) -> StatusWord:
        """Replace the PIN whose file is selected and verified; `new` is wiped."""
        try:
            return self._channel.send(change_reference_data(new.octets())).status
        except CardError as error:
            raise error.with_traceback(None) from None  # its frames hold the command
        finally:
            new.wipe()

    def _issuer(self, certificate: bytes, known: Sequence[bytes]) -> Iterator[bytes]:
        issuer = next((ca for ca in known if _issued(ca, certificate)), None)
        if issuer is None:
            issuer = self.certificate(self.profile.signature.ca_certificate)
        if issuer is not None and _issued(issuer, certificate):
            yield issuer

    def _read_start(self, ef: int, length: int) -> bytes:
        return self._channel.require(read_binary(0, length)) if self._select_ef(ef) else b""

    def _select_ef(self, ef: int) -> bool:
        """Whether the EF is there."""
        command = select_ef(ef)
        status = self._channel.send(command).status
        if status == FILE_NOT_FOUND:
            return False
        _require_ok(command, status)
        return True


class _CardCredential:
    """The signature key on the card: selected, its PIN verified."""

    def __init__(self, channel: CardChannel, profile: CardProfile, path: tuple[bytes, ...]) -> None:
        self._channel = channel
        self._profile = profile
        self._path = path

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._profile.algorithm

    def sign(self, data: bytes) -> bytes:
        """One command. Raises CardSignatureWrong when the length is not that of a signature by this key."""
        digest = hashlib.new(self.algorithm.digest, data).digest()
        signature = self._channel.require(compute_digital_signature(self._profile.digest_info + digest))
        if len(signature) != self._profile.signature_length:
            _log.error("a signature of %d bytes", len(signature))
            raise CardSignatureWrong
        return signature if self.algorithm is SignatureAlgorithm.RSA_SHA256 else _as_der(signature)


def _as_der(value: bytes) -> bytes:
    """Of r and s side by side, what CMS has (SEC 1, C.5)."""
    from asn1crypto.algos import DSASignature

    return bytes(DSASignature.from_p1363(value).dump())


def _require_ok(command: CommandApdu, status: StatusWord) -> None:
    if status != OK:
        raise CardProtocolError(command.name, str(status))


def _flag(octets: bytes, index: int) -> bool | None:
    return octets[index] != 0 if index < len(octets) else None


def _issued(issuer: bytes, certificate: bytes) -> bool:
    """Whether `issuer` holds the key that the certificate names (RFC 5280, 4.2.1.1).

    The subjects of all generations of the J-LIS authority are the same, so the names cannot tell.
    """
    from asn1crypto.x509 import Certificate

    try:
        wanted = Certificate.load(certificate, strict=True).authority_key_identifier
    except (ValueError, TypeError) as error:
        raise CertificateUnreadable from error
    try:
        offered = Certificate.load(issuer, strict=True).key_identifier
    except (ValueError, TypeError):
        return False
    return wanted is not None and offered is not None and bool(wanted == offered)
