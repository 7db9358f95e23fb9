"""Passwords that the person wants kept, in the keyring of the system and nowhere else."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from signing.errors import KeyringUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "jitsuin"
# Others that could be installed keep what they are given in a file that can be read.
_OF_SYSTEMS = (
    *("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet"),
    *("keyring.backends.macOS", "keyring.backends.Windows"),
)


def kept(entry: str) -> str | None:
    """None where none is kept. May wait for the person to unlock the keyring. Raises KeyringUnavailable."""
    with _translated():
        return _keyring().get_password(_SERVICE, entry)


def keep(entry: str, password: str) -> None:
    """Raises KeyringUnavailable; then nothing was stored anywhere."""
    with _translated():
        _keyring().set_password(_SERVICE, entry, password)


def forget(entry: str) -> None:
    """Never raises: where there is no keyring there is nothing to forget."""
    with contextlib.suppress(KeyringUnavailable), _translated():
        keyring = _keyring()
        if keyring.get_password(_SERVICE, entry) is not None:
            keyring.delete_password(_SERVICE, entry)


def has_keyring() -> bool:
    """Whether the system has one; whether it is locked shows when it is used."""
    try:
        with _translated():
            _keyring()
    except KeyringUnavailable:
        return False
    return True


def _keyring() -> "KeyringBackend":
    import keyring

    chosen = keyring.get_keyring()
    for backend in getattr(chosen, "backends", [chosen]):
        if type(backend).__module__ in _OF_SYSTEMS:
            found: KeyringBackend = backend
            return found
    raise KeyringUnavailable


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except KeyringUnavailable:
        raise
    except Exception as error:  # each system's service raises its own kinds
        raise KeyringUnavailable from error
