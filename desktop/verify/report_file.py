"""Writing a validation report to a file, in the form that its ending asks for. Free of Qt unless that is PDF."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.messages import _, describe, listed, set_language
from desktop.terminal.console import WrongUsage
from signing.report import ValidationReport


def require_possible(file: Path) -> None:
    """Before anything is verified. Raises WrongUsage where the report could not be written."""
    if file.suffix.lower() not in _FORMS:
        raise WrongUsage(_("A report is written as {endings}.").format(endings=listed(_FORMS)))
    if file.exists() or file.is_symlink():
        raise WrongUsage(_("The file for the report exists already; it is not written over."))
    if file.suffix.lower() == ".pdf":
        try:
            import desktop.verify.report_pdf  # noqa: F401 - only whether it can be loaded
        except ImportError as error:
            raise WrongUsage(_("PDF needs Qt, which does not run on this computer. Choose .html instead.")) from error


def write_report(file: Path, reports: Sequence[ValidationReport]) -> None:
    """Never over a file. Raises WrongUsage where it cannot be written."""
    content = _FORMS[file.suffix.lower()](reports)
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise WrongUsage(_("The report could not be written there.")) from error


def save_report(file: Path, reports: Sequence[ValidationReport], language: str) -> str | None:
    """The same in a helper of the window: None, or in this language why it was not possible."""
    set_language(language)
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a page is drawn without a screen
    try:
        require_possible(file)
        write_report(file, reports)
    except WrongUsage as refusal:
        return str(refusal)
    return None


def json_of(reports: Sequence[ValidationReport], *, paths: Sequence[str] | None = None) -> str:
    """The object of `verify --json`. `paths`: the files as they were given, where that is known."""
    from signing.export.json import to_json

    return to_json(reports, text=lambda problem: describe(problem).text, paths=paths)


def _json(reports: Sequence[ValidationReport]) -> bytes:
    return (json_of(reports) + "\n").encode()


def _csv(reports: Sequence[ValidationReport]) -> bytes:
    from signing.export.table import to_csv

    return to_csv(reports).encode()


def _xml(reports: Sequence[ValidationReport]) -> bytes:
    from signing.export.etsi import to_etsi

    content = to_etsi(reports)
    if content is None:
        raise WrongUsage(_("There is no signature to report on: the ETSI form needs at least one."))
    return content


def _html(reports: Sequence[ValidationReport]) -> bytes:
    from desktop.verify.report_page import page_of
    from signing.export.page import to_html

    return to_html(page_of(reports)).encode()


def _pdf(reports: Sequence[ValidationReport]) -> bytes:
    from desktop.verify.report_pdf import to_pdf

    return to_pdf(_html(reports).decode(), _("Result of the verification"))


_FORMS: dict[str, Callable[[Sequence[ValidationReport]], bytes]] = {
    ".json": _json,
    ".csv": _csv,
    ".xml": _xml,
    ".html": _html,
    ".pdf": _pdf,
}
