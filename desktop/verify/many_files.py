"""Many files: how far it is, what can be done with all of them, and the table with its filters."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QLineEdit, QProgressBar, QWidget

from desktop.look.widgets import ChoiceBox, button, clear, column, hairline, icon_button, label, row
from desktop.verify.desk import VerifyDesk
from desktop.verify.report_saving import ReportSaving
from desktop.verify.slow import SlowNotice
from desktop.verify.summary import Group
from desktop.verify.table import FileFilter, FileModel, FileTable
from desktop.words.formatting import shown_duration
from desktop.words.translation import _

_EVERY = 150  # milliseconds; files may follow each other quicker than anyone reads


class ManyFiles(QWidget):
    """Shows a VerifyDesk; the report of the chosen file stands elsewhere."""

    def __init__(self, desk: VerifyDesk, *, choose: Callable[[], None]) -> None:
        super().__init__()
        self._desk = desk
        self._model = FileModel(desk)
        self._shown = FileFilter(self._model)
        self._table = FileTable(self._model, self._shown)
        self._table.chosen.connect(desk.select)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress"))
        self._state = label("", "strong")
        self._stop = button(_("Stop"), desk.queue.cancel, "link")
        self._rest = button(_("Verify the rest"), desk.verify_rest, "link", icon="verify")
        self._groups = ChoiceBox()
        self._groups.setAccessibleName(_("Which files are shown"))
        self._groups.currentIndexChanged.connect(self._on_group)
        self._words = QLineEdit()
        self._words.setPlaceholderText(_("Find a name or a word"))
        self._words.setAccessibleName(_("Find a name or a word"))
        self._words.setClearButtonEnabled(True)
        self._words.textChanged.connect(self._shown.show_words)
        self._slow = column(gap=8)
        saving = ReportSaving(desk, desk.reports, _("Save all results"))
        empty = icon_button("close", _("Clear the list"), desk.clear)
        head = row(self._state, self._stop, self._rest, empty, gap=8)
        head.setStretch(0, 1)
        tools = row(self._groups, self._words)
        tools.setStretch(1, 1)
        actions = row(button(_("Verify other files"), choose, "link", icon="add"), saving.button, None)
        over = column(head, self._bar, self._slow, tools, actions, saving, margins=(24, 12, 24, 4), gap=8)
        self.setLayout(column(over, self._table, hairline(), gap=0))
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(_EVERY)
        self._due.timeout.connect(self._show_state)
        desk.queue.moved.connect(self._soon)
        desk.queue.slow_changed.connect(self._show_slow)
        self._show_state()

    def take_over(self) -> None:
        """Know the files that came and went."""
        self._model.take_over()
        self._table.select(self._desk.current)
        self._show_slow()
        self._show_state()

    def tell(self, path: Path) -> None:
        """Show what is known of a file by now."""
        self._model.tell(path)

    def select(self, path: Path) -> None:
        self._table.select(path)

    def _soon(self) -> None:
        if not self._due.isActive():
            self._due.start()

    def _show_state(self) -> None:
        done, count, seconds = self._desk.queue.progress()
        working = self._desk.queue.remaining() > 0
        self._bar.setVisible(working)
        self._stop.setVisible(working)
        stopped = any(self._model.summary(place).is_stopped for place in range(len(self._model.paths)))
        self._rest.setVisible(stopped and not working)
        if working:
            self._bar.setRange(0, count)
            self._bar.setValue(done)
            text = _("{done} of {count} verified").format(done=done, count=count)
            if seconds is not None:
                text = _("{text}, {time} left").format(text=text, time=shown_duration(seconds))
        else:
            text = _("{count} files").format(count=len(self._model.paths))
        self._state.setText(text)
        self._show_groups()

    def _show_groups(self) -> None:
        names = {
            None: _("All"),
            Group.ATTENTION: _("Needs attention"),
            Group.GOOD: _("The signatures hold"),
            Group.UNSIGNED: _("Not signed"),
            Group.UNKNOWN: _("Could not be verified"),
        }
        self._groups.blockSignals(True)
        for place, (group, name) in enumerate(names.items()):
            count = len(self._model.paths) if group is None else self._model.count(group)
            text = _("{name} ({count})").format(name=name, count=count)
            if self._groups.count() <= place:
                self._groups.addItem(text, group)
            else:
                self._groups.setItemText(place, text)
        self._groups.blockSignals(False)
        self._groups.updateGeometry()

    def _on_group(self, place: int) -> None:
        self._shown.show_group(self._groups.itemData(place))
        self._groups.updateGeometry()

    def _show_slow(self) -> None:
        clear(self._slow)
        for path in self._desk.files:
            if self._desk.queue.is_slow(path):
                self._slow.addWidget(SlowNotice(self._desk.queue, path))
