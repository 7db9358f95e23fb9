"""Opens what a document says: pages, a tree, or where neither is there what is known of the file."""

from pathlib import Path

from PyQt6.QtWidgets import QWidget

from desktop.content.file_dialog import FileDialog
from desktop.content.page_dialog import PageDialog
from desktop.content.view import ContentDialog
from desktop.document_desk import DocumentDesk
from signing.document import Document, Kind
from signing.profile import Profile
from signing.report import ValidationReport


def open_content(
    documents: DocumentDesk,
    file: Document | Path,
    window: QWidget,
    *,
    report: ValidationReport | None = None,
    holds: bool | None = None,
    profile: Profile | None = None,
) -> None:
    """`report` is what verification established of it, and `holds` whether its signatures do, where that is known;
    `profile` is what it is to be signed with."""
    kind = file.kind if isinstance(file, Document) else report and report.kind
    if kind is Kind.PDF:
        PageDialog(documents, file, window).open()
    elif isinstance(file, Document) and kind is not Kind.XML:
        FileDialog(documents, file, window).open()
    else:
        ContentDialog(documents, file, window, holds=holds, profile=profile).open()
