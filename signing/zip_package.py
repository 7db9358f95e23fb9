"""A ZIP file from a stranger, looked into in place: nothing is unpacked, and everything has a limit."""

import contextlib
import io
import lzma
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, BinaryIO, cast

from signing import errors

_HEAD = b"PK\x03\x04"
_END = b"PK\x05\x06"
_LENGTH_OF_END = 22
_LOCAL = struct.Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_MOST_ENTRIES = 1000
_LARGEST_CONTENT = 1 << 30  # of all files together
_LARGEST_READ = 64 << 20  # of one file that is held in memory
_MOST_TAKEN = 4 << 30  # what several signatures over the same files may make us unpack
_HIGHEST_RATIO = 250  # of what is larger than may be held in memory; text comes to 20
_DESCRIPTORS = (0, 12, 16, 20, 24)  # APPNOTE 4.3.9: what may stand between the files
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError)


def is_package(file: BinaryIO) -> bool:
    """Whether the file is a ZIP from its first byte."""
    file.seek(0)
    return file.read(len(_HEAD)) == _HEAD and zipfile.is_zipfile(file)


@contextmanager
def opened_package(file: BinaryIO) -> Iterator["ZipPackage"]:
    """Look into a ZIP file.

    Raises PackageRefused where its size, its names or its structure are not those of an honest package.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise errors.PackageRefused from error
    with archive:
        try:
            _require_one_reading(archive, file)
        except _BROKEN as error:
            raise errors.PackageRefused from error
        yield ZipPackage(archive, _entries(archive))


@dataclass(slots=True)
class ZipPackage:
    """An open archive: its files by their names (NFC, separated by "/"). Sizes are counted, not believed."""

    archive: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    taken: int = field(default=0)

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A file, to read from. Reading raises PackageRefused where it is broken, or where it gets too much."""
        try:
            entry = self.archive.open(self.entries[name])
        except (*_BROKEN, RuntimeError) as error:  # the latter where it is encrypted
            raise errors.PackageRefused from error
        with entry, io.BufferedReader(_Counted(self, cast("BinaryIO", entry)), 1 << 20) as stream:
            yield stream

    def content(self, name: str) -> bytes:
        """A whole file. Raises PackageRefused where it is too large to be held in memory."""
        with self.opened(name) as file:
            content = file.read(_LARGEST_READ + 1)
        if len(content) > _LARGEST_READ:
            raise errors.PackageRefused
        return content


class _Counted(io.RawIOBase):
    """Counts what is taken out, and translates what goes wrong."""

    def __init__(self, package: ZipPackage, entry: BinaryIO) -> None:
        self._package = package
        self._entry = entry

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            piece = self._entry.read(len(view))
        except _BROKEN as error:
            raise errors.PackageRefused from error
        view[: len(piece)] = piece
        self._package.taken += len(piece)
        if self._package.taken > _MOST_TAKEN:
            raise errors.PackageRefused
        return len(piece)


def _require_one_reading(archive: zipfile.ZipFile, file: BinaryIO) -> None:
    """One file follows the other, and nothing lies between them: whoever reads from the front sees the same files as
    whoever reads the directory at the end, and no bytes belong to two files."""
    start = getattr(archive, "start_dir")  # noqa: B009 - where the directory begins; the type hints leave it out
    extents = sorted(_extent(file, entry) for entry in archive.infolist())
    if not extents or extents[0][0] != 0 or _END in archive.comment or not _ends_with(file, archive.comment):
        raise errors.PackageRefused
    gaps = [after[0] - before[1] for before, after in pairwise([*extents, (start, start)])]
    if any(gap not in _DESCRIPTORS for gap in gaps):
        raise errors.PackageRefused


def _ends_with(file: BinaryIO, comment: bytes) -> bool:
    """Whether the directory's end and its comment are the last that stands there (APPNOTE 4.3.16)."""
    file.seek(-_LENGTH_OF_END - len(comment), io.SEEK_END)
    return file.read(len(_END)) == _END


def _extent(file: BinaryIO, entry: zipfile.ZipInfo) -> tuple[int, int]:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != _HEAD:
        raise errors.PackageRefused
    name, extra = _LOCAL.unpack(header)[-2:]
    return entry.header_offset, entry.header_offset + _LOCAL.size + name + extra + entry.compress_size


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    if not all(each.filename for each in archive.infolist()):
        raise errors.PackageRefused
    files = [each for each in archive.infolist() if not each.is_dir()]
    size, packed = (sum(getattr(each, part) for each in archive.infolist()) for part in ("file_size", "compress_size"))
    if len(archive.infolist()) > _MOST_ENTRIES or size > _LARGEST_CONTENT:
        raise errors.PackageRefused
    if size > _LARGEST_READ and size > _HIGHEST_RATIO * packed:
        raise errors.PackageRefused
    entries: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for entry in files:
        name = unicodedata.normalize("NFC", _name(entry))
        # Two names that differ in case only are one file on some systems.
        if name.casefold() in folded or not _is_plain(name) or entry.flag_bits & 1:
            raise errors.PackageRefused
        folded.add(name.casefold())
        entries[name] = entry
    return entries


def _name(entry: zipfile.ZipInfo) -> str:
    """Also where a program wrote it in UTF-8 or Shift_JIS without saying so."""
    written = entry.orig_filename  # all of it, also what follows a zero
    if entry.flag_bits & 0x800:
        return written
    raw = written.encode("cp437")  # what the library takes for granted
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return written


def _is_plain(name: str) -> bool:
    """Whether a name leads nowhere but down, on every system; what is not so was made to deceive."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") for part in parts) and not {"\\", "\0", ":"} & set(name)
