"""Looking at files, rehearsing and verifying them: asked in the window, done in a helper process, one at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.jobs import JobQueue
    from desktop.work.questions import Judgement
    from desktop.work.worker import Worker
    from signing.document import Document
    from signing.errors import UserFacingError
    from signing.profile import Profile


class DocumentDesk(QObject):
    """Every answer says which file it is about."""

    found = pyqtSignal(list)  # of Path
    examined = pyqtSignal(object)  # worker.Examination
    judged = pyqtSignal(object)  # worker.Judgement
    looked_into = pyqtSignal(object)  # preview.Preview
    laid_out = pyqtSignal(object)  # preview.FormPage

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: JobQueue | None = None
        self._worker: Worker | None = None

    def warm_up(self) -> None:
        """Start the helper and let it load what it will need."""
        from desktop.work.questions import warm_up

        self._ask(partial(self._helper().call, warm_up), self._ignore)

    def find(self, names: Sequence[str]) -> None:
        """Tell the files meant by names of files and folders."""
        from pathlib import Path

        from desktop.work.questions import files_below

        paths = [Path(name).absolute() for name in names]
        self._ask(partial(self._helper().call, files_below, paths), self.found.emit)

    def examine(self, path: "Path", profile: "Profile | None", *, practice: bool, password: str = "") -> None:
        """Rehearse its signature, in the form that suits it where None is given."""
        self._ask(partial(_examine, self._helper(), path, profile, practice, password), self.examined.emit)

    def look_into(self, file: "Document | Path", part: str = "") -> None:
        """Tell what an XML document says; of a package the document `part`, the first one where that is empty."""
        self._ask(partial(_look_into, self._helper(), file, part), self.looked_into.emit)

    def lay_out(self, document: "Document", part: str) -> None:
        """Tell it as the form that its maker meant."""
        self._ask(partial(_lay_out, self._helper(), document, part), self.laid_out.emit)

    def judge(self, path: "Path", password: str = "") -> None:
        self._ask(partial(_judge, self._helper(), path, password), self.judged.emit)

    def save_signed_version(
        self, path: "Path", signed_bytes: int, target: "Path", told: "Callable[[Path | UserFacingError], None]"
    ) -> None:
        """Save the beginning of a document as a new file; `told` is a method of a widget."""
        self._ask(partial(_save_signed_version, self._helper(), path, signed_bytes, target), told)

    def shut_down(self) -> None:
        if self._queue:
            self._queue.shut_down()
        if self._worker:
            self._worker.close()

    def _helper(self) -> "Worker":
        if self._worker is None:
            from desktop.jobs import JobQueue
            from desktop.work.worker import Worker

            self._worker, self._queue = Worker(), JobQueue(self)
        return self._worker

    def _ask(self, work: Any, done: Any) -> None:
        assert self._queue  # noqa: S101 - made together with the helper
        self._queue.submit(work, done=done, failed=self._ignore)

    def _ignore(self, _: object) -> None:
        """What can fail for a person is part of the answers; a helper that died is started again."""


def _examine(worker: "Worker", path: "Path", profile: "Profile | None", practice: bool, password: str) -> Any:
    from desktop.work.questions import Examination, examine
    from signing.errors import UserFacingError

    try:
        return worker.call(examine, path, profile, practice, password)
    except UserFacingError as error:
        return Examination(path, profile, document=None, signed=False, rehearsal=None, error=error)


def _judge(worker: "Worker", path: "Path", password: str) -> "Judgement":
    from datetime import UTC, datetime

    from desktop.work.questions import Judgement, judge
    from signing.errors import UserFacingError

    try:
        return Judgement(path, worker.call(judge, path, datetime.now(UTC).astimezone(), password), None)
    except UserFacingError as error:
        return Judgement(path, None, error)


def _save_signed_version(worker: "Worker", path: "Path", signed_bytes: int, target: "Path") -> "Path | UserFacingError":
    from desktop.work.questions import write_signed_version
    from signing.errors import UserFacingError

    try:
        worker.call(write_signed_version, path, signed_bytes, target)
    except UserFacingError as error:
        return error
    return target


def _look_into(worker: "Worker", file: "Document | Path", part: str) -> Any:
    from desktop.content.preview import Preview, look_into
    from signing.document import Document
    from signing.errors import UserFacingError

    try:
        return worker.call(look_into, file, part)
    except UserFacingError as error:
        return Preview(file.path if isinstance(file, Document) else file, part=part, error=error)


def _lay_out(worker: "Worker", document: "Document", part: str) -> Any:
    from desktop.content.preview import FormPage, require_quick
    from signing.content import form_of
    from signing.errors import UserFacingError

    try:
        page = worker.call(form_of, document, part)
        require_quick(page)
    except UserFacingError as error:
        return FormPage(document.path, part, error=error)
    return FormPage(document.path, part, html=page)
