"""The practice card behind the real PC/SC service: with pyscard, and with OpenSC, which knows nothing of us."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from signing import errors
from signing.card import TokenKind, pcsc
from signing.card.jpki import read_facts, signing_session
from signing.card.pcsc import PcscReaders
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, practice_root
from signing.card.practice_card import PracticeCard
from signing.card.practice_options import SignatureFile

READER = "Virtual PCD 00 00"
DATA = b"the data to be signed"
COMMANDS = 14  # of a session with one signature

InsertCard = Callable[..., PracticeCard]


def sign(text: str = PRACTICE_PIN, *, root: Path | None = None) -> list[bytes]:
    issuers = [practice_root(root)] if root else []
    with signing_session(PcscReaders(), READER, SignaturePin.parse(text), issuers=issuers) as credential:
        return [*credential.certification_path, credential.sign(DATA)]


def check(signature: bytes, certificate: bytes, data: bytes = DATA) -> None:
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, data, PKCS1v15(), SHA256())


# --- pyscard


def test_card_tells_its_facts(insert_card: InsertCard, practice_directory: Path) -> None:
    insert_card(signature_tries=4)
    facts = read_facts(PcscReaders(), READER)
    assert (facts.token, facts.signature_tries, facts.practice) == (TokenKind.MY_NUMBER_CARD, 4, False)
    assert facts.signature_ca_certificate == practice_root(practice_directory)


def test_card_signs_and_forgets_the_password(insert_card: InsertCard, practice_directory: Path) -> None:
    card = insert_card()
    certificate, issuer, signature = sign()
    check(signature, certificate)
    assert issuer == practice_root(practice_directory)
    with PcscReaders().connect(READER) as connection:
        connection.transmit(bytes.fromhex("00A4040C0AD392F000260100000001"))
        assert connection.transmit(bytes.fromhex("802A009A02414200")) == bytes.fromhex("6982")
    assert card.pins_used == 1


def test_wrong_password_then_locked(insert_card: InsertCard) -> None:
    card = insert_card(signature_tries=2)
    with pytest.raises(errors.PinIncorrect) as caught:
        sign("WRONG9")
    assert caught.value.tries_left == 1
    for _ in range(2):
        with pytest.raises(errors.PinLocked):
            sign("WRONG9")
    assert card.pins_used == 2


def test_card_pulled_at_every_command(insert_card: InsertCard, practice_directory: Path) -> None:
    card = insert_card()
    for at in range(COMMANDS):
        pull_at(card, at)
        before = card.pins_used
        if at == 3:
            with pytest.raises(errors.PinOutcomeUnknown) as caught:
                sign(root=practice_directory)
            assert caught.value.tries_left is None
        elif at == COMMANDS - 1:
            sign(root=practice_directory)  # logging out: the signature is there
        else:
            with pytest.raises(errors.CardRemoved):
                sign(root=practice_directory)
        assert card.pins_used - before <= 1
        put_back(card)
    check(sign(root=practice_directory)[-1], sign(root=practice_directory)[0])


def pull_at(card: PracticeCard, at: int) -> None:
    """Pull the card after it got the command of that number and before it could answer."""
    inner, remaining = PracticeCard.transmit, at

    def transmit(command: bytes) -> bytes:
        nonlocal remaining
        answer = inner(card, command)
        if remaining == 0:
            card.remove()
            raise errors.CardRemoved
        remaining -= 1
        return answer

    card.transmit = transmit


def put_back(card: PracticeCard) -> None:
    readers = PcscReaders()
    states = readers.states()
    while states[0].atr is not None:
        states = readers.wait_for_change(states, 5)
    time.sleep(0.5)  # pcscd looks every 400 ms, and would not notice that a card was away for less
    del card.transmit
    card.insert()
    while states[0].atr is None:
        states = readers.wait_for_change(states, 5)


def test_reader_that_is_not_there_and_reader_without_card(pcsc_service) -> None:
    with pytest.raises(errors.NoReader):
        read_facts(PcscReaders(), "No such reader 00 00")
    with pytest.raises(errors.NoCard):
        read_facts(PcscReaders(), READER)


def test_card_without_signature_certificate(insert_card: InsertCard) -> None:
    insert_card(signature_file=SignatureFile.MISSING)
    with pytest.raises(errors.NoSignatureCertificate):
        sign()


def test_waiting_ends_when_the_card_comes_and_when_it_goes(insert_card: InsertCard) -> None:
    readers = PcscReaders()
    empty = readers.states()
    found = []
    waiting = threading.Thread(target=lambda: found.append(readers.wait_for_change(empty, 30)))
    waiting.start()
    card = insert_card()
    waiting.join()
    assert found[0][0].atr == card.ATR
    card.remove()
    assert readers.wait_for_change(found[0], 30)[0].atr is None


def test_card_started_by_hand_is_there_until_it_is_interrupted(pcsc_service, practice_directory: Path) -> None:
    readers = PcscReaders()
    module = [sys.executable, "-m", "signing.card.practice_vpcd", str(practice_directory)]
    # What starts tests may have chosen to ignore SIGINT, and then all that it starts would.
    heed = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen([*module, "--port", str(pcsc_service.port)], preexec_fn=heed) as process:
        states = readers.states()
        while states[0].atr is None:
            states = readers.wait_for_change(states, 5)
        assert read_facts(readers, READER).token is TokenKind.MY_NUMBER_CARD
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    while states[0].atr is not None:
        states = readers.wait_for_change(states, 5)


# --- other programs

HOLD = """
import sys
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
mode = scard.SCARD_SHARE_EXCLUSIVE if sys.argv[2] == "exclusive" else scard.SCARD_SHARE_SHARED
result, card, _ = scard.SCardConnect(context, sys.argv[1], mode, scard.SCARD_PROTOCOL_T1)
if sys.argv[2] == "transaction":
    result = scard.SCardBeginTransaction(card)
