"""What is chosen for all documents at once, and what their destinations would refuse of them together."""

from collections.abc import Callable

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QWidget

from desktop.look.widgets import ChoiceBox, Notice, button, clear, column, label, row
from desktop.sign.desk import SignDesk, Stage
from desktop.sign.sign_row import SignRow
from desktop.words.destinations import destination_name, refusal_words
from desktop.words.translation import _
from signing.destination import DESTINATIONS, Destination


class ForAll(QWidget):
    """Shown where there is more than one document."""

    def __init__(self, desk: SignDesk, seal: Callable[[list[SignRow]], None]) -> None:
        super().__init__()
        self.notices = QWidget()  # stands where there is room
        self._desk = desk
        self._offered: list[Destination] = []
        self._chosen: Destination | None = None
        self._said: list[str] = []
        self._box, self._together = ChoiceBox(), column(gap=4)
        self._box.setAccessibleName(_("Where all of them are for"))
        self._box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self._box.activated.connect(self._on_choice)
        self._edit = button(_("Seal and more"), lambda: seal(desk.sealable_rows()), "link", icon="seal")
        words = label(_("For all:"), "small")
        words.setWordWrap(False)
        self._edit.setAccessibleName(_("Seal and more for all"))
        self.setLayout(row(words, self._box, self._edit, None, gap=8))
        self.notices.setLayout(self._together)
        self.notices.hide()

    def show_state(self) -> None:
        """Follow what the desk has now."""
        rows = [each for each in self._desk.rows if each.outcome is None and each.document]
        listing = self._desk.stage is Stage.LISTING and len(rows) > 1
        self.setVisible(listing)
        if listing:
            self._offer(rows)
            self._edit.setVisible(bool(self._desk.sealable_rows()))
        refused = self._desk.refusals_together() if listing else []
        self._say([refusal_words(destination, refusal) for destination, refusal in refused])

    def _offer(self, rows: list[SignRow]) -> None:
        kinds = {each.document.kind for each in rows if each.document}
        offered = [each for each in DESTINATIONS if any(each.takes(kind) for kind in kinds)]
        chosen = {each.destination for each in rows}
        only = chosen.pop() if len(chosen) == 1 else None
        if (offered, only) == (self._offered, self._chosen) and self._box.count():
            return
        self._offered, self._chosen = offered, only
        with QSignalBlocker(self._box):
            self._box.clear()
            self._box.addItems([_("Each its own"), *map(destination_name, offered)])
            self._box.setCurrentIndex(offered.index(only) + 1 if only else 0)
        self._box.updateGeometry()

    def _on_choice(self, index: int) -> None:
        if index:
            self._desk.choose_for_all(self._offered[index - 1])

    def _say(self, texts: list[str]) -> None:
        if texts != self._said:
            self._said = texts
            clear(self._together)
            self.notices.setVisible(bool(texts))
            for text in texts:
                self._together.addWidget(Notice("care", text))
