"""The files that a signature names: found beside the signed file, by name, and nowhere else; never fetched."""

import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from signing import errors
from signing.document import Document
from signing.report import Problem, SubIndication

# What leads out of a folder. All else can be in a name on one system or another, and finds only what a folder lists.
_SEPARATORS = frozenset("/\\")
_FEW = 5


class Unestablished(Exception):
    """What a reference covers could not be looked at: neither good nor bad. `reason` can be None."""

    def __init__(self, code: str, reason: SubIndication | None = None, **facts: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, facts)
        self.reason = reason


class Neighbours(Protocol):
    """Where the files of detached references are."""

    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The file of this name (a plain one, in NFC). Raises Unestablished."""
        ...


def file_name(uri: str) -> str:
    """The plain file name that a relative reference means, in NFC. Raises Unestablished for any other reference."""
    try:
        parts = urllib.parse.urlsplit(uri)
        name = urllib.parse.unquote(uri, errors="strict")
    except ValueError as error:
        raise _outside() from error
    # Looked at before decoding, so that an encoded "#" or "?" is part of the name, and after it, so that an encoded
    # "/" is none.
    if parts.scheme or parts.netloc or parts.query or parts.fragment or "#" in uri:
        raise _outside()
    name = unicodedata.normalize("NFC", name)
    if name in ("", ".", "..") or any(each in _SEPARATORS or unicodedata.category(each) == "Cc" for each in name):
        raise _outside()
    return name


def uri_of(name: str) -> str:
    """The relative reference that means the file of this name. Raises XmlFileNameUnsuitable where none does."""
    try:
        uri = urllib.parse.quote(name, safe="")
        file_name(uri)
    except (UnicodeEncodeError, Unestablished) as error:
        raise errors.XmlFileNameUnsuitable from error
    return uri


def a_few(names: Iterable[str]) -> tuple[str, ...]:
    """So many names that a person reads them, in NFC; where there are more, "…" stands for these."""
    found = [unicodedata.normalize("NFC", name) for name in names]
    return (*found[:_FEW], "…") if len(found) > _FEW else tuple(found)


def _outside() -> Unestablished:
    return Unestablished("reference.outside", SubIndication.SIGNED_DATA_NOT_FOUND)


def only_match(name: str, candidates: Iterator[str]) -> str:
    """The candidate whose name is `name` when normalised. Raises Unestablished where there is none, or two."""
    found = [each for each in candidates if unicodedata.normalize("NFC", each) == name]
    if not found:
        raise Unestablished("reference.missing", SubIndication.SIGNED_DATA_NOT_FOUND, name=name)
    if len(found) > 1:  # two files that a person cannot tell apart
        raise Unestablished("reference.ambiguous", SubIndication.SIGNED_DATA_NOT_FOUND, name=name)
    return found[0]


class Folder:
    """The folder in which the signed file lies."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        try:
            found = self._path / only_match(name, (each.name for each in self._path.iterdir()))
            target = found.resolve(strict=True)
            if target.parent != self._path.resolve(strict=True):  # a link that leads out of the folder
                raise _outside()
            with Document.open(target).opened() as file:
                yield file
        except (OSError, RuntimeError, errors.DocumentError) as error:
            raise Unestablished("reference.unreadable", SubIndication.SIGNED_DATA_NOT_FOUND, name=name) from error
