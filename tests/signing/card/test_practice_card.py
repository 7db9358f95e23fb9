"""The practice card against the behaviour that is known of the real one, row by row; commands in hexadecimal."""

import time

import pytest

from signing.card.practice import PracticeReaders, practice_card
from signing.card.practice_card import PracticeCard
from signing.card.practice_options import CONTACTLESS_106, SignatureFile

JPKI = "00A4040C0AD392F000260100000001"
ISD = "00A4040C07A0000001510000"
SIGN_PIN, AUTH_PIN, SIGN_KEY, SIGN_CERTIFICATE = "00A4020C02001B", "00A4020C020018", "00A4020C02001A", "00A4020C020001"
GOOD, BAD = "0020008006414243313233", "0020008006414243313234"
TRIES = "00200080"
SIGN = "802A0080024142" + "00"
READ = "00B0000000"
VERIFIED = [JPKI, SIGN_PIN, GOOD]


def play(card: PracticeCard, *commands: str) -> str:
    """Send the commands; `off`, `on` and `reset` are of the reader. The last status word."""
    answer = b""
    for command in commands:
        match command:
            case "off":
                card.power_off()
            case "on":
                card.power_on()
            case "reset":
                card.reset()
            case _:
                answer = card.transmit(bytes.fromhex(command))
    return answer[-2:].hex().upper()


@pytest.mark.parametrize(
    ("commands", "status"),
    [
        # SELECT of applications
        ([JPKI], "9000"),
        ([ISD], "9000"),
        (["00A4040C05A000000003"], "6A82"),
        (["00A4040C05D392F00026"], "6A82"),
        (["00A4000C023F00"], "6A82"),
        (["00A4090C02001B"], "6A86"),
        # what survives it
        ([*VERIFIED, SIGN_KEY, SIGN], "9000"),
        ([*VERIFIED, JPKI, SIGN_KEY, SIGN], "9000"),
        ([*VERIFIED, ISD, JPKI, SIGN_KEY, SIGN], "6982"),
        ([*VERIFIED, JPKI, READ], "6986"),
        ([*VERIFIED, "off", "on", JPKI, SIGN_KEY, SIGN], "6982"),
        ([*VERIFIED, "reset", JPKI, SIGN_KEY, SIGN], "6982"),
        ([JPKI, SIGN_PIN, BAD, "off", "on", JPKI, SIGN_PIN, TRIES], "63C4"),
        ([JPKI, SIGN_PIN, BAD, "reset", JPKI, SIGN_PIN, TRIES], "63C4"),
        # SELECT of EFs
        ([SIGN_PIN], "6A82"),
        ([ISD, SIGN_PIN], "6A82"),
        ([JPKI, "00A4020C021234"], "6A82"),
        ([JPKI, SIGN_CERTIFICATE], "9000"),
        # VERIFY
        ([JPKI, SIGN_PIN, GOOD], "9000"),
        ([JPKI, "002000" + "9B" + "06414243313233"], "9000"),
        ([JPKI, "00200098" + "0431323334"], "9000"),
        ([JPKI, SIGN_PIN, BAD], "63C4"),
        ([JPKI, SIGN_PIN, BAD, BAD, GOOD, TRIES], "63C5"),
        ([JPKI, SIGN_PIN, *[BAD] * 5], "63C0"),
        ([JPKI, SIGN_PIN, *[BAD] * 5, GOOD], "6984"),
        ([JPKI, SIGN_PIN, *[BAD] * 5, TRIES], "63C0"),
        ([JPKI, SIGN_PIN, GOOD, BAD, SIGN_KEY, SIGN], "6982"),
        ([JPKI, SIGN_PIN, *[BAD] * 5, AUTH_PIN, TRIES], "63C3"),
        ([JPKI, SIGN_PIN, TRIES, TRIES, TRIES], "63C5"),
        ([JPKI, SIGN_PIN, GOOD, TRIES], "63C5"),
        ([JPKI, TRIES], "6986"),
        ([JPKI, SIGN_CERTIFICATE, TRIES], "6981"),
        ([JPKI, SIGN_PIN, "00200180"], "6A86"),
        # READ BINARY
        ([JPKI, READ], "6986"),
        ([JPKI, SIGN_CERTIFICATE, READ], "6982"),
        ([*VERIFIED, SIGN_CERTIFICATE, READ], "9000"),
        ([JPKI, AUTH_PIN, "0020008004" + "31323334", SIGN_CERTIFICATE, READ], "6982"),
        ([JPKI, "00A4020C02000A", READ], "9000"),
        ([JPKI, "00B08A0000"], "9000"),
        ([JPKI, "00A4020C020002", "00B0400000"], "6B00"),
        ([JPKI, SIGN_PIN, READ], "6981"),
        ([JPKI, SIGN_KEY, READ], "6981"),
        # COMPUTE DIGITAL SIGNATURE
        ([JPKI, SIGN_KEY, SIGN], "6982"),
        ([*VERIFIED, "802A009A02414200"], "9000"),
        ([*VERIFIED, "802A009702414200"], "6982"),
        ([*VERIFIED, SIGN_KEY, "802A008000"], "6700"),
        ([*VERIFIED, SIGN_KEY, "802A0080F6" + "41" * 246 + "00"], "6700"),
        ([*VERIFIED, SIGN_KEY, "802A0080F5" + "41" * 245 + "00"], "9000"),
        ([*VERIFIED, SIGN_KEY, "802A068002414200"], "6A86"),
        ([*VERIFIED, SIGN], "6981"),
        # CHANGE REFERENCE DATA
        ([JPKI, SIGN_PIN, "0024018006585858313131"], "6982"),
        ([*VERIFIED, "0024018006585858313131", GOOD], "63C4"),
        ([*VERIFIED, "0024018006585858313131", "0020008006585858313131"], "9000"),
        # everything else
        (["0084000008"], "6D00"),
        (["90A4040C00"], "6E00"),
        (["80A4040C0AD392F000260100000001"], "6E00"),
        (["01A4040C0AD392F000260100000001"], "6881"),
        (["00A4040C00000AD392F000260100000001"], "6700"),
    ],
)
def test_card_answers_as_known(make_readers, commands: list[str], status: str) -> None:
    assert play(make_readers().card, *commands) == status


