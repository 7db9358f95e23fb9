"""Signing a file with a key that costs nothing, against copying it and hashing the copy, in one warm process.

Run: python tests/benchmarks/signing_files.py. Signing always syncs, for a signed file that a power cut can take away is
not signed; in the second line of each size its peer does too.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from documents import pdf
from measure import in_turn, peak_of_anonymous_memory, print_ratio

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.credential import Credential

SIZES = {"10 kB": 10_000, "200 MB": 210_000_000}


def sign(source: Path, credential: Credential, folder: Path) -> float:
    """Seconds from a path to a signed file, verified and synced."""
    start = time.perf_counter()
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=True, directory=folder)
    with SigningBatch([rehearse(job)], refuge=folder, clock=lambda: datetime.now(UTC)) as batch:
        (result,) = batch.sign(credential)
    seconds = time.perf_counter() - start
    if not isinstance(result, SignedFile):
        raise result.error
    result.path.unlink()
    return seconds


def copy_then_hash(source: Path, folder: Path, *, sync: Callable[[int], None]) -> float:
    start = time.perf_counter()
    target = folder / "copy"
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        sync(file.fileno())
        hashlib.file_digest(file, "sha256")
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        readers = PracticeReaders(folder / "card")
        facts = read_facts(readers, PRACTICE_READER)
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
        pin = SignaturePin.parse(PRACTICE_PIN)
        with signing_session(readers, PRACTICE_READER, pin, issuers=issuers) as credential:
            for label, size in SIZES.items():
                source = pdf(folder / "source.pdf", size)
                sign(source, credential, folder)  # warm
                times = in_turn(
                    7,
                    signing=lambda s=source: sign(s, credential, folder),
                    copy_hash=lambda s=source: copy_then_hash(s, folder, sync=lambda _: None),
                    copy_sync_hash=lambda s=source: copy_then_hash(s, folder, sync=os.fsync),
                )
                print_ratio(label, times, goal=1.2)
                print_ratio(f"{label}, synced", {k: times[k] for k in ("signing", "copy_sync_hash")}, goal=1.2)
            with peak_of_anonymous_memory() as peak:
                sign(source, credential, folder)
            print(f"{label}: {peak[0] / 1024:.1f} MiB of anonymous memory above idle, goal 32")


if __name__ == "__main__":
    main()
