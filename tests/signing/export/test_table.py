"""The table that people open in a spreadsheet: nothing computed, nothing lost."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.document import Kind
from signing.export.table import to_csv
from signing.report import (
    ChangesAfter,
    Coverage,
    Indication,
    Problem,
    SignatureFormat,
    SignatureReport,
    ValidationReport,
    Verdict,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def signature(signer: str, name: str = "Signature1") -> SignatureReport:
    return SignatureReport(
        name,
        SignatureFormat.PADES,
        None,
        Indication.TOTAL_PASSED,
        None,
        intact=True,
        covers=Coverage.WHOLE,
        changes_after=ChangesAfter.NONE,
        signer=signer,
        signing_time=NOW,
        problems=(Problem("algorithm.digest-weak", {}),),
    )


def rows(*reports: ValidationReport) -> list[dict[str, str]]:
    text = to_csv(reports)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def report(path: str, *signatures: SignatureReport) -> ValidationReport:
    return ValidationReport(Path(path), Kind.PDF, "ab" * 32, Verdict.PASSED, NOW, signatures, (Problem("a.b"),))


def test_a_line_for_each_signature_and_for_each_file_without() -> None:
    one, two, none = rows(report("契約, 一.pdf", signature("花子"), signature("太郎", "Two")), report("b.pdf"))
    assert (one["path"], one["signer"], one["name"]) == ("契約, 一.pdf", "花子", "Signature1")
    assert (one["intact"], one["trusted"], one["level"]) == ("true", "false", "")
    assert (one["signing_time"], one["problems"]) == ("2026-11-22T12:00:00+00:00", "a.b algorithm.digest-weak")
    assert (two["name"], two["signer"]) == ("Two", "太郎")
    assert (none["path"], none["indication"], none["problems"]) == ("b.pdf", "", "a.b")


def test_no_cell_is_a_formula() -> None:
    (line,) = rows(report("+a.pdf", signature('=HYPERLINK("http://a.invalid")')))
    assert (line["path"], line["signer"]) == ("'+a.pdf", '\'=HYPERLINK("http://a.invalid")')


@pytest.mark.parametrize("name", [" =1+1", "\u3000=1+1", "＝1+1", "＠SUM(1)", "\n=1+1", "\t1"])
def test_no_cell_is_a_formula_to_a_japanese_spreadsheet_either(name: str) -> None:
    (line,) = rows(report("a.pdf", signature(name)))
    assert line["signer"] == f"'{name}"


def test_names_that_are_no_utf_8_do_not_stop_it() -> None:
    (line,) = rows(report("\udcff.pdf"))
    assert line["path"] == "\\udcff.pdf"
