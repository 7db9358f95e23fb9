"""`jitsuin verify`: what is true of files, and of all files in folders, told at a terminal."""

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from desktop.messages import _, describe, plain, three_rows, verdict_sentence
from desktop.terminal.console import WrongUsage, print_document, read_document_password, say, say_failure
from desktop.verify.report_file import json_of, require_possible, write_report
from signing import Document, Kind, Trust, ValidationReport, exit_status, verify
from signing.document import kind_named
from signing.errors import DocumentEncrypted, DocumentError, UserFacingError, WorkerStopped
from signing.report import Problem, Verdict


def verify_files(arguments: Namespace) -> int:
    """Verify, tell, and return the exit status."""
    trust = _trust(arguments.trust)
    if arguments.report:
        require_possible(arguments.report)
    moment = arguments.at or datetime.now(UTC).astimezone()
    reports: dict[str, ValidationReport] = {}
    for name, report in _reports(arguments.paths, trust, moment):
        reports[name] = report
        if not arguments.json:
            _tell(report)
    if not reports:
        say(_("No document was found."))
    if arguments.json:
        print_document(json_of(list(reports.values()), paths=list(reports)))
    if arguments.report:
        write_report(arguments.report, list(reports.values()))
    return exit_status(reports.values())


def _trust(files: Sequence[Path]) -> Trust:
    from signing.trust import read_certificates

    trust = Trust.default()
    for file in files:
        try:
            trust = trust.with_anchors(read_certificates(file))
        except UserFacingError as error:
            raise WrongUsage(f"--trust {plain(str(file))}: {describe(error).text}") from error
    return trust


def _reports(paths: Sequence[str], trust: Trust, moment: datetime) -> Iterator[tuple[str, ValidationReport]]:
    """Each file by its name as it was given, judged in a helper process, which a file made to hang may kill."""
    from desktop.work.worker import Worker

    worker = Worker()
    try:
        for name in dict.fromkeys(file for given in paths for file in _files(given)):
            path = Path(name)
            try:
                report = worker.call(partial(verify, trust=trust, moment=moment), path)
                if _is_locked(report) and (password := read_document_password(path)):
                    report = worker.call(partial(verify, trust=trust, moment=moment, password=password), path)
                yield name, report
            except WorkerStopped as error:
                problem = Problem(error.code)
                yield name, ValidationReport(path, Kind.OTHER, None, Verdict.UNREADABLE, moment, problems=(problem,))
    finally:
        worker.close()


def _is_locked(report: ValidationReport) -> bool:
    return any(problem.code == DocumentEncrypted.code for problem in report.problems)


def _files(given: str) -> Iterator[str]:
    """The file itself; of a folder every document below it. Links to folders are not followed, so it ends."""
    if not Path(given).is_dir():
        yield given
        return
    for folder, folders, names in os.walk(given):
        folders.sort()
        # Not with Path, which would write the beginning anew.
        yield from filter(_is_document, (os.path.join(folder, name) for name in sorted(names)))  # noqa: PTH118


def _is_document(name: str) -> bool:
    """In a folder, by content; by name where the content cannot be told, so that nothing is passed over in silence."""
    path = Path(name)
    try:
        return Document.open(path).kind is not Kind.OTHER or kind_named(path) is not None
    except DocumentError:
        return kind_named(path) is not None


def _tell(report: ValidationReport) -> None:
    say(plain(str(report.path)))
    say(f"  {verdict_sentence(report)}")
    for signature in report.signatures:
        say(f"  {plain(signature.name)}: {signature.indication}")
        for row in three_rows(signature):
            say(f"    {row.subject}: {row.statement}")
        for problem in signature.problems:
            say_failure(problem, indent="    ")
    for problem in report.problems:
        say_failure(problem, indent="  ")
    say()
