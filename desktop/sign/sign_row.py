"""One document on the Sign page: where it goes, what was found, and what became of it."""

from typing import TYPE_CHECKING

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from pathlib import Path

    from desktop.time.desk import WaitingItem
    from desktop.work.questions import Examination
    from signing.destination import Destination, Refusal
    from signing.document import Document
    from signing.errors import UserFacingError
    from signing.job import FailedFile, Rehearsal, SignedFile, UnstampedFile
    from signing.note import Note
    from signing.pdf.options import PdfOptions


class SignRow:
    """One document. `examination` is None while it is being looked at, `outcome` until it was signed or failed.

    `destination` is None until it is known which one suits; `document` stays while it is looked at again. `options`
    are None as long as nothing was chosen.
    """

    def __init__(self, path: "Path") -> None:
        self.path = path
        self.destination: Destination | None = None
        self.options: PdfOptions | None = None
        self.findings: tuple[Note, ...] | None = None  # what may be a My Number in it; None until it was looked for
        self.password = ""  # of an encrypted document
        self.document: Document | None = None
        self.examination: Examination | None = None
        self.outcome: SignedFile | UnstampedFile | FailedFile | None = None
        self.waiting: WaitingItem | None = None  # for its time stamp
        self.setback: UserFacingError | None = None  # why it was not signed the last time; it can be tried again

    def take(self, examination: "Examination") -> None:
        """Know what was found, unless it is about something else than what is wanted by now."""
        wanted = self.destination.profile if self.destination else examination.profile
        if wanted is not examination.profile or (self.options and self.options != examination.options):
            return
        self.examination, self.document = examination, examination.document
        if self.destination is None and wanted:
            from signing.destination import destination_named

            self.destination = destination_named(wanted)

    def refusals(self) -> "list[Refusal]":
        """What its destination would refuse of it."""
        if not (self.destination and self.document and self.rehearsal):
            return []
        from signing.destination import refusals

        return refusals(self.destination, self.document)

    @property
    def sealable(self) -> bool:
        """Whether its signature can have a seal."""
        is_pdf = self.document is not None and self.destination is not None and self.destination.is_pdf
        return is_pdf and not self.outcome and not self.locked

    @property
    def locked(self) -> bool:
        """Whether it waits for its password: nothing of it can be shown."""
        return getattr(self.examination and self.examination.error, "code", "") == "document.encrypted"

    @property
    def failed(self) -> bool:
        """Whether it cannot be signed, or could not."""
        return getattr(self.outcome or self.examination, "error", None) is not None

    @property
    def rehearsal(self) -> "Rehearsal | None":
        return self.examination.rehearsal if self.examination else None
