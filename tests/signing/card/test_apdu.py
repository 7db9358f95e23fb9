import contextlib
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.card import apdu
from signing.card.apdu import CardChannel, CommandApdu, Instruction, RefusedCommand, StatusWord
from signing.errors import CardProtocolError

FORBIDDEN_AIDS = ["D3921000310001010408", "D3921000310001010402", "D3921000310001010401", "D3921000310001010100"]


class Script:
    """A connection that gives the answers in order and keeps the commands."""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytes.fromhex(answer) for answer in answers]
        self.commands: list[bytes] = []

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command)
        return self.answers.pop(0)


class File:
    """A connection to a card whose current EF is `content`."""

    def __init__(self, content: bytes, *, longest: int = 256) -> None:
        self.content, self.longest, self.reads = content, longest, 0

    def transmit(self, command: bytes) -> bytes:
        self.reads += 1
        offset, length = int.from_bytes(command[2:4], "big"), command[4] or 256
        if offset >= len(self.content):
            return b"\x6b\x00"
        return self.content[offset : offset + min(length, self.longest)] + b"\x90\x00"


@pytest.mark.parametrize(
    ("command", "octets"),
    [
        (apdu.select_application(apdu.JPKI_APPLICATION), "00A4040C0AD392F000260100000001"),
        (apdu.select_application(apdu.ISSUER_SECURITY_DOMAIN), "00A4040C07A0000001510000"),
        (apdu.select_ef(0x001B), "00A4020C02001B"),
        (apdu.read_binary(0, 32), "00B0000020"),
        (apdu.read_binary(0x100, 256), "00B0010000"),
        (apdu.verify(), "00200080"),
        (apdu.verify(b"ABC123"), "0020008006414243313233"),
        (apdu.change_reference_data(b"XYZ789"), "002401800658595A373839"),
        (apdu.compute_digital_signature(b"\x30" * 51), "802A008033" + "30" * 51 + "00"),
    ],
)
def test_commands_have_the_bytes_of_the_specification(command: CommandApdu, octets: str) -> None:
    assert bytes(command) == bytes.fromhex(octets)


any_command = st.builds(
    CommandApdu,
    st.sampled_from([0x00, 0x80]) | st.integers(0, 255),
    st.sampled_from(list(Instruction)) | st.integers(0, 255),
    st.sampled_from([0x00, 0x02, 0x04]) | st.integers(0, 255),
    st.sampled_from([0x00, 0x0C, 0x80]) | st.integers(0, 255),
    st.sampled_from([b"", bytes.fromhex(FORBIDDEN_AIDS[0]), apdu.JPKI_APPLICATION]) | st.binary(max_size=255),
    st.none() | st.integers(1, 256),
)


@given(any_command)
def test_nothing_reaches_a_card_but_the_known_commands(command: CommandApdu) -> None:
    script = Script("9000")
    with contextlib.suppress(RefusedCommand):
        CardChannel(script).send(command)
    for sent in script.commands:
        assert (sent[0], sent[1]) in {(0x00, 0xA4), (0x00, 0xB0), (0x00, 0x20), (0x80, 0x2A), (0x00, 0xC0)}
        if sent[1] == 0xA4:
            by_name, by_identifier = bytes.fromhex("00A4040C"), bytes.fromhex("00A4020C02")
            assert sent.startswith(by_identifier) or sent in {
                by_name + b"\x0a" + apdu.JPKI_APPLICATION,
                by_name + b"\x07" + apdu.ISSUER_SECURITY_DOMAIN,
            }


@pytest.mark.parametrize(
    "command",
    [
        *[apdu.select_application(bytes.fromhex(aid)) for aid in FORBIDDEN_AIDS],
        apdu.select_application(apdu.JPKI_APPLICATION[:-1]),  # a prefix may select something else
        CommandApdu(0x00, Instruction.SELECT, 0x04, 0x00, bytes.fromhex(FORBIDDEN_AIDS[0]), 256),
        CommandApdu(0x00, Instruction.SELECT, 0x02, 0x0C, bytes.fromhex(FORBIDDEN_AIDS[0])),
        CommandApdu(0x00, Instruction.SELECT, 0x00, 0x0C, b"\x3f\x00"),
        CommandApdu(0x00, Instruction.READ_BINARY, 0x81, 0x00, le=256),
        CommandApdu(0x00, Instruction.VERIFY, 0x00, 0x9B, b"ABC123"),
        CommandApdu(0x00, Instruction.VERIFY, 0x00, 0x80, b"ABC123", 256),
        CommandApdu(0x00, 0x24, 0x00, 0x80, b"ABC123"),
        CommandApdu(0x00, 0x24, 0x01, 0x9B, b"ABC123"),
        CommandApdu(0x00, 0x24, 0x01, 0x80, b"123"),
        CommandApdu(0x00, 0x24, 0x01, 0x80),
        CommandApdu(0x00, 0xCA, 0x00, 0x00, le=256),
        CommandApdu(0x80, 0x54, 0x00, 0x80),
    ],
)
def test_refused_command_never_reaches_the_card(command: CommandApdu) -> None:
    script = Script("9000")
    with pytest.raises(RefusedCommand):
        CardChannel(script).send(command)
    assert script.commands == []


