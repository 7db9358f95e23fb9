"""Any file signed beside itself: CAdES B-B in a .p7s, accepted by OpenSSL and by our own verifier."""

import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from signing import Document, FailedFile, Profile, SignedFile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.report import SignatureFormat, SignatureLevel

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")


def signed(path: Path, credential, *, practice: bool = False) -> SignedFile | FailedFile:
    job = SigningJob.beside(Document.open(path), Profile.CADES_B_B, practice=practice)
    with SigningBatch([rehearse(job)], refuge=path.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    return result


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "図面 1.tif"
    path.write_bytes(b"II*\0" + bytes(range(256)) * 5000)
    return path


def test_openssl_accepts_it_as_cades_and_not_with_another_content(source: Path, credential, authority) -> None:
    before = source.read_bytes()
    result = signed(source, credential)
    assert result.path == source.with_name("図面 1.tif.p7s")
    assert source.read_bytes() == before
    assert credential.uses == 1
    source.with_name("ca.pem").write_bytes(authority.pem)
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", result.path]
    command += ["-content", source, "-CAfile", "ca.pem", "-purpose", "any", "-out", "out"]
    done = subprocess.run(command, cwd=source.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    source.write_bytes(before + b"\0")
    assert subprocess.run(command, cwd=source.parent, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("practice", [False, True])
def test_our_verifier_finds_the_file_that_it_belongs_to(source: Path, credential, practice: bool) -> None:
    signed(source, credential, practice=practice)
    second = signed(source, credential, practice=practice)  # its name has a number more
    (report,) = verify(second.path, trust=Trust.default(), moment=NOW).signatures
    assert report.intact
    assert (report.format, report.level) == (SignatureFormat.CADES, SignatureLevel.B_B)
    assert report.signing_time == NOW


def test_a_file_that_changed_meanwhile_is_not_signed(source: Path, credential) -> None:
    rehearsal = rehearse(SigningJob.beside(Document.open(source), Profile.CADES_B_B, practice=False))
    source.write_bytes(b"other")
    with SigningBatch([rehearsal], refuge=source.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result.error, errors.DocumentChangedOnDisk)
    assert credential.uses == 0
