"""The Sign page: documents, the card, one primary button."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.card.desk import CardDesk
from desktop.keys.strip import KeyStrip
from desktop.look.empty_page import empty_page
from desktop.look.pieces import Coalesced
from desktop.look.widgets import button, clear, column, dress_for_signing, label, row
from desktop.sign.desk import SignDesk, Stage
from desktop.sign.pace import Pace
from desktop.sign.sentence import failed_words, finished, progress_words, sentence_of
from desktop.words.translation import _

# Light at import, because a window opens with it: rows and dialogs are made when there is a document.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.sign.for_all import ForAll
    from desktop.sign.result_list import ResultList
    from desktop.sign.sign_row import SignRow
    from signing.document import Document

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_SLOW = 10_000  # milliseconds without a result before it is said why that may be


class SignPage(QWidget):
    """Shows a SignDesk."""

    def __init__(
        self,
        desk: SignDesk,
        cards: CardDesk,
        *,
        choose: Callable[[], None],
        verify: "Callable[[Path], None]",
        look: "Callable[[Document], None]",
        sign: Callable[[], None],
        explain: Callable[[], None],
    ) -> None:
        super().__init__()
        self._desk, self._cards, self._choose, self._verify, self._look = desk, cards, choose, verify, look
        self._ask, self._explain = sign, explain
        self.setProperty("role", "page")
        self._listing = False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW)
        self._pace = Pace()
        self._head, self._middle = _Head(), column(gap=0)
        self._strip = KeyStrip(desk.keys, cards)
        self._foot = column(self._strip, gap=12)
        self._actions: _Actions | None = None  # made with the first document, as is the next
        self._for_all: ForAll | None = None
        self._inside = QWidget()
        self._inside.setProperty("role", "page")
        self._inside.setLayout(self._whole())
        area = QScrollArea()  # where the window is low or the letters are large
        area.setWidget(self._inside)
        area.setWidgetResizable(True)
        area.setProperty("focusPolicy", 0)  # Qt.FocusPolicy.NoFocus
        self.setLayout(column(area, gap=0))
        self._state = Coalesced(self._show_state, self)  # hundreds of rows may change one by one
        desk.rows_changed.connect(self._show_rows)
        desk.row_changed.connect(self._on_row)
        desk.stage_changed.connect(self._on_stage)
        cards.changed.connect(self._show_state)
        desk.keys.changed.connect(self._show_state)
        self._slow.timeout.connect(self._show_state)
        self._show_rows()
        self._show_state()

    def _whole(self) -> QVBoxLayout:
        whole = column(margins=(24, 20, 24, 20), gap=16)
        whole.addWidget(self._head)
        whole.addLayout(self._middle, 1)
        whole.addLayout(self._foot)
        return whole

    # --- the documents

    def _show_rows(self) -> None:
        if bool(self._desk.rows) is not self._listing or not self._middle.count():
            self._listing = bool(self._desk.rows)
            clear(self._middle)
            self._middle.addWidget(self._list() if self._listing else self._empty())
        self._state.ask()

    def _empty(self) -> QWidget:
        return empty_page(
            "empty-sign",
            _("Drop documents here to sign them"),
            _("PDF, XML such as e-Tax files (.xtx), any other file, or folders. The originals stay as they are."),
            button(_("Choose documents"), self._choose, "primary"),
        )

    def _list(self) -> QWidget:
        from desktop.sign.list import SignList

        return SignList(self._desk, self._verify, self._look, self._edit_seal)

    def _edit_seal(self, rows: "list[SignRow]") -> None:
        from desktop.sign.seal_editor import SealEditor

        SealEditor(self._desk, rows, self.window() or self).open()

    def _on_row(self) -> None:
        self._slow.start()
        self._state.ask()

    def _on_stage(self) -> None:
        self._slow.start()
        self._show_state()

    # --- what can be done now

    def _show_state(self) -> None:
        rows = self._desk.rows
        self._strip.let_choose(possible=self._desk.stage in (Stage.LISTING, Stage.DONE))
        self._show_head()
        if rows and self._actions is None:
            self._actions = self._make_actions()
            self._foot.addWidget(self._actions)
            self._for_all = self._make_for_all()
        if self._for_all:
            self._for_all.show_state()
        if self._actions:
            self._actions.setVisible(bool(rows))
            self._actions.show_state(self._desk)

    def _make_for_all(self) -> "ForAll":
        from desktop.sign.for_all import ForAll

        made = ForAll(self._desk, self._edit_seal)
        self._head.take(made, made.notices)
        return made

    def _make_actions(self) -> "_Actions":
        from desktop.sign.result_list import ResultList
        from desktop.time.choice import TimeChoice

        explain = button(_("What others will see"), self._explain, "link", icon="info")
        beside = QWidget()
        beside.setLayout(row(explain, TimeChoice(self._desk.time), gap=8))
        return _Actions(
            add=button(_("Add documents"), self._choose, icon="add"),
            explain=beside,
            cancel=button(_("Cancel"), self._on_cancel),
            again=button(_("Sign other documents"), self._desk.clear),
            sign=button("", self._ask, "primary"),
            results=ResultList(self._desk),
        )

    def _show_head(self) -> None:
        rows = self._desk.rows
        self._head.setVisible(bool(rows))
        self._head.say(sentence_of(self._desk), failed_words(self._desk) if len(rows) > 1 else "")
        if self._desk.stage is Stage.SIGNING:
            self._head.show_progress(finished(self._desk), len(self._desk.signing), self._progress())
        else:
            self._pace.stop()
            self._head.hide_progress()

    def _progress(self) -> str:
        if self._desk.cancelling:
            return _("Stopping after this document.")
        text = progress_words(self._desk)
        from desktop.words.formatting import joined, shown_duration

        left = self._pace.left(finished(self._desk), len(self._desk.signing))
        if left is not None:
            text = joined(text, _("Time left: {time}.").format(time=shown_duration(left)))
        if not self._slow.isActive() and self._desk.keys.chosen is None:
            text += " " + _("It takes long: another program may be using the card.")
        return text

    def _on_cancel(self) -> None:
        self._desk.cancel()
        self._show_state()


class _Head(QWidget):
    """What this page is about. Its parts stay: new ones would not be seen while files follow each other quickly."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence, self._failed = label("", "sentence"), label("", "soft")
        self._bar, self._words = QProgressBar(), label("", "soft")
        self._bar.setTextVisible(False)
        self._progress = QWidget()
        self._progress.setLayout(column(self._bar, self._words, gap=8))
        self._beside: QWidget | None = None
        self._line, self._body = row(self._sentence), column(gap=12)
        self._line.setStretch(0, 1)
        self._body.addLayout(self._line)
        self._body.addWidget(self._failed)
        self._body.addWidget(self._progress)
        self.setLayout(self._body)

    def take(self, beside: QWidget, below: QWidget) -> None:
        """Make room for what stands beside the sentence, and below it."""
        self._beside = beside
        self._line.addWidget(beside)
        self._body.addWidget(below)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Side by side only where the sentence keeps its one line."""
        if self._beside:
            sentence = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text())
            fits = sentence + self._beside.sizeHint().width() + 24 <= self.width()
            self._line.setDirection(_BESIDE if fits else _BELOW)

    def say(self, sentence: str, failed: str) -> None:
        self._sentence.setText(sentence)
        self._failed.setText(failed)
        self._failed.setVisible(bool(failed))
        self._arrange()

    def show_progress(self, finished: int, total: int, text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(finished)
        self._bar.setAccessibleName(text)
        self._words.setText(text)
        self._progress.show()

    def hide_progress(self) -> None:
        self._progress.hide()


class _Actions(QWidget):
    """The buttons at the foot: one of them is primary, right where the eye ends."""

    def __init__(
        self,
        *,
        add: QPushButton,
        explain: QWidget,
        cancel: QPushButton,
        again: QPushButton,
        sign: QPushButton,
        results: "ResultList",
    ) -> None:
        super().__init__()
        self._add, self._explain, self._cancel, self._again, self._sign = add, explain, cancel, again, sign
        self._results = results
        # In two lines, so that large letters in a small window leave each its whole text.
        beside = row(explain, results.button, None)
        self.setLayout(column(results, beside, row(add, None, cancel, again, sign), gap=4))

    def show_state(self, desk: SignDesk) -> None:
        stage = desk.stage
        self._add.setVisible(stage is Stage.LISTING)
        self._explain.setVisible(stage is Stage.LISTING)
        self._cancel.setVisible(stage is Stage.SIGNING)
        self._cancel.setEnabled(not desk.cancelling)
        self._again.setVisible(stage is Stage.DONE)
        told = stage in (Stage.LISTING, Stage.DONE) and any(entry.outcome for entry in desk.rows)
        self._results.show_state(there=told)
        self._sign.setVisible(stage in (Stage.LISTING, Stage.ASKING))
        looked_at = all(entry.examination for entry in desk.rows)
        self._sign.setEnabled(bool(desk.ready_rows()) and looked_at and desk.has_key and stage is Stage.LISTING)
        dress_for_signing(self._sign, practice=desk.practice)