@pytest.mark.parametrize("status", ["6C00", "6C06", "6106", "6700", "6F00", "6983", "63C2"])
@pytest.mark.parametrize("command", [apdu.verify(b"ABC123"), apdu.verify(), CommandApdu(0, 0x20, 0, 0x80, le=256)])
def test_verify_is_sent_once_whatever_the_answer(command: CommandApdu, status: str) -> None:
    script = Script(status, "9000")
    assert str(CardChannel(script).send(command).status) == status
    assert script.commands == [bytes(command)]


def test_answer_in_pieces_is_fetched_whole() -> None:
    script = Script("01026102", "03046101", "059000")
    assert CardChannel(script).require(apdu.read_binary(0, 256)) == bytes([1, 2, 3, 4, 5])
    assert script.commands[1:] == [bytes.fromhex("00C0000002"), bytes.fromhex("00C0000001")]


def test_wrong_length_is_asked_again_with_the_right_one() -> None:
    script = Script("6C03", "0102039000")
    assert CardChannel(script).require(apdu.read_binary(0, 256)) == bytes([1, 2, 3])
    assert script.commands[1] == bytes.fromhex("00B0000003")


def test_wrong_length_is_asked_again_only_once() -> None:
    script = Script("6C03", "6C04", "9000")
    with pytest.raises(CardProtocolError) as caught:
        CardChannel(script).require(apdu.read_binary(0, 256))
    assert caught.value.facts == {"command": "READ BINARY", "status": "6C04"}


def test_card_that_never_stops_promising_more_is_given_up() -> None:
    with pytest.raises(CardProtocolError):
        CardChannel(Script(*["6110"] * 100)).send(apdu.read_binary(0, 256))


@pytest.mark.parametrize("answer", ["", "90"])
def test_answer_without_status_word_is_a_protocol_error(answer: str) -> None:
    with pytest.raises(CardProtocolError):
        CardChannel(Script(answer)).send(apdu.verify())


@pytest.mark.parametrize(("status", "tries"), [(0x63C0, 0), (0x63C5, 5), (0x63CF, 15), (0x6300, None), (0x9000, None)])
def test_tries_left_are_told_by_63cx_only(status: int, tries: int | None) -> None:
    assert StatusWord(status).tries_left == tries


@given(st.binary(max_size=3000), st.integers(0, 600), st.integers(4, 256))
def test_der_is_read_without_the_filler_in_as_few_blocks_as_possible(body: bytes, filler: int, longest: int) -> None:
    short = len(body) < 0x80
    header = bytes([0x30, len(body)]) if short else b"\x30\x82" + len(body).to_bytes(2, "big")
    value = header + body
    file = File(value + b"\xff" * filler, longest=longest)
    assert CardChannel(file).read_der() == value
    assert file.reads == max(1, -(-len(value) // longest))


@pytest.mark.parametrize("content", [b"", b"\xff" * 256, b"\x00" * 16])
def test_empty_file_holds_no_value(content: bytes) -> None:
    assert CardChannel(File(content)).read_der() is None


@pytest.mark.parametrize("content", ["308201", "31820100", "3084000000FF", "30820200AABB", "3082FFFF" + "00" * 300])
def test_file_that_ends_early_or_holds_something_else_is_a_protocol_error(content: str) -> None:
    with pytest.raises(CardProtocolError):
        CardChannel(File(bytes.fromhex(content))).read_der()


def test_end_of_file_warning_still_brings_the_data() -> None:
    assert CardChannel(Script("3001AA6282")).read_der() == bytes.fromhex("3001AA")


def test_more_data_than_asked_for_is_a_protocol_error() -> None:
    with pytest.raises(CardProtocolError):
        CardChannel(Script("30820101" + "00" * 252 + "9000", "00" * 6 + "9000")).read_der()


def test_log_and_repr_tell_names_and_status_words_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    command = apdu.verify(b"SECRET99")
    response = CardChannel(Script("CAFE63C2")).send(command)
    told = caplog.text + repr(command) + repr(response)
    assert "VERIFY: 63C2" in caplog.text
    assert not [secret for secret in ("SECRET99", "534543", "\\xca", "CAFE", "[83") if secret in told]
