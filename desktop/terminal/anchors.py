"""The certificates that `--trust` names."""

from collections.abc import Iterable
from pathlib import Path

from desktop.messages import describe, plain
from desktop.terminal.console import WrongUsage
from signing.errors import UserFacingError
from signing.trust import read_certificates


def anchors_in(files: Iterable[Path]) -> tuple[bytes, ...]:
    """All of them, in DER. Raises WrongUsage, which names the file that holds none."""
    return tuple(der for file in files for der in _certificates(file))


def _certificates(file: Path) -> tuple[bytes, ...]:
    try:
        return read_certificates(file)
    except UserFacingError as error:
        raise WrongUsage(f"--trust {plain(str(file))}: {describe(error).text}") from error
