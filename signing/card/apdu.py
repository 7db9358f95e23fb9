"""Command and response APDUs (ISO 7816-3, 12.1), and the one channel that decides what may reach a card."""

import logging
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from signing.card import CardConnection
from signing.errors import CardProtocolError

_log = logging.getLogger(__name__)

JPKI_APPLICATION: Final = bytes.fromhex("D392F000260100000001")
ISSUER_SECURITY_DOMAIN: Final = bytes.fromhex("A0000001510000")  # GlobalPlatform; selecting it logs out
_APPLICATIONS: Final = frozenset({JPKI_APPLICATION, ISSUER_SECURITY_DOMAIN})

_BLOCK = 256  # what a short Le can ask for
_OFFSETS = 0x8000  # READ BINARY has 15 bits of offset (ISO 7816-4, 11.2.3)
_READ = "READ BINARY"
_MOST_PIECES = 16  # of one response in 61xx pieces


class RefusedCommand(Exception):
    """A command that this program never sends was asked for: a defect of the program. Nothing was sent."""


class Instruction(IntEnum):
    """INS bytes; the values of ISO 7816-4 and -8."""

    VERIFY = 0x20
    CHANGE_REFERENCE_DATA = 0x24
    COMPUTE_DIGITAL_SIGNATURE = 0x2A
    SELECT = 0xA4
    READ_BINARY = 0xB0
    GET_RESPONSE = 0xC0


class StatusWord(int):
    """SW1 and SW2, written as four hexadecimal digits."""

    @property
    def sw1(self) -> int:
        return self >> 8

    @property
    def sw2(self) -> int:
        return self & 0xFF

    @property
    def tries_left(self) -> int | None:
        """The counter of 63Cx, or None for any other status word."""
        return self & 0xF if self & 0xFFF0 == 0x63C0 else None

    def __str__(self) -> str:
        return f"{int(self):04X}"

    __repr__ = __str__


OK: Final = StatusWord(0x9000)
SHORT_OF_DATA: Final = StatusWord(0x6282)  # the end of the file came before Le bytes
SECURITY_STATUS_NOT_SATISFIED: Final = StatusWord(0x6982)
FILE_NOT_FOUND: Final = StatusWord(0x6A82)
OFFSET_OUTSIDE_FILE: Final = StatusWord(0x6B00)
WRONG_LENGTH: Final = StatusWord(0x6700)
NO_DIAGNOSIS: Final = StatusWord(0x6F00)


