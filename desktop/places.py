"""Where the program keeps what is its own: the practice card, and signed files whose own folder failed."""

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """The folder of this program among the data of this user; it may not exist yet."""
    if sys.platform == "win32":
        return _from_environment("LOCALAPPDATA", Path.home() / "AppData" / "Local") / "Jitsuin"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Jitsuin"
    return _from_environment("XDG_DATA_HOME", Path.home() / ".local" / "share") / "jitsuin"


def practice_folder() -> Path:
    """The keys and certificates of the practice card, made on first use."""
    return data_folder() / "practice"


def refuge_folder() -> Path:
    """Where a file goes that the card has signed, and whose own folder failed at that moment."""
    return data_folder() / "rescued"


def _from_environment(variable: str, otherwise: Path) -> Path:
    # XDG Base Directory Specification: a relative path is to be ignored.
    given = Path(os.environ.get(variable, ""))
    return given if given.is_absolute() else otherwise
