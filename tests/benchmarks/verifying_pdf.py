"""Verifying PDF files against hashing them, against plain pyHanko and against pdfsig, in turn in one run.

Run: python tests/benchmarks/verifying_pdf.py [large|small|many|pages]. What pyHanko finds is held against what we
find: a verifier that finds less is not a faster one. pdfsig looks at no changes after a signature at all.
"""

import hashlib
import io
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from documents import pdf
from measure import in_turn, peak_of_anonymous_memory, print_ratio

from signing import Trust, verify
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.credential import Credential

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
TRUST = Trust.default()


def sign(source: Path, credential: Credential, *, times: int, target: Path) -> Path:
    """Signatures of pyHanko's own signer by the key of a practice card, each an incremental update."""
    from asn1crypto import algos, x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Signer(signers.Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return bytes(256) if dry_run else bytes(credential.sign(data))

    certificates = [x509.Certificate.load(der) for der in credential.certification_path]
    signer = Signer(
        signing_cert=certificates[0],
        cert_registry=SimpleCertificateStore.from_certs(certificates[1:]),
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
    )
    data = source.read_bytes()
    for number in range(times):
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        metadata = signers.PdfSignatureMetadata(field_name=f"Signature{number + 1}", md_algorithm="sha256")
        data = signers.sign_pdf(writer, metadata, signer=signer).getvalue()
    target.write_bytes(data)
    return target


def ours(path: Path) -> list[tuple[bool, bool]]:
    """Of each signature: intact, and nothing suspicious after it."""
    report = verify(path, trust=TRUST, moment=NOW)
    return [(each.intact, each.changes_after != "suspicious") for each in report.signatures]


def plain_pyhanko(path: Path) -> list[tuple[bool, bool]]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    with path.open("rb") as file:
        signatures = PdfFileReader(file).embedded_signatures
        statuses = [validate_pdf_signature(each, ValidationContext(allow_fetching=False)) for each in signatures]
        return [(each.intact and each.valid, bool(each.docmdp_ok)) for each in statuses]


def without_our_digits(function: Callable[[Path], object]) -> Callable[[Path], object]:
    """The plain library reads hexadecimal its own way."""
    from pyhanko.pdf_utils import generic

    from signing.pdf import hexadecimal

    def run(path: Path) -> object:
        in_place, generic.read_hex_string_from_stream = generic.read_hex_string_from_stream, hexadecimal._read_slowly
        try:
            return function(path)
        finally:
            generic.read_hex_string_from_stream = in_place

    return run


def pdfsig(*paths: Path) -> None:
    for path in paths:
        subprocess.run(["pdfsig", "-nocert", path], check=False, capture_output=True)


def file_digest(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


PEAK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Trust, verify
verify(Path(sys.argv[1]), trust=Trust.default(), moment=datetime.now(UTC))
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def large(folder: Path, credential: Credential) -> None:
    path = sign(pdf(folder / "source.pdf", 210_000_000), credential, times=1, target=folder / "large.pdf")
    ours(path)
    times = in_turn(9, verifying=lambda: ours(path) and None, digest=lambda: file_digest(path))
    print_ratio("200 MB, warm, against its SHA-256", times, goal=1.2)
    shown = subprocess.run([sys.executable, "-c", PEAK, path], check=True, cwd=ROOT, capture_output=True, text=True)
    print(f"200 MB: {int(shown.stdout) / 1024:.1f} MiB at the peak of a whole process, goal 100")
    plain = without_our_digits(plain_pyhanko)
    print_ratio(
        "200 MB, warm", in_turn(3, ours=lambda: ours(path) and None, pyhanko=lambda: plain(path) and None), goal=1
    )
    print_ratio(
        "200 MB, pdfsig's process", in_turn(3, ours=lambda: ours(path) and None, pdfsig=lambda: pdfsig(path)), goal=1
    )


SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Trust, verify
trust = Trust.default()
for path in sorted(Path(sys.argv[1]).iterdir()):
    verify(path, trust=trust, moment=datetime.now(UTC))
"""


def small(folder: Path, credential: Credential) -> None:
    many = folder / "small"
    many.mkdir()
    source = pdf(folder / "source.pdf", 10_000)
    for number in range(200):
        sign(source, credential, times=1, target=many / f"{number:03}.pdf")
    paths = sorted(many.iterdir())

    def whole_process() -> None:
        subprocess.run([sys.executable, "-c", SCRIPT, many], check=True, cwd=ROOT)

    whole_process()
    times = in_turn(7, ours=whole_process, pdfsig_loop=lambda: pdfsig(*paths))
    print_ratio("200 small files, whole process", times, goal=1.0)
    plain = without_our_digits(plain_pyhanko)
    one = paths[0]
    print_ratio(
        "one small file, warm",
        in_turn(30, ours=lambda: ours(one) and None, pyhanko=lambda: plain(one) and None),
        goal=1,
    )


def many(folder: Path, credential: Credential) -> None:
    source = pdf(folder / "source.pdf", 10_000)
    fifty, hundred = (sign(source, credential, times=times, target=folder / f"{times}.pdf") for times in (50, 100))
    compare("100 signatures", hundred, goal=1 / 12)
    times = in_turn(7, hundred=lambda: ours(hundred) and None, fifty=lambda: ours(fifty) and None)
    print_ratio("100 signatures against 50", times, goal=2.5)
    print_ratio(
        "100 signatures", in_turn(5, ours=lambda: ours(hundred) and None, pdfsig=lambda: pdfsig(hundred)), goal=10
    )


def pages(folder: Path, credential: Credential) -> None:
    source = pdf(folder / "source.pdf", 0, pages=2_000)
    compare("20 signatures, 2,000 pages", sign(source, credential, times=20, target=folder / "pages.pdf"), goal=1 / 4)


def compare(title: str, path: Path, *, goal: float) -> None:
    plain = without_our_digits(plain_pyhanko)
    start = time.perf_counter()
    if ours(path) != plain(path):
        raise AssertionError(f"{title}: not the same findings")
    rounds = 3 if time.perf_counter() - start < 30 else 1
    print_ratio(
        title, in_turn(rounds, ours=lambda: ours(path) and None, pyhanko=lambda: plain(path) and None), goal=goal
    )
    with peak_of_anonymous_memory() as peak:
        ours(path)
    print(f"{title}: {peak[0] / 1024:.1f} MiB of anonymous memory above idle")


def main() -> None:
    logging.disable()
    parts = {"large": large, "small": small, "many": many, "pages": pages}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        readers = PracticeReaders(folder / "card")
        facts = read_facts(readers, PRACTICE_READER)
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
        pin = SignaturePin.parse(PRACTICE_PIN)
        with signing_session(readers, PRACTICE_READER, pin, issuers=issuers) as credential:
            for part in sys.argv[1:] or parts:
                parts[part](folder, credential)


if __name__ == "__main__":
    main()
