"""The files that options name: the certificates of `--trust`, and what is wrong with a file."""

from collections.abc import Iterable
from pathlib import Path

from desktop.messages import describe, plain
from desktop.terminal.console import WrongUsage
from signing.errors import DocumentError, UserFacingError
from signing.trust import read_certificates


def anchors_in(files: Iterable[Path]) -> tuple[bytes, ...]:
    """All of them, in DER. Raises WrongUsage, which names the file that holds none."""
    return tuple(der for file in files for der in _certificates(file))


def _certificates(file: Path) -> tuple[bytes, ...]:
    try:
        return read_certificates(file)
    except UserFacingError as error:
        raise wrong_file("--trust", file, error) from error


def wrong_file(option: str, file: Path, error: UserFacingError) -> WrongUsage:
    """What is wrong with the file that an option names."""
    words = describe(error)
    # What else a document in its place would be good for is not the question here.
    told = words.title if isinstance(error, DocumentError) else words.text
    return WrongUsage(f"{option} {plain(str(file))}: {told}")
