"""Looking at files, rehearsing and verifying them: asked in the window, done in helper processes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.content.comparison_dialog import Comparing
    from desktop.content.pages import PageSource
    from desktop.jobs import JobQueue
    from desktop.work.asking import Asking
    from desktop.work.pool import Pool, Question
    from signing.document import Document
    from signing.errors import UserFacingError
    from signing.pdf.comparison import Revisions
    from signing.pdf.options import PdfOptions
    from signing.profile import Profile
    from signing.report import ValidationReport

_PATIENCE = 120.0  # seconds; a large file on a slow disk has to be read
_MEMORY = 3 << 30  # bytes; to sign takes more than to verify, and the person chose the file
_MOST_JUDGES = 4


class DocumentDesk(QObject):
    """Every answer says which file it is about."""

    found = pyqtSignal(list)  # of Path
    examined = pyqtSignal(object)  # questions.Examination
    judged = pyqtSignal(object)  # questions.Judgement
    searched = pyqtSignal(object, object)  # Path, tuple of Note: what may be a My Number in it
    looked_into = pyqtSignal(object)  # preview.Preview
    laid_out = pyqtSignal(object)  # preview.FormPage

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: JobQueue | None = None
        self._pool: Pool | None = None  # for what is asked one after the other
        self._judges: Pool | None = None
        self._drawers: Pool | None = None

    def warm_up(self) -> None:
        """Start the helpers and let them load what they will need."""
        from desktop.work.questions import nothing

        for pool in (self._helper(), self._for_judging(), self._for_drawing()):
            self._ask(partial(pool.ask, nothing), self._ignore)

    def find(self, names: Sequence[str]) -> None:
        """Tell the files meant by names of files and folders."""
        from pathlib import Path

        from desktop.work.questions import files_below

        paths = [Path(name).absolute() for name in names]
        self._ask(partial(self._helper().call, files_below, paths), self.found.emit)

    def examine(
        self,
        path: "Path",
        profile: "Profile | None",
        *,
        practice: bool,
        password: str = "",
        options: "PdfOptions | None" = None,
    ) -> None:
        """Rehearse its signature, in the form that suits it where None is given, and with a new field that is not
        seen where no options are. It goes where the settings say."""
        from desktop.settings import load_settings

        folder, wanted = load_settings().folder, () if options is None else (options,)
        work = partial(_examine, self._helper(), path, profile, practice, password, folder, *wanted)
        self._ask(work, self.examined.emit)

    def ask(self, question: "Callable[..., Any]", *arguments: object, told: "Callable[[Any], object]") -> None:
        """Let a helper answer something else; `told` is a method of a widget, and gets the answer or the error."""
        self._ask(partial(_answer, self._helper(), question, *arguments), told)

    def search(self, document: "Document") -> None:
        """Look for what may be a My Number in it; `searched` tells."""
        from desktop.work.asking import tell_answer
        from signing.my_number import my_number_notes

        question = self._for_judging().ask(my_number_notes, document, seconds=_PATIENCE)
        # Without an answer nothing is said: that it cannot be read tells the rehearsal.
        tell_answer(self, question, partial(self.searched.emit, document.path), self._ignore)

    def look_into(self, file: "Document | Path", part: str = "", profile: "Profile | None" = None) -> None:
        """Tell what an XML document says; of a package the document `part`, the first one where that is empty. With a
        profile it is told what that would sign."""
        self._ask(partial(_look_into, self._helper(), file, part, profile), self.looked_into.emit)

    def lay_out(self, document: "Document", part: str) -> None:
        """Tell it as the form that its maker meant."""
        self._ask(partial(_lay_out, self._helper(), document, part), self.laid_out.emit)

    def pages_of(self, file: "Document | Path", *, length: int | None = None) -> "PageSource":
        """Draw the pages of a PDF as they are looked at; with `length` those of its first bytes, a revision."""
        from desktop.content.pages import PageSource

        return PageSource(self._for_drawing(), file, length=length)

    def asking(self) -> "Asking":
        """For a view that asks the helpers for what it shows."""
        from desktop.work.asking import Asking

        return Asking(self._for_drawing())

    def compare(self, path: "Path", revisions: "Revisions") -> "Comparing":
        """Compare two revisions of a PDF as one sees them."""
        from desktop.content.comparison_dialog import Comparing

        return Comparing(self._for_drawing(), path, revisions)

    def judge(self, path: "Path", password: str = "") -> "Question":
        """Verify a file; it takes the time that it takes, or until the question is stopped."""
        from datetime import UTC, datetime

        from desktop.work.asking import tell_answer
        from desktop.work.questions import judge

        question = self._for_judging().ask(judge, path, datetime.now(UTC).astimezone(), password)
        tell_answer(self, question, partial(self._on_judged, path), partial(self._on_unjudged, path))
        return question

    def judges(self) -> int:
        """How many files are verified at the same time: one core is left to the window."""
        import os

        return max(1, min(_MOST_JUDGES, (os.cpu_count() or 1) - 1))

    def save_signed_version(
        self, path: "Path", signed_bytes: int, target: "Path", told: "Callable[[Path | UserFacingError], None]"
    ) -> None:
        """Save the beginning of a document as a new file; `told` is a method of a widget."""
        self._ask(partial(_save_signed_version, self._helper(), path, signed_bytes, target), told)

    def find_version_before(self, path: "Path", told: "Callable[[int | None], None]") -> None:
        """Tell how long a PDF was before its last signature, where that can be proven; `told` is as above."""
        self._ask(partial(_find_version_before, self._helper(), path), told)

    def save_reports(
        self, target: "Path", reports: "list[ValidationReport]", told: "Callable[[str | None], None]"
    ) -> None:
        """Write reports to a new file; `told`, a method of a widget, hears why that was not possible."""
        self._ask(partial(_save_reports, self._helper(), target, reports), told)

    def shut_down(self) -> None:
        for pool in (self._judges, self._drawers, self._pool):
            if pool:
                pool.close()
        if self._queue:
            self._queue.shut_down()

    def _helper(self) -> "Pool":
        if self._pool is None:
            from desktop.jobs import JobQueue
            from desktop.work.pool import Pool

            self._pool, self._queue = Pool(memory=_MEMORY), JobQueue(self)
        return self._pool

    def _for_judging(self) -> "Pool":
        if self._judges is None:
            from desktop.work.pool import Pool
            from desktop.work.questions import load

            self._judges = Pool(self.judges(), prepare=load)
        return self._judges

    def _for_drawing(self) -> "Pool":
        if self._drawers is None:
            from desktop.work.pool import Pool

            self._drawers = Pool()
        return self._drawers

    def _on_judged(self, path: "Path", report: "ValidationReport") -> None:
        from desktop.work.questions import Judgement

        self.judged.emit(Judgement(path, report, None))

    def _on_unjudged(self, path: "Path", error: "UserFacingError") -> None:
        from desktop.work.questions import Judgement

        self.judged.emit(Judgement(path, None, error))

    def _ask(self, work: Any, done: Any) -> None:
        assert self._queue  # noqa: S101 - made together with the helper
        self._queue.submit(work, done=done, failed=self._ignore)

    def _ignore(self, _: object) -> None:
        """What can fail for a person is part of the answers; a helper that died is started again."""


def _answer(pool: "Pool", question: "Callable[..., Any]", *arguments: object) -> Any:
    from signing.errors import UserFacingError

    try:
        return pool.call(question, *arguments, seconds=_PATIENCE)
    except UserFacingError as error:
        return error


def _examine(
    pool: "Pool",
    path: "Path",
    profile: "Profile | None",
    practice: bool,
    password: str,
    folder: str,
    *options: "PdfOptions",
) -> Any:
    from desktop.work.questions import Examination, examine
    from signing.errors import UserFacingError

    try:
        return pool.call(examine, path, profile, practice, password, folder, *options, seconds=_PATIENCE)
    except UserFacingError as error:
        return Examination(path, profile, None, False, None, error, *options)


def _save_signed_version(pool: "Pool", path: "Path", signed_bytes: int, target: "Path") -> "Path | UserFacingError":
    from desktop.work.questions import write_signed_version
    from signing.errors import UserFacingError

    try:
        pool.call(write_signed_version, path, signed_bytes, target, seconds=_PATIENCE)
    except UserFacingError as error:
        return error
    return target


def _find_version_before(pool: "Pool", path: "Path") -> int | None:
    from desktop.work.questions import version_before
    from signing.errors import UserFacingError

    try:
        found: int | None = pool.call(version_before, path, seconds=_PATIENCE)
    except UserFacingError:
        return None
    return found


def _save_reports(pool: "Pool", target: "Path", reports: "list[ValidationReport]") -> str | None:
    from desktop.messages import describe, language
    from desktop.verify.report_file import save_report
    from signing.errors import UserFacingError

    try:
        refusal: str | None = pool.call(save_report, target, reports, language(), seconds=_PATIENCE)
    except UserFacingError as error:
        return describe(error).text
    return refusal


def _look_into(pool: "Pool", file: "Document | Path", part: str, profile: "Profile | None") -> Any:
    from desktop.content.preview import Preview, look_into
    from signing.document import Document
    from signing.errors import UserFacingError

    try:
        return pool.call(look_into, file, part, profile, seconds=_PATIENCE)
    except UserFacingError as error:
        return Preview(file.path if isinstance(file, Document) else file, part=part, error=error)


def _lay_out(pool: "Pool", document: "Document", part: str) -> Any:
    from desktop.content.preview import FormPage, require_quick
    from signing.content import form_of
    from signing.errors import UserFacingError

    try:
        page = pool.call(form_of, document, part, seconds=_PATIENCE)
        require_quick(page)
    except UserFacingError as error:
        return FormPage(document.path, part, error=error)
    return FormPage(document.path, part, html=page)
