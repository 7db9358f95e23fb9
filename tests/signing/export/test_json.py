"""The JSON that scripts rely on: every key, every spelling."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from signing.document import Kind
from signing.export.json import to_json
from signing.report import (
    ChangesAfter,
    Coverage,
    Indication,
    IssuerClass,
    Problem,
    SignatureFormat,
    SignatureLevel,
    SignatureReport,
    SubIndication,
    ValidationReport,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WEAK = Problem("algorithm.digest-weak", {"algorithm": "SHA-1"})
SIGNATURE = SignatureReport(
    name="Signature1",
    format=SignatureFormat.PADES,
    level=SignatureLevel.B_T,
    indication=Indication.INDETERMINATE,
    sub_indication=SubIndication.TRY_LATER,
    intact=True,
    covers=Coverage.REVISION,
    changes_after=ChangesAfter.ALLOWED,
    issuer_class=IssuerClass.JPKI_TEST,
    trusted=True,
    signer="黒桐　幹也",
    signing_time=NOW.astimezone(timezone(timedelta(hours=9))),
    timestamp_time=NOW,
    problems=(WEAK,),
)
REPORT = ValidationReport(
    path=Path("受領/契約.pdf"),
    kind=Kind.PDF,
    sha256="ab" * 32,
    verdict=Verdict.INDETERMINATE,
    moment=NOW,
    signatures=(SIGNATURE, replace(SIGNATURE, name="Second", level=None, signer=None, timestamp_time=None)),
    problems=(Problem("document.hybrid"),),
)


def exported(*reports: ValidationReport) -> dict:
    return json.loads(to_json(reports, text=lambda problem: f"words for {problem.code}"))


def test_object_has_exactly_the_promised_shape() -> None:
    assert exported(REPORT) == {
        "version": 1,
        "files": [
            {
                "path": "受領/契約.pdf",
                "kind": "pdf",
                "sha256": "ab" * 32,
                "verdict": "indeterminate",
                "problems": [
                    {"code": "document.hybrid", "text": "words for document.hybrid"},
                    {"code": "algorithm.digest-weak", "text": "words for algorithm.digest-weak"},
                ],
                "signatures": [
                    {
                        "name": "Signature1",
                        "format": "PAdES",
                        "level": "B-T",
                        "indication": "INDETERMINATE",
                        "sub_indication": "TRY_LATER",
                        "intact": True,
                        "covers": "revision",
                        "changes_after": "allowed",
                        "issuer_class": "jpki-test",
                        "trusted": True,
                        "revocation": "not-checked",
                        "signer": "黒桐　幹也",
                        "signing_time": "2026-11-22T21:00:00+09:00",
                        "timestamp_time": "2026-11-22T12:00:00+00:00",
                        "signed_element": None,
                    },
                    {
                        **exported(REPORT)["files"][0]["signatures"][0],
                        "name": "Second",
                        "level": None,
                        "signer": None,
                        "timestamp_time": None,
                    },
                ],
            }
        ],
    }


def test_file_that_could_not_be_read_has_every_key_too() -> None:
    problem = Problem("document.not-found")
    report = ValidationReport(Path("x"), Kind.OTHER, None, Verdict.UNREADABLE, NOW, problems=(problem,))
    assert exported(report)["files"][0] == {
        "path": "x",
        "kind": "other",
        "sha256": None,
        "verdict": "unreadable",
        "problems": [{"code": "document.not-found", "text": "words for document.not-found"}],
        "signatures": [],
    }


@pytest.mark.parametrize("name", [b"\xff\x80.pdf", b'"\\\n.pdf', "契約".encode()])
def test_any_file_name_survives_and_can_be_printed(name: bytes) -> None:
    import os

    path = Path(os.fsdecode(name))
    text = to_json([replace(REPORT, path=path)], text=lambda problem: problem.code)
    assert json.loads(text.encode("utf-8"))["files"][0]["path"] == str(path)
