import logging
import threading
import traceback
from collections.abc import Callable

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from signing import errors
from signing.card import TokenKind
from signing.card.jpki import read_facts, require_my_number_card, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_options import Disturbance, SignatureFile
from signing.card.practice_pki import Practice

DATA = b"the data to be signed"


def pin(text: str = PRACTICE_PIN) -> SignaturePin:
    return SignaturePin.parse(text)


def sign(readers: PracticeReaders, text: str = PRACTICE_PIN, *, issuers: tuple[bytes, ...] = ()) -> list[bytes]:
    """The certification path and one signature."""
    with signing_session(readers, PRACTICE_READER, pin(text), issuers=issuers) as credential:
        return [*credential.certification_path, credential.sign(DATA)]


# --- what the card tells without a password


def test_facts_of_a_my_number_card(make_readers, practice: Practice) -> None:
    readers = make_readers(signature_tries=4)
    facts = read_facts(readers, PRACTICE_READER)
    assert (facts.reader, facts.practice, facts.token) == (PRACTICE_READER, True, TokenKind.MY_NUMBER_CARD)
    assert (facts.has_signature_certificate, facts.has_authentication_certificate) == (True, True)
    assert (facts.signature_tries, facts.authentication_tries) == (4, 3)
    assert facts.signature_ca_certificate == practice.signature_ca_certificate
    assert facts.authentication_certificate == practice.authentication_certificate
    assert readers.card.pins_used == 0
    require_my_number_card(facts)


def test_facts_of_a_child_s_card(make_readers) -> None:
    facts = read_facts(make_readers(signature_file=SignatureFile.MISSING), PRACTICE_READER)
    assert (facts.has_signature_certificate, facts.has_authentication_certificate) == (False, True)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("JPKIAPICCTOKEN", TokenKind.RESIDENT_CARD),
        ("JPKIAPGPSETOKEN", TokenKind.ANDROID),
        ("JPKIAPIOSTOKEN", TokenKind.IPHONE),
        ("JPKIAPICCTOKEN3", TokenKind.UNKNOWN),
    ],
)
def test_other_media_are_named_and_refused_and_asked_nothing_more(make_readers, token: str, kind: TokenKind) -> None:
    readers = make_readers(token=token)
    facts = read_facts(readers, PRACTICE_READER)
    assert facts.token is kind
    assert facts.signature_tries is None
    assert len(readers.card.heard) == 3
    with pytest.raises(errors.UnsupportedToken):
        require_my_number_card(facts)


def test_card_that_wants_five_bytes_tells_its_tries_all_the_same(make_readers) -> None:
    assert read_facts(make_readers(refuses_four_bytes=True), PRACTICE_READER).signature_tries == 5


class ForeignCard:
    """Readers with a card that knows no application of ours."""

    practice = False

    def __init__(self, status: str) -> None:
        self.status = status

    def states(self) -> tuple[()]:
        return ()

    def wait_for_change(self, known: object, timeout: float) -> tuple[()]:
        return ()

    def connect(self, reader: str) -> "ForeignCard":
        return self

    def __enter__(self) -> "ForeignCard":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def transmit(self, command: bytes) -> bytes:
        return bytes.fromhex(self.status)


@pytest.mark.parametrize("status", ["6A82", "6D00", "6E00", "6999", "6881"])
def test_foreign_card_is_not_a_my_number_card(status: str) -> None:
    with pytest.raises(errors.UnsupportedCard):
        read_facts(ForeignCard(status), "reader")
    with pytest.raises(errors.UnsupportedCard), signing_session(ForeignCard(status), "reader", pin()):
        pass


def test_card_that_never_gets_past_6f00_is_a_protocol_error() -> None:
    with pytest.raises(errors.CardProtocolError) as caught:
        read_facts(ForeignCard("6F00"), "reader")
    assert caught.value.facts == {"command": "SELECT", "status": "6F00"}


# --- signing


