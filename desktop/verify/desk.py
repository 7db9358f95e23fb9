"""The files on the Verify page and what was established about them; the page only shows this."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.document_desk import DocumentDesk
from desktop.verify.queue import VerifyQueue

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.content.comparison_dialog import Comparing
    from desktop.time.offer import Offer
    from desktop.work.questions import Judgement
    from signing.errors import UserFacingError
    from signing.report import ValidationReport


class VerifyDesk(QObject):
    """Verifies what is added; None stands for what is not yet known."""

    files_changed = pyqtSignal()  # files came or went
    judged = pyqtSignal(object)  # Path
    selected = pyqtSignal(object)  # Path: to be looked at now

    def __init__(self, documents: DocumentDesk) -> None:
        super().__init__()
        self.files: dict[Path, Judgement | None] = {}
        self.tried: set[Path] = set()  # for which a password was entered; where they are locked still, a wrong one
        self.current: Path | None = None
        self.queue = VerifyQueue(documents)
        self._documents = documents
        self.queue.judged.connect(self._on_judged)

    def add(self, paths: "Sequence[Path]") -> None:
        """Add files; one that is there already is verified again. The first of them is shown, unless some are on
        their way."""
        arriving = self.current in self.files and self.queue.remaining() > 0
        for path in paths:
            self.tried.discard(path)
            self.files[path] = None
            self.queue.add(path)
        if paths:
            self.current = self.current if arriving else paths[0]
            self.files_changed.emit()

    def unlock(self, path: "Path", password: str) -> None:
        """Verify an encrypted file again, with its password."""
        self.tried.add(path)
        self.files[path] = None
        self.queue.add(path, password)
        self.files_changed.emit()

    def try_again(self, path: "Path") -> None:
        """Verify a file again, for as long as it takes."""
        self.files[path] = None
        self.queue.add(path, patient=True)
        self.files_changed.emit()

    def verify_rest(self) -> None:
        """Go on with what was stopped."""
        from signing.errors import VerificationStopped

        for path, judgement in self.files.items():
            if judgement and isinstance(judgement.error, VerificationStopped):
                self.files[path] = None
                self.queue.add(path)
        self.files_changed.emit()

    def verify_all(self) -> None:
        """Verify every file again: whom the person believes is not who it was. Passwords are not kept, so they are
        asked for again."""
        self.tried.clear()
        for path in self.files:
            self.files[path] = None
            self.queue.add(path)
        self.files_changed.emit()

    def reports(self) -> "list[ValidationReport]":
        """Of every file that was looked at, in the order of the list; one that ended the helper is unreadable."""
        return [self.report(path) for path, judgement in self.files.items() if judgement]

    def report(self, path: "Path") -> "ValidationReport":
        """Of a file that has a judgement."""
        from desktop.work.questions import without_answer

        judgement = self.files[path]
        assert judgement  # noqa: S101 - as said
        if judgement.error:
            return without_answer(path, judgement.error)
        assert judgement.report  # noqa: S101 - exactly one of the two is set
        return judgement.report

    def save_reports(
        self, target: "Path", reports: "list[ValidationReport]", told: "Callable[[str | None], None]"
    ) -> None:
        """Write them to a new file, in the form that its ending asks for; `told` hears why that was not possible."""
        self._documents.save_reports(target, reports, told)

    def save_version(
        self, path: "Path", length: int, target: "Path", told: "Callable[[Path | UserFacingError], None]"
    ) -> None:
        """Save the first `length` bytes of a document as a new file; `told` is a method of a widget."""
        self._documents.save_signed_version(path, length, target, told)

    def find_version_before(self, path: "Path", told: "Callable[[int | None], None]") -> None:
        """Tell a method of a widget how long a PDF was before its last signature, if that can be proven."""
        self._documents.find_version_before(path, told)

    def find_extensions(self, path: "Path", password: str, told: "Callable[[Offer | UserFacingError], object]") -> None:
        """Tell a method of a widget what can be added to a signed file so that it lasts, contacting nobody."""
        from desktop.time.offer import offer_for

        self._documents.ask(offer_for, path, password, told=told)

    def show(self, path: "Path") -> None:
        """Verify a file, and look at it."""
        self.add([path])
        self.select(path)

    def compare(self, path: "Path", length: int) -> "Comparing":
        """Compare the first `length` bytes, a version, with what there is now, as one sees them."""
        from signing.pdf.comparison import Revisions

        return self._documents.compare(path, Revisions(length, None))

    def select(self, path: "Path") -> None:
        self.current = path
        self.selected.emit(path)

    def remove(self, path: "Path") -> None:
        self.files.pop(path, None)
        self.queue.drop(path)
        if self.current == path:
            self.current = next(iter(self.files), None)
        self.files_changed.emit()

    def clear(self) -> None:
        """Take every file off the list."""
        self.queue.clear()
        self.files, self.current = {}, None
        self.files_changed.emit()

    def _on_judged(self, judgement: "Judgement") -> None:
        if judgement.path in self.files:
            self.files[judgement.path] = judgement
            self.judged.emit(judgement.path)
