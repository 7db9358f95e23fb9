"""Changing a PIN: the old one is sent once, and whatever happens the person knows which one is in force."""

import logging
import traceback
from contextlib import suppress

import pytest

from signing import errors
from signing.card.jpki import signing_session
from signing.card.pin import SignaturePin
from signing.card.pin_change import Changeable, change_pin, parse_new, parse_old
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_card import PRACTICE_AUTHENTICATION_PIN
from signing.card.practice_options import Disturbance

PASSWORD, FOUR_DIGITS = Changeable.SIGNATURE_PASSWORD, Changeable.AUTHENTICATION_PIN
OLD = {PASSWORD: PRACTICE_PIN, FOUR_DIGITS: PRACTICE_AUTHENTICATION_PIN}
NEW = {PASSWORD: "NEW2PASS", FOUR_DIGITS: "9876"}
COMMANDS = 6  # SELECT, PIN file, counter, VERIFY, CHANGE REFERENCE DATA, logout
VERIFY, CHANGE = 3, 4


def change(readers: PracticeReaders, which: Changeable, old: str | None = None, new: str | None = None) -> None:
    change_pin(
        readers,
        PRACTICE_READER,
        which,
        old=parse_old(which, old or OLD[which]),
        new=parse_new(which, new or NEW[which]),
    )


def held(readers: PracticeReaders) -> list[bytes]:
    """What the card itself has as its PINs."""
    return [bytes(pin) for pin in readers.card._pins.values()]


def changes(readers: PracticeReaders) -> int:
    return sum(heard.header[1] == 0x24 for heard in readers.card.heard)


@pytest.mark.parametrize("which", list(Changeable))
def test_new_pin_is_in_force_and_the_old_one_is_not(make_readers, which: Changeable) -> None:
    readers = make_readers()
    change(readers, which)
    assert NEW[which].encode() in held(readers)
    assert OLD[which].encode() not in held(readers)
    assert (readers.card.pins_used, changes(readers)) == (1, 1)
    assert readers.card.heard[-1].header == bytes.fromhex("00A4040C")  # left by selecting the security domain
    change(readers, which, old=NEW[which], new=OLD[which])
    assert OLD[which].encode() in held(readers)


def test_document_is_signed_with_the_new_password(make_readers) -> None:
    readers = make_readers()
    change(readers, PASSWORD, new="new2pass")  # typed in lower case
    with signing_session(readers, PRACTICE_READER, SignaturePin.parse("ＮＥＷ２ＰＡＳＳ")) as credential:
        assert len(credential.sign(b"document")) == 256


@pytest.mark.parametrize(
    ("which", "text", "reason"),
    [
        (PASSWORD, "ABCDEF", "mixture"),
        (PASSWORD, "123456", "mixture"),
        (PASSWORD, "AB12", "length"),
        (PASSWORD, "ABCDEFGH123456789", "length"),
        (PASSWORD, "ABC-123", "characters"),
        (PASSWORD, "", "length"),
        (FOUR_DIGITS, "123", "four-digits"),
        (FOUR_DIGITS, "12345", "four-digits"),
        (FOUR_DIGITS, "12A4", "four-digits"),
    ],
)
def test_new_pin_that_breaks_the_rules_is_refused_before_the_card(which: Changeable, text: str, reason: str) -> None:
    with pytest.raises(errors.PinFormat) as caught:
        parse_new(which, text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["ABC123", "ＡＢＣ１２３", "mynumber2026a", "A1A1A1A1A1A1A1A1"])
def test_new_password_within_the_rules_is_taken(text: str) -> None:
    assert parse_new(PASSWORD, text).octets() == SignaturePin.parse(text).octets()


def test_old_password_may_break_the_rules_of_today(make_readers) -> None:
    readers = make_readers()
    readers.card._pins[0x001B] = b"ABCDEF"
    change(readers, PASSWORD, old="ABCDEF")
    assert b"NEW2PASS" in held(readers)


@pytest.mark.parametrize(
    ("which", "error"),
    [(PASSWORD, errors.PinIncorrect), (FOUR_DIGITS, errors.AuthenticationPinIncorrect)],
)
def test_wrong_old_pin_costs_one_try_and_changes_nothing(make_readers, which: Changeable, error: type) -> None:
    readers = make_readers()
    with pytest.raises(error) as caught:
        change(readers, which, old={PASSWORD: "WRONG9", FOUR_DIGITS: "0000"}[which])
    assert type(caught.value) is error
    assert caught.value.tries_left == {PASSWORD: 4, FOUR_DIGITS: 2}[which]
    assert (readers.card.pins_used, changes(readers)) == (1, 0)
    assert OLD[which].encode() in held(readers)


