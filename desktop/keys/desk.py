"""What the window signs with, if not with the card: a certificate file or a token, opened off the window's thread."""

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop.jobs import JobQueue
    from desktop.keys.conversation import KeySession, TokenSearch
    from desktop.keys.memory import KnownKeys
    from desktop.passwords.aside import Aside
    from signing.credential import OtherCredential
    from signing.errors import UserFacingError
    from signing.keys.pkcs11 import TokenFacts

_LAST_PATIENCE = 5000  # milliseconds


class OtherKey(NamedTuple):
    """`token` is None for a certificate file; `path` is that of the file, or of the library of the token."""

    path: "Path"
    token: "TokenFacts | None" = None


class _Opening(NamedTuple):
    """A session that was asked for; `password` is there where it is to be kept, `remember` is about the path."""

    session: "KeySession"
    key: OtherKey
    password: str | None
    remember: bool


class Kept(NamedTuple):
    """What the keyring has of a file. `possible`: there is a keyring."""

    path: "Path"
    password: str | None
    possible: bool


class KeyDesk(QObject):
    """`chosen` is None for the card. `remember` and `keep` are consents, for the path and for the password."""

    changed = pyqtSignal()  # another key was chosen
    opened = pyqtSignal(object)  # credentials that may sign
    refused = pyqtSignal(object)  # UserFacingError: it was not opened
    looked = pyqtSignal(object)  # Kept, or UserFacingError
    listed = pyqtSignal(object)  # the tokens behind a library, or UserFacingError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chosen: OtherKey | None = None
        self.remember = self.keep = False
        self._session: KeySession | None = None  # open
        self._opening: _Opening | None = None  # about to be
        self._search: TokenSearch | None = None
        self._queue: JobQueue | None = None
        self._aside: Aside | None = None

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

        self._do_aside(forget_keys, lambda _done: None)

    def look_for_tokens(self, module: "Path") -> None:
        """Load the library in a helper process and ask it; `listed` tells."""
        from desktop.keys.conversation import TokenSearch

        self._search = TokenSearch()
        self._submit(partial(self._search.ask, module), self._on_listed, self._on_listed)

    def look_into_keyring(self) -> None:
        """For the password of the chosen file; `looked` tells. The keyring may wait for the person."""
        assert self.chosen  # noqa: S101 - asked for by a dialog about it
        self._do_aside(partial(_looked, self.chosen.path), self.looked.emit)

    def open(self, text: str) -> None:
        """Open the chosen key; `opened` or `refused` tells. It stays open until `close`."""
        assert self.chosen  # noqa: S101 - asked for by a dialog about it
        self.close()
        self._opening = opening = _Opening(
            _session(self.chosen), self.chosen, text if self.keep else None, self.remember
        )
        self._submit(partial(_open, opening, bytearray(text.encode())), self._on_opened, self.refused.emit)

    def close(self) -> None:
        """Log out; what is being opened is not waited for."""
        if self._opening:
            self._opening.session.stop()
            self._opening = None
        if session := self._session:
            self._session = None
            self._submit(session.close, lambda _done: None, lambda _error: None)

    def hurry(self) -> None:
        """What the open key has been asked is waited for a little, and for the last time."""
        if self._session:
            QTimer.singleShot(_LAST_PATIENCE, self._session.stop)

    def shut_down(self) -> None:
        self.close()
        if self._search:
            self._search.stop()
        if self._queue:
            self._queue.shut_down()

    def _on_listed(self, answer: "tuple[TokenFacts, ...] | UserFacingError") -> None:
        self.listed.emit(answer)

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
        if opening.password is not None:
            self._do_aside(partial(_keep, opening.key.path, opening.password), lambda _kept: None)
        self.opened.emit(opening.session.credentials)

    def _do_aside(self, work: "Callable[[], object]", told: "Callable[[Any], object]") -> None:
        """What the keyring is asked, which may wait for the person."""
        from desktop.passwords.aside import Aside

        self._aside = self._aside or Aside(self)
        self._aside.do(work, told)

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


def _open(opening: _Opening, secret: bytearray) -> "tuple[_Opening, UserFacingError | None]":
    from signing.errors import UserFacingError

    try:
        opening.session.open(secret)
    except UserFacingError as error:
        return opening, error
    if opening.remember:
        _remember(opening.key)
    return opening, None


def _remember(key: OtherKey) -> None:
    """That it was used; where that cannot be kept, the signature is not held up by that."""
    from contextlib import suppress

    from desktop.keys.memory import load_known_keys, save_known_keys
    from signing.errors import UserFacingError

    known, path = load_known_keys(), str(key.path)
    with suppress(UserFacingError):
        save_known_keys(known.with_module(path) if key.token else known.with_file(path))


def _keep(path: "Path", password: str) -> None:
    from desktop.keys.memory import entry_of
    from desktop.passwords import kept

    kept.keep(entry_of(str(path)), password)


def _looked(path: "Path") -> Kept:
    from desktop.keys.memory import entry_of, load_known_keys
    from desktop.passwords import kept
    from signing.errors import KeyringUnavailable

    if not kept.has_keyring():
        return Kept(path, None, possible=False)
    try:
        # Only of a file on the list: of others none was kept, and the keyring is not troubled.
        known = str(path) in load_known_keys().files
        return Kept(path, kept.kept(entry_of(str(path))) if known else None, possible=True)
    except KeyringUnavailable:
        return Kept(path, None, possible=True)


def preferred(credentials: "Sequence[OtherCredential]") -> "list[OtherCredential]":
    """Those that run today before those that do not."""
    from datetime import UTC, datetime

    from signing.certificate import certificate_facts

    def ended(credential: "OtherCredential") -> bool:
        return certificate_facts(credential.certification_path[0]).not_after < datetime.now(UTC)

    return sorted(credentials, key=ended)
