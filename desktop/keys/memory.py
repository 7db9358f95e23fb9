"""Which certificate files and token libraries were used, by their place alone, and only where the person wants that."""

import contextlib
from typing import NamedTuple

from desktop.choices import put_aside, read_choices, write_choices
from desktop.places import keys_file
from signing.errors import ChoicesUnreadable, DestinationNotWritable

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
    with contextlib.suppress(ChoicesUnreadable):
        return _load() or KnownKeys()
    return KnownKeys()


def save_known_keys(known: KnownKeys) -> None:
    """What cannot be read is kept aside. Raises DestinationNotWritable."""
    try:
        try:
            _load()
        except ChoicesUnreadable:
            put_aside(keys_file())
        write_choices(keys_file(), known._asdict())
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


def _load() -> KnownKeys | None:
    return read_choices(keys_file(), lambda saved: KnownKeys(_paths(saved["files"]), _paths(saved["modules"])))


def _paths(saved: list[str]) -> tuple[str, ...]:
    if not all(isinstance(each, str) for each in saved):
        raise TypeError
    return tuple(saved[:_MOST])
