"""Many files as a table: one line for each, found by group and by words, sorted by any column."""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop.look import icons, theme
from desktop.verify.desk import VerifyDesk
from desktop.verify.summary import Group, Summary, name_of, summary_of
from desktop.words.translation import _

Role = Qt.ItemDataRole
_ROOT = QModelIndex()


class Column(IntEnum):
    NAME = 0
    VERDICT = 1
    SIGNER = 2
    TIME = 3
    REASON = 4


_SHARES = {Column.NAME: 22, Column.VERDICT: 27, Column.SIGNER: 12, Column.TIME: 22, Column.REASON: 17}  # percent
_FEW_SHARES = {Column.NAME: 34, Column.VERDICT: 48, Column.SIGNER: 18}
_ROOMY = 34  # lines of text, as wide as they are high


class FileModel(QAbstractTableModel):
    """The files of a VerifyDesk; each line is composed once, when it is judged."""

    def __init__(self, desk: VerifyDesk) -> None:
        super().__init__()
        self._desk = desk
        self.paths: list[Path] = []
        self._places: dict[Path, int] = {}
        self._summaries: dict[Path, Summary] = {}
        self._lines: dict[Path, tuple[str, ...]] = {}

    def take_over(self) -> None:
        """Know the files that came and went."""
        if self.paths == list(self._desk.files)[: len(self.paths)]:
            added = list(self._desk.files)[len(self.paths) :]
            if added:
                self.beginInsertRows(_ROOT, len(self.paths), len(self.paths) + len(added) - 1)
                self._know(added)
                self.endInsertRows()
        else:
            self.beginResetModel()
            self.paths, self._places = [], {}
            self._know(list(self._desk.files))
            self.endResetModel()

    def _know(self, added: Sequence[Path]) -> None:
        for path in added:
            self._places[path] = len(self.paths)
            self.paths.append(path)
            self._compose(path)

    def tell(self, path: Path) -> None:
        """Show what is known of a file by now."""
        if path in self._places:
            self._compose(path)
            place = self._places[path]
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def _compose(self, path: Path) -> None:
        summary = summary_of(self._desk.files.get(path), slow=self._desk.queue.is_slow(path))
        self._summaries[path] = summary
        self._lines[path] = name_of(path), summary.words, summary.signer, summary.time, summary.reason

    def place(self, path: Path) -> int | None:
        return self._places.get(path)

    def summary(self, place: int) -> Summary:
        return self._summaries[self.paths[place]]

    def count(self, group: Group) -> int:
        return sum(self._summaries[path].group is group for path in self.paths)

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.paths)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return (_("File"), _("Result"), _("Signer"), _("Signed on"), _("What is known"))[section]
        return None

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        path = self.paths[index.row()]
        summary, texts, column = self._summaries[path], self._lines[path], index.column()
        match role:
            case Role.DisplayRole:
                return texts[column]
            case Role.ToolTipRole:
                return "\n".join(filter(None, (texts[0], summary.words, summary.reason)))
            case Role.AccessibleTextRole:
                return f"{texts[0]}: {summary.words}" if column == Column.NAME else texts[column]
            case Role.DecorationRole if column == Column.VERDICT:
                return icons.icon(summary.icon, summary.tone)
            case Role.UserRole:  # what it is sorted by
                return (texts[0].lower(), summary.group.value, texts[2], summary.moment, texts[4])[column]
        return None


class FileFilter(QSortFilterProxyModel):
    """The lines that a person wants to see."""

    def __init__(self, model: FileModel) -> None:
        super().__init__()
        self._files = model
        self._group: Group | None = None
        self._words = ""
        self.setSourceModel(model)
        self.setSortRole(Role.UserRole)

    def show_group(self, group: Group | None) -> None:
        """None for all."""
        self._group = group
        self.invalidateFilter()

    def show_words(self, words: str) -> None:
        """Those whose name, signer or reason has these letters."""
        self._words = words.casefold().strip()
        self.invalidateFilter()

    def filterAcceptsRow(self, place: int, parent: QModelIndex) -> bool:
        summary = self._files.summary(place)
        if self._group not in (None, summary.group):
            return False
        path = self._files.paths[place]
        return not self._words or any(
            self._words in text.casefold() for text in (name_of(path), summary.signer, summary.reason, summary.words)
        )


class FileTable(QTableView):
    """A line is chosen by mouse or keys; rows are of one height, so that thousands scroll at once."""

    chosen = pyqtSignal(object)  # Path

    def __init__(self, model: FileModel, shown: FileFilter) -> None:
        super().__init__()
        self._files, self._shown = model, shown
        for each in (shown, model):  # they must not go before what shows them
            each.setParent(self)
        self.setModel(shown)
        self.setAccessibleName(_("Files"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as they were added
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_out()
        if selection := self.selectionModel():
            selection.currentRowChanged.connect(self._on_row)

    def _set_out(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None  # noqa: S101 - every table has them
        assert columns is not None  # noqa: S101
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.font_height(theme.TEXT) + 14)
        self.setMinimumHeight(4 * rows.defaultSectionSize())  # three lines and the heads
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """All columns in the width that there is; in a small window those that say most."""
        room = view.width() if (view := self.viewport()) else self.width()
        shares = _SHARES if room > self.fontMetrics().height() * _ROOMY else _FEW_SHARES
        for column in Column:
            self.setColumnHidden(column, column not in shares)
            self.setColumnWidth(column, room * shares.get(column, 0) // 100)

    def select(self, path: Path | None) -> None:
        """Show this file as the chosen one, without telling so."""
        place = None if path is None else self._files.place(path)
        index = QModelIndex() if place is None else self._shown.mapFromSource(self._files.index(place, 0))
        if index.row() != self.currentIndex().row():
            self.blockSignals(True)
            self.setCurrentIndex(index)
            self.blockSignals(False)
            if view := self.viewport():
                view.update()

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid() and not self.signalsBlocked():
            self.chosen.emit(self._files.paths[self._shown.mapToSource(index).row()])
