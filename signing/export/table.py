"""Validation reports as a table (CSV, RFC 4180): one line for each signature, and one for each file without any."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from signing.report import SignatureReport, ValidationReport

_FILE = ("path", "kind", "sha256", "verdict")
_SIGNATURE = (
    *("name", "format", "level", "indication", "sub_indication", "intact", "covers", "changes_after", "issuer_class"),
    *("trusted", "revocation", "signer", "signing_time", "timestamp_time", "signed_element"),
)
# What a spreadsheet would take for a formula, and compute: also behind blanks, and in Japan full-width.
_FORMULA = ("=", "+", "-", "@")
_BLANKS = ("\t", "\r", "\n")


def to_csv(reports: Iterable[ValidationReport]) -> str:
    """The fields of the JSON export under the same names, and the codes of the problems; times are ISO 8601."""
    lines = (_line(report, signature) for report in reports for signature in report.signatures or (None,))
    return table_of((*_FILE, *_SIGNATURE, "problems"), lines)


def table_of(header: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    """It begins with a byte order mark, without which spreadsheets take Japanese for another encoding."""
    out = io.StringIO()
    out.write("\ufeff")
    table = csv.writer(out)
    table.writerow(header)
    table.writerows(map(_cell, line) for line in lines)
    return out.getvalue().encode("utf-8", "backslashreplace").decode()  # file names that are no UTF-8


def _line(report: ValidationReport, signature: SignatureReport | None) -> list[object]:
    problems = [*report.problems, *(signature.problems if signature else ())]
    codes = " ".join(dict.fromkeys(problem.code for problem in problems))
    stated = [getattr(signature, field) if signature else None for field in _SIGNATURE]
    return [*(getattr(report, field) for field in _FILE), *stated, codes]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
    text = str(value)
    computed = unicodedata.normalize("NFKC", text).lstrip().startswith(_FORMULA)
    return f"'{text}" if computed or text.startswith(_BLANKS) else text