@dataclass(frozen=True, slots=True)
class CommandApdu:
    """A short command. `le` is the number of bytes expected, 1 to 256, or None. The data is never shown."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def __post_init__(self) -> None:
        if len(self.data) > 255 or (self.le is not None and not 1 <= self.le <= _BLOCK):
            raise ValueError("not a short APDU")

    def __bytes__(self) -> bytes:
        header = bytes((self.cla, self.ins, self.p1, self.p2))
        body = bytes((len(self.data),)) + self.data if self.data else b""
        return header + body + (b"" if self.le is None else bytes((self.le % _BLOCK,)))

    @property
    def name(self) -> str:
        """The name of the command in its standard: all that may be logged of it."""
        try:
            return Instruction(self.ins).name.replace("_", " ")
        except ValueError:
            return f"INS {self.ins:02X}"


def select_application(aid: bytes) -> CommandApdu:
    """SELECT by DF name, no FCI wanted (ISO 7816-4, 11.2.2)."""
    return CommandApdu(0x00, Instruction.SELECT, 0x04, 0x0C, aid)


def select_ef(identifier: int) -> CommandApdu:
    """SELECT an EF under the current DF. P1 = 09 does not work on the card."""
    return CommandApdu(0x00, Instruction.SELECT, 0x02, 0x0C, identifier.to_bytes(2, "big"))


def read_binary(offset: int, length: int) -> CommandApdu:
    """READ BINARY of the current EF."""
    return CommandApdu(0x00, Instruction.READ_BINARY, offset >> 8, offset & 0xFF, le=length)


def verify(pin: bytes = b"") -> CommandApdu:
    """VERIFY against the current EF; without data it only asks for the tries left (JICSAP 6.4.9)."""
    return CommandApdu(0x00, Instruction.VERIFY, 0x00, 0x80, pin)


def change_reference_data(pin: bytes) -> CommandApdu:
    """CHANGE REFERENCE DATA of the current EF, whose old PIN was verified (ISO 7816-4, 11.6.7; new data only)."""
    return CommandApdu(0x00, Instruction.CHANGE_REFERENCE_DATA, 0x01, 0x80, pin)


def compute_digital_signature(data: bytes) -> CommandApdu:
    """PSO: COMPUTE DIGITAL SIGNATURE with the current EF; the card pads `data` as it is (RFC 8017, 9.2)."""
    return CommandApdu(0x80, Instruction.COMPUTE_DIGITAL_SIGNATURE, 0x00, 0x80, data, _BLOCK)


@dataclass(frozen=True, slots=True)
class ResponseApdu:
    data: bytes = field(repr=False)
    status: StatusWord


class CardChannel:
    """Commands to one connected card: only those on the list below, and VERIFY never twice."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection

    def send(self, command: CommandApdu) -> ResponseApdu:
        """Send a command, fetch what the card still holds (61xx), ask again with the right length (6Cxx).

        Only commands that expect data are asked again, VERIFY never. Raises CardError as the connection does,
        CardProtocolError for what is no response APDU, RefusedCommand for what is not on the list.
        """
        response = self._exchange(command)
        if command.le is None or command.ins == Instruction.VERIFY:
            return response
        if response.status.sw1 == 0x6C:
            response = self._exchange(replace(command, le=response.status.sw2 or _BLOCK))
        for _ in range(_MOST_PIECES):
            if response.status.sw1 != 0x61:
                return response
            rest = self._exchange(
                CommandApdu(0x00, Instruction.GET_RESPONSE, 0x00, 0x00, le=response.status.sw2 or _BLOCK)
            )
            response = ResponseApdu(response.data + rest.data, rest.status)
        raise CardProtocolError(command.name, str(response.status))

    def require(self, command: CommandApdu) -> bytes:
        """The data of a response with 9000; CardProtocolError for any other status word."""
        response = self.send(command)
        if response.status != OK:
            raise CardProtocolError(command.name, str(response.status))
        return response.data

    def read_der(self) -> bytes | None:
        """The DER value at the start of the current EF, without the filler after it; None in an empty EF.

        Raises CardProtocolError when the EF ends before the value does, or holds something else.
        """
        head = self._read_block(0, _BLOCK)
        if not head or head[0] in (0x00, 0xFF):  # filler
            return None
        length = _der_length(head)
        if length is None or length > _OFFSETS:
            raise CardProtocolError(_READ, str(OK))
        value = bytearray(head)
        while len(value) < length:
            block = self._read_block(len(value), min(_BLOCK, length - len(value)))
            if not block:
                raise CardProtocolError(_READ, str(OFFSET_OUTSIDE_FILE))
            value += block
        return bytes(value[:length])

    def _read_block(self, offset: int, length: int) -> bytes:
        response = self.send(read_binary(offset, length))
        if response.status == OFFSET_OUTSIDE_FILE:
            return b""
        if response.status not in (OK, SHORT_OF_DATA) or len(response.data) > length:
            raise CardProtocolError(_READ, str(response.status))
        return response.data

    def _exchange(self, command: CommandApdu) -> ResponseApdu:
        if not _may_be_sent(command):
            raise RefusedCommand(command.name)
        raw = self._connection.transmit(bytes(command))
        if len(raw) < 2:
            _log.debug("%s: no status word", command.name)
            raise CardProtocolError(command.name, "")
        response = ResponseApdu(raw[:-2], StatusWord.from_bytes(raw[-2:], "big"))
        _log.debug("%s: %s", command.name, response.status)
        return response


def _may_be_sent(command: CommandApdu) -> bool:
    """The whole of what this program ever says to a card; the 12-digit My Number is behind other AIDs."""
    match command.cla, command.ins, command.p1, command.p2:
        case 0x00, Instruction.SELECT, 0x04, 0x0C:
            return command.data in _APPLICATIONS and command.le is None
        case 0x00, Instruction.SELECT, 0x02, 0x0C:
            return len(command.data) == 2 and command.le is None
        case 0x00, Instruction.READ_BINARY, p1, _:
            return p1 < 0x80 and not command.data
        case 0x00, Instruction.VERIFY, 0x00, 0x80:
            return not command.data or command.le is None
        case 0x00, Instruction.CHANGE_REFERENCE_DATA, 0x01, 0x80:
            return 4 <= len(command.data) <= 16 and command.le is None
        case 0x80, Instruction.COMPUTE_DIGITAL_SIGNATURE, 0x00, 0x80:
            return bool(command.data)
        case 0x00, Instruction.GET_RESPONSE, 0x00, 0x00:
            return not command.data
    return False


def _der_length(head: bytes) -> int | None:
    """The whole length of the SEQUENCE that `head` begins, or None where it begins none (X.690, 8.1.3)."""
    if len(head) < 2 or head[0] != 0x30:
        return None
    if head[1] < 0x80:
        return 2 + head[1]
    octets = head[1] & 0x7F
    if not 1 <= octets <= 2 or len(head) < 2 + octets:
        return None
    return 2 + octets + int.from_bytes(head[2 : 2 + octets], "big")
