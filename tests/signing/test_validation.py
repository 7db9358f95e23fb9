"""The exit status of a verification: what a script decides by."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import ValidationReport, exit_status
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
