"""The file that will be handed over, before it has a name: copied, written to, and published without overwriting."""

import contextlib
import errno
import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from signing import errors
from signing.document import Document

_log = logging.getLogger(__name__)
_PIECE = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NOT_HERE = (errno.EPERM, errno.EOPNOTSUPP, errno.EACCES, errno.ENOSYS, errno.EINVAL, errno.EXDEV)


class StagedFile:
    """A file in the folder of its destination, without a name where the system can do that.

    A nameless file (O_TMPFILE) disappears by itself when the program is killed. Elsewhere it is a hidden file that
    goes when this is closed. Where a file is seen only when it was closed (WebDAV), it is in the temporary folder.
    """

    def __init__(self, folder: Path) -> None:
        """Raises DestinationError."""
        self.file, self._name, self.folder = _new_file(folder)

    @contextlib.contextmanager
    def reopened(self) -> Iterator[BinaryIO]:
        """What stands in the file now, seen by a reader that starts anew. Raises DestinationError."""
        with translated(0):
            if not self.file.closed:
                self.file.flush()
            with self._path.open("rb") as file:
                yield file

    @property
    def _path(self) -> Path:
        return self._name or Path(f"/proc/self/fd/{self.file.fileno()}")

    def hold(self, content: bytes) -> None:
        """Have this content and no other, synced and read back. Raises DestinationError."""
        with translated(len(content)):
            self.file.seek(0)
            self.file.write(content)
            self.file.truncate()
        self.sync()
        with self.reopened() as file:
            if file.read() != content:
                raise errors.OutputNotVerified

    def sync(self) -> None:
        """Raises DestinationError."""
        with translated(0):
            self.file.flush()
            os.fsync(self.file.fileno())

    def publish(self, path: Path) -> None:
        """Give the file its name. Raises DestinationExists and DestinationError; never replaces a file."""
        with translated(0):
            try:
                self._give_name(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._copy_to(path)
            _sync_folder(path.parent)

    def _copy_to(self, path: Path) -> None:
        """On another file system, where it gets its name when it is complete, so far as that can do so."""
        with contextlib.closing(StagedFile(path.parent)) as there, self.reopened() as made:
            if there.folder != path.parent:
                _copy(made, path)
                return
            shutil.copyfileobj(made, there.file, _PIECE)
            there.sync()
            made.seek(0)
            with there.reopened() as copied:
                if _sha256(copied) != _sha256(made):
                    raise errors.OutputNotVerified
            there.publish(path)

    def _give_name(self, path: Path) -> None:
        if self._name is None:
            _link_descriptor(self.file.fileno(), path)
        elif os.name == "nt":
            self.file.close()  # Windows renames no open file, and its rename replaces none
            self._name.rename(path)
        else:
            _link_or_rename(self._name, path)

    def hand_over(self, path: Path, refuge: Path) -> tuple[Path, bool]:
        """Give it this name, or a free one like it, or save it elsewhere: its path, and whether it is elsewhere.

        For a file that must be kept, whatever becomes of its folder: it goes to the refuge, and where that fails too
        into a new temporary folder of this user alone. Raises DestinationError.
        """
        try:
            for free in free_paths(path):
                try:
                    self.publish(free)
                except errors.DestinationExists:
                    continue
                return free, False
        except errors.DestinationError:
            _log.warning("the destination failed after signing")
        try:
            return self.rescue(refuge, path.name), True
        except errors.DestinationError:
            _log.warning("the refuge failed too")
        with translated(0):
            last = Path(tempfile.mkdtemp(prefix="jitsuin-"))
        return self.rescue(last, path.name), True

    def rescue(self, folder: Path, name: str) -> Path:
        """Save the file under this name, or one like it, in a folder that is made if need be.

        For a file whose own place failed after the card had signed it. Raises DestinationError.
        """
        with translated(0):
            folder.mkdir(parents=True, exist_ok=True)
            with self.reopened() as signed:
                for path in free_paths(folder / name):
                    with contextlib.suppress(FileExistsError):
                        _copy(signed, path)
                        return path
        raise errors.DestinationNotWritable

    def close(self) -> None:
        """Remove what was not published, so far as its folder lets it: what was handed over is there all the same."""
        with contextlib.suppress(OSError):  # a disk that went does not take what was still to be written
            self.file.close()
        if self._name is not None:
            with contextlib.suppress(OSError):
                self._name.unlink(missing_ok=True)


class StagedCopy(StagedFile):
    """A copy of a document, to which something is still to be added behind its first `size` bytes."""

    def __init__(self, document: Document, folder: Path) -> None:
        """Copy, hash and sync. Raises DestinationError and DocumentError."""
        super().__init__(folder)
        self._prefixes = {"sha256": hashlib.sha256()}
        try:
            with self.reopened() as written, ThreadPoolExecutor(1) as hashing, translated(document.size):
                # One thread hashes behind the other that copies and syncs: the time is that of the slower alone.
                hashed = [hashing.submit(self._hash, written, self._append(piece)) for piece in document.pieces()]
                self.size = self.file.tell()
                self.sync()
                for each in hashed:
                    each.result()
        except BaseException:
            self.close()
            raise

    def end_last_line(self) -> None:
        """So that what is appended to a text begins a line of its own."""
        self.file.seek(-1, os.SEEK_END)
        if self.file.read(1) not in b"\r\n":
            self.file.write(b"\n")

    def _append(self, piece: bytes) -> int:
        self.file.write(piece)
        self.file.flush()
        return len(piece)

    def _hash(self, written: BinaryIO, length: int) -> None:
        # What is hashed is what was written: the hash of the source would say nothing of the copy.
        piece = written.read(length)
        if len(piece) != length:
            raise errors.OutputNotVerified
        self._prefixes["sha256"].update(piece)

    def prefix(self, algorithm: str) -> "hashlib._Hash":
        """The hash of the copied document, to be fed with what follows; one that was not computed yet takes a reading.

        `algorithm` as hashlib names it. Raises DestinationError.
        """
        if algorithm not in self._prefixes:
            digest, left = hashlib.new(algorithm), self.size
            with self.reopened() as file:
                while piece := file.read(min(_PIECE, left)):
                    digest.update(piece)
                    left -= len(piece)
            self._prefixes[algorithm] = digest
        return self._prefixes[algorithm].copy()

    @property
    def source_sha256(self) -> str:
        return self._prefixes["sha256"].hexdigest()


def _new_file(folder: Path) -> tuple[BinaryIO, Path | None, Path]:
    """With its name, where it has one, and the folder that it is in."""
    with translated(0):
        if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
            try:
                # 0o666: the umask decides, as for any file that a person saves.
                nameless = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o666)
                return open(nameless, "w+b"), None, folder  # noqa: PTH123 - there is no Path for a descriptor
            except OSError as error:
                if error.errno not in (*_NOT_HERE, errno.EISDIR, errno.ENOENT) or not folder.is_dir():
                    raise
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".jitsuin-", suffix=".part")
        file = open(descriptor, "w+b")  # noqa: PTH123, SIM115 - there is no Path for a descriptor; it stays open
        path, temporary = Path(name), Path(tempfile.gettempdir())
        if folder == temporary or _is_seen(path):
            return file, path, folder
        file.close()
        path.unlink(missing_ok=True)
        return _new_file(temporary)


