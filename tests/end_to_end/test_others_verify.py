"""What the card signs here, programs of other makers verify: poppler, OpenSSL and pyHanko's own command."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders, practice_root

PRACTICE_DOCUMENTS = sorted((Path(__file__).parents[2] / "resources" / "practice").glob("*.pdf"))


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module", params=[Profile.PADES_B_B, Profile.REGISTRY])
def signed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[SignedFile]:
    """The practice documents, signed with the practice card; its root lies beside them as root.pem."""
    folder = tmp_path_factory.mktemp("signed")
    readers = PracticeReaders(folder / "card")
    facts = read_facts(readers, PRACTICE_READER)
    jobs = [
        SigningJob.beside(Document.open(path), request.param, practice=True, directory=folder)
        for path in PRACTICE_DOCUMENTS
    ]
    with (
        SigningBatch([rehearse(job) for job in jobs], refuge=folder, clock=lambda: datetime.now(UTC)) as batch,
        signing_session(
            readers,
            PRACTICE_READER,
            SignaturePin.parse(PRACTICE_PIN),
            issuers=[facts.signature_ca_certificate or b""],
        ) as credential,
    ):
        results = list(batch.sign(credential))
    root = load_der_x509_certificate(practice_root(folder / "card"))
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    assert len(results) == len(PRACTICE_DOCUMENTS) >= 1
    assert all(isinstance(result, SignedFile) for result in results)
    return results


def test_pdfsig_says_valid_for_the_whole_document(signed: list[SignedFile]) -> None:
    for result in signed:
        said = run("pdfsig", "-nocert", result.path, folder=result.path.parent)
        assert "Signature is Valid." in said
        assert "Total document signed" in said


def test_pyhanko_validates_against_the_practice_root(signed: list[SignedFile]) -> None:
    for result in signed:
        said = run(
            *(Path(sys.executable).with_name("pyhanko"), "sign", "validate", "--pretty-print"),
            *("--trust", "root.pem", "--trust-replace", "--soft-revocation-check", result.path),
            folder=result.path.parent,
        )
        assert "The signature is judged VALID." in said
        assert "The signature covers the entire file." in said


def test_openssl_accepts_the_container_against_the_practice_root(signed: list[SignedFile]) -> None:
    for result in signed:
        folder = result.path.parent
        run("pdfsig", "-dump", result.path, folder=folder)  # poppler, too, takes the container out
        (container,) = folder.glob(f"{result.path.name}.sig0")
        data = result.path.read_bytes()
        hole = data.rindex(b"/Contents <") + len(b"/Contents ")
        (folder / "content").write_bytes(data[:hole] + data[data.index(b">", hole) + 1 :])
        said = run(
            *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", container, "-content", "content"),
            *("-CAfile", "root.pem", "-purpose", "any", "-out", "verified"),
            folder=folder,
        )
        assert "successful" in said.lower()
