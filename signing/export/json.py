"""Validation reports as the JSON object that scripts rely on; version 1."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from signing.report import IssuerClass, Problem, SignatureReport, ValidationReport

# Scripts know a closed list of classes; what people are told beyond it is "other" to them.
_CONTRACTED = {
    IssuerClass.ACCREDITED: IssuerClass.OTHER,
    IssuerClass.CONTRACT_SERVICE: IssuerClass.OTHER,
    IssuerClass.JPKI_SMARTPHONE: IssuerClass.JPKI,
}


def to_json(
    reports: Sequence[ValidationReport], *, text: Callable[[Problem], str], paths: Sequence[str] | None = None
) -> str:
    """One object for all files. `text` puts a problem into words, which this package does not have.

    `paths` are the names to print, as they were given; without them those of the reports.

    `problems` of a file holds those of its signatures too. Times are ISO 8601 with an offset.
    """
    names = paths if paths is not None else [str(report.path) for report in reports]
    files = [_file(report, name, text) for report, name in zip(reports, names, strict=True)]
    content = json.dumps({"version": 1, "files": files}, ensure_ascii=False, indent=2)
    # File names that are no UTF-8 hold lone surrogates: escaped, they survive, and the rest stays readable.
    return content.encode("utf-8", "backslashreplace").decode()


def _file(report: ValidationReport, name: str, text: Callable[[Problem], str]) -> dict[str, Any]:
    return {
        "path": name,
        "kind": report.kind,
        "sha256": report.sha256,
        "verdict": report.verdict,
        "problems": [{"code": problem.code, "text": text(problem)} for problem in _all_problems(report)],
        "signatures": [_signature(signature) for signature in report.signatures],
    }


def _all_problems(report: ValidationReport) -> list[Problem]:
    found = [*report.problems, *(problem for signature in report.signatures for problem in signature.problems)]
    return [problem for place, problem in enumerate(found) if problem not in found[:place]]


def _signature(signature: SignatureReport) -> dict[str, Any]:
    return {
        "name": signature.name,
        "format": signature.format,
        "level": signature.level,
        "indication": signature.indication,
        "sub_indication": signature.sub_indication,
        "intact": signature.intact,
        "covers": signature.covers,
        "changes_after": signature.changes_after,
        "issuer_class": _CONTRACTED.get(signature.issuer_class, signature.issuer_class),
        "trusted": signature.trusted,
        "revocation": signature.revocation,
        "signer": signature.signer,
        "signing_time": _time(signature.signing_time),
        "timestamp_time": _time(signature.timestamp_time),
        "signed_element": signature.signed_element,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
