"""The Verify page: one sentence first, then three things that never merge, then the details."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, Qt
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from desktop.look import icons, theme
from desktop.look.empty_page import empty_page
from desktop.look.widgets import ElidedLabel, button, clear, column, hairline, icon_button, label, row
from desktop.messages import plain
from desktop.passwords.document_password import unlock_button
from desktop.verify.desk import VerifyDesk
from desktop.verify.report_view import ReportView
from desktop.verify.signed_version import SignedVersion, has_signed_version
from desktop.words.translation import _
from desktop.work.questions import Judgement
from signing.document import Kind
from signing.errors import DocumentEncrypted
from signing.report import Indication, SignatureFormat, ValidationReport


class VerifyPage(QWidget):
    """Shows a VerifyDesk; several files are a list beside the report of the one that is chosen."""

    def __init__(
        self,
        desk: VerifyDesk,
        *,
        choose: Callable[[], None],
        sign: Callable[[Path], None],
        look: Callable[[Path, bool | None], None],
    ) -> None:
        super().__init__()
        self._desk, self._choose, self._sign, self._look = desk, choose, sign, look
        self.setProperty("role", "page")
        self._list = QListWidget()
        self._list.setAccessibleName(_("Files"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setMinimumWidth(160)
        self._list.setMaximumWidth(theme.font_height(theme.TEXT) * 12)
        self._list.setWordWrap(True)
        self._items: dict[Path, QListWidgetItem] = {}
        self._report = column(gap=0)
        line = row(self._list, self._report, gap=0)
        line.setStretch(0, 1)
        line.setStretch(1, 2)
        self.setLayout(line)
        self._list.currentItemChanged.connect(self._on_item)
        desk.files_changed.connect(self._show_files)
        desk.judged.connect(self._on_judged)
        desk.selected.connect(self._show_report)
        self._show_files()

    def _show_files(self) -> None:
        for gone in self._items.keys() - self._desk.files.keys():
            self._list.takeItem(self._list.row(self._items.pop(gone)))
        with QSignalBlocker(self._list):
            for path in self._desk.files:
                if path not in self._items:
                    self._items[path] = QListWidgetItem(plain(path.name))
                    self._list.addItem(self._items[path])
                self._mark(path)
            if self._desk.current:
                self._list.setCurrentItem(self._items[self._desk.current])
        self._list.setVisible(len(self._items) > 1)
        self._show_report()

    def _mark(self, path: Path) -> None:
        icon, colour, words = verdict_mark(self._desk.files[path])
        item = self._items[path]
        item.setIcon(icons.icon(icon, colour))
        item.setToolTip(f"{plain(path.name)}\n{words}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{plain(path.name)}: {words}")

    def _on_item(self, item: QListWidgetItem | None) -> None:
        for path, known in self._items.items():
            if known is item:
                self._desk.select(path)

    def _on_judged(self, path: Path) -> None:
        if path in self._items:
            self._mark(path)
        if path == self._desk.current:
            self._show_report()

    def _show_report(self) -> None:
        clear(self._report)
        path = self._desk.current
        if path is None:
            self._report.addWidget(self._empty())
            return
        area = QScrollArea()
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setLayout(self._about(path))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        self._report.addWidget(area, 1)
        actions = row(
            button(_("Verify other files"), self._choose, icon="add"),
            None,
            margins=(32, 12, 32, 16),
        )
        self._report.addWidget(hairline())
        self._report.addLayout(actions)

    def _about(self, path: Path) -> QVBoxLayout:
        judgement = self._desk.files[path]
        name = plain(path.name)
        report = judgement.report if judgement else None
        holds = _holds(report) if report else None
        see = button(_("Look at the content"), lambda: self._look(path, holds), "link", icon="show")
        see.setVisible(report is not None and _says_something(report))
        head = row(
            ElidedLabel(name, "soft"),
            see,
            button(_("Sign this file"), lambda: self._sign(path), "link", icon="sign"),
            icon_button("close", _("Take {name} off the list").format(name=name), lambda: self._desk.remove(path)),
        )
        head.setStretch(0, 1)
        body = column(head, margins=(32, 16, 32, 24), gap=16)
        if judgement is None:
            body.addWidget(label(_("Verifying"), "sentence"))
        else:
            body.addWidget(ReportView(judgement))
            for signature in filter(has_signed_version, report.signatures if report else ()):
                body.addWidget(SignedVersion(self._desk, path, signature))
            if report and any(problem.code == DocumentEncrypted.code for problem in report.problems):
                body.addLayout(row(unlock_button(self, name, lambda word: self._desk.unlock(path, word)), None))
        body.addStretch(1)
        return body

    def _empty(self) -> QWidget:
        return empty_page(
            "empty-verify",
            _("Drop signed files here to verify them"),
            _("You learn whether the document was changed, who signed it, and what cannot be known."),
            button(_("Choose files"), self._choose, "primary"),
        )


def verdict_mark(judgement: Judgement | None) -> tuple[str, str, str]:
    """Icon, colour and words of a file in the list."""
    if judgement is None:
        return "clock", "ink_soft", _("Verifying")
    marks = {
        "passed": ("good", "good", _("The signatures hold")),
        "indeterminate": ("care", "care", _("Not everything could be established")),
        "failed": ("bad", "bad", _("Not to be relied on")),
        "unsigned": ("document", "ink_soft", _("Not signed")),
    }
    verdict = str(judgement.report.verdict) if judgement.report else ""
    return marks.get(verdict, ("bad", "bad", _("Could not be read")))


def _says_something(report: ValidationReport) -> bool:
    """Whether there is XML or a PDF to be shown."""
    xml = (SignatureFormat.XMLDSIG, SignatureFormat.XADES)
    return report.kind in (Kind.PDF, Kind.XML) or any(signature.format in xml for signature in report.signatures)


def _holds(report: ValidationReport) -> bool | None:
    if not report.signatures:
        return None
    return all(each.intact and each.indication is not Indication.TOTAL_FAILED for each in report.signatures)
