"""The files on the Verify page and what was established about them; the page only shows this."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.document_desk import DocumentDesk

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.work.questions import Judgement
    from signing.errors import UserFacingError
    from signing.report import SignatureReport


class VerifyDesk(QObject):
    """Verifies what is added, one after the other; None stands for what is not yet known."""

    files_changed = pyqtSignal()  # files came or went
    judged = pyqtSignal(object)  # Path
    selected = pyqtSignal(object)  # Path: to be looked at now

    def __init__(self, documents: DocumentDesk) -> None:
        super().__init__()
        self.files: dict[Path, Judgement | None] = {}
        self.current: Path | None = None
        self._documents = documents
        documents.judged.connect(self._on_judged)

    def add(self, paths: "Sequence[Path]") -> None:
        """Add files; one that is there already is verified again. The first of them is shown."""
        for path in paths:
            self.files[path] = None
            self._documents.judge(path)
        if paths:
            self.current = paths[0]
            self.files_changed.emit()

    def unlock(self, path: "Path", password: str) -> None:
        """Verify an encrypted file again, with its password."""
        self.files[path] = None
        self._documents.judge(path, password)
        self.files_changed.emit()

    def save_signed_version(
        self,
        path: "Path",
        signature: "SignatureReport",
        target: "Path",
        told: "Callable[[Path | UserFacingError], None]",
    ) -> None:
        """Save what was signed as a new file; `told` is a method of a widget."""
        self._documents.save_signed_version(path, signature.signed_bytes or 0, target, told)

    def select(self, path: "Path") -> None:
        self.current = path
        self.selected.emit(path)

    def remove(self, path: "Path") -> None:
        self.files.pop(path, None)
        if self.current == path:
            self.current = next(iter(self.files), None)
        self.files_changed.emit()

    def _on_judged(self, judgement: "Judgement") -> None:
        if judgement.path in self.files:
            self.files[judgement.path] = judgement
            self.judged.emit(judgement.path)
