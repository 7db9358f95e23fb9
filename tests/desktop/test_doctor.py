"""The doctor names the right cause for what readers, cards and computers can be like."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.card import doctor
from desktop.card.doctor import Computer, Severity, diagnose, look_at_computer, without_serial
from desktop.places import renewal_rules_file
from desktop.words.doctor import DOCTOR_WORDS, describe_finding
from desktop.words.translation import language, set_language
from signing import errors
from signing.card import ReaderState
from signing.card.practice import PracticeReaders
from signing.card.practice_options import Disturbance, PracticeOptions
from signing.card.practice_states import PracticeState, practice_readers
from signing.renewal import RenewalRules

LINUX = Computer(system="linux", service_installed=True, service_socket=True)
ATR = bytes.fromhex("3B8880010000")


def codes(diagnosis) -> list[str]:
    assert all(describe_finding(finding).action for finding in diagnosis.findings)
    return [finding.code.removeprefix("doctor.") for finding in diagnosis.findings]


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("practice")


class Readers:
    """Readers that fail as they are told: what PC/SC says where no card answers."""

    practice = False

    def __init__(self, *names: str, card: bool = False, listing=None, connecting=errors.NoCard) -> None:
        self._states = tuple(ReaderState(name, ATR if card else None) for name in names)
        self._listing = listing
        self._connecting = connecting

    def states(self):
        if self._listing:
            raise self._listing
        return self._states

    def wait_for_change(self, known, timeout):
        return self.states()

    @contextmanager
    def connect(self, reader):
        raise self._connecting
        yield


@pytest.mark.parametrize(
    ("computer", "expected"),
    [
        (Computer(system="linux", service_installed=False, service_socket=False), ["service-missing"]),
        (Computer(system="linux", service_installed=True, service_socket=False), ["service-stopped"]),
        (LINUX, ["service-denied"]),
        (
            Computer(system="linux", service_installed=True, service_socket=True, remote=True),
            ["service-denied", "remote"],
        ),
        (Computer(system="linux", sandbox="flatpak", service_installed=False), ["sandbox-flatpak"]),
        (Computer(system="linux", sandbox="snap"), ["sandbox-snap"]),
        (Computer(system="win32"), ["service-windows"]),
        (Computer(system="darwin"), ["service-mac"]),
    ],
)
def test_service_that_does_not_answer(computer, expected) -> None:
    diagnosis = diagnose(Readers(listing=errors.CardServiceUnavailable()), computer)
    assert (codes(diagnosis), diagnosis.service, diagnosis.usable) == (expected, False, False)


def test_library_that_is_not_there_is_found_before_the_service() -> None:
    for diagnosis in (
        diagnose(Readers(listing=AssertionError()), Computer(library=False)),
        diagnose(Readers(listing=errors.CardLibraryMissing()), LINUX),
    ):
        assert codes(diagnosis) == ["library-missing"]
        assert (diagnosis.library, diagnosis.service) == (False, None)


@pytest.mark.parametrize(
    ("computer", "expected"),
    [
        (LINUX, ["no-reader"]),
        (Computer(system="linux", usb_readers=1), ["driver-missing"]),
        (Computer(system="linux", usb_readers=1, nfc_drivers=("pn533_usb",)), ["reader-held-by-kernel"]),
        (Computer(system="win32"), ["no-reader", "driver-windows"]),
        (Computer(system="darwin"), ["no-reader", "driver-mac"]),
    ],
)
def test_reader_that_is_not_there(computer, expected) -> None:
    diagnosis = diagnose(Readers(), computer)
    assert (codes(diagnosis), diagnosis.service) == (expected, True)


@pytest.mark.parametrize(
    "name",
    [
        "Windows Hello for Business 1",
        "Microsoft Virtual Smart Card 0",
        "Microsoft UICC ISO Reader 53a9 0",
        "TPM Reader 0",
    ],
)
def test_virtual_reader_of_the_computer_is_no_card_reader(name) -> None:
    diagnosis = diagnose(Readers(name, card=True), Computer(system="win32"))
    assert codes(diagnosis)[0] == "virtual-reader-only"
    assert diagnosis.findings[0].facts["reader"] == name
    assert [reader.virtual for reader in diagnosis.readers] == [True]


def test_virtual_reader_is_passed_over_beside_a_real_one() -> None:
    diagnosis = diagnose(
        Readers("Windows Hello for Business 1", "Sony FeliCa Port/PaSoRi 4.0 0"), Computer(system="win32")
    )
    assert codes(diagnosis) == ["no-card", "placement"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.CardInUse, ["card-in-use", "holders"]),
        (errors.CardNotResponding, ["card-silent", "placement"]),
        (errors.CardRemoved, ["card-silent", "placement"]),
        (errors.UnsupportedCard, ["other-card"]),
        (errors.NoReader, ["no-reader"]),
        (errors.PracticeCardUnavailable(), ["practice-unavailable"]),
    ],
)
def test_card_that_cannot_be_reached(error, expected) -> None:
    computer = Computer(system="linux", holders=("scdaemon",))
    diagnosis = diagnose(Readers("Reader 0", card=True, connecting=error), computer)
    assert (codes(diagnosis), diagnosis.usable) == (expected, False)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (PracticeState.ONE_TRY, ["ready", "last-try"]),
        (PracticeState.LOCKED, ["password-locked"]),
        (PracticeState.EXPIRED, ["certificate-ended"]),
        (PracticeState.LAST_DAY, ["ready"]),
        (PracticeState.NO_SIGNATURE_CERTIFICATE, ["no-signature-certificate"]),
        (PracticeState.OTHER_CARD, ["other-card"]),
        (PracticeState.RESIDENT_CARD, ["resident-card"]),
        (PracticeState.PHONE, ["phone"]),
    ],
)
def test_card_in_every_state(directory, state, expected) -> None:
    readers = practice_readers(directory, state, RenewalRules.load(renewal_rules_file()), moment=datetime.now(UTC))
    assert codes(diagnose(readers, LINUX)) == expected


@pytest.mark.parametrize("disturbance", list(Disturbance))
@pytest.mark.parametrize("number", range(4))
def test_whatever_the_card_does_there_is_a_diagnosis(directory, disturbance, number) -> None:
    readers = PracticeReaders(directory, PracticeOptions(disturbances={number: disturbance}))
    diagnosis = diagnose(readers, LINUX)
    assert diagnosis.findings
    assert readers.card.pins_used == 0


def test_reader_names_lose_their_serial_numbers() -> None:
    name = "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] (5355A1B2) 00 00"
    assert without_serial(name) == "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00"
    report = json.dumps(diagnose(Readers("Maker (5355A1B2) 00 00", card=True), LINUX).as_json())
    assert "5355A1B2" not in report


def test_this_computer_can_be_looked_at() -> None:
    assert look_at_computer().system
    assert look_at_computer() == look_at_computer()


def test_processes_of_linux_are_found_by_their_short_names(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "Path", lambda _root: tmp_path)
    (tmp_path / "17").mkdir()
    (tmp_path / "17" / "comm").write_text("scdaemon\n")
    assert doctor._running(("scdaemon", "gpg-agent")) == ("scdaemon",)


def test_usb_readers_and_captured_ones_are_counted(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_USB", tmp_path)
    for place, kind in (("1-1:1.0", "0b"), ("1-2:1.0", "03")):
        (tmp_path / "devices" / place).mkdir(parents=True)
        (tmp_path / "devices" / place / "bInterfaceClass").write_text(f"{kind}\n")
    (tmp_path / "drivers" / "pn533_usb" / "1-3:1.0").mkdir(parents=True)
    (tmp_path / "drivers" / "port100").mkdir()
    assert doctor._usb_readers() == 1
    assert doctor._nfc_drivers() == ("pn533_usb",)


def test_every_finding_of_the_source_has_words_in_both_languages() -> None:
    source = Path(doctor.__file__).read_text(encoding="utf-8")
    named = {code for code in DOCTOR_WORDS if f'"{code.removeprefix("doctor.")}"' in source or f'"{code}"' in source}
    composed = {"doctor.sandbox-flatpak", "doctor.sandbox-snap"}
    assert named | composed == set(DOCTOR_WORDS)
    facts = {"drivers": "x", "reader": "y", "programs": "z", "code": "card.removed", "system": "linux"}
    before = language()
    words = {}
    try:
        for spoken in ("en", "ja"):
            set_language(spoken)
            for code in DOCTOR_WORDS:
                words[spoken, code] = describe_finding(doctor.Finding(code, Severity.HINT, facts))
    finally:
        set_language(before)
    for code in DOCTOR_WORDS:
        assert words["ja", code].title != words["en", code].title
        assert "{" not in words["en", code].text + words["ja", code].text
