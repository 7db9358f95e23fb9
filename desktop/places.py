"""Where the program keeps what is its own, and where it finds what came with it."""

import os
import sys
from pathlib import Path

_RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def home() -> Path:
    """Of this user. Where there is none, as for some services, a place where nothing is and nothing can be made."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)


def data_folder() -> Path:
    """The folder of this program among the data of this user; it may not exist yet."""
    if sys.platform == "win32":
        return _from_environment("LOCALAPPDATA", home() / "AppData" / "Local") / "Jitsuin"
    if sys.platform == "darwin":
        return home() / "Library" / "Application Support" / "Jitsuin"
    return _from_environment("XDG_DATA_HOME", home() / ".local" / "share") / "jitsuin"


def reminders_file() -> Path:
    """What to be reminded of, if the person wants that."""
    return config_folder() / "reminders.json"


def config_folder() -> Path:
    """The folder of this program among the settings of this user; it may not exist yet."""
    if sys.platform in ("win32", "darwin"):
        return data_folder()
    return _from_environment("XDG_CONFIG_HOME", home() / ".config") / "jitsuin"


def renewal_rules_file() -> Path:
    """The rules of expiry and renewal, as a table."""
    return _RESOURCES / "rules" / "renewal.toml"


def guides_folder() -> Path:
    """The guides, one file for each and each language."""
    return _RESOURCES / "guides"


def icons_folder() -> Path:
    """The icons of the window, drawn in SVG."""
    return _RESOURCES / "icons"


def icon_file() -> Path:
    """The icon of the program."""
    return icons_folder() / "jitsuin.svg"


def application_icons_folder() -> Path:
    """The icon of the program as files for each size, named by the size, and one that can be any size."""
    return _RESOURCES / "application"


def build_file() -> Path:
    """What was written when the program was frozen; not there beside the source."""
    return _RESOURCES / "build.json"


def licences_folder() -> Path:
    """The licences of all parts of the frozen program; not there beside the source."""
    return _RESOURCES.parent / "licences"


def project_file() -> Path:
    """What the source says of itself; not there in the frozen program."""
    return _RESOURCES.parent / "pyproject.toml"


def integration_file() -> Path:
    """What was made when the program was put into the file managers."""
    return config_folder() / "integration.json"


def anchors_folder() -> Path:
    """The certificates that the person chose to believe."""
    return data_folder() / "trusted"


def practice_folder() -> Path:
    """The keys and certificates of the practice card, made on first use."""
    return data_folder() / "practice"


def refuge_folder() -> Path:
    """Where a file goes that the card has signed, and whose own folder failed at that moment."""
    return data_folder() / "rescued"


def waiting_folder() -> Path:
    """Where signed files wait for their time stamp."""
    return data_folder() / "waiting"


def timestamps_file() -> Path:
    """The time-stamping authorities that the person added; no password is in it."""
    return config_folder() / "timestamps.json"


def keys_file() -> Path:
    """Where certificate files and token libraries are that the person wants listed; no password is in it."""
    return config_folder() / "keys.json"


def _from_environment(variable: str, otherwise: Path) -> Path:
    # XDG Base Directory Specification: a relative path is to be ignored.
    given = Path(os.environ.get(variable, ""))
    return given if given.is_absolute() else otherwise
