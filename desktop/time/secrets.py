"""Passwords for time-stamping authorities, by the address that each was entered for."""

from desktop.passwords import kept
from desktop.passwords.kept import has_keyring
from desktop.time.authorities import Authority

__all__ = ["forget_password", "has_keyring", "save_password", "saved_password"]


def saved_password(authority: Authority) -> str | None:
    """None where none was saved. May wait for the person to unlock the keyring. Raises KeyringUnavailable."""
    return kept.kept(_entry(authority))


def save_password(authority: Authority, password: str) -> None:
    """Raises KeyringUnavailable; then nothing was stored anywhere."""
    kept.keep(_entry(authority), password)


def forget_password(authority: Authority) -> None:
    """Never raises: where there is no keyring there is nothing to forget."""
    kept.forget(_entry(authority))


def _entry(authority: Authority) -> str:
    # By address: a password is never sent to another server than the one that it was entered for.
    return f"time-stamps {authority.user or authority.client_certificate} {authority.address}"
