"""The documents on the Sign page and what becomes of them; the page only shows this."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from desktop.card.desk import CardDesk
from desktop.document_desk import DocumentDesk
from desktop.keys.desk import KeyDesk
from desktop.sign.session import card_session, key_session
from desktop.sign.sign_row import SignRow

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.time.desk import TimeDesk, WaitingItem
    from desktop.work.questions import Examination
    from desktop.work.worker import RemoteBatch, Worker
    from signing.card.pin import SignaturePin
    from signing.credential import Credential
    from signing.destination import Destination, Refusal
    from signing.document import Document
    from signing.errors import UserFacingError
    from signing.job import FailedFile, Rehearsal, SignedFile, UnstampedFile
    from signing.note import Note
    from signing.pdf.options import PdfOptions

_DIGEST_EVERY = 80  # milliseconds


class Stage(Enum):
    LISTING = auto()  # documents are chosen
    ASKING = auto()  # they are staged while the password is asked for
    SIGNING = auto()
    DONE = auto()


class SignDesk(QObject):
    """Examines what is added, and signs it with one card session."""

    rows_changed = pyqtSignal()  # rows came or went
    row_changed = pyqtSignal(object)  # one SignRow
    stage_changed = pyqtSignal()
    digests_changed = pyqtSignal()
    trust_changed = pyqtSignal()  # as TimeDesk tells it
    refused = pyqtSignal(object)  # UserFacingError: nothing was signed, the password may be asked for again
    _outcome = pyqtSignal(object)
    _certificate = pyqtSignal(bytes)

    def __init__(self, documents: DocumentDesk, cards: CardDesk, refuge: "Callable[[], Path]") -> None:
        super().__init__()
        self.rows: list[SignRow] = []
        self.stage = Stage.LISTING
        self.digests: list[str | UserFacingError] = []
        self.signing: list[SignRow] = []
        self._documents, self._cards, self._refuge = documents, cards, refuge
        self.keys = KeyDesk(self)
        self._practice = cards.practice
        self._time: TimeDesk | None = None
        self._worker: Worker | None = None
        self._batch: RemoteBatch | None = None
        self.cancelling = False
        self._opening = 0  # which of the batches opened so far is the one that is wanted
        self._digest_timer = QTimer(self)
        self._digest_timer.setInterval(_DIGEST_EVERY)
        self._digest_timer.timeout.connect(self._take_digests)
        documents.examined.connect(self._on_examined)
        documents.searched.connect(self._on_searched)
        cards.changed.connect(self._on_card)
        self.keys.changed.connect(self._on_card)
        self._outcome.connect(self._on_outcome)
        self._certificate.connect(cards.know_certificate)

    # --- the list

    def add(self, paths: "Sequence[Path]") -> None:
        """Add documents that are not there yet; what was signed before makes room."""
        if self.stage is Stage.DONE:
            self.clear()
        known = {row.path for row in self.rows}
        added = [SignRow(path) for path in dict.fromkeys(paths) if path not in known]
        self.rows += added
        if added:
            self.rows_changed.emit()
        for row in added:
            self._examine(row)

    def admit(self, examination: "Examination") -> None:
        """Add a document that was examined already."""
        if self.stage is Stage.DONE:
            self.clear()
        if all(row.path != examination.path for row in self.rows):
            row = SignRow(examination.path)
            self.rows.append(row)
            self._take(row, examination)
            self.rows_changed.emit()

    def remove(self, row: SignRow) -> None:
        self.rows.remove(row)
        self.rows_changed.emit()

    def clear(self) -> None:
        self.rows = []
        self._enter(Stage.LISTING)
        self.rows_changed.emit()

    def choose(self, row: SignRow, destination: "Destination") -> None:
        """Say where a document goes."""
        if destination == row.destination:
            return
        same_form = row.destination is not None and row.destination.profile is destination.profile
        row.destination = destination
        if same_form and row.examination:
            self.row_changed.emit(row)
        else:
            self._examine(row)

    def choose_for_all(self, destination: "Destination") -> None:
        """Say where all documents go that can go there."""
        for row in self.rows:
            if row.outcome is None and row.document and destination.takes(row.document.kind):
                self.choose(row, destination)

    def set_options(self, rows: "Sequence[SignRow]", options: "PdfOptions") -> None:
        """Choose the seal, the field and what may change afterwards."""
        for row in rows:
            if options != row.options and row.outcome is None:
                row.options = options
                self._examine(row)

    def refusals_together(self) -> "list[tuple[Destination, Refusal]]":
        """What destinations would refuse of the documents as one submission."""
        from signing.destination import refusals_together

        rows = [row for row in self.ready_rows() if row.destination and row.document]
        places = list(dict.fromkeys(row.destination for row in rows if row.destination))
        return [
            (place, refusal)
            for place in places
            for refusal in refusals_together(place, [r.document for r in rows if r.document and r.destination == place])
        ]

    def unlock(self, row: SignRow, password: str) -> None:
        """Look again at an encrypted document, with its password."""
        row.password = password
        self._examine(row)

    @property
    def practice(self) -> bool:
        """Whether the practice card is the one in use."""
        return self._cards.practice and self.keys.chosen is None

    @property
    def has_key(self) -> bool:
        """Whether there is something to sign with."""
        return self._cards.ready or self.keys.chosen is not None

    @property
    def documents(self) -> DocumentDesk:
        return self._documents

    @property
    def time(self) -> "TimeDesk":
        """Whose time stamps the signatures get; made when it is first asked for."""
        if self._time is None:
            from desktop.time.desk import TimeDesk

            self._time = TimeDesk(self)
            self._time.item_changed.connect(self._on_time)
            self._time.trust_changed.connect(self.trust_changed)
        return self._time

    def waiting_elsewhere(self) -> "list[WaitingItem]":
        """What waits for a time stamp and is not among the rows."""
        shown = [row.waiting for row in self.rows]
        return [item for item in self._time.items if item not in shown] if self._time else []

    def sealable_rows(self) -> list[SignRow]:
        """Documents whose signature can have a seal."""
        return [row for row in self.rows if row.sealable]

    def ready_rows(self) -> list[SignRow]:
        return [row for row in self.rows if row.rehearsal and row.outcome is None]

    def signed(self) -> int:
        """How many were signed."""
        from signing.job import SignedFile, UnstampedFile

        return sum(isinstance(row.outcome, SignedFile | UnstampedFile) for row in self.rows)

    def _examine(self, row: SignRow) -> None:
        row.examination = None
        self.row_changed.emit(row)
        profile = row.destination.profile if row.destination else None
        practice, password = self.practice, row.password
        self._documents.examine(row.path, profile, practice=practice, password=password, options=row.options)

    def _on_examined(self, examination: "Examination") -> None:
        for row in self.rows:
            if row.path == examination.path:
                self._take(row, examination)
                self.row_changed.emit(row)

    def _take(self, row: SignRow, examination: "Examination") -> None:
        """What is new goes where the settings say, if it can."""
        new = row.destination is None
        row.take(examination)
        self._search(row)
        if new and row.document and (usual := _usual_destination(row.document)) and usual != row.destination:
            self.choose(row, usual)

    def _search(self, row: SignRow) -> None:
        """Look for a My Number in it, once."""
        if row.document and row.findings is None and row.document.kind in ("pdf", "xml"):
            row.findings = ()
            self._documents.search(row.document)

    def _on_searched(self, path: "Path", findings: "tuple[Note, ...]") -> None:
        for row in self.rows:
            if row.path == path and findings:
                row.findings = findings
                self.row_changed.emit(row)

    def _on_card(self) -> None:
        if self.practice is not self._practice:  # the names of the outputs tell the two apart
            self._practice = self.practice
            for row in self.rows:
                if row.outcome is None:
                    self._examine(row)

    # --- signing

    def prepare(self) -> None:
        """Begin to stage what is ready, and read the card once more: the password is about to be asked for."""
        self.signing, self.digests = self.ready_rows(), []
        for row in self.signing:
            row.setback = None
        self.cancelling = False
        self._opening += 1
        self._enter(Stage.ASKING)
        rehearsals = [row.rehearsal for row in self.signing if row.rehearsal]
        work = partial(self._open_batch, rehearsals, self._opening, stamped=self.time.signing)
        self._cards.submit(work, done=self._on_opened, failed=self._on_failed)
        if self.keys.chosen is None:
            self._cards.read()

    def sign(self, pin: "SignaturePin") -> None:
        """Sign what was prepared. `pin` is wiped, whatever happens."""
        from signing.errors import CardRemoved

        self._digest_timer.stop()
        readers, facts = self._cards.readers, self._cards.facts
        if not (readers and facts and self._batch):  # the card went at this very moment
            pin.wipe()
            self._on_failed(CardRemoved())
            return
        self._enter(Stage.SIGNING)
        issuer = facts.signature_ca_certificate
        session = partial(card_session, readers, facts, pin, [issuer] if issuer else [])
        work = partial(self._sign_all, session, self._batch)
        self._cards.submit(work, done=self._on_finished, failed=self._on_failed)

    def sign_with(self, credential: "Credential") -> None:
        """Sign what was prepared with a key that is no card's, and is open."""
        self._digest_timer.stop()
        if self._batch is None:
            from signing.errors import WorkerStopped

            self._on_failed(WorkerStopped())
            return
        self._enter(Stage.SIGNING)
        work = partial(self._sign_all, partial(key_session, credential), self._batch)
        self._cards.submit(work, done=self._on_finished, failed=self._on_failed)

    def cancel(self) -> None:
        """Before the password was sent: nothing is signed. After: stop before the next file."""
        self.cancelling = True
        if self.stage is Stage.ASKING:
            self._digest_timer.stop()
            self.keys.close()
            self._opening += 1
            self._cards.submit(self._abandon, done=self._on_abandoned, failed=self._on_abandoned)
            self._enter(Stage.LISTING)

    def shut_down(self) -> None:
        """Call when the card queue has ended."""
        self.keys.shut_down()
        if self._time:
            self._time.shut_down()
        if self._worker:
            self._worker.close()

    # These run in the card's thread.

    def _open_batch(self, rehearsals: "Sequence[Rehearsal]", opening: int, *, stamped: bool) -> int:
        from desktop.places import waiting_folder
        from desktop.work.worker import RemoteBatch, Worker

        self._worker = self._worker or Worker()
        self._batch = RemoteBatch(self._worker, rehearsals, self._refuge(), waiting_folder() if stamped else None)
        return opening

    def _sign_all(self, session: Callable[..., Iterator[object]], batch: "RemoteBatch") -> None:
        for outcome in session(batch, lambda: self.cancelling, self._certificate.emit):
            self._outcome.emit(outcome)

    def _abandon(self) -> None:
        if self._batch:
            self._batch.abandon()
            self._batch = None

    # These run in the window's thread.

    def _on_opened(self, opening: int) -> None:
        if self.stage is Stage.ASKING and opening == self._opening:
            self._digest_timer.start()

    def _take_digests(self) -> None:
        if self._batch and len(self.digests) < len(self.signing):
            self.digests = list(self._batch.digests())
            self.digests_changed.emit()

    def _on_outcome(self, outcome: "SignedFile | UnstampedFile | FailedFile") -> None:
        from signing.errors import CardError, KeySourceError
        from signing.job import FailedFile, UnstampedFile

        for row in self.signing:
            if row.rehearsal and row.rehearsal.job == outcome.job and row.outcome is None:
                if isinstance(outcome, FailedFile) and isinstance(outcome.error, CardError | KeySourceError):
                    row.setback = outcome.error  # nothing is wrong with the document: it stays for another try
                else:
                    row.outcome = outcome
                if isinstance(outcome, UnstampedFile):
                    row.waiting = self.time.add(outcome.waiting, row.password)
                self.row_changed.emit(row)
                return

    def _on_time(self, item: "WaitingItem") -> None:
        """A time stamp is there, or not."""
        from signing.job import SignedFile, UnstampedFile

        for row in self.rows:
            if row.waiting is item and isinstance(row.outcome, UnstampedFile):
                file, settled = item.file, item.settled
                if settled:
                    job = row.outcome.job
                    row.outcome = SignedFile(job, settled.path, file.sha256, file.practice, settled.rescued)
                elif item.gone:
                    self.remove(row)
                    return
                self.row_changed.emit(row)
                return

    def _on_finished(self, _: object) -> None:
        self._batch = None
        self.keys.close()
        self._enter(Stage.LISTING if self.ready_rows() else Stage.DONE)  # where it was cancelled, some are left
        self._cards.read()

    def _on_failed(self, error: "UserFacingError") -> None:
        self._cards.read()  # the counter may have changed
        if any(row.outcome for row in self.signing):
            self._set_back(error)
            self._on_finished(None)
            return
        self._enter(Stage.ASKING)
        if self._batch:
            self._digest_timer.start()  # the password may have come before all digests
        self.refused.emit(error)

    def _set_back(self, error: "UserFacingError") -> None:
        for row in self.signing:
            if row.outcome is None:
                row.setback = error
                self.row_changed.emit(row)

    def _on_abandoned(self, _: object) -> None:
        for row in self.signing:
            if row in self.rows and row.outcome is None:
                self._examine(row)

    def _enter(self, stage: Stage) -> None:
        if stage is not self.stage:
            self.stage = stage
            self.stage_changed.emit()


def _usual_destination(document: "Document") -> "Destination | None":
    """Where the person sends PDFs as a rule."""
    from desktop.settings import load_settings
    from signing.destination import DESTINATIONS

    chosen = load_settings().destination if document.kind == "pdf" else ""
    return next((place for place in DESTINATIONS if place.name == chosen and place.takes(document.kind)), None)
