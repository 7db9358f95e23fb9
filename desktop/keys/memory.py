"""Which certificate files and token libraries were used, by their place alone, and only where the person wants that."""

import contextlib
import json
from typing import NamedTuple

from desktop.places import keys_file
from signing.errors import DestinationNotWritable

_MOST = 8


class KnownKeys(NamedTuple):
    """Paths, the one used last first."""

    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    def with_file(self, path: str) -> "KnownKeys":
        return self._replace(files=(path, *(each for each in self.files if each != path))[:_MOST])

    def with_module(self, path: str) -> "KnownKeys":
        return self._replace(modules=(path, *(each for each in self.modules if each != path))[:_MOST])


def load_known_keys() -> KnownKeys:
    """What cannot be read counts as never kept."""
    try:
        saved = json.loads(keys_file().read_text(encoding="utf-8"))
        return KnownKeys(_paths(saved["files"]), _paths(saved["modules"]))
    except (OSError, ValueError, KeyError, TypeError):
        return KnownKeys()


def save_known_keys(known: KnownKeys) -> None:
    """Raises DestinationNotWritable."""
    path = keys_file()
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(known._asdict(), ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(path)
    except (OSError, UnicodeError) as error:  # a path need not be text
        raise DestinationNotWritable from error


def forget_keys() -> None:
    """The list, and every password of these files in the keyring."""
    from desktop.passwords import kept

    for path in load_known_keys().files:
        kept.forget(entry_of(path))
    with contextlib.suppress(OSError):
        keys_file().unlink(missing_ok=True)


def entry_of(path: str) -> str:
    """Under which the keyring has the password of a certificate file."""
    return f"certificate-file {path}"


def _paths(saved: list[str]) -> tuple[str, ...]:
    if not all(isinstance(each, str) for each in saved):
        raise TypeError
    return tuple(saved[:_MOST])