print(result, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program(how: str) -> Iterator[None]:
    """Another process that holds the card: exclusive, shared, or shared and in a transaction."""
    program = [sys.executable, "-c", HOLD, READER, how]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "0\n"
        yield
        process.stdin.close()


@pytest.mark.parametrize("how", ["exclusive", "shared"])
def test_card_held_by_another_program_is_in_use(insert_card: InsertCard, how: str) -> None:
    card = insert_card()
    with another_program(how), pytest.raises(errors.CardInUse):
        sign()
    assert card.pins_used == 0
    sign()


def test_connecting_does_not_wait_for_ever(insert_card: InsertCard, monkeypatch: pytest.MonkeyPatch) -> None:
    card = insert_card()
    monkeypatch.setattr(pcsc, "_CONNECT_SECONDS", 0.5)
    with another_program("transaction"), pytest.raises(errors.CardNotResponding):
        sign()
    assert card.pins_used == 0
    monkeypatch.undo()
    sign()  # the attempt that came too late has let go


# --- the service


def test_service_that_stops_is_told_and_found_again(insert_card: InsertCard, pcsc_service) -> None:
    readers = PcscReaders()
    card = insert_card()
    with signing_session(readers, READER, SignaturePin.parse(PRACTICE_PIN)) as credential:
        pcsc_service.stop()
        with pytest.raises((errors.CardServiceUnavailable, errors.CardRemoved)):
            credential.sign(DATA)
    with pytest.raises(errors.CardServiceUnavailable):
        readers.states()
    with pytest.raises(errors.CardServiceUnavailable):
        readers.wait_for_change((), 30)
    with pytest.raises(errors.CardServiceUnavailable):
        read_facts(readers, READER)
    pcsc_service.start()
    states = readers.states()
    while states[0].atr is None:
        states = readers.wait_for_change(states, 5)
    sign()
    assert card.pins_used == 2


def test_service_that_stops_while_the_card_checks_leaves_the_outcome_unknown(
    insert_card: InsertCard, pcsc_service
) -> None:
    card = insert_card()
    inner = card.transmit

    def transmit(command: bytes) -> bytes:
        answer = inner(command)
        if command[1] == 0x20 and len(command) > 5:
            pcsc_service.kill()
        return answer

    card.transmit = transmit
    with pytest.raises(errors.PinOutcomeUnknown) as caught:
        sign()
    assert caught.value.tries_left is None
    assert card.pins_used == 1
    pcsc_service.start()


def test_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(errors.CardLibraryMissing):
        PcscReaders().states()
    with pytest.raises(errors.CardLibraryMissing):
        read_facts(PcscReaders(), READER)


# --- OpenSC


@pytest.fixture
def opensc(pcsc_service, tmp_path: Path) -> Callable[..., bytes]:
    """A function that runs a tool of OpenSC against the first reader and returns what it printed."""
    if not shutil.which("pkcs15-tool") or not shutil.which("pkcs11-tool"):
        pytest.skip("OpenSC is not installed")

    def run(*command: str) -> bytes:
        environment = os.environ | {"HOME": str(tmp_path)}  # it may keep certificates there
        result = subprocess.run(command, capture_output=True, env=environment, timeout=60)
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout

    return run


def test_opensc_lists_and_reads_the_card(insert_card: InsertCard, opensc, practice_directory: Path) -> None:
    card = insert_card()
    listing = opensc("pkcs15-tool", "--list-certificates", "--list-pins", "--list-keys").decode()
    assert listing.count("X.509 Certificate") == 4
    assert [line.split(":")[1].strip() for line in listing.splitlines() if "Tries left" in line] == ["3", "5"]
    authority = opensc("pkcs15-tool", "--read-certificate", "4")
    assert x509.load_pem_x509_certificate(authority) == x509.load_der_x509_certificate(
        practice_root(practice_directory)
    )
    signer = opensc("pkcs15-tool", "--read-certificate", "2", "--auth-id", "2", "--verify-pin", "--pin", PRACTICE_PIN)
    assert x509.load_pem_x509_certificate(signer) == x509.load_der_x509_certificate(sign()[0])
    assert card.tries_left == 5


def test_opensc_signs_with_the_card(insert_card: InsertCard, opensc, tmp_path: Path) -> None:
    card = insert_card()
    certificate = sign()[0]
    before = card.pins_used
    (tmp_path / "data").write_bytes(DATA)
    opensc(
        *("pkcs11-tool", "--slot-index", "1", "--login", "--pin", PRACTICE_PIN, "--sign", "--id", "02"),
        *("--mechanism", "SHA256-RSA-PKCS"),
        *("--input-file", str(tmp_path / "data"), "--output-file", str(tmp_path / "signature")),
    )
    check((tmp_path / "signature").read_bytes(), certificate)
    assert card.pins_used > before
