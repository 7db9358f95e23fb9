"""The document as it was when somebody signed it, in a file of its own."""

from pathlib import Path

from signing.document import Document
from signing.staged_copy import StagedCopy


def save_signed_version(document: Document, signed_bytes: int, path: Path) -> None:
    """Write the first `signed_bytes` of the document (`SignatureReport.signed_bytes`) to a new file.

    Revisions are appended, so this is the signed one to the last byte, and every signature up to it holds in it.
    Raises DocumentError and DestinationError; DestinationExists where there is such a file, which stays as it is.
    """
    copy = StagedCopy(document, path.parent)
    try:
        copy.file.truncate(signed_bytes)
        copy.sync()
        copy.publish(path)
    finally:
        copy.close()
