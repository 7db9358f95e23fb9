"""The rows of the Sign page, a screenful or so at a time: hundreds of files must not hold up the window."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QLayout, QScrollArea, QWidget

from desktop.look import theme
from desktop.look.pieces import Coalesced
from desktop.look.widgets import button, column
from desktop.sign.desk import SignDesk
from desktop.sign.row import SignRowView
from desktop.sign.sign_row import SignRow
from desktop.words.translation import _
from signing.document import Document

_AT_ONCE = 30
_PAUSE = 8  # milliseconds, so that not two rows are made between two moments of the person


class SignList(QScrollArea):
    """Where there are more rows than are shown, those with a failure come first."""

    def __init__(
        self,
        desk: SignDesk,
        verify: Callable[[Path], None],
        look: Callable[[Document], None],
        seal: Callable[[list[SignRow]], None],
    ) -> None:
        super().__init__()
        self._desk, self._verify, self._look, self._seal = desk, verify, look, seal
        self._most = _AT_ONCE
        self._views: dict[SignRow, SignRowView] = {}
        self._changed: dict[SignRow, None] = {}  # views that do not show yet what is so
        inside = QWidget()
        inside.setProperty("role", "list")
        self._more = button("", self._show_more)
        self._lines = column(margins=(0, 0, 12, 0), gap=0)
        whole = column(self._lines, self._more, None, gap=12)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)  # rows that come do not squeeze those there
        inside.setLayout(whole)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self._rows = Coalesced(self._show_rows, self, pause=_PAUSE)
        self._rows.ask()
        desk.rows_changed.connect(self._rows.ask)
        desk.row_changed.connect(self._on_row)
        desk.stage_changed.connect(self._on_stage)

    def sizeHint(self) -> QSize:
        """Two rows; it takes all the room that there is."""
        return QSize(super().sizeHint().width(), theme.font_height(theme.TEXT) * 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _show_rows(self) -> None:
        """Show what the desk has now, one row in each turn, and touch nothing that stays."""
        rows = self._desk.rows
        if len(rows) > self._most:
            rows = sorted(rows, key=lambda row: not row.failed)[: self._most]
        for gone in self._views.keys() - set(rows):
            view = self._views.pop(gone)
            self._changed.pop(gone, None)
            self._lines.removeWidget(view)
            view.hide()
            view.deleteLater()
        hidden = len(self._desk.rows) - len(rows)
        self._more.setText(_("Show more ({count} are not shown)").format(count=hidden))
        self._more.setVisible(hidden > 0)
        for place, row in enumerate(rows):
            if row not in self._views:
                self._views[row] = SignRowView(row, self._desk, self._verify, self._look, self._seal)
                self._lines.insertWidget(place, self._views[row])
                self._rows.ask()  # the rest
                return
        if self._changed:
            first = next(iter(self._changed))
            del self._changed[first]
            self._views[first].refresh()
            self._rows.ask()

    def _show_more(self) -> None:
        self._most += _AT_ONCE
        self._rows.ask()

    def _on_row(self, changed: SignRow) -> None:
        if changed in self._views:
            self._changed[changed] = None
        if changed in self._views or changed.failed:
            self._rows.ask()

    def _on_stage(self) -> None:
        for view in self._views.values():
            view.show_stage()