@pytest.mark.parametrize(
    ("options", "commands", "status"),
    [
        ({"locked_status": 0x6983, "signature_tries": 0}, [JPKI, SIGN_PIN, GOOD], "6983"),
        ({"hides_counter_when_verified": True}, [*VERIFIED, TRIES], "9000"),
        ({"reset_keeps_verified": True}, [*VERIFIED, "reset", JPKI, SIGN_KEY, SIGN], "9000"),
        ({"first_command_fails": True}, [JPKI], "6F00"),
        ({"first_command_fails": True}, [JPKI, JPKI], "9000"),
        ({"first_command_fails": True}, [JPKI, JPKI, "off", "on", JPKI], "6F00"),
        ({"refuses_four_bytes": True}, [JPKI, SIGN_PIN, TRIES], "6700"),
        ({"refuses_four_bytes": True}, [JPKI, SIGN_PIN, TRIES + "00"], "63C5"),
        ({"signature_file": SignatureFile.MISSING}, [*VERIFIED, SIGN_CERTIFICATE], "6A82"),
        ({"signature_file": SignatureFile.EMPTY}, [*VERIFIED, SIGN_CERTIFICATE, READ], "9000"),
        ({"refuses_long_reads": True}, [JPKI, "00A4020C020006", READ], "6CA0"),
    ],
)
def test_options_change_what_they_name(
    make_readers, options: dict[str, object], commands: list[str], status: str
) -> None:
    assert play(make_readers(**options).card, *commands) == status


def test_read_gives_what_there_is_and_filler_after_the_certificate(make_readers, practice) -> None:
    card = make_readers().card
    play(card, JPKI, "00A4020C020006")
    assert card.transmit(bytes.fromhex("00B0009600")) == b"\xff" * 10 + b"\x90\x00"  # 160 bytes in all
    play(card, "00A4020C020002")
    end = len(practice.signature_ca_certificate)
    assert card.transmit(b"\x00\xb0" + (end - 2).to_bytes(2, "big") + b"\x04") == (
        practice.signature_ca_certificate[-2:] + b"\xff\xff\x90\x00"
    )


def test_selecting_with_control_information_gives_the_name(make_readers) -> None:
    answer = make_readers().card.transmit(bytes.fromhex("00A404000AD392F00026010000000100"))
    assert answer == bytes.fromhex("6F0C840AD392F000260100000001" + "9000")


def test_availability_file_tells_of_a_missing_signature_certificate(make_readers) -> None:
    for state, expected in ((SignatureFile.PRESENT, "8F8F00"), (SignatureFile.MISSING, "008F00")):
        card = make_readers(signature_file=state).card
        play(card, JPKI, "00A4020C020008")
        assert card.transmit(bytes.fromhex("00B0000003")) == bytes.fromhex(expected + "9000")


@pytest.mark.parametrize(
    "aid", ["D3921000310001010408", "D3921000310001010402", "D3921000310001010401", "D3921000310001010100"]
)
def test_selecting_a_forbidden_application_is_remembered(practice_directory, aid: str) -> None:
    card = practice_card(practice_directory)
    assert play(card, "00A4040C0A" + aid) == "6A82"
    assert card.forbidden == [bytes.fromhex(aid)]


def test_card_remembers_that_a_pin_came_and_never_the_pin(make_readers) -> None:
    card = make_readers().card
    play(card, JPKI, SIGN_PIN, TRIES, BAD, GOOD)
    assert card.pins_used == 2
    assert "414243" not in repr(card.heard).lower()
    assert "ABC123" not in repr(card.heard)


def test_slow_card_takes_its_time_on_the_way_and_to_sign() -> None:
    assert CONTACTLESS_106.seconds(256, signing=False) == pytest.approx(0.005 + 264 * 8 / 106_000)
    assert CONTACTLESS_106.seconds(256, signing=True) == pytest.approx(0.405 + 264 * 8 / 106_000)


def test_slow_card_is_really_slow(make_readers) -> None:
    card = make_readers(pace=CONTACTLESS_106).card
    play(card, *VERIFIED, SIGN_KEY)
    start = time.monotonic()
    play(card, SIGN)
    assert time.monotonic() - start >= 0.4


def test_tries_outlive_removal_and_verification_does_not(make_readers) -> None:
    readers: PracticeReaders = make_readers()
    card = readers.card
    play(card, JPKI, SIGN_PIN, BAD)
    play(card, GOOD, BAD)
    card.remove()
    assert readers.states()[0].atr is None
    card.insert()
    assert readers.states()[0].atr == card.ATR
    assert play(card, JPKI, SIGN_KEY, SIGN) == "6982"
    assert play(card, SIGN_PIN, TRIES) == "63C4"
