"""A key that is no card's is used in a helper process of its own: the library of a token's maker runs there alone.

The password crosses this pipe only, and is overwritten on both sides; copies that Python made on the way are out of
reach. Free of Qt.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.work.process import limit_memory
from desktop.work.worker import Worker
from signing.credential import OtherCredential, SignatureAlgorithm
from signing.errors import (
    KeyFileStuck,
    TokenFailed,
    TokenModuleUnusable,
    UserFacingError,
    WorkerStopped,
)
from signing.failure import user_facing

if TYPE_CHECKING:
    from signing.keys.pkcs11 import TokenFacts

_MEMORY = 1 << 30  # bytes
_PATIENCE = 180.0  # seconds: a PIN that is typed on a keypad takes its time
_PATIENCE_FOR_A_FILE = 60.0  # most take milliseconds
_PATIENCE_TO_SIGN = 60.0  # some tokens want to be touched
_PATIENCE_AT_THE_END = 5.0  # nothing depends on it any more
_LONGEST = 4096  # bytes of a password


@dataclass(frozen=True, slots=True)
class ListTokens:
    module: Path


@dataclass(frozen=True, slots=True)
class OpenFile:
    path: Path


@dataclass(frozen=True, slots=True)
class OpenToken:
    """`keypad`: the PIN is typed there, and what is sent as such is not looked at."""

    module: Path
    slot: int
    keypad: bool


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is to be known of a key at the other end of the pipe; as in OtherCredential."""

    certification_path: tuple[bytes, ...]
    algorithm: SignatureAlgorithm
    reaches_root: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The keys that may sign documents."""

    keys: tuple[KeyFacts, ...]


@dataclass(frozen=True, slots=True)
class Use:
    number: int
    data: bytes


class Word(Enum):
    CLOSE = auto()
    CLOSED = auto()


# --- in the helper


def serve_keys(connection: Connection) -> None:
    """Its life: until the window hangs up."""
    limit_memory(_MEMORY)
    with contextlib.suppress(OSError):  # without a console there is neither
        os.dup2(2, 1)  # a library that prints does not print into what a command says to scripts
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            match connection.recv():
                case ListTokens(module):
                    connection.send(_tokens(module))
                case OpenFile() | OpenToken() as wanted:
                    _serve_session(connection, wanted)


def _tokens(module: Path) -> object:
    from signing.keys.pkcs11 import tokens

    try:
        return tokens(module)
    except Exception as error:
        return user_facing(error)


def _serve_session(connection: Connection, wanted: OpenFile | OpenToken) -> None:
    from signing.purpose import signing_ones

    try:
        with _session(wanted, bytearray(connection.recv_bytes(_LONGEST))) as credentials:
            usable = signing_ones(credentials)
            connection.send(Opened(tuple(_facts(each) for each in usable)))
            while isinstance(message := connection.recv(), Use):
                connection.send(_signature(usable[message.number], message.data))
        connection.send(Word.CLOSED)
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:
        connection.send(user_facing(error))


@contextlib.contextmanager
def _session(wanted: OpenFile | OpenToken, secret: bytearray) -> Iterator[Sequence[OtherCredential]]:
    text = secret.decode()
    secret[:] = bytes(len(secret))
    if isinstance(wanted, OpenFile):
        from signing.keys.pkcs12 import open_key_file

        yield open_key_file(wanted.path, text)
        return
    from signing.keys.pkcs11 import token_session

    with token_session(wanted.module, wanted.slot, None if wanted.keypad else text) as credentials:
        yield credentials


def _facts(credential: OtherCredential) -> KeyFacts:
    return KeyFacts(credential.certification_path, credential.algorithm, credential.reaches_root)


def _signature(credential: OtherCredential, data: bytes) -> object:
    try:
        return credential.sign(data)
    except Exception as error:
        return user_facing(error)


# --- in the process of the window or of the command


def tokens_behind(module: Path) -> "tuple[TokenFacts, ...]":
    """The tokens that a library sees. Raises TokenModuleUnusable, also where the library ends its process."""
    return TokenSearch().ask(module)


class TokenSearch:
    """One look at what a library sees."""

    def __init__(self) -> None:
        self._stopped = False
        self._worker = Worker(_PATIENCE, serve=serve_keys)

    def ask(self, module: Path) -> "tuple[TokenFacts, ...]":
        """As tokens_behind."""
        try:
            if self._stopped:
                raise WorkerStopped  # noqa: TRY301 - before it was begun, as below after it
            self._worker.open(ListTokens(module))
            answer = self._worker.receive()
        except WorkerStopped as error:
            raise TokenModuleUnusable from error
        finally:
            self._worker.close()
        if isinstance(answer, UserFacingError):
            raise answer
        found: tuple[TokenFacts, ...] = answer
        return found

    def stop(self) -> None:
        """Wait no longer; from any thread."""
        self._stopped = True
        self._worker.kill()


class KeySession:
    """The keys of a file or a token, from `open` to `close`; one thread at a time may use them."""

    def __init__(self, wanted: OpenFile | OpenToken) -> None:
        self.credentials: tuple[OtherCredential, ...] = ()
        self._wanted = wanted
        self._stopped = False
        is_file = isinstance(wanted, OpenFile)
        self._worker = Worker(_PATIENCE_FOR_A_FILE if is_file else _PATIENCE, serve=serve_keys)
        self._lost = KeyFileStuck() if is_file else TokenFailed()

    def open(self, secret: bytearray) -> None:
        """`secret` (UTF-8) is wiped. Raises KeySourceError, CertificateError, DocumentError."""
        try:
            if self._stopped:
                raise WorkerStopped  # noqa: TRY301 - before it was begun, as below after it
            self._worker.open(self._wanted)
            self._worker.send_secret(secret)
            answer = self._receive()
        except BaseException as error:
            self._worker.close()
            raise self._lost if isinstance(error, WorkerStopped) else error from None
        finally:
            secret[:] = bytes(len(secret))
        assert isinstance(answer, Opened)  # noqa: S101 - the other end is this program
        self.credentials = tuple(_Key(self, number, facts) for number, facts in enumerate(answer.keys))

    def use(self, number: int, data: bytes) -> bytes:
        """Sign with one of the keys. Raises KeySourceError."""
        try:
            self._worker.send(Use(number, data))
            answer = self._receive(_PATIENCE_TO_SIGN)
        except WorkerStopped as error:
            raise self._lost from error
        assert isinstance(answer, bytes)  # noqa: S101 - as above
        return answer

    def stop(self) -> None:
        """Wait no longer, as for a PIN that nobody types on a keypad; from any thread."""
        self._stopped = True
        self._worker.kill()

    def close(self) -> None:
        """Log out, and end the process; more than once does no harm."""
        with contextlib.suppress(UserFacingError):
            self._worker.send(Word.CLOSE)
            self._receive(_PATIENCE_AT_THE_END)
        self._worker.close()

    def _receive(self, patience: float | None = None) -> object:
        answer = self._worker.receive(patience)
        if isinstance(answer, UserFacingError):
            raise answer
        return answer


class _Key:
    """An OtherCredential whose key is at the other end of the pipe."""

    def __init__(self, session: KeySession, number: int, facts: KeyFacts) -> None:
        self._session, self._number, self._facts = session, number, facts

    @property
    def certification_path(self) -> tuple[bytes, ...]:
        return self._facts.certification_path

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._facts.algorithm

    @property
    def reaches_root(self) -> bool:
        return self._facts.reaches_root

    def sign(self, data: bytes) -> bytes:
        return self._session.use(self._number, data)
