"""What was made and what was not, and why: for every document, as a table that can be kept."""

from collections.abc import Iterable, Sequence

from desktop.file_saving import save_new
from desktop.look.said import Said
from desktop.look.widgets import button
from desktop.messages import describe
from desktop.sign.desk import SignDesk
from desktop.sign.sign_row import SignRow
from desktop.words.translation import _
from signing.errors import UserFacingError
from signing.export.table import table_of
from signing.job import SignedFile, UnstampedFile


class ResultList(Said):
    """`button` belongs wherever it is wanted; this shows how it went."""

    def __init__(self, desk: SignDesk) -> None:
        super().__init__()
        self._desk = desk
        self.button = button(_("Save this list"), self._choose, "link", icon="document")

    def show_state(self, *, there: bool) -> None:
        """Offer it where there is something to tell."""
        self.button.setVisible(there)
        if not there:
            self.unsay()

    def _choose(self) -> None:
        rows = self._desk.rows
        name = rows[0].path.with_name(_("Signed documents") + ".csv")
        content = results_as_table(rows).encode()
        save_new(self.window() or self, self.button.text(), str(name), content, told=self.say)


def results_as_table(rows: Iterable[SignRow]) -> str:
    """CSV (RFC 4180), a line for each document; the digest is that of the original."""
    header = (_("Document"), _("Result"), _("What was made"), "SHA-256", _("Why"), _("Code"))
    return table_of(header, [_line(row) for row in rows])


def _line(row: SignRow) -> Sequence[str]:
    match row.outcome:
        case SignedFile(path=path, sha256=sha256, practice=practice, rescued=rescued):
            words = _("signed for practice") if practice else _("signed")
            why = _("It could not be put into its folder.") if rescued else ""
            return str(row.path), words, str(path), sha256, why, ""
        case UnstampedFile(waiting=waiting):
            return str(row.path), _("signed, waits for its time stamp"), "", waiting.sha256, "", ""
    error: UserFacingError | None = getattr(row.outcome or row.examination, "error", None) or row.setback
    why, code = (describe(error).text, error.code) if error else (_("It was not its turn any more."), "")
    return str(row.path), _("not signed"), "", "", why, code