@pytest.mark.parametrize(
    ("which", "error"), [(PASSWORD, errors.PinLocked), (FOUR_DIGITS, errors.AuthenticationPinLocked)]
)
def test_locked_pin_is_not_sent(make_readers, which: Changeable, error: type) -> None:
    readers = make_readers(signature_tries=0, authentication_tries=0)
    with pytest.raises(error) as caught:
        change(readers, which)
    assert type(caught.value) is error
    assert readers.card.pins_used == 0


def test_one_pin_being_locked_leaves_the_other_changeable(make_readers) -> None:
    readers = make_readers(signature_tries=0)
    change(readers, FOUR_DIGITS)
    assert NEW[FOUR_DIGITS].encode() in held(readers)


class Real(PracticeReaders):
    """As the card in a real reader counts: not as practice."""

    practice = False  # type: ignore[assignment, misc] - that is the point


def test_real_card_is_asked_for_nothing_unless_the_person_insists(make_readers, practice_directory) -> None:
    readers = Real(practice_directory)
    old, new = parse_old(PASSWORD, PRACTICE_PIN), parse_new(PASSWORD, "NEW2PASS")
    with pytest.raises(errors.PinChangeExperimental):
        change_pin(readers, PRACTICE_READER, PASSWORD, old=old, new=new)
    assert readers.card.heard == []
    with pytest.raises(ValueError, match="used already"):
        old.octets()
    with pytest.raises(ValueError, match="used already"):
        new.octets()
    change_pin(
        readers,
        PRACTICE_READER,
        PASSWORD,
        old=parse_old(PASSWORD, PRACTICE_PIN),
        new=parse_new(PASSWORD, "NEW2PASS"),
        despite_experimental=True,
    )
    assert b"NEW2PASS" in held(readers)


# --- faults


def outcome(readers: PracticeReaders, which: Changeable) -> errors.UserFacingError | None:
    try:
        change(readers, which)
    except errors.UserFacingError as error:
        return error
    return None


@pytest.mark.parametrize("which", list(Changeable))
@pytest.mark.parametrize("fault", list(Disturbance))
@pytest.mark.parametrize("at", range(COMMANDS))
def test_any_fault_at_any_command_is_told_truthfully(
    make_readers, which: Changeable, fault: Disturbance, at: int
) -> None:
    readers = make_readers(disturbances={at: fault})
    error = outcome(readers, which)
    assert readers.card.pins_used <= 1
    assert changes(readers) <= 1
    changed = NEW[which].encode() in held(readers)
    if at == VERIFY:
        assert isinstance(error, errors.PinOutcomeUnknown)
        assert not changed
    elif at == CHANGE:
        assert isinstance(error, errors.PinChangeOutcomeUnknown)
    elif error is None:
        assert changed
        assert at == COMMANDS - 1 or (at, fault) == (0, Disturbance.NO_DIAGNOSIS)
    else:
        assert not changed
        assert isinstance(error, errors.CardRemoved | errors.CardProtocolError)


@pytest.mark.parametrize("status", [0x6700, 0x6985, 0x6A80, 0x6D00])
def test_card_that_declines_keeps_the_old_pin(make_readers, monkeypatch, status: int) -> None:
    readers = make_readers()
    inner = readers.card.transmit

    def declining(command: bytes) -> bytes:
        return status.to_bytes(2, "big") if command[1] == 0x24 else inner(command)

    monkeypatch.setattr(readers.card, "transmit", declining)
    with pytest.raises(errors.CardProtocolError) as caught:
        change(readers, PASSWORD)
    assert (caught.value.command, caught.value.status) == ("CHANGE REFERENCE DATA", f"{status:04X}")
    assert PRACTICE_PIN.encode() in held(readers)


@pytest.mark.parametrize("fault", [None, *Disturbance])
@pytest.mark.parametrize("at", [VERIFY, CHANGE])
def test_neither_log_nor_error_has_a_pin(make_readers, caplog, fault, at: int) -> None:
    caplog.set_level(logging.DEBUG)
    readers = make_readers(disturbances={at: fault} if fault else {})
    old, new = parse_old(PASSWORD, PRACTICE_PIN), parse_new(PASSWORD, NEW[PASSWORD])
    told = ""
    try:
        change_pin(readers, PRACTICE_READER, PASSWORD, old=old, new=new)
    except errors.UserFacingError as error:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
        told = "".join(frames.format(chain=True)) + str(error)
    told += "\n".join(str(record.__dict__) for record in caplog.records)
    assert caplog.records, "no log, no proof"
    for pin in (PRACTICE_PIN, NEW[PASSWORD]):
        assert not [form for form in (pin, pin.encode().hex(), repr(list(pin.encode()))) if form in told]
    for wiped in (old, new):
        with pytest.raises(ValueError, match="used already"), suppress(errors.UserFacingError):
            wiped.octets()