def _is_seen(path: Path) -> bool:
    """Whether a file that is being written can be read."""
    try:
        path.open("rb").close()
    except FileNotFoundError:
        return False
    return True


def _copy(source: BinaryIO, path: Path) -> None:
    """Make a file that was not there. OSError as the system says; then it is not there again."""
    with path.open("xb") as made:
        try:
            shutil.copyfileobj(source, made, _PIECE)
            made.flush()
            os.fsync(made.fileno())
            made.close()  # where it is sent only now, this is what fails
        except OSError:
            path.unlink(missing_ok=True)
            raise


def _sha256(file: BinaryIO) -> bytes:
    return hashlib.file_digest(file, "sha256").digest()  # type: ignore[arg-type]  # BinaryIO leaves readinto out


def _link_descriptor(descriptor: int, path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Naming the folder by its descriptor makes Python call linkat(), the only call that follows the link.
        os.link(f"/proc/self/fd/{descriptor}", path.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _link_or_rename(name: Path, path: Path) -> None:
    try:
        path.hardlink_to(name)
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
        # No hard links here (FAT, some shares): reserve the name, then rename over the reservation.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            name.rename(path)
        except OSError:
            path.unlink()  # ours, and empty
            raise
    else:
        name.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    # Some shares cannot do that (EINVAL). The file has its name by now: it would be untrue that it is not there.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def translated(bytes_needed: int) -> Iterator[None]:
    """Turn what the system says of a destination into DestinationError."""
    try:
        yield
    except FileExistsError as error:
        raise errors.DestinationExists from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise errors.DestinationMissing from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise errors.DestinationFull(bytes_needed=bytes_needed) from error
        raise errors.DestinationNotWritable from error


def free_paths(path: Path) -> Iterator[Path]:
    """The path, then the same with -2, -3 …, so far as nothing stands there now."""
    for number in range(1, 10_000):
        candidate = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        if not os.path.lexists(candidate):
            yield candidate


def file_with(content: bytes, folder: Path) -> StagedFile:
    """A file that has this content. Raises DestinationError."""
    file = StagedFile(folder)
    try:
        file.hold(content)
    except BaseException:
        file.close()
        raise
    return file


def staging_folder(folder: Path, refuge: Path) -> Path:
    """Where a file is made that goes into this folder: the refuge, made if need be, where they are not on one disk.

    A stick or a share can go while the card signs; then what it signed is not there, and can still be copied.
    """
    try:
        there = next(each for each in (refuge, *refuge.parents) if each.exists())
        if folder.stat().st_dev == there.stat().st_dev:
            return folder
        refuge.mkdir(parents=True, exist_ok=True)
    except OSError:
        return folder
    return refuge


def require_room(folder: Path, bytes_needed: int) -> None:
    """Raise DestinationError unless the folder exists, can be written to and has the room."""
    if not folder.is_dir():
        raise errors.DestinationMissing
    if not os.access(folder, os.W_OK | os.X_OK):
        raise errors.DestinationNotWritable
    with translated(bytes_needed):
        if shutil.disk_usage(folder).free < bytes_needed:
            raise errors.DestinationFull(bytes_needed=bytes_needed)
