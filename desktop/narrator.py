"""Tells those who hear the window what happens by itself: a card is there, a verdict has come, signing goes on."""

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from desktop.card.desk import CardDesk, CardState
from desktop.card.strip import card_words
from desktop.look.announcing import announce
from desktop.sign.desk import SignDesk, Stage
from desktop.sign.sentence import failed_words, progress_words, sentence_of
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from signing.errors import UserFacingError

_PASSING = (CardState.LOOKING, CardState.READING)
_PAUSE = 10.0  # seconds between two words about files that follow each other


class Narrator(QObject):
    """Listens to the desks, whichever page is shown. Nothing is said twice, and little while much happens."""

    def __init__(self, cards: CardDesk, signing: SignDesk, verifying: VerifyDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._cards, self._signing, self._verifying = cards, signing, verifying
        self._said: dict[object, str] = {}
        self._last_progress = 0.0
        cards.changed.connect(self._tell_card)
        signing.rows_changed.connect(self._tell_documents)
        signing.row_changed.connect(self._tell_documents)
        signing.stage_changed.connect(self._tell_documents)
        signing.refused.connect(self._tell_refusal)
        verifying.judged.connect(self._tell_verdict)

    def _say(self, about: object, words: str) -> None:
        if words != self._said.get(about):
            self._said[about] = words
            announce(words)

    def _is_time(self) -> bool:
        """Whether the last word about progress is long ago."""
        if time.monotonic() - self._last_progress < _PAUSE:
            return False
        self._last_progress = time.monotonic()
        return True

    def _tell_card(self) -> None:
        if self._cards.state not in _PASSING:
            _tone, title, detail = card_words(self._cards)
            self._say(self._cards, f"{title}. {detail}")

    def _tell_documents(self) -> None:
        desk = self._signing
        if desk.stage is Stage.SIGNING:
            if self._is_time():
                self._say(desk, progress_words(desk))
        elif desk.stage is not Stage.ASKING and all(row.examination for row in desk.rows):
            words = [sentence_of(desk), failed_words(desk)] if desk.rows else []
            self._say(desk, ". ".join(filter(None, words)))

    def _tell_refusal(self, error: "UserFacingError") -> None:
        from desktop.messages import describe

        announce(describe(error).text, urgent=True)

    def _tell_verdict(self, path: "Path") -> None:
        from desktop.verify.summary import name_of, summary_of

        done, count, _seconds = self._verifying.queue.progress()
        if path == self._verifying.current:
            summary = summary_of(self._verifying.files[path])
            announce(f"{name_of(path)}: {summary.words}. {summary.reason}")
        if count > 1 and (done >= count or self._is_time()):
            announce(_("{done} of {count} verified").format(done=done, count=count))
