"""Offers to have a time stamp added to a file that was verified, or says why none can be."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtWidgets import QWidget

from desktop.look.widgets import Notice, button, column, prose, row
from desktop.messages import describe, joined, plain
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _
from signing.document import Kind
from signing.errors import UserFacingError
from signing.report import ValidationReport

if TYPE_CHECKING:
    from desktop.time.desk import TimeDesk


def may_be_stamped(report: ValidationReport) -> bool:
    """Whether it is of a kind that people would expect a time stamp for."""
    return report.kind in (Kind.PDF, Kind.XML, Kind.CMS) and bool(report.signatures)


class TimeStamping(QWidget):
    """A button, and beneath it what became of it."""

    def __init__(self, desk: VerifyDesk, time: "Callable[[], TimeDesk]", report: ValidationReport) -> None:
        super().__init__()
        self._desk, self._time, self._path = desk, time, report.path
        self._body = column(gap=8)
        self.setLayout(self._body)
        if obstacle := _obstacle(report):
            words = _("No time stamp can be added: {reason}").format(reason=describe(obstacle).title)
            self._body.addWidget(prose(words, "small"))
            return
        again = any(each.is_timestamp for each in report.signatures)
        title = _("Add another time stamp") if again else _("Add a time stamp")
        self._body.addLayout(row(button(title, self._open, "link", icon="clock"), None))

    def _open(self) -> None:
        from desktop.time.extension_dialog import ExtensionDialog

        dialog = ExtensionDialog(self._time(), self._path, self._rehearse, self.window() or self)
        dialog.made.connect(self._on_made)
        dialog.open()

    def _rehearse(self, password: str, told: Callable[[Any], object]) -> None:
        self._desk.find_extensions(self._path, password, told)

    def _on_made(self, made: Path) -> None:
        words = [_("Made, with a time stamp: {name}.").format(name=plain(made.name))]
        if made.parent != self._path.parent:
            words.append(_("Its own folder failed. It is here: {folder}").format(folder=plain(str(made.parent))))
        verify = button(_("Verify it"), lambda: self._desk.show(made), "link", icon="verify")
        self._body.addWidget(Notice("good", joined(*words), verify))


def _obstacle(report: ValidationReport) -> UserFacingError | None:
    from signing.extension import require_extendable

    try:
        require_extendable(report.kind, report.signatures)
    except UserFacingError as error:
        return error
    return None
