"""What is decided about whole files: the exit status of a verification, and how many signatures are too many."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import Trust, ValidationReport, exit_status, verify
from signing.document import Kind
from signing.report import Verdict

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ("passed", 0),
        ("passed passed", 0),
        ("indeterminate passed", 3),
        ("unsigned passed", 4),
        ("unreadable indeterminate", 4),
        ("indeterminate unsigned", 4),
        ("failed", 1),
        ("passed unsigned indeterminate failed", 1),
        ("", 4),
    ],
)
def test_exit_status_is_the_first_of_1_4_3_0_that_applies(verdicts: str, status: int) -> None:
    reports = [ValidationReport(Path("x"), Kind.PDF, None, Verdict(each), NOW) for each in verdicts.split()]
    assert exit_status(reports) == status


def test_more_signatures_than_anybody_could_look_at_are_told_as_one_thing(tmp_path: Path) -> None:
    path = tmp_path / "many.xml"
    for count, verdict in ((500, Verdict.FAILED), (501, Verdict.UNREADABLE)):
        path.write_text("<a>" + '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>' * count + "</a>")
        report = verify(path, trust=Trust.default(), moment=NOW)
        assert report.verdict is verdict
    assert [problem.code for problem in report.problems] == ["document.too-complex"]
