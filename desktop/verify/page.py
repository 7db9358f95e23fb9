"""The Verify page: one sentence first, then three things that never merge, then the details."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.look import icons, theme
from desktop.look.empty_page import empty_page
from desktop.look.pieces import Coalesced, Gradual
from desktop.look.widgets import ElidedLabel, Notice, button, clear, column, hairline, icon_button, label, row
from desktop.passwords.document_password import unlock_button
from desktop.verify.desk import VerifyDesk
from desktop.verify.many_files import ManyFiles
from desktop.verify.report_saving import ReportSaving
from desktop.verify.report_view import ReportView
from desktop.verify.signed_version import SignedVersions, VersionBefore, has_signed_version, may_take_back
from desktop.verify.slow import SlowNotice
from desktop.verify.summary import name_of, summary_of
from desktop.verify.time_stamping import TimeStamping, may_be_stamped
from desktop.words.translation import _
from desktop.work.questions import Judgement
from signing.document import Kind
from signing.errors import DocumentEncrypted
from signing.report import Indication, IssuerClass, SignatureFormat, ValidationReport

if TYPE_CHECKING:
    from desktop.time.desk import TimeDesk

_FEW = 5  # files, for which a list beside the report is enough
_OF_CARDS = (IssuerClass.JPKI, IssuerClass.JPKI_SMARTPHONE, IssuerClass.JPKI_TEST, IssuerClass.PRACTICE)
_WIDE = 28  # lines of text, as wide as they are high
_ANY = 0xFFFFFF  # QWIDGETSIZE_MAX
_TABLE_PART = 50  # percent of the height


class VerifyPage(QWidget):
    """Shows a VerifyDesk; a few files are a list beside the report of the one that is chosen, many a table over it."""

    def __init__(
        self,
        desk: VerifyDesk,
        *,
        choose: Callable[[], None],
        sign: Callable[[Path], None],
        look: Callable[[Path, bool | None], None],
        time: "Callable[[], TimeDesk]",
        guide: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._desk, self._choose, self._sign, self._look, self._time = desk, choose, sign, look, time
        self._guide = guide
        self.setProperty("role", "page")
        self._list = QListWidget()
        self._list.setAccessibleName(_("Files"))
        self._list.setIconSize(QSize(icons.size(), icons.size()))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._items: dict[Path, QListWidgetItem] = {}
        self._report = column(gap=0)
        below = QWidget()
        below.setLayout(self._report)
        self._between = hairline()
        self._few = row(self._list, self._between, below, gap=0)
        self._few.setStretch(0, 1)
        self._few.setStretch(2, 2)
        beside = QWidget()
        beside.setLayout(self._few)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(beside)
        self._table: ManyFiles | None = None
        self._shown: tuple[object, ...] = ()
        self.setLayout(column(self._parts, gap=0))
        self._list.currentItemChanged.connect(self._on_item)
        self._files = Coalesced(self._show_files, self)  # they may come one by one, a hundred at once
        desk.files_changed.connect(self._files.ask)
        desk.judged.connect(self._on_judged)
        desk.selected.connect(self._on_selected)
        desk.queue.slow_changed.connect(self._on_slow)
        self._files.ask()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The list stands over the report where both beside each other would be too narrow to be read."""
        line = theme.font_height(theme.TEXT)
        beside = self.width() >= line * _WIDE
        self._between.setVisible(not beside and not self._list.isHidden())
        self._few.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._list.setWordWrap(beside)
        self._list.setMinimumWidth(160 if beside else 0)
        self._list.setMaximumSize(line * 12 if beside else _ANY, _ANY if beside else line * 5)

    def _show_files(self) -> None:
        many = self._table_is_shown()
        self._list.setVisible(not many and len(self._desk.files) > 1)
        self._arrange()
        if many and self._table is None:
            self._table = ManyFiles(self._desk, choose=self._choose)
            self._files.ask()  # the rest in turns of their own: together they would hold up the window
            return
        if self._table and self._parts.count() == 1:
            self._put_above(self._table)
            self._files.ask()
            return
        if self._table:
            self._table.setVisible(many)
            self._table.take_over()
        self._show_list({} if many else self._desk.files)
        if self._shown != self._what_to_show():  # files may come one by one
            self._show_report()

    def _put_above(self, table: ManyFiles) -> None:
        self._parts.insertWidget(0, table)
        self._parts.setStretchFactor(0, _TABLE_PART)
        self._parts.setStretchFactor(1, 100 - _TABLE_PART)
        height = self._parts.height()
        self._parts.setSizes([height * _TABLE_PART // 100, height * (100 - _TABLE_PART) // 100])

    def _what_to_show(self) -> tuple[object, ...]:
        current = self._desk.current
        return current, id(self._desk.files.get(current)) if current else 0, self._table_is_shown()

    def _table_is_shown(self) -> bool:
        return len(self._desk.files) > _FEW

    def _show_list(self, files: Mapping[Path, Judgement | None]) -> None:
        with QSignalBlocker(self._list):  # what the list would choose instead of what goes, nobody chose
            for gone in self._items.keys() - files.keys():
                self._list.takeItem(self._list.row(self._items.pop(gone)))
            for path in files:
                if path not in self._items:
                    self._items[path] = QListWidgetItem(name_of(path))
                    self._list.addItem(self._items[path])
                self._mark(path)
            if self._desk.current in self._items:
                self._list.setCurrentItem(self._items[self._desk.current])

    def _mark(self, path: Path) -> None:
        summary = summary_of(self._desk.files[path], slow=self._desk.queue.is_slow(path))
        item = self._items[path]
        item.setIcon(icons.icon(summary.icon, summary.tone))
        item.setToolTip(f"{name_of(path)}\n{summary.words}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name_of(path)}: {summary.words}")

    def _on_item(self, item: QListWidgetItem | None) -> None:
        for path, known in self._items.items():
            if known is item:
                self._desk.select(path)

    def _on_judged(self, path: Path) -> None:
        self._on_slow(path)

    def _on_slow(self, path: Path) -> None:
        if path in self._items:
            self._mark(path)
        if self._table:
            self._table.tell(path)
        if path == self._desk.current:
            self._show_report()

    def _on_selected(self, path: Path) -> None:
        if self._table:
            self._table.select(path)
        self._show_report()

    def _show_report(self) -> None:
        clear(self._report)
        self._shown = self._what_to_show()
        path = self._desk.current
        if path is None:
            self._report.addWidget(self._empty())
            return
        area = _Report()
        inside = QWidget()
        inside.setProperty("role", "page")
        told = column(gap=12)
        inside.setLayout(column(told, None, margins=(24, 12, 24, 24), gap=0))
        Gradual(self._tell(told, path), inside)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        self._report.addWidget(area, 1)
        if not self._table_is_shown():  # over the table this stands too
            actions = row(button(_("Verify other files"), self._choose, icon="add"), None, margins=(24, 12, 24, 16))
            self._report.addWidget(hairline())
            self._report.addLayout(actions)

    def _tell(self, body: QVBoxLayout, path: Path) -> Iterator[None]:
        judgement = self._desk.files[path]
        for line in self._head(path, judgement):
            body.addLayout(line)
        if judgement is None:
            waiting = self._desk.queue.is_under_way(path)
            body.addWidget(label(_("Verifying") if waiting else _("Waiting for its turn"), "section"))
            if self._desk.queue.is_slow(path) and not self._table_is_shown():
                body.addWidget(SlowNotice(self._desk.queue, path))
            return
        yield
        body.addWidget(ReportView(judgement, heading="section" if self._table_is_shown() else "sentence"))
        yield
        for part in self._offers(path, judgement):
            body.addLayout(column(part))

    def _head(self, path: Path, judgement: Judgement | None) -> tuple[QLayout, QLayout]:
        name = name_of(path)
        report = judgement.report if judgement else None
        holds = _holds(report) if report else None
        see = button(_("Look at the content"), lambda: self._look(path, holds), "link", icon="show")
        see.setVisible(report is not None and _says_something(report))
        away = icon_button("close", _("Take {name} off the list").format(name=name), lambda: self._desk.remove(path))
        head = row(ElidedLabel(name, "soft"), away)
        head.setStretch(0, 1)
        return head, row(see, button(_("Sign this file"), lambda: self._sign(path), "link", icon="sign"), None, gap=4)

    def _offers(self, path: Path, judgement: Judgement) -> Iterator[QWidget | QLayout]:
        """What can be done now."""
        report = judgement.report
        if report and any(problem.code == DocumentEncrypted.code for problem in report.problems):
            if path in self._desk.tried:
                yield Notice("bad", _("The password that was entered does not open it."))
            yield row(unlock_button(self, name_of(path), lambda word: self._desk.unlock(path, word)), None)
        if judgement.error and judgement.error.retryable:
            yield row(button(_("Verify again, however long it takes"), lambda: self._desk.try_again(path)), None)
        saving = ReportSaving(self._desk, lambda: [self._desk.report(path)], _("Save this result"))
        yield row(saving.button, None)
        yield saving
        if report is None:
            return
        if _acrobat_differs(report):
            why = _("If Acrobat says something else")
            yield row(button(why, lambda: self._guide("acrobat"), "link", icon="help"), None)
        if may_be_stamped(report):
            yield TimeStamping(self._desk, self._time, report)
        if any(map(has_signed_version, report.signatures)):
            yield SignedVersions(self._desk, path, report)
        if may_take_back(report):
            yield VersionBefore(self._desk, path)

    def _empty(self) -> QWidget:
        return empty_page(
            "empty-verify",
            _("Drop signed files here to verify them"),
            _("You learn whether the document was changed, who signed it, and what cannot be known."),
            button(_("Choose files"), self._choose, "primary"),
        )


class _Report(QScrollArea):
    """Asks for no room of its own, which would be found by measuring every word: it has what there is."""

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


def _says_something(report: ValidationReport) -> bool:
    """Whether there is XML or a PDF to be shown."""
    xml = (SignatureFormat.XMLDSIG, SignatureFormat.XADES)
    return report.kind in (Kind.PDF, Kind.XML) or any(signature.format in xml for signature in report.signatures)


def _acrobat_differs(report: ValidationReport) -> bool:
    """Whether it has a signature that holds, of an authority that Acrobat does not know by itself."""
    return report.kind is Kind.PDF and any(each.intact and each.issuer_class in _OF_CARDS for each in report.signatures)


def _holds(report: ValidationReport) -> bool | None:
    if not report.signatures:
        return None
    return all(each.intact and each.indication is not Indication.TOTAL_FAILED for each in report.signatures)