def test_signature_verifies_with_the_certificate_of_the_card(make_readers, practice: Practice) -> None:
    certificate, issuer, signature = sign(make_readers())
    assert (certificate, issuer) == (practice.signature_certificate, practice.signature_ca_certificate)
    practice.signature_key.public_key().verify(signature, DATA, PKCS1v15(), SHA256())


def test_first_signature_takes_seven_commands_and_the_blocks_of_the_certificate(
    make_readers, practice: Practice
) -> None:
    readers = make_readers()
    heard = readers.card.heard
    issuers = [practice.authentication_ca_certificate, practice.signature_ca_certificate]
    with signing_session(readers, PRACTICE_READER, pin(), issuers=issuers) as credential:
        credential.sign(DATA)
        assert len(heard) == 7 + -(-len(practice.signature_certificate) // 256)
        for n in range(3):
            before = len(heard)
            credential.sign(bytes([n]))
            assert len(heard) == before + 1
    assert credential.certification_path[1] == practice.signature_ca_certificate


def test_session_ends_by_leaving_the_application(make_readers) -> None:
    readers = make_readers()
    sign(readers)
    last = readers.card.heard[-1]
    assert (last.header, last.status) == (bytes.fromhex("00A4040C"), 0x9000)
    with readers.connect(PRACTICE_READER) as connection:
        assert connection.transmit(bytes.fromhex("00A4020C02001A")) == bytes.fromhex("6A82")


def test_session_leaves_the_application_when_its_user_fails(make_readers) -> None:
    readers = make_readers()
    with pytest.raises(ZeroDivisionError), signing_session(readers, PRACTICE_READER, pin()):
        raise ZeroDivisionError
    assert readers.card.heard[-1].header == bytes.fromhex("00A4040C")


def test_issuer_is_left_out_when_neither_the_caller_nor_the_card_has_it(make_readers, practice: Practice) -> None:
    readers = make_readers()
    readers.card._files[0x0002] = readers.card._files[0x000B]  # the other authority's
    with signing_session(readers, PRACTICE_READER, pin(), issuers=[b"no certificate"]) as credential:
        assert credential.certification_path == (practice.signature_certificate,)


def test_expired_certificate_is_the_caller_s_to_judge(make_readers, practice: Practice) -> None:
    assert sign(make_readers(signature_file=SignatureFile.EXPIRED))[0] == practice.expired_signature_certificate


@pytest.mark.parametrize(
    "options",
    [
        {"first_command_fails": True},
        {"longest_read": 100},
        {"refuses_long_reads": True},
        {"refuses_four_bytes": True},
        {"hides_counter_when_verified": True},
        {"reset_keeps_verified": True},
    ],
)
def test_peculiar_cards_sign_all_the_same(make_readers, practice: Practice, options: dict[str, object]) -> None:
    readers = make_readers(**options)
    practice.signature_key.public_key().verify(sign(readers)[-1], DATA, PKCS1v15(), SHA256())
    assert readers.card.pins_used == 1


@pytest.mark.parametrize("state", [SignatureFile.MISSING, SignatureFile.EMPTY])
def test_card_without_signature_certificate_says_so(make_readers, state: SignatureFile) -> None:
    with pytest.raises(errors.NoSignatureCertificate):
        sign(make_readers(signature_file=state))


@pytest.mark.parametrize("length", [0, 128, 255])
def test_signature_of_another_length_is_not_accepted(make_readers, length: int) -> None:
    with pytest.raises(errors.CardSignatureWrong):
        sign(make_readers(signature_length=length))


# --- the password


def test_wrong_password_tells_the_tries_and_costs_one(make_readers) -> None:
    readers = make_readers()
    for left in (4, 3, 2, 1):
        with pytest.raises(errors.PinIncorrect) as caught:
            sign(readers, "WRONG9")
        assert caught.value.tries_left == left == readers.card.tries_left
    assert readers.card.pins_used == 4


def test_right_password_restores_the_tries(make_readers) -> None:
    readers = make_readers(signature_tries=1)
    sign(readers)
    assert readers.card.tries_left == 5


@pytest.mark.parametrize("locked_status", [0x6983, 0x6984])
def test_last_wrong_password_locks_and_then_nothing_is_sent(make_readers, locked_status: int) -> None:
    readers = make_readers(signature_tries=1, locked_status=locked_status)
    for _ in range(2):
        with pytest.raises(errors.PinLocked):
            sign(readers, "WRONG9")
    assert readers.card.pins_used == 1


@pytest.mark.parametrize("locked_status", [0x6983, 0x6984])
def test_card_that_hides_its_lock_until_verify_is_locked(make_readers, locked_status: int) -> None:
    class Hiding:
        """Says that all tries are left, and then that none is."""

        def __init__(self, inner: Callable[[bytes], bytes]) -> None:
            self.inner = inner

        def __call__(self, command: bytes) -> bytes:
            return b"\x63\xc5" if command == bytes.fromhex("00200080") else self.inner(command)

    readers = make_readers(signature_tries=0, locked_status=locked_status)
    readers.card.transmit = Hiding(readers.card.transmit)
    with pytest.raises(errors.PinLocked):
        sign(readers)
    assert readers.card.pins_used == 1


def test_password_is_wiped_as_soon_as_the_card_has_it(make_readers) -> None:
    memory = bytearray(PRACTICE_PIN.encode())
    with signing_session(make_readers(), PRACTICE_READER, SignaturePin(memory)):
        assert not memory


@pytest.mark.parametrize("reader", [PRACTICE_READER, "another reader"])
def test_password_is_wiped_when_the_session_fails(make_readers, reader: str) -> None:
    memory = bytearray(b"WRONG9")
    with pytest.raises(errors.CardError), signing_session(make_readers(), reader, SignaturePin(memory)):
        pass
    assert not memory


def test_used_password_is_refused_and_nothing_is_sent_in_its_place(make_readers) -> None:
    readers = make_readers()
    used = pin()
    used.wipe()
    with pytest.raises(ValueError, match="used already"), signing_session(readers, PRACTICE_READER, used):
        pass
    assert readers.card.pins_used == 0


# --- faults

FAULTS = list(Disturbance)
COMMANDS = 3 + 1 + 1 + 6 + 1 + 1 + 1  # select, PIN file, counter; VERIFY; certificate; key; signature; logout


def outcome(readers: PracticeReaders, issuers: tuple[bytes, ...]) -> errors.UserFacingError | None:
    try:
        sign(readers, issuers=issuers)
    except errors.UserFacingError as error:
        return error
    return None


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", range(COMMANDS))
def test_any_fault_at_any_command_is_told_truthfully_and_sends_one_password(
    make_readers, practice: Practice, fault: Disturbance, at: int
) -> None:
    readers = make_readers(signature_tries=3, disturbances={at: fault})
    error = outcome(readers, (practice.signature_ca_certificate,))
    assert readers.card.pins_used <= 1
    removed = fault in (Disturbance.CARD_REMOVED, Disturbance.CARD_REMOVED_AFTER, Disturbance.READER_REMOVED)
    match at:
        case 3:  # VERIFY: whatever happens, nobody knows what became of the password
            assert isinstance(error, errors.PinOutcomeUnknown)
            assert error.tries_left == (None if removed else readers.card.tries_left)
        case 0 if fault is Disturbance.NO_DIAGNOSIS:
            assert error is None  # the one answer after which a SELECT is sent again
        case 0 if fault is Disturbance.GARBAGE:
            assert isinstance(error, errors.CardProtocolError)
        case _ if at == COMMANDS - 1:
            assert error is None  # logging out failed; the signature is there, the power goes off
        case _:
            assert isinstance(error, errors.CardRemoved if removed else errors.CardProtocolError)


@pytest.mark.parametrize("text", [PRACTICE_PIN, "WRONG9"])
def test_counter_after_an_unknown_outcome_is_what_the_card_says(make_readers, text: str) -> None:
    readers = make_readers(signature_tries=3, disturbances={3: Disturbance.GARBAGE})
    with pytest.raises(errors.PinOutcomeUnknown) as caught:
        sign(readers, text)
    assert caught.value.tries_left == (5 if text == PRACTICE_PIN else 2)


def test_interrupted_verify_leaves_the_outcome_unknown(make_readers) -> None:
    """Ctrl-C while the card checks: a try may have been used, and the counter is told."""
    readers = make_readers(signature_tries=3)
    transmit = readers.card.transmit

    def interrupted(command: bytes) -> bytes:
        answer = transmit(command)
        if readers.card.heard[-1].used_a_pin:
            raise KeyboardInterrupt
        return answer

    readers.card.transmit = interrupted
    with pytest.raises(errors.PinOutcomeUnknown) as caught:
        sign(readers, "WRONG9")
    assert caught.value.tries_left == 2
    assert readers.card.pins_used == 1


def test_unknown_outcome_that_used_the_last_try_is_locked(make_readers) -> None:
    with pytest.raises(errors.PinLocked):
        sign(make_readers(signature_tries=1, disturbances={3: Disturbance.GARBAGE}), "WRONG9")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", range(0, 21, 4))
def test_facts_fail_clearly_and_send_no_password(make_readers, fault: Disturbance, at: int) -> None:
    readers = make_readers(disturbances={at: fault})
    try:
        facts = read_facts(readers, PRACTICE_READER)
    except (errors.CardRemoved, errors.CardProtocolError):
        assert readers.card.pins_used == 0
    else:
        assert (at, fault) == (0, Disturbance.NO_DIAGNOSIS)
        assert facts.signature_tries == 5


def test_card_removed_and_put_back_signs_in_a_new_session(make_readers) -> None:
    readers = make_readers(disturbances={5: Disturbance.CARD_REMOVED})
    with pytest.raises(errors.CardRemoved):
        sign(readers)
    with pytest.raises(errors.NoCard):
        sign(readers)
    readers.card.insert()
    sign(readers)


def test_damaged_certificate_is_unreadable(make_readers) -> None:
    readers = make_readers()
    readers.card._files[0x0001] = b"\x30\x82\x01\x00" + bytes(1000)
    with pytest.raises(errors.CertificateUnreadable):
        sign(readers)


@pytest.mark.parametrize("at", [None, *range(COMMANDS)])
def test_neither_log_nor_error_tells_the_password_or_the_person(
    make_readers, practice: Practice, caplog: pytest.LogCaptureFixture, at: int | None
) -> None:
    caplog.set_level(logging.DEBUG)
    readers = make_readers(disturbances={} if at is None else {at: Disturbance.CARD_REMOVED_AFTER})
    error = outcome(readers, (practice.signature_ca_certificate,))
    told = caplog.text + repr(readers.card.heard) + repr(error) + str(error)
    certificate = x509.Certificate.load(practice.signature_certificate)
    serial = certificate.serial_number
    secrets = [PRACTICE_PIN, "414243313233", "実印", "見本町", "19900401", str(serial), f"{serial:X}", f"{serial:x}"]
    assert not [secret for secret in secrets if secret in told]


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_that_is_kept_does_not_keep_the_password(make_readers, fault: Disturbance) -> None:
    error = outcome(make_readers(disturbances={3: fault}), ())
    assert error is not None
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    kept = "".join(frames.format(chain=True)).replace(f"text = '{PRACTICE_PIN}'", "")  # the caller's own
    assert PRACTICE_PIN not in kept
    assert "readers = " in kept


# --- readers


def test_second_program_finds_the_card_in_use(make_readers) -> None:
    readers = make_readers()
    with readers.connect(PRACTICE_READER), pytest.raises(errors.CardInUse):
        read_facts(readers, PRACTICE_READER)
    read_facts(readers, PRACTICE_READER)


def test_waiting_ends_when_the_card_goes(make_readers) -> None:
    readers = make_readers()
    known = readers.states()
    threading.Timer(0.05, readers.card.remove, kwargs={"with_reader": True}).start()
    assert readers.wait_for_change(known, 30) == ()
    assert readers.wait_for_change((), 0.01) == ()
