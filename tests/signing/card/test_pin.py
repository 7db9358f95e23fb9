import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.card.pin import SignaturePin
from signing.errors import PinFormat


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("ABC123", b"ABC123"),
        ("abc123", b"ABC123"),
        ("ａｂｃ１２３", b"ABC123"),
        ("ABCDEF", b"ABCDEF"),  # older passwords may lack a digit
        ("123456", b"123456"),
        ("ABCDEFGH12345678", b"ABCDEFGH12345678"),
    ],
)
def test_input_becomes_what_the_card_compares(text: str, octets: bytes) -> None:
    assert SignaturePin.parse(text).octets() == octets
    assert SignaturePin.shown(text).encode() == octets


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "length"),
        ("ABC12", "length"),
        ("ABCDEFGH123456789", "length"),
        ("ABC 123", "characters"),
        ("ABC123\n", "characters"),
        ("ABC-123", "characters"),
        ("あいうえおか", "characters"),
        ("straße12", "characters"),  # upper() would make SS of it
        ("ıabc123", "characters"),  # upper() would make I of it
        ("ABC12\N{ARABIC-INDIC DIGIT THREE}", "characters"),
    ],
)
def test_what_cannot_be_a_password_is_refused_before_the_card(text: str, reason: str) -> None:
    with pytest.raises(PinFormat) as caught:
        SignaturePin.parse(text)
    assert caught.value.reason == reason


@given(st.text())
def test_only_six_to_sixteen_letters_and_digits_ever_pass(text: str) -> None:
    try:
        octets = SignaturePin.parse(text).octets()
    except PinFormat:
        return
    assert 6 <= len(octets) <= 16
    assert set(octets) <= set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def test_password_is_overwritten_on_leaving_and_cannot_be_used_again() -> None:
    memory = bytearray(b"ABC123")
    with SignaturePin(memory) as pin:
        view = bytes(memory)
    assert view == b"ABC123"
    assert b"ABC123" not in bytes(memory)
    with pytest.raises(ValueError, match="used already"):
        pin.octets()


def test_password_shows_nowhere_and_does_not_leave_the_process() -> None:
    pin = SignaturePin.parse("SECRET99")
    assert "SECRET99" not in f"{pin} {pin!r}"
    with pytest.raises(TypeError):
        pickle.dumps(pin)
