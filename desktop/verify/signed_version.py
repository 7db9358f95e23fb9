"""Offers versions of a document out of what it became: what was signed, and what was before the last signature."""

from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QPushButton, QWidget

from desktop.look.pieces import Gradual
from desktop.look.said import Said
from desktop.look.widgets import button, column, row
from desktop.messages import describe, plain
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _
from signing.document import Kind
from signing.errors import UserFacingError
from signing.report import ChangesAfter, Coverage, SignatureReport, ValidationReport


def has_signed_version(signature: SignatureReport) -> bool:
    """Whether what was signed is another, earlier document than the file is now."""
    return signature.intact and signature.signed_bytes is not None and signature.changes_after is not ChangesAfter.NONE


def may_take_back(report: ValidationReport) -> bool:
    """Whether a signature stands over the whole of a PDF, so that it may be the last thing that came into it."""
    return report.kind is Kind.PDF and any(each.covers is Coverage.WHOLE for each in report.signatures)


class _Version(QWidget):
    """Saves the first bytes of a document as a new file, and tells how that went."""

    def __init__(self, desk: VerifyDesk, path: Path, title: str, *actions: QPushButton, name: str, length: int) -> None:
        """`title` stands over the choice of a file, for which `name` is proposed."""
        super().__init__()
        self._desk, self._path, self._title, self._name, self._length = desk, path, title, name, length
        self._said = Said()
        lines = (row(action, None) for action in actions)  # side by side they may be too wide
        self.setLayout(column(*lines, self._said, gap=8))

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), self._title, str(self._path.with_name(self._name + self._path.suffix)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten
        dialog.fileSelected.connect(self._save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, chosen: str) -> None:
        self._desk.save_version(self._path, self._length, Path(chosen), self._tell)

    def _tell(self, outcome: Path | UserFacingError) -> None:
        if isinstance(outcome, UserFacingError):
            self._said.say("bad", f"{describe(outcome).text} [{outcome.code}]")
        else:
            self._said.say("good", _("Saved: {name}").format(name=plain(outcome.name)))


class SignedVersion(_Version):
    """The version that was signed: compared with the document as it is now, and saved."""

    def __init__(self, desk: VerifyDesk, path: Path, signature: SignatureReport) -> None:
        title = _("Save the version that was signed ({name})").format(name=plain(signature.name))
        super().__init__(
            desk,
            path,
            _("Save the version that was signed"),
            button(_("Compare with what it is now"), self._compare, "link", icon="show"),
            button(title, self._choose, "link", icon="document"),
            name=_("{name}-as-signed").format(name=path.stem),
            length=signature.signed_bytes or 0,
        )

    def _compare(self) -> None:
        from desktop.content.comparison_dialog import ComparisonDialog

        ComparisonDialog(self._desk.compare(self._path, self._length), self._path, self.window() or self).open()


class SignedVersions(QWidget):
    """Those of all signatures that have one."""

    def __init__(self, desk: VerifyDesk, path: Path, report: ValidationReport) -> None:
        super().__init__()
        lines = column(gap=12)
        self.setLayout(lines)

        def added() -> Iterator[None]:
            for signature in filter(has_signed_version, report.signatures):
                lines.addWidget(SignedVersion(desk, path, signature))
                yield

        Gradual(added(), self)


class VersionBefore(_Version):
    """The version before the last signature: offered as soon as it is proven that nothing else would be taken back."""

    def __init__(self, desk: VerifyDesk, path: Path) -> None:
        title = _("Take the last signature back: save the version before it")
        super().__init__(
            desk,
            path,
            _("Save the version before the last signature"),
            button(title, self._choose, "link", icon="back"),
            name=_("{name}-before-signing").format(name=path.stem),
            length=0,
        )
        self.hide()
        desk.find_version_before(path, self._offer)

    def _offer(self, length: int | None) -> None:
        self._length = length or 0
        self.setVisible(bool(length))
