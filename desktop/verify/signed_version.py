"""Offers the version of a document that was signed, where more came into the file later."""

from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from desktop.look.widgets import Notice, button, column, row
from desktop.messages import describe, plain
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _
from signing.errors import UserFacingError
from signing.report import ChangesAfter, SignatureReport


def has_signed_version(signature: SignatureReport) -> bool:
    """Whether what was signed is another, earlier document than the file is now."""
    return signature.intact and signature.signed_bytes is not None and signature.changes_after is not ChangesAfter.NONE


class SignedVersion(QWidget):
    """Compares it with the document as it is now, and saves it."""

    def __init__(self, desk: VerifyDesk, path: Path, signature: SignatureReport) -> None:
        super().__init__()
        self._desk, self._path, self._signature = desk, path, signature
        title = _("Save the version that was signed ({name})").format(name=plain(signature.name))
        see = button(_("Compare with what it is now"), self._compare, "link", icon="show")
        self._body = column(row(see, button(title, self._choose, "link", icon="document"), None), gap=8)
        self.setLayout(self._body)

    def _compare(self) -> None:
        from desktop.content.comparison_dialog import ComparisonDialog

        ComparisonDialog(self._desk.compare(self._path, self._signature), self._path, self.window() or self).open()

    def _choose(self) -> None:
        name = _("{name}-as-signed").format(name=self._path.stem) + self._path.suffix
        dialog = QFileDialog(self.window(), _("Save the version that was signed"), str(self._path.with_name(name)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten
        dialog.fileSelected.connect(self._save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, chosen: str) -> None:
        self._desk.save_signed_version(self._path, self._signature, Path(chosen), self._tell)

    def _tell(self, outcome: Path | UserFacingError) -> None:
        if isinstance(outcome, UserFacingError):
            self._body.addWidget(Notice("bad", f"{describe(outcome).text} [{outcome.code}]"))
        else:
            self._body.addWidget(Notice("good", _("Saved: {name}").format(name=plain(outcome.name))))
