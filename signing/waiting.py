"""Signed files that wait for their time stamp: complete, kept aside and synced before any authority is asked.

Each has a folder of its own, with the file under its name and a note of where it is to go. What cannot be read there
is left alone. A file leaves when it stands where it belongs, or when the person discards it.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from signing import errors
from signing.document import Document
from signing.report import SignatureLevel
from signing.staged_copy import StagedCopy, StagedFile, translated
from signing.trust import Trust

if TYPE_CHECKING:
    from signing.timestamping import Timestamper

_NOTE = "jitsuin-waiting.json"


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A signed file without time stamp. `output` is where it is to go, `sha256` that of what was signed."""

    path: Path
    output: Path
    sha256: str
    practice: bool


def keep_aside(file: StagedFile, output: Path, room: Path, *, sha256: str, practice: bool) -> WaitingFile:
    """Put a complete copy of a staged file into the `room`, which is for this user alone. Raises DestinationError."""
    with translated(0):
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=room))
    try:
        note = {"version": 1, "output": str(output.absolute()), "sha256": sha256, "practice": practice}
        with translated(0), (folder / _NOTE).open("x", encoding="utf-8") as written:
            json.dump(note, written)
            written.flush()
            os.fsync(written.fileno())
        path = file.rescue(folder, output.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return WaitingFile(path, output, sha256, practice)


def waiting_files(room: Path) -> list[WaitingFile]:
    """What waits, the oldest first; also what a killed program left."""
    return sorted(_found(room), key=lambda each: (each.path.stat().st_mtime_ns, each.path))


def _found(room: Path) -> Iterator[WaitingFile]:
    for note in room.glob(f"*/{_NOTE}"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            facts = json.loads(note.read_text(encoding="utf-8"))
            output = Path(facts["output"])
            path = note.with_name(output.name)
            if path.is_file():  # else the program ended before the card had signed
                yield WaitingFile(path, output, str(facts["sha256"]), bool(facts["practice"]))


def stamp(
    waiting: WaitingFile,
    *,
    timestamper: "Timestamper",
    trust: Trust,
    moment: datetime,
    refuge: Path,
    password: str = "",
) -> tuple[Path, bool]:
    """Give it its time stamp and put it where it belongs, or into the refuge: its path, and whether it is the refuge.

    Raises TimestampError, DocumentError, DestinationError; then it still waits.
    """
    from signing.extension import Extension, extend

    document = Document.open(waiting.path).unlocked_with(password)
    extension = Extension(document, SignatureLevel.B_T)
    folder = _place_for(waiting, refuge)
    staged = extend(extension, folder, timestamper=timestamper, trust=trust, moment=moment)
    return _hand_over(waiting, staged, refuge)


def save_as_it_is(waiting: WaitingFile, *, refuge: Path) -> tuple[Path, bool]:
    """Put it where it belongs without a time stamp; as `stamp` otherwise."""
    return _hand_over(waiting, StagedCopy(Document.open(waiting.path), _place_for(waiting, refuge)), refuge)


def discard(waiting: WaitingFile) -> None:
    """Remove it for good. Raises DestinationError."""
    folder = waiting.path.parent
    with translated(0):
        waiting.path.unlink()
        (folder / _NOTE).unlink()
        folder.rmdir()  # and nothing else, whatever stands there


def _place_for(waiting: WaitingFile, refuge: Path) -> Path:
    folder = waiting.output.parent
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return folder
    with translated(0):
        refuge.mkdir(parents=True, exist_ok=True)
    return refuge


def _hand_over(waiting: WaitingFile, staged: StagedFile, refuge: Path) -> tuple[Path, bool]:
    try:
        path, rescued = staged.hand_over(waiting.output, refuge)
    finally:
        staged.close()
    with contextlib.suppress(errors.DestinationError):  # it stands where it belongs: what is left does no harm
        discard(waiting)
    return path, rescued
