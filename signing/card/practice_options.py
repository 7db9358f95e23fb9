"""What a practice card can be wished to be: its files and tries, the life of its certificates, its pace, its faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from typing import Final


class Disturbance(Enum):
    """What may happen to one command."""

    CARD_REMOVED = auto()  # before the card got it
    CARD_REMOVED_AFTER = auto()  # carried out, the answer lost
    READER_REMOVED = auto()
    NO_DIAGNOSIS = auto()  # 6F00, not carried out
    GARBAGE = auto()  # carried out, a meaningless answer
    NO_STATUS = auto()  # carried out, an answer of one byte


class SignatureFile(Enum):
    """What stands in the file of the signature certificate."""

    PRESENT = auto()
    EXPIRED = auto()
    EMPTY = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Pace:
    """The time a card takes: seconds per command, bits per second on the way, seconds to sign."""

    command: float = 0.0
    bit_rate: float = float("inf")
    signing: float = 0.0

    def seconds(self, octets: int, *, signing: bool) -> float:
        framing = 8  # octets around a command and its answer (ISO 14443-3 and -4)
        return self.command + (octets + framing) * 8 / self.bit_rate + (self.signing if signing else 0.0)


CONTACTLESS_106: Final = Pace(command=0.005, bit_rate=106_000, signing=0.4)


PRACTICE_BIRTH: Final = date(1990, 4, 1)
PRACTICE_ADDRESS: Final = "練習県架空市見本町一丁目２番３号"  # in a prefecture that does not exist


@dataclass(frozen=True, slots=True)
class PracticeLife:
    """The dates of both certificates, and of the person. `issued` is aware; the days are days in Japan."""

    issued: datetime
    until: date
    birth: date = PRACTICE_BIRTH  # in Heisei
    address: str = PRACTICE_ADDRESS


@dataclass(frozen=True, slots=True)
class PracticeOptions:
    """How this card differs from one that is new and works. Disturbances are by the number of the command, from 0."""

    token: str = "JPKIAPICCTOKEN2"  # noqa: S105 - the name of a medium
    has_application: bool = True  # False: some other card
    signature_file: SignatureFile = SignatureFile.PRESENT
    signature_tries: int = 5
    authentication_tries: int = 3
    locked_status: int = 0x6984
    hides_counter_when_verified: bool = False
    reset_keeps_verified: bool = False  # a contactless reader does not drop the field
    first_command_fails: bool = False
    refuses_four_bytes: bool = False
    longest_read: int = 256
    refuses_long_reads: bool = False  # 6Cxx instead of a short answer
    signature_length: int | None = None  # None: as long as it is
    elliptic: bool = False  # where its keys are made now: P-384, signing with SHA-384, as the next card is announced
    pace: Pace = Pace()
    life: PracticeLife | None = None  # only where the card is made now; None: a card that is a month old
    disturbances: Mapping[int, Disturbance] = field(default_factory=dict)
