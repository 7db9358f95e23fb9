"""The doctor before the real PC/SC service, with virtual readers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.card.doctor import Computer, diagnose
from signing.card.pcsc import PcscReaders
from signing.card.practice_options import SignatureFile

ROOT = Path(__file__).parents[2]
HERE = Computer(system="linux", service_installed=True, service_socket=True)
pytestmark = pytest.mark.usefixtures("pcsc_service")


def codes() -> list[str]:
    return [finding.code for finding in diagnose(PcscReaders(), HERE).findings]


def test_reader_without_a_card() -> None:
    assert codes() == ["doctor.no-card", "doctor.placement"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["doctor.ready"]),
        ({"signature_tries": 1}, ["doctor.ready", "doctor.last-try"]),
        ({"signature_tries": 0}, ["doctor.password-locked"]),
        ({"signature_file": SignatureFile.EMPTY}, ["doctor.no-signature-certificate"]),
        ({"has_application": False}, ["doctor.other-card"]),
        ({"token": "JPKIAPICCTOKEN"}, ["doctor.resident-card"]),
        ({"token": "JPKIAPIOSTOKEN"}, ["doctor.phone"]),
    ],
)
def test_card_in_a_reader(insert_card, options: dict[str, Any], expected: list[str]) -> None:
    card = insert_card(**options)
    assert codes() == expected
    assert card.pins_used == 0


def test_card_that_another_program_holds(insert_card) -> None:
    insert_card()
    readers = PcscReaders()
    with readers.connect(readers.states()[0].name):
        assert codes()[0] == "doctor.card-in-use"


def test_command_prints_a_report_that_can_be_sent_to_others(insert_card) -> None:
    insert_card()
    command = [sys.executable, "-m", "desktop", "doctor", "--json"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "LANG": "C.UTF-8"}, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert (done.returncode, report["token"], report["error"]) == (0, "my-number-card", None)
    assert [reader["card"] for reader in report["readers"]] == [True, False]


def test_service_that_is_gone(insert_card, pcsc_service) -> None:
    pcsc_service.kill()
    try:
        assert codes() == ["doctor.service-denied"]  # the socket was said to be there
    finally:
        pcsc_service.start()
