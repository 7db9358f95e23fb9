"""The practice card: answers the APDUs of a My Number Card as far as they are known, with any fault wished for.

It shares no table with the code that it is there to test.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from signing.card.practice_options import Disturbance, PracticeOptions, SignatureFile
from signing.errors import CardRemoved

if TYPE_CHECKING:  # cryptography would be loaded with it
    from signing.card.practice_pki import Practice

PRACTICE_PIN: Final = "ABC123"
PRACTICE_AUTHENTICATION_PIN: Final = "1234"

_JPKI: Final = bytes.fromhex("D392F000260100000001")
_ISD: Final = bytes.fromhex("A0000001510000")
# The applications that hold the 12-digit My Number, the face of the card, the resident record and the card's own.
FORBIDDEN: Final = frozenset(
    bytes.fromhex(aid)
    for aid in ("D3921000310001010408", "D3921000310001010402", "D3921000310001010401", "D3921000310001010100")
)

_SIGN_CERTIFICATE, _SIGN_KEY, _SIGN_PIN = 0x0001, 0x001A, 0x001B
_AUTH_CERTIFICATE, _AUTH_KEY, _AUTH_PIN = 0x000A, 0x0017, 0x0018
_PIN_OF_KEY: Final = {_SIGN_KEY: _SIGN_PIN, _AUTH_KEY: _AUTH_PIN}
_FULL_TRIES: Final = {_SIGN_PIN: 5, _AUTH_PIN: 3}


@dataclass(frozen=True, slots=True)
class Heard:
    """One command as the card remembers it: never its data. `status` is None when no answer was given."""

    header: bytes
    has_data: bool
    status: int | None

    @property
    def used_a_pin(self) -> bool:
        return self.header[1] == 0x20 and self.has_data


class _Refusal(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


@dataclass(frozen=True, slots=True)
class _Command:
    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    le: int

    @classmethod
    def parse(cls, raw: bytes) -> "_Command":
        """The four cases of a short command (ISO 7816-3, 12.1.3); extended ones are refused."""
        body = raw[4:]
        data, le = b"", 0
        if len(body) == 1:
            le = body[0] or 256
        elif body:
            data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
            if not body[0] or len(data) != body[0] or len(rest) > 1:
                raise _Refusal(0x6700)
            le = (rest[0] or 256) if rest else 0
        return cls(raw[0], raw[1], raw[2], raw[3], data, le)


class PracticeCard:
    """The state machine; one object is one card. `load` is called when a command needs what is on it."""

    ATR: Final = bytes.fromhex("3B 88 80 01 00 00 05 E0 B3 81 A1 00 7F")

    def __init__(self, load: Callable[[], "Practice"], options: PracticeOptions | None = None) -> None:
        self._load = load
        self._options = options or PracticeOptions()
        self._pins = {_SIGN_PIN: PRACTICE_PIN.encode(), _AUTH_PIN: PRACTICE_AUTHENTICATION_PIN.encode()}
        self._tries = {
            _SIGN_PIN: self._options.signature_tries,
            _AUTH_PIN: self._options.authentication_tries,
        }
        self.present = True
        self.reader_present = True
        self.changed = threading.Condition()
        self.heard: list[Heard] = []
        self.forbidden: list[bytes] = []
        self.power_on()

    @property
    def tries_left(self) -> int:
        """Of the signature PIN; kept while the card is away."""
        return self._tries[_SIGN_PIN]

    @property
    def pins_used(self) -> int:
        """How many VERIFY commands with data reached the card."""
        return sum(heard.used_a_pin for heard in self.heard)

    # --- the link

    def power_on(self) -> None:
        self._application: bytes | None = None
        self._ef: int | None = None
        self._verified: set[int] = set()
        self._fresh = True

    power_off = power_on  # nothing but the counters outlives either

    def reset(self) -> None:
        kept = self._verified if self._options.reset_keeps_verified else set()
        self.power_on()
        self._verified = kept

    def remove(self, *, with_reader: bool = False) -> None:
        with self.changed:
            self.present = False
            self.reader_present = not with_reader
            self.power_off()
            self.changed.notify_all()

    def insert(self) -> None:
        with self.changed:
            self.present = self.reader_present = True
            self.changed.notify_all()

    def transmit(self, raw: bytes) -> bytes:
        """Answer one command, with its disturbance if one is due. Raises CardRemoved when the link is gone."""
        if not self.present:
            raise CardRemoved
        disturbance = self._options.disturbances.get(len(self.heard))
        if disturbance in (Disturbance.CARD_REMOVED, Disturbance.READER_REMOVED):
            self.heard.append(Heard(bytes(4), has_data=False, status=None))
            self.remove(with_reader=disturbance is Disturbance.READER_REMOVED)
            raise CardRemoved
        answer = b"\x6f\x00" if disturbance is Disturbance.NO_DIAGNOSIS else self._answer(raw)
        status = int.from_bytes(answer[-2:], "big")
        self.heard.append(Heard(raw[:4], has_data=len(raw) > 5, status=status))
        signing = raw[1] == 0x2A and status == 0x9000
        time.sleep(self._options.pace.seconds(len(raw) + len(answer), signing=signing))
        match disturbance:
            case Disturbance.CARD_REMOVED_AFTER:
                self.remove()
                raise CardRemoved
            case Disturbance.GARBAGE:
                return bytes.fromhex("DEADBEEF12")
            case Disturbance.NO_STATUS:
                return b"\x90"
        return answer

    # --- the card

    @cached_property
    def _practice(self) -> "Practice":
        return self._load()

    @cached_property
    def _files(self) -> dict[int, bytes]:
        practice, options = self._practice, self._options
        token = options.token.encode().ljust(32).ljust(160, b"\xff")
        has_certificate = options.signature_file in (SignatureFile.PRESENT, SignatureFile.EXPIRED)
        files = {
            0x0002: _padded(practice.signature_ca_certificate),
            0x0006: token,
            0x0008: bytes((0x8F if has_certificate else 0x00, 0x8F, 0x00)),
            0x0009: b"\xff" * 16,
            _AUTH_CERTIFICATE: _padded(practice.authentication_certificate),
            0x000B: _padded(practice.authentication_ca_certificate),
        }
        match options.signature_file:
            case SignatureFile.PRESENT:
                files[_SIGN_CERTIFICATE] = _padded(practice.signature_certificate)
            case SignatureFile.EXPIRED:
                files[_SIGN_CERTIFICATE] = _padded(practice.expired_signature_certificate)
            case SignatureFile.EMPTY:
                files[_SIGN_CERTIFICATE] = b"\xff" * 2048
        return files

    def _answer(self, raw: bytes) -> bytes:
        fresh, self._fresh = self._fresh, False
        if fresh and self._options.first_command_fails:
            return b"\x6f\x00"
        if len(raw) == 4 and self._options.refuses_four_bytes:
            return b"\x67\x00"
        try:
            return self._carry_out(_Command.parse(raw)) + b"\x90\x00"
        except _Refusal as refusal:
            return refusal.status.to_bytes(2, "big")

    def _carry_out(self, command: _Command) -> bytes:
        if command.cla & 0x03:
            raise _Refusal(0x6881)
        known: dict[int, tuple[int, Callable[[_Command], bytes]]] = {
            0xA4: (0x00, self._select),
            0xB0: (0x00, self._read_binary),
            0x20: (0x00, self._verify),
            0x24: (0x00, self._change_pin),
            0x2A: (0x80, self._sign),
        }
        if command.cla not in (0x00, 0x80):
            raise _Refusal(0x6E00)
        if command.ins not in known:
            raise _Refusal(0x6D00)
        cla, action = known[command.ins]
        if command.cla != cla:
            raise _Refusal(0x6E00)
        return action(command)

    def _select(self, command: _Command) -> bytes:
        if command.p1 == 0x04:
            return self._select_application(command)
        identifier = int.from_bytes(command.data, "big")
        if (command.p1, command.data) == (0x00, b"\x3f\x00"):
            raise _Refusal(0x6A82)  # there is no MF to select
        if command.p1 != 0x02:
            raise _Refusal(0x6A86)
        if self._application != _JPKI or not self._exists(identifier):
            raise _Refusal(0x6A82)
        self._ef = identifier
        return b""

    def _select_application(self, command: _Command) -> bytes:
        aid = command.data
        if aid in FORBIDDEN:
            self.forbidden.append(aid)
        if aid not in (_JPKI, _ISD) or (aid == _JPKI and not self._options.has_application):
            raise _Refusal(0x6A82)
        if self._application not in (aid, None):  # None: after a reset, which decides for itself what it keeps
            self._verified.clear()
        self._application, self._ef = aid, None
        name = b"\x84" + bytes((len(aid),)) + aid
        return b"" if command.p2 == 0x0C else b"\x6f" + bytes((len(name),)) + name

    def _exists(self, ef: int) -> bool:
        return ef in self._files or ef in _PIN_OF_KEY or ef in self._pins

    def _read_binary(self, command: _Command) -> bytes:
        if command.p1 & 0x80:
            self._use_short_identifier(command.p1 & 0x1F)
            offset = command.p2
        else:
            offset = command.p1 << 8 | command.p2
        if self._ef is None:
            raise _Refusal(0x6986)
        if self._ef not in self._files:
            raise _Refusal(0x6981)
        if self._ef == _SIGN_CERTIFICATE and _SIGN_PIN not in self._verified:
            raise _Refusal(0x6982)
        if offset >= len(self._files[self._ef]):
            raise _Refusal(0x6B00)
        data = self._files[self._ef][offset : offset + min(command.le, self._options.longest_read)]
        if self._options.refuses_long_reads and len(data) < command.le:
            raise _Refusal(0x6C00 | len(data))
        return data

    def _verify(self, command: _Command) -> bytes:
        pin = self._key_or_pin(command, among=self._pins)
        if not command.data:
            if pin in self._verified and self._options.hides_counter_when_verified:
                return b""
            raise _Refusal(0x63C0 | self._tries[pin])
        if self._tries[pin] == 0:
            raise _Refusal(self._options.locked_status)
        if command.data != self._pins[pin]:
            self._tries[pin] -= 1
            self._verified.discard(pin)
            raise _Refusal(0x63C0 | self._tries[pin])
        self._tries[pin] = _FULL_TRIES[pin]
        self._verified.add(pin)
        return b""

    def _change_pin(self, command: _Command) -> bytes:
        if (command.p1, command.p2) != (0x01, 0x80):
            raise _Refusal(0x6A86)
        if self._ef not in self._verified:
            raise _Refusal(0x6982)
        self._pins[self._ef] = command.data
        return b""

    def _sign(self, command: _Command) -> bytes:
        key = self._key_or_pin(command, among=_PIN_OF_KEY)
        if _PIN_OF_KEY[key] not in self._verified:
            raise _Refusal(0x6982)
        practice = self._practice
        private = practice.signature_key if key == _SIGN_KEY else practice.authentication_key
        value = (_ecdsa if hasattr(private, "curve") else _rsa)(private, command.data)
        length = self._options.signature_length
        return value if length is None else value[:length].ljust(length, b"\0")

    def _key_or_pin(self, command: _Command, *, among: Mapping[int, object]) -> int:
        """The EF that P2 means: the current one, or one by its short identifier."""
        if command.p1 != 0x00 or not command.p2 & 0x80:
            raise _Refusal(0x6A86)
        if command.p2 != 0x80:
            self._use_short_identifier(command.p2 & 0x1F)
        if self._ef is None:
            raise _Refusal(0x6986)
        if self._ef not in among:
            raise _Refusal(0x6981)
        return self._ef

    def _use_short_identifier(self, identifier: int) -> None:
        if self._application != _JPKI or not self._exists(identifier):
            raise _Refusal(0x6A82)
        self._ef = identifier


def _rsa(key: Any, data: bytes) -> bytes:
    """PKCS #1 v1.5 over whatever came."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo

    if not 0 < len(data) <= 245:
        raise _Refusal(0x6700)
    return bytes(key.sign(data, PKCS1v15(), NoDigestInfo()))


def _ecdsa(key: Any, digest: bytes) -> bytes:
    """Over a SHA-384 digest; r and s side by side."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA384

    if len(digest) != 48:
        raise _Refusal(0x6700)
    r, s = decode_dss_signature(key.sign(digest, ECDSA(Prehashed(SHA384()))))
    return r.to_bytes(48, "big") + s.to_bytes(48, "big")


def _padded(certificate: bytes) -> bytes:
    """A file is longer than the certificate in it."""
    return certificate + b"\xff" * (2560 - len(certificate))
