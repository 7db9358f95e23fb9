"""What integration is made of: files of our own, lines in files of others, and the record of what was not there before.

Each part tells where it stands and whether it does, and can be put in and taken out any number of times.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol


class Record:
    """Files and folders that integration made: nothing else is ever deleted."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self.made: list[str] = [str(path) for path in json.loads(file.read_text("utf-8"))]
        except (OSError, ValueError, TypeError):
            self.made = []

    def left(self) -> list[str]:
        """The files that are still there of what was made, and the record itself; folders go when they are empty."""
        return [path for path in (*self.made, str(self._file)) if Path(path).is_file()]

    def prepare(self, path: Path) -> None:
        """Make the folders that a file needs, and remember those, and the file if it is not there."""
        missing = [folder for folder in reversed(path.parents) if not folder.exists()]
        for each in (*missing, *([] if path.exists() else [path])):
            self.note(each)
        path.parent.mkdir(parents=True, exist_ok=True)

    def note(self, path: Path) -> None:
        if str(path) not in self.made:
            self.made.append(str(path))

    def keep(self) -> None:
        """Write it down."""
        folders = [folder for folder in reversed(self._file.parents) if not folder.exists()]
        for folder in folders:
            self.note(folder)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self.made), "utf-8")

    def close(self) -> None:
        """Remove the folders that were made and are empty again, and the record itself."""
        self._file.unlink(missing_ok=True)
        for folder in sorted(map(Path, self.made), key=lambda path: len(path.parts), reverse=True):
            if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                folder.rmdir()


class Part(Protocol):
    """One thing that is put in and taken out. OSError as the system says."""

    @property
    def place(self) -> str: ...

    @property
    def follows(self) -> bool:
        """Whether it is put again after any other part of its group."""
        ...

    def stands(self) -> bool:
        """Whether it is there as it is wanted."""
        ...

    def is_there(self) -> bool:
        """Whether anything of it is there."""
        ...

    def put(self, record: Record) -> None: ...

    def take_out(self, record: Record) -> None: ...


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file with a name that only we use."""

    path: Path
    content: bytes = field(repr=False)
    mode: int = 0o644
    among: str = ""  # how a person is told of it and others like it at once
    follows: ClassVar[bool] = False

    @property
    def place(self) -> str:
        return self.among or str(self.path)

    def stands(self) -> bool:
        return self.is_there() and self.path.read_bytes() == self.content

    def is_there(self) -> bool:
        return self.path.is_file()

    def put(self, record: Record) -> None:
        record.prepare(self.path)
        write_whole(self.path, self.content, self.mode)

    def take_out(self, record: Record) -> None:
        if self.is_there():  # something of another kind, there or on the way, is not ours
            self.path.unlink()


@dataclass(frozen=True, slots=True)
class Insertion:
    """Our lines in a file of others: `insert` makes the content that is wanted, whatever of ours is in it already;
    `cut` takes all of ours out.

    Where there is no file, `initial` is what stands for it.
    """

    path: Path
    insert: Callable[[str], str]
    cut: Callable[[str], str]
    initial: str = ""
    follows: ClassVar[bool] = False

    @property
    def place(self) -> str:
        return str(self.path)

    def stands(self) -> bool:
        return self.insert(self._content()) == self._content()

    def is_there(self) -> bool:
        return self.path.is_file() and self.cut(self._content()) != self._content()

    def put(self, record: Record) -> None:
        wanted = self.insert(self._content())
        record.prepare(self.path)
        self._write(wanted)

    def take_out(self, record: Record) -> None:
        if not self.is_there():
            return
        rest = self.cut(self._content())
        if rest == self.initial and str(self.path) in record.made:
            self.path.unlink()
        else:
            self._write(rest)

    def _content(self) -> str:
        return self.path.read_bytes().decode("utf-8", "surrogateescape") if self.path.is_file() else self.initial

    def _write(self, content: str) -> None:
        mode = self.path.stat().st_mode & 0o777 if self.path.is_file() else 0o644
        write_whole(self.path.resolve(), content.encode("utf-8", "surrogateescape"), mode)


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """All or nothing: a full disk leaves what was there."""
    temporary = path.with_name(f".{path.name}.jitsuin-new")
    try:
        temporary.write_bytes(content)
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
