"""Leads files from anywhere to the page that fits what each of them is, and tells what went where."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from desktop.card.desk import CardDesk
from desktop.document_desk import DocumentDesk
from desktop.look.pieces import Gradual
from desktop.sign.desk import SignDesk, Stage
from desktop.verify.desk import VerifyDesk
from desktop.words.translation import _, mark

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.work.questions import Examination

_SIGNED, _UNSIGNED, _TROUBLED = range(3)
_UNNOTICED = 300  # milliseconds that need no words
_WORDS = {
    _SIGNED: mark("Signed, on the page “Verify”: {count}"),
    _UNSIGNED: mark("Not signed, on the page “Sign”: {count}"),
    _TROUBLED: mark("With a problem, on the page “Sign”: {count}"),
}


class Sorter(QObject):
    """A file that is asked for by name of a page does not come here."""

    first_known = pyqtSignal(bool)  # whether the first one is signed
    told = pyqtSignal(str)  # what is looked at, then what went where; empty where that is seen without words

    def __init__(
        self, documents: DocumentDesk, cards: CardDesk, signing: SignDesk, verifying: VerifyDesk, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._documents, self._cards, self._signing, self._verifying = documents, cards, signing, verifying
        self._unknown: set[Path] = set()
        self._kinds: Counter[int] = Counter()
        self._is_first = self._to_verify = False
        self._looked_at: Sequence[str] = ()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_UNNOTICED)
        self._looking.timeout.connect(self._tell_looking)
        documents.found.connect(self._on_found)
        documents.examined.connect(self._on_examined)
        signing.stage_changed.connect(self._on_stage)

    def take(self, names: Sequence[str], *, to_verify: bool) -> None:
        """Files and folders; `to_verify` where they were put on the page of that name."""
        self._to_verify = to_verify
        self._look_at(names)
        self._documents.find(names)

    def _on_found(self, paths: "Sequence[Path]") -> None:
        self._is_first = True
        if not self._unknown:
            self._kinds.clear()
        self._unknown.update(paths)
        if paths:
            Gradual(self._examining(paths), self)
            self._look_at([str(path) for path in self._unknown])
        else:
            self._tell(_("No file was found there."))

    def _examining(self, paths: "Sequence[Path]") -> Iterator[None]:
        """Hundreds are asked for bit by bit."""
        for path in paths:
            self._documents.examine(path, None, practice=self._cards.practice)
            yield

    def _on_examined(self, examination: "Examination") -> None:
        path = examination.path
        if path not in self._unknown:
            return
        self._unknown.remove(path)
        if examination.signed:
            self._verifying.add([path])
        else:
            self._signing.admit(examination)
        self._kinds[_kind(examination)] += 1
        if self._is_first:
            self._is_first = False
            self.first_known.emit(examination.signed)
        if not self._unknown:
            self._tell(self._words())

    def _on_stage(self) -> None:
        if self._signing.stage is Stage.SIGNING and not self._unknown:
            self._tell("")  # what was not signed is about to be

    def _look_at(self, names: Sequence[str]) -> None:
        self._looked_at = names
        self._looking.start()

    def _tell_looking(self) -> None:
        """Where it takes a while, the page would be empty until then, or seem to be complete."""
        from pathlib import Path

        from desktop.messages import plain

        if len(self._looked_at) == 1:
            self.told.emit(_("Looking at {name}").format(name=plain(Path(self._looked_at[0]).name)))
        else:
            self.told.emit(_("Looking at {count} documents").format(count=len(self._looked_at)))

    def _tell(self, words: str) -> None:
        self._looking.stop()
        self.told.emit(words)

    def _words(self) -> str:
        """Where all are together on the page that they were put on, they are seen there."""
        signed, count = self._kinds[_SIGNED], self._kinds.total()
        if signed == count or (signed == 0 and not self._to_verify):
            return ""
        return " · ".join(
            _(words).format(count=self._kinds[kind]) for kind, words in _WORDS.items() if self._kinds[kind]
        )


def _kind(examination: "Examination") -> int:
    if examination.signed:
        return _SIGNED
    return _TROUBLED if examination.error else _UNSIGNED  # of what cannot be looked into, nothing is claimed
