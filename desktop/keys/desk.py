"""What the window signs with, if not with the card: a certificate file or a token, opened off the window's thread."""

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PyQt6.QtCore import QObject, pyqtSignal

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop.jobs import JobQueue
    from desktop.keys.conversation import KeySession
    from desktop.keys.memory import KnownKeys
    from signing.credential import Credential
    from signing.errors import UserFacingError
    from signing.keys.pkcs11 import TokenFacts


class OtherKey(NamedTuple):
    """`token` is None for a certificate file; `path` is that of the file, or of the library of the token."""

    path: "Path"
    token: "TokenFacts | None" = None


class _Opening(NamedTuple):
    """A session that was asked for; `password` is there where it is to be kept."""

    session: "KeySession"
    key: OtherKey
    password: str | None


class KeyDesk(QObject):
    """`chosen` is None for the card. `remember` and `keep` are consents, for the path and for the password."""

    changed = pyqtSignal()  # another key was chosen
    opened = pyqtSignal(object)  # credentials that may sign
    refused = pyqtSignal(object)  # UserFacingError: it was not opened
    listed = pyqtSignal(object)  # the tokens behind a library, or UserFacingError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen: OtherKey | None = None
        self.remember = self.keep = False
        self._session: KeySession | None = None  # open
        self._opening: _Opening | None = None  # about to be
        self._queue: JobQueue | None = None

    def use(self, key: OtherKey | None) -> None:
        self.chosen = key
        self.remember = key is not None and str(key.path) in (*self.known.files, *self.known.modules)
        self.keep = False
        self.changed.emit()

    @property
    def known(self) -> "KnownKeys":
        """What was used before, with consent."""
        from desktop.keys.memory import load_known_keys

        return load_known_keys()

    def forget(self) -> None:
        """The list and the passwords of its files."""
        from desktop.keys.memory import forget_keys

        forget_keys()

    def look_for_tokens(self, module: "Path") -> None:
        """Load the library in a helper process and ask it; `listed` tells."""
        self._submit(partial(_tokens, module), self.listed.emit, self.listed.emit)

    def saved_password(self) -> str | None:
        """Of the chosen file. May wait for the keyring."""
        from desktop.keys.memory import entry_of
        from desktop.passwords import kept
        from signing.errors import KeyringUnavailable

        if self.chosen is None or self.chosen.token:
            return None
        try:
            return kept.kept(entry_of(str(self.chosen.path)))
        except KeyringUnavailable:
            return None

    def open(self, text: str) -> None:
        """Open the chosen key; `opened` or `refused` tells. It stays open until `close`."""
        assert self.chosen  # noqa: S101 - asked for by a dialog about it
        self.close()
        self._opening = opening = _Opening(_session(self.chosen), self.chosen, text if self.keep else None)
        self._submit(partial(_open, opening, bytearray(text.encode())), self._on_opened, self.refused.emit)

    def close(self) -> None:
        """Log out; what is being opened is not waited for."""
        if self._opening:
            self._opening.session.stop()
            self._opening = None
        if session := self._session:
            self._session = None
            self._submit(session.close, lambda _done: None, lambda _error: None)

    def shut_down(self) -> None:
        self.close()
        if self._queue:
            self._queue.shut_down()

    def _on_opened(self, outcome: "tuple[_Opening, UserFacingError | None]") -> None:
        opening, error = outcome
        if opening is not self._opening:  # nobody wants it any more
            self._submit(opening.session.close, lambda _done: None, lambda _error: None)
            return
        self._opening = None
        if error:
            self.refused.emit(error)
            return
        self._session = opening.session
        self._keep(opening.key, opening.password)
        self.opened.emit(opening.session.credentials)

    def _keep(self, key: OtherKey, password: str | None) -> None:
        """What the person consented to; where it cannot be kept, the signature is not held up by that."""
        import contextlib

        from desktop.keys.memory import entry_of, save_known_keys
        from desktop.passwords import kept
        from signing.errors import UserFacingError

        with contextlib.suppress(UserFacingError):
            if self.remember:
                path = str(key.path)
                save_known_keys(self.known.with_module(path) if key.token else self.known.with_file(path))
        with contextlib.suppress(UserFacingError):
            if password is not None:
                kept.keep(entry_of(str(key.path)), password)

    def _submit(
        self,
        work: "Callable[[], object]",
        done: "Callable[[Any], None]",
        failed: "Callable[[UserFacingError], None]",
    ) -> None:
        if self._queue is None:
            from desktop.jobs import JobQueue

            self._queue = JobQueue(self)
        self._queue.submit(work, done=done, failed=failed)


def _session(key: OtherKey) -> "KeySession":
    from desktop.keys.conversation import KeySession, OpenFile, OpenToken

    return KeySession(OpenToken(key.path, key.token.slot, key.token.has_keypad) if key.token else OpenFile(key.path))


# These run off the window's thread.


def _tokens(module: "Path") -> "tuple[TokenFacts, ...]":
    from desktop.keys.conversation import tokens_behind

    return tokens_behind(module)


def _open(opening: _Opening, secret: bytearray) -> "tuple[_Opening, UserFacingError | None]":
    from signing.errors import UserFacingError

    try:
        opening.session.open(secret)
    except UserFacingError as error:
        return opening, error
    return opening, None


def preferred(credentials: "Sequence[Credential]") -> "list[Credential]":
    """Those that run today before those that do not."""
    from datetime import UTC, datetime

    from signing.certificate import certificate_facts

    def ended(credential: "Credential") -> bool:
        return certificate_facts(credential.certification_path[0]).not_after < datetime.now(UTC)

    return sorted(credentials, key=ended)
