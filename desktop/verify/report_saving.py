"""Saves what was established as a file: a page for people, a table, or a report for other programs."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog

from desktop.look.said import Said
from desktop.look.widgets import button
from desktop.messages import plain
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _
from signing.report import ValidationReport


class ReportSaving(Said):
    """`button` belongs wherever it is wanted; this shows how it went."""

    def __init__(self, desk: VerifyDesk, reports: Callable[[], list[ValidationReport]], title: str) -> None:
        super().__init__()
        self._desk, self._reports, self._target = desk, reports, Path()
        self.button = button(title, self._choose, "link", icon="document")

    def _choose(self) -> None:
        folder = self._desk.current.parent if self._desk.current else Path()
        dialog = QFileDialog(self.window(), self.button.text(), str(folder / _("Result of the verification")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten
        forms = {
            _("Page to print or pass on (*.pdf)"): "pdf",
            _("Page for a browser (*.html)"): "html",
            _("Table (*.csv)"): "csv",
            _("Facts for programs (*.json)"): "json",
            _("ETSI TS 119 102-2 report (*.xml)"): "xml",
        }
        dialog.setNameFilters(list(forms))
        dialog.setDefaultSuffix("pdf")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(forms[chosen]))
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, target: Path) -> None:
        """In the form that the ending asks for, to a new file."""
        self._target = target
        self.button.setEnabled(False)
        self._desk.save_reports(target, self._reports(), self._tell)

    def _tell(self, refusal: str | None) -> None:
        self.button.setEnabled(True)
        saved = _("Saved: {name}").format(name=plain(self._target.name))
        self.say("care" if refusal else "good", refusal or saved)
