"""`jitsuin verify`: what is true of files, and of all files in folders, told at a terminal."""

import os
from argparse import Namespace
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.messages import _, plain, three_rows, verdict_sentence
from desktop.terminal.anchors import anchors_in
from desktop.terminal.console import print_document, read_document_password, say, say_failure
from desktop.trust.store import known_trust, unreadable
from desktop.verify.report_file import json_of, require_possible, write_report
from desktop.words.report import disregarded
from signing import Trust, ValidationReport, exit_status, verify
from signing.errors import DocumentEncrypted, UserFacingError

if TYPE_CHECKING:
    from desktop.work.pool import Question

_MOST_PROCESSES = 4
_FILES_WORTH_A_PROCESS = 16  # it takes as long to start one as to verify so many small files


def verify_files(arguments: Namespace) -> int:
    """Verify, tell, and return the exit status."""
    trust = known_trust().with_anchors(anchors_in(arguments.trust))
    if arguments.report:
        require_possible(arguments.report)
    if damaged := unreadable():
        say(disregarded(damaged))
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


def _reports(paths: Sequence[str], trust: Trust, moment: datetime) -> Iterator[tuple[str, ValidationReport]]:
    """Each file by its name as it was given, in order, judged in a helper process, which may come to an end over it."""
    from desktop.work.pool import Pool, seconds_for
    from desktop.work.questions import load

    names = list(dict.fromkeys(file for given in paths for file in _files(given)))
    size = max(1, min(_MOST_PROCESSES, os.cpu_count() or 1, len(names) // _FILES_WORTH_A_PROCESS))
    pool = Pool(size, prepare=load)

    def ask(name: str, password: str = "") -> "tuple[str, Question]":
        path = Path(name)
        return name, pool.ask(
            partial(verify, trust=trust, moment=moment, password=password), path, seconds=seconds_for(path)
        )

    try:
        rest = iter(names)
        asked = deque(ask(name) for name in islice(rest, 2 * size))
        while asked:
            name, question = asked.popleft()
            asked.extend(ask(following) for following in islice(rest, 1))
            report = _answer(question, name, moment)
            if _is_locked(report) and (password := read_document_password(Path(name))):
                report = _answer(ask(name, password)[1], name, moment)
            yield name, report
    finally:
        pool.close()


def _answer(question: "Question", name: str, moment: datetime) -> ValidationReport:
    from desktop.work.questions import without_answer

    try:
        report: ValidationReport = question.answer()
    except UserFacingError as error:
        return without_answer(Path(name), error, moment)
    return report


def _is_locked(report: ValidationReport) -> bool:
    return any(problem.code == DocumentEncrypted.code for problem in report.problems)


def _files(given: str) -> Iterator[str]:
    """The file itself; of a folder every document below it. Links to folders are not followed, so it ends."""
    from desktop.work.questions import is_of_interest

    if not Path(given).is_dir():
        yield given
        return
    for folder, folders, names in os.walk(given):
        folders.sort()
        # Not with Path, which would write the beginning anew.
        files = (os.path.join(folder, name) for name in sorted(names))  # noqa: PTH118
        yield from (file for file in files if is_of_interest(Path(file)))


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
