"""What a document says, fetched by the helper process for a view of it. Free of Qt where it is imported."""

from dataclasses import dataclass
from pathlib import Path

from desktop.work.pool import Pool
from signing.content import Content, content_of, parts
from signing.document import Document
from signing.errors import StylesheetFailed, UserFacingError, WorkerStopped, WorkerTooSlow
from signing.profile import Profile

_SLOWEST = 1.0  # seconds for which the window may stand still, and no longer
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Preview:
    """The tree of the XML document `part` of a file; `parts` are all of them. Where `error` is set, there is none."""

    path: Path
    document: Document | None = None
    parts: tuple[str, ...] = ()
    part: str = ""
    content: Content | None = None
    error: UserFacingError | None = None


@dataclass(frozen=True, slots=True)
class FormPage:
    """A part as a page of sanitised HTML. Exactly one of `html` and `error` is set."""

    path: Path
    part: str
    html: str | None = None
    error: UserFacingError | None = None


def look_into(file: Document | Path, part: str, profile: Profile | None) -> Preview:
    """Runs in the helper. A file that was looked at before must still be the same; a profile is what will sign it."""
    path = file if isinstance(file, Path) else file.path
    found: tuple[str, ...] = ()
    try:
        document = Document.open(file) if isinstance(file, Path) else file
        found = parts(document)
        part = part if part in found else found[0]
        return Preview(path, document, found, part, content_of(document, part, profile))
    except UserFacingError as error:
        return Preview(path, None, found, part, error=error)


def require_quick(page: str) -> None:
    """Lay a stranger's page out in a process that can be ended: tables within tables take Qt years.

    Raises StylesheetFailed where the window would stand still over it.
    """
    trial = Pool()
    try:
        seconds = trial.call(_try_layout, page, seconds=_PATIENCE)
    except (WorkerStopped, WorkerTooSlow) as error:
        raise StylesheetFailed from error
    finally:
        trial.close()
    if seconds > _SLOWEST:
        raise StylesheetFailed


def _try_layout(page: str) -> float:
    from desktop.content.form_page import seconds_to_lay_out

    return seconds_to_lay_out(page)
