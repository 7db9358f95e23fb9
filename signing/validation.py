"""From a path to a ValidationReport: whatever the file is, an answer and never an exception."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from signing import errors
from signing.document import Document, Kind, kind_named
from signing.report import Findings, Indication, Problem, SignatureReport, ValidationReport, Verdict, constrained
from signing.trust import Trust

# A file of a few megabytes can hold a hundred thousand that are none; whoever shows them would be busy for minutes.
_MOST_SIGNATURES = 500


def verify(path: Path, *, trust: Trust, moment: datetime, password: str = "") -> ValidationReport:
    """Establish what is true of the file, judged at `moment` (with an offset). Touches no network; never raises.

    `password` opens an encrypted PDF; an empty one is tried anyway.
    """
    try:
        document = Document.open(path).unlocked_with(password)
    except errors.DocumentError as error:
        return _unreadable(path, Kind.OTHER, error, moment)
    try:
        return _report(document, trust=trust, moment=moment)
    except errors.UserFacingError as error:
        return _unreadable(path, document.kind, error, moment)
    except MemoryError:  # where the process may take only so much of it
        return _unreadable(path, document.kind, errors.DocumentTooComplex(), moment)
    except Exception:  # a defect of ours, or of a library where none was expected; the rest of a batch goes on
        return _unreadable(path, document.kind, errors.Unexpected(), moment)


def _report(document: Document, *, trust: Trust, moment: datetime) -> ValidationReport:
    with document.opened() as file:
        findings = _as_named(document, findings_in(document, file, trust=trust, moment=moment))
    if len(findings.signatures) > _MOST_SIGNATURES:
        raise errors.DocumentTooComplex
    return ValidationReport(
        path=document.path,
        kind=document.kind,
        sha256=findings.sha256 or document.sha256,
        verdict=_verdict(findings.signatures, findings.problems),
        moment=moment,
        signatures=findings.signatures,
        problems=findings.problems,
        revisions=findings.revisions,
    )


def _as_named(document: Document, findings: Findings) -> Findings:
    """A file can be of two kinds at once: other programs go by its name, and show something else than was signed."""
    promised = kind_named(document.path)
    if promised in (None, document.kind):
        return findings
    problem = Problem(errors.DocumentWrongEnding.code, {"named": promised, "content": document.kind})
    signatures = tuple(map(constrained, findings.signatures))
    return replace(findings, signatures=signatures, problems=(*findings.problems, problem))


def findings_in(document: Document, file: BinaryIO, *, trust: Trust, moment: datetime) -> Findings:
    """What can be established about `file`, which is the document or what was made of it. Raises DocumentError."""
    # Imported where they are needed: a terminal that prints its help does not wait for libraries.
    if document.kind is Kind.PDF:
        from signing.pdf.verify import verify_pdf

        return verify_pdf(file, trust=trust, moment=moment, password=document.password)
    if document.kind is Kind.XML:
        return _xml_findings(document, file, trust=trust, moment=moment)
    if document.kind is Kind.CMS:
        from signing.cms_verify import verify_cms
        from signing.xml.neighbours import Folder

        folder = Folder(document.path.parent)
        return verify_cms(file, document.path.name, folder, trust=trust, moment=moment)
    if document.kind is Kind.OTHER:
        from signing.asic import verify_asic
        from signing.xml.package import verify_package
        from signing.zip_package import is_package

        if is_package(file):
            findings = verify_asic(file, trust=trust, moment=moment)
            return findings or verify_package(file, trust=trust, moment=moment)
    return Findings(problems=(Problem(errors.DocumentUnsupported.code),))


def _xml_findings(document: Document, file: BinaryIO, *, trust: Trust, moment: datetime) -> Findings:
    from signing.xml.neighbours import Folder
    from signing.xml.parse import MEANWHILE, read_file

    MEANWHILE.submit(import_module, "signing.xml.verify")  # in the first file a quarter of a second
    try:
        content = read_file(file)
    except errors.DocumentError as error:
        return Findings(problems=(Problem(error.code, error.facts),))
    from signing.xml.verify import verify_parsed

    return verify_parsed(content, Folder(document.path.parent), trust=trust, moment=moment)


def _unreadable(path: Path, kind: Kind, error: errors.UserFacingError, moment: datetime) -> ValidationReport:
    problem = Problem(error.code, error.facts)
    return ValidationReport(path, kind, None, Verdict.UNREADABLE, moment, problems=(problem,))


def _verdict(signatures: tuple[SignatureReport, ...], problems: tuple[Problem, ...]) -> Verdict:
    indications = {signature.indication for signature in signatures}
    if Indication.TOTAL_FAILED in indications:
        return Verdict.FAILED
    if not signatures:
        return Verdict.UNREADABLE if problems else Verdict.UNSIGNED
    return Verdict.INDETERMINATE if Indication.INDETERMINATE in indications else Verdict.PASSED


def exit_status(reports: Iterable[ValidationReport]) -> int:
    """The exit status of `jitsuin verify`: the first of 1, 4, 3, 0 that applies; 4 also where there was no file."""
    verdicts = {report.verdict for report in reports}
    if Verdict.FAILED in verdicts:
        return 1
    if not verdicts or verdicts & {Verdict.UNSIGNED, Verdict.UNREADABLE}:
        return 4
    return 3 if Verdict.INDETERMINATE in verdicts else 0
