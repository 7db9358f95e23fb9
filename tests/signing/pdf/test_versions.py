"""Earlier versions are found, and one's last signature can be taken back where it provably came last into the file."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.credential import Credential
from signing.pdf.versions import bytes_before_last_signature, lengths_of_versions


@pytest.fixture
def sign(credential: Credential, tmp_path: Path) -> Callable[[Path], Path]:
    def signed(path: Path) -> Path:
        job = SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False)
        with SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch:
            (outcome,) = batch.sign(credential)
        assert isinstance(outcome, SignedFile)
        return outcome.path

    return signed


def before(path: Path) -> bytes | None:
    length = bytes_before_last_signature(Document.open(path))
    return None if length is None else path.read_bytes()[:length]


def test_the_document_before_it_was_signed(sign: Callable[[Path], Path], make_pdf: Callable[..., Path]) -> None:
    source = make_pdf(pages=3)
    assert before(sign(source)) == source.read_bytes()


def test_the_version_that_others_had_signed(sign: Callable[[Path], Path], make_pdf: Callable[..., Path]) -> None:
    once = sign(make_pdf())
    assert before(sign(once)) == once.read_bytes()


def test_a_file_without_a_line_end_gets_none_that_a_signature_would_not_cover(
    sign: Callable[[Path], Path], make_pdf: Callable[..., Path]
) -> None:
    source = make_pdf()
    source.write_bytes(source.read_bytes().rstrip(b"\n"))
    assert before(sign(source)) == source.read_bytes() + b"\n"


@pytest.mark.parametrize("options", [["--object-streams=generate"], ["--linearize"]], ids=str)
def test_a_file_of_another_program(
    sign: Callable[[Path], Path], make_pdf: Callable[..., Path], tmp_path: Path, options: list[str]
) -> None:
    other = tmp_path / "other.pdf"
    subprocess.run(["qpdf", *options, make_pdf(pages=4), other], check=True)
    assert before(sign(other)) in (other.read_bytes(), None)


def test_nothing_is_offered_where_more_came_after_it_or_with_it(
    sign: Callable[[Path], Path], make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    unsigned = make_pdf()
    assert before(unsigned) is None
    signed, later, trailing = sign(unsigned), tmp_path / "later.pdf", tmp_path / "trailing.pdf"
    shutil.copy(signed, later)
    with later.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.update_root()
        writer.write_in_place()
    assert before(later) is None
    trailing.write_bytes(signed.read_bytes() + b"\n% more\n")
    assert before(trailing) is None


def test_every_version_is_found(sign: Callable[[Path], Path], make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    source = make_pdf(pages=2)
    once = sign(source)
    between = tmp_path / "between.pdf"
    shutil.copy(once, between)
    with between.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.update_root()
        writer.write_in_place()
    twice = sign(between)
    lengths = tuple(path.stat().st_size for path in (source, once, between, twice))
    assert lengths_of_versions(Document.open(twice)) == lengths
    assert lengths_of_versions(Document.open(source)) == lengths[:1]
