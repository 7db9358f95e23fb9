"""From the password to the signed file, against the time that the card itself takes, which nobody can shorten.

Run: python tests/benchmarks/card_time.py. The practice card plays one at 106 kbit/s with 5 ms a command and 400 ms a
signature: a model, not a measurement of a real card. What can be done before the password is done before it.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from documents import pdf
from measure import in_turn, print_ratio

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_options import CONTACTLESS_106, PracticeOptions

SIZES = {"10 kB": 10_000, "1 MB": 1_000_000, "20 MB": 20_000_000, "200 MB": 210_000_000, "2,000 pages": 0}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        readers = PracticeReaders(folder / "card", PracticeOptions(pace=CONTACTLESS_106))
        facts = read_facts(readers, PRACTICE_READER)
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []

        def card_alone() -> float:
            pin = SignaturePin.parse(PRACTICE_PIN)
            start = time.perf_counter()
            with signing_session(readers, PRACTICE_READER, pin, issuers=issuers) as credential:
                credential.sign(b"anything")
                return time.perf_counter() - start

        def password_to_file(source: Path) -> float:
            job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=True, directory=folder)
            with SigningBatch([rehearse(job)], refuge=folder, clock=lambda: datetime.now(UTC)) as batch:
                list(batch.digests())  # shown to the person, who now types
                pin = SignaturePin.parse(PRACTICE_PIN)
                start = time.perf_counter()
                with signing_session(readers, PRACTICE_READER, pin, issuers=issuers) as credential:
                    (result,) = batch.sign(credential)
                    seconds = time.perf_counter() - start
            if not isinstance(result, SignedFile):
                raise result.error
            result.path.unlink()
            return seconds

        for label, size in SIZES.items():
            source = pdf(folder / "source.pdf", size, pages=1 if size else 2000)
            password_to_file(source)  # warm
            times = in_turn(7, password_to_file=lambda s=source: password_to_file(s), card_alone=card_alone)
            print_ratio(label, times, goal=1.1)


if __name__ == "__main__":
    main()
