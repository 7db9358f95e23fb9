"""A document: a file, its kind told by its bytes, its SHA-256."""

import base64
import binascii
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from signing import errors


class Kind(StrEnum):
    PDF = "pdf"
    XML = "xml"
    CMS = "cms"
    OTHER = "other"


# Readers accept a header within the first 1,024 bytes (ISO 32000-2, Annex I, implementation note 13 of the
# 1.7 reference); so do we, because people receive such files.
_HEAD = 1024
_PIECE = 1 << 20
# The byte order mark, or a first character "<" without one (XML 1.0, Appendix F).
_BEGINNINGS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BEGINNINGS |= {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
# A page is XML only where it says that it is XHTML.
_HTML = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_XHTML = "http://www.w3.org/1999/xhtml"
_ENDINGS = {".pdf": Kind.PDF, ".xml": Kind.XML, ".xtx": Kind.XML, ".p7s": Kind.CMS, ".p7m": Kind.CMS}
_ENDINGS |= dict.fromkeys((".asice", ".sce", ".asics", ".scs"), Kind.OTHER)  # containers, EN 319 162-1


@dataclass(frozen=True)  # no slots: cached_property needs a __dict__
class Document:
    """A regular file as it stood when it was first looked at. `path` is as it was given."""

    path: Path
    kind: Kind
    size: int
    identity: tuple[int, ...]
    password: str = field(default="", repr=False, compare=False)  # opens the content where that is encrypted

    def unlocked_with(self, password: str) -> "Document":
        """The same, for content that is encrypted; whether the password opens it shows when it is read."""
        return replace(self, password=password)

    @classmethod
    def open(cls, path: Path) -> "Document":
        """Look at the file and at its first kilobyte, and tell what it is.

        Raises DocumentNotFound, DocumentUnreadable, DocumentIsDirectory, DocumentNotRegular, DocumentEmpty.
        """
        if "\0" in str(path):
            raise errors.DocumentNotFound
        with _translated():
            _refuse_what_is_no_file(path)
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                head = file.read(_HEAD)
        if not head:
            raise errors.DocumentEmpty
        return cls(path, _kind_of_file(path, head), status.st_size, _identity(status))

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal, lower case; the file is read in pieces when this is first asked for.

        Raises DocumentNotFound, DocumentUnreadable, DocumentChangedOnDisk.
        """
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """The content, a mebibyte at a time. Raises as `opened` does."""
        with self.opened() as file:
            while piece := _read(file):
                yield piece

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The same file, to read from.

        Raises DocumentNotFound, DocumentUnreadable, and DocumentChangedOnDisk where it is not in the same
        state when it is opened, or not any more when it is left.
        """
        with _translated(), self.path.open("rb") as file:
            self._require_unchanged(file)
            yield file
            self._require_unchanged(file)

    def _require_unchanged(self, file: BinaryIO) -> None:
        if _identity(os.fstat(file.fileno())) != self.identity:
            raise errors.DocumentChangedOnDisk


def content_of(path: Path, most: int) -> bytes:
    """The content of a file that is small by its kind: at most so many bytes and one more, by which it is too long.

    Raises DocumentNotFound, DocumentUnreadable, DocumentIsDirectory, DocumentNotRegular.
    """
    if "\0" in str(path):
        raise errors.DocumentNotFound
    with _translated():
        _refuse_what_is_no_file(path)
        with path.open("rb") as file:
            return file.read(most + 1)


def _read(file: BinaryIO) -> bytes:
    with _translated():  # here, so that it does not take an error of whoever uses the piece for its own
        return file.read(_PIECE)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise errors.DocumentNotFound from error
    except OSError as error:
        raise errors.DocumentUnreadable from error


def _refuse_what_is_no_file(path: Path) -> None:
    # Before open(): opening a pipe would wait for ever.
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise errors.DocumentIsDirectory
    if not stat.S_ISREG(mode):
        raise errors.DocumentNotRegular


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def kind_of(head: bytes) -> Kind:
    """Tell the kind from the first kilobyte; the name does not count."""
    # First what can hold a PDF whose beginning then stands within the first kilobyte too.
    if _is_signed_data(head):
        return Kind.CMS
    if head.startswith(b"PK\x03\x04"):
        return Kind.OTHER
    if b"%PDF-" in head[:_HEAD]:
        return Kind.PDF
    text = _text(head)
    if text.startswith("<") and (not _HTML.match(text) or _XHTML in text):
        return Kind.XML
    return Kind.CMS if _is_signed_data(_from_base64(head)) else Kind.OTHER


def _kind_of_file(path: Path, head: bytes) -> Kind:
    # By these names programs read even XHTML as HTML (RFC 2854), and as XML it is broken then often enough.
    if path.suffix.lower() in (".html", ".htm") and _HTML.match(_text(head)):
        return Kind.OTHER
    return kind_of(head)


def _text(head: bytes) -> str:
    encoding = next((name for mark, name in _BEGINNINGS.items() if head.startswith(mark)), "latin-1")
    return head.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")


def _is_signed_data(head: bytes) -> bool:
    return head[:1] == b"\x30" and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" in head[:32]  # RFC 5652, 5.1


def _from_base64(head: bytes) -> bytes:
    """The first bytes of what is written in PEM (RFC 7468) or in plain base64; nothing where it is neither."""
    text = head.lstrip()
    if text.startswith(b"-----BEGIN "):
        text = text.partition(b"\n")[2]
    try:
        return base64.b64decode(b"".join(text.split())[:64], validate=True)
    except binascii.Error:
        return b""


def kind_named(path: Path) -> Kind | None:
    """The kind that the ending of the name promises, or None where it promises none."""
    return _ENDINGS.get(path.suffix.lower())
