"""What a person has after the disk went while the card signed: the signed file, though elsewhere."""

import errno
import os
import struct
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, Trust, rehearse, verify

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")
_SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN; then every access fails with EIO, as on a stick that was pulled out
_NOTHING_FLUSHED = struct.pack("I", 2)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with ext4."""
    image, mount = tmp_path / "stick.img", tmp_path / "stick"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", image], capture_output=True, check=False)
    made = made if made.returncode else subprocess.run(["mount", "-o", "loop", image, mount], capture_output=True)
    if made.returncode:
        pytest.skip("a disk of its own needs root and loop devices: " + made.stderr.decode().strip())
    yield mount
    subprocess.run(["umount", mount], check=True)


def pull(stick: Path) -> None:
    import fcntl

    descriptor = os.open(stick, os.O_RDONLY)
    fcntl.ioctl(descriptor, _SHUT_DOWN, _NOTHING_FLUSHED)
    os.close(descriptor)


def sign_and(then: Callable[[], None], source: Path, profile: Profile, credential, refuge: Path):
    """The disk fails when the card has just signed."""
    really_sign = credential.sign

    def sign(data: bytes) -> bytes:
        value = really_sign(data)
        then()
        return value

    credential.sign = sign
    job = SigningJob.beside(Document.open(source), profile, practice=False)
    with SigningBatch([rehearse(job)], refuge=refuge, clock=lambda: NOW) as batch:
        (outcome,) = batch.sign(credential)
    return outcome


DOCUMENTS = [
    pytest.param(Profile.PADES_B_B, 0, id="small PDF"),
    pytest.param(Profile.PADES_B_B, 20_000_000, id="large PDF"),
    pytest.param(Profile.XML_ENVELOPED, 0, id="XML"),
    pytest.param(Profile.CADES_B_B, 0, id="p7s"),
]


@pytest.fixture
def document(make_pdf, tmp_path: Path) -> Callable[[str, Profile, int], Path]:
    """Makes one in a folder."""

    def make(folder: str, profile: Profile, ballast: int) -> Path:
        if profile is not Profile.XML_ENVELOPED:
            return make_pdf(f"{folder}/contract.pdf", ballast=ballast)
        path = tmp_path / folder / "letter.xml"
        path.write_bytes(b"<a>hello</a>")
        return path

    return make


def require_kept(outcome: object, source: bytes, refuge: Path, tmp_path: Path) -> None:
    assert isinstance(outcome, SignedFile), outcome
    assert outcome.rescued
    assert outcome.path.parent == refuge
    path = outcome.path
    if outcome.job.profile.sidecar:  # it is about the document, which must be beside it
        document = tmp_path / outcome.job.document.path.name
        document.write_bytes(source)
        path = path.rename(tmp_path / path.name)
    (signature,) = verify(path, trust=Trust.default(), moment=NOW).signatures
    assert signature.intact


@pytest.mark.parametrize(("profile", "ballast"), DOCUMENTS)
def test_stick_pulled_after_the_card_signed(
    stick, document, credential, tmp_path, profile: Profile, ballast: int
) -> None:
    source = document(stick.name, profile, ballast)
    before = source.read_bytes()
    outcome = sign_and(lambda: pull(stick), source, profile, credential, tmp_path / "refuge")
    require_kept(outcome, before, tmp_path / "refuge", tmp_path)
    assert credential.uses == 1


@pytest.mark.parametrize(("profile", "ballast"), DOCUMENTS)
@pytest.mark.parametrize("nameless", [True, False])
def test_file_that_takes_nothing_more_after_the_card_signed(
    document, credential, monkeypatch, tmp_path, profile: Profile, ballast: int, nameless: bool
) -> None:
    """On the disk of the refuge: what was written stays unwritten, and the file is made again from the document."""
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE")
    folder = tmp_path / "folder"
    folder.mkdir()
    source, really_sync = document(folder.name, profile, ballast), os.fsync
    broken: list[int] = []

    def fail(descriptor: int) -> None:
        state = os.fstat(descriptor)
        if broken and state.st_ino in broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        really_sync(descriptor)

    def break_what_is_open() -> None:
        for each in Path("/proc/self/fd").iterdir():
            if each.exists() and str(each.readlink()).startswith(str(folder)):
                broken.append(each.stat().st_ino)

    monkeypatch.setattr(os, "fsync", fail)
    outcome = sign_and(break_what_is_open, source, profile, credential, tmp_path / "refuge")
    assert isinstance(outcome, SignedFile), outcome
    assert broken
    (signature,) = verify(outcome.path, trust=Trust.default(), moment=NOW).signatures
    assert signature.intact
    assert credential.uses == 1
    assert len(list(folder.iterdir())) == 2
