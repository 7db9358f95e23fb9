"""Signed, stamped by a real authority, extended, and verified by programs of other makers."""

import base64
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import Document, Profile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.extension import extend, rehearse_extension
from signing.job import SignedFile, UnstampedFile
from signing.report import Coverage, SignatureLevel
from signing.timestamping import RemoteTimestamper, TimestampingAuthority
from signing.waiting import discard, save_as_it_is, stamp, waiting_files

LEVELS = SignatureLevel


def now() -> datetime:
    return datetime.now(UTC)


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


class Desk:
    """Someone with a key whose revocation is told, an authority, and a folder."""

    def __init__(self, service, folder: Path, make_pdf: Callable[..., Path]) -> None:
        self.service, self.folder, self.make_pdf = service, folder, make_pdf
        self.root = service.file("root.der")
        self.trust = replace(Trust.default().with_anchors([self.root]), stamping=(self.root,))
        self.room, self.refuge = folder / "waiting", folder / "refuge"
        self.clock = self.variant("clock")

    def variant(self, name: str) -> RemoteTimestamper:
        return RemoteTimestamper(TimestampingAuthority(f"{self.service.base}/{name}", anchors=(self.root,)), now)

    def sign(self, path: Path, profile: Profile = Profile.PADES_B_B, **more) -> SignedFile | UnstampedFile:
        job = SigningJob.beside(Document.open(path), profile, practice=False)
        with SigningBatch([rehearse(job)], refuge=self.refuge, clock=now, waiting=self.room) as batch:
            (made,) = batch.sign(more.get("credential") or self.service.signer())
        return made

    def stamp(self, made, variant: str = "clock") -> Path:
        path, rescued = stamp(
            made.waiting, timestamper=self.variant(variant), trust=self.trust, moment=now(), refuge=self.refuge
        )
        assert not rescued
        return path

    def extend(self, path: Path, level: SignatureLevel, variant: str = "clock") -> Path:
        extension = rehearse_extension(Document.open(path), level, trust=self.trust, moment=now())
        staged = extend(extension, path.parent, timestamper=self.variant(variant), trust=self.trust, moment=now())
        made, _ = staged.hand_over(path.with_stem(f"{path.stem}-more"), self.refuge)
        staged.close()
        return made

    def report(self, path: Path, *, moment: datetime | None = None, trust: Trust | None = None):
        return verify(path, trust=trust or self.trust, moment=moment or now())


@pytest.fixture
def desk(time_service, tmp_path: Path, make_pdf) -> Desk:
    (tmp_path / "root.pem").write_text(
        run("openssl", "x509", "-inform", "DER", "-in", time_service.folder / "root.der", folder=tmp_path)
    )
    return Desk(time_service, tmp_path, make_pdf)


def token_of(container: bytes, folder: Path) -> Path:
    """The time-stamp token in the unsigned attributes of a SignedData, in a file for OpenSSL."""
    from asn1crypto import cms

    (signer,) = cms.ContentInfo.load(container)["content"]["signer_infos"]
    (attribute,) = [a for a in signer["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token"]
    (folder / "token").write_bytes(attribute["values"][0].dump())
    (folder / "value").write_bytes(signer["signature"].native)
    return folder / "token"


def openssl_agrees(folder: Path) -> None:
    said = run(
        *("openssl", "ts", "-verify", "-in", "token", "-token_in", "-data", "value", "-CAfile", "root.pem"),
        folder=folder,
    )
    assert "Verification: OK" in said


def test_a_pdf_is_signed_stamped_and_verified_by_all(desk: Desk) -> None:
    made = desk.sign(desk.make_pdf())
    assert isinstance(made, UnstampedFile)
    assert list(desk.folder.glob("*signed*")) == []  # nothing half done where the person looks
    path = desk.stamp(made)
    assert path == desk.folder / "contract-signed.pdf"
    assert waiting_files(desk.room) == []

    (signature,) = desk.report(path).signatures
    assert (signature.level, signature.covers) == (LEVELS.B_T, Coverage.WHOLE)
    assert signature.timestamp_time is not None
    run("pdfsig", "-dump", path, folder=desk.folder)
    token_of((desk.folder / "contract-signed.pdf.sig0").read_bytes(), desk.folder)
    openssl_agrees(desk.folder)
    assert "Signature is Valid" in run("pdfsig", "-nocert", path, folder=desk.folder)
    said = run(
        *(Path(sys.executable).with_name("pyhanko"), "sign", "validate", "--pretty-print"),
        *("--trust", "root.pem", "--trust-replace", "--no-revocation-check", path),
        folder=desk.folder,
    )
    assert "The signature is judged VALID." in said
    assert "Signature timestamp" in said


@pytest.mark.parametrize("profile", [Profile.XADES_ENVELOPED, Profile.XADES_DETACHED])
def test_xades_is_stamped_and_stays_what_libxmlsec1_takes(desk: Desk, profile: Profile) -> None:
    source = desk.folder / "letter.xml"
    source.write_text('<?xml version="1.0" encoding="UTF-8"?>\n<letter><to>花子</to></letter>\n')
    path = desk.stamp(desk.sign(source, profile))
    (signature,) = desk.report(path).signatures
    assert signature.level is LEVELS.B_T
    assert signature.timestamp_time is not None
    said = run(
        *(
            "xmlsec1",
            "--verify",
            "--trusted-pem",
            "root.pem",
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
            path.name,
        ),
        folder=desk.folder,
    )
    assert "OK" in said or "Verification status: OK" in said
    # what was stamped, by a canonicalisation that is not ours
    from lxml import etree

    tree = etree.parse(path)
    (value,) = tree.iterfind(".//{*}SignatureValue")
    (token,) = tree.iterfind(".//{*}EncapsulatedTimeStamp")
    (desk.folder / "value").write_bytes(etree.tostring(value, method="c14n", exclusive=True, with_tail=False))
    (desk.folder / "token").write_bytes(base64.b64decode(token.text))
    openssl_agrees(desk.folder)


def test_cades_is_stamped_and_stays_what_openssl_takes(desk: Desk) -> None:
    source = desk.folder / "photo.jpg"
    source.write_bytes(b"\xff\xd8 picture")
    path = desk.stamp(desk.sign(source, Profile.CADES_B_B))
    (signature,) = desk.report(path).signatures
    assert signature.level is LEVELS.B_T
    token_of(path.read_bytes(), desk.folder)
    openssl_agrees(desk.folder)
    run(
        *("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", path, "-content", source),
        *("-CAfile", "root.pem", "-purpose", "any", "-out", "content"),
        folder=desk.folder,
    )


def test_a_form_that_forbids_a_time_stamp_gets_none(desk: Desk) -> None:
    before = len(desk.service.requests())
    made = desk.sign(desk.make_pdf(), Profile.REGISTRY)
    assert isinstance(made, SignedFile)
    assert len(desk.service.requests()) == before


def test_validation_data_and_archive_time_stamps(desk: Desk) -> None:
    signed = desk.stamp(desk.sign(desk.make_pdf()))
    lasting = desk.extend(signed, LEVELS.B_LTA)
    renewed = desk.extend(lasting, LEVELS.B_LTA)
    assert signed.read_bytes() == lasting.read_bytes()[: signed.stat().st_size]
    assert lasting.read_bytes() == renewed.read_bytes()[: lasting.stat().st_size]

    signature, *stamps = desk.report(renewed).signatures
    assert signature.level is LEVELS.B_LTA
    assert signature.revocation == "good"
    assert signature.indication == "TOTAL-PASSED"
    assert [stamp.indication for stamp in stamps] == ["TOTAL-PASSED"] * 2
    assert {change.code for change in signature.changes} == {"timestamped", "validation-data"}
    said = run("pdfsig", "-nocert", renewed, folder=desk.folder)
    assert said.count("Signature is Valid") >= 1
    said = run(
        *(Path(sys.executable).with_name("pyhanko"), "sign", "adesverify", "--pretty-print"),
        *("--trust", "root.pem", "--trust-replace", renewed),
        folder=desk.folder,
    )
    assert "The signature is judged VALID." in said


def test_validation_data_needs_an_authority_that_answers(desk: Desk, credential) -> None:
    signed = desk.sign(desk.make_pdf(), credential=credential)  # whose certificate leads to nobody known
    path = save_as_it_is(signed.waiting, refuge=desk.refuge)[0]
    with pytest.raises(errors.SignerUntrusted):
        desk.extend(path, LEVELS.B_LT)


def test_others_signatures_get_a_document_time_stamp(desk: Desk) -> None:
    mine = save_as_it_is(desk.sign(desk.make_pdf(), Profile.PADES_B_B).waiting, refuge=desk.refuge)[0]
    theirs = desk.extend(mine, LEVELS.B_T)  # the room in the last signature: nothing follows it
    assert [s.level for s in desk.report(theirs).signatures] == [LEVELS.B_T]
    further = desk.extend(theirs, LEVELS.B_T)  # it has one: the next is an update
    (first, stamp_) = desk.report(further).signatures
    assert first.indication == stamp_.indication or stamp_.indication == "TOTAL-PASSED"
    assert further.read_bytes().startswith(theirs.read_bytes())
    old = desk.sign(desk.make_pdf("old.pdf"), Profile.REGISTRY)
    extension = rehearse_extension(Document.open(old.path), LEVELS.B_T, trust=desk.trust, moment=now())
    assert [note.code for note in extension.notes] == ["stamp-plain-signature"]


def test_a_stamp_proves_what_an_expired_certificate_cannot(desk: Desk) -> None:
    plain = desk.sign(desk.make_pdf())
    path = save_as_it_is(plain.waiting, refuge=desk.refuge)[0]
    later = datetime(2055, 1, 1, tzinfo=UTC)
    (unproven,) = desk.report(path, moment=later).signatures
    assert unproven.sub_indication == "OUT_OF_BOUNDS_NO_POE"
    # the certificates of the authority end in 2050 too: renewed in time, the chain still proves
    stamped = desk.extend(path, LEVELS.B_LTA)
    (signature, *_) = desk.report(stamped, moment=datetime(2049, 1, 1, tzinfo=UTC)).signatures
    assert signature.timestamp_time is not None
    assert signature.sub_indication is None


@pytest.mark.parametrize("variant", ["refuse", "imprint", "gone", "expired"])
def test_a_failing_authority_loses_nothing(desk: Desk, variant: str) -> None:
    made = desk.sign(desk.make_pdf())
    with pytest.raises(errors.TimestampError):
        desk.stamp(made, variant)
    assert list(desk.folder.glob("*signed*")) == []
    (waiting,) = waiting_files(desk.room)  # found again, as after a crash
    assert waiting == made.waiting
    assert waiting.path.parent.stat().st_mode & 0o077 == 0
    path, _ = save_as_it_is(waiting, refuge=desk.refuge)
    (signature,) = desk.report(path).signatures
    assert (signature.level, signature.intact) == (LEVELS.B_B, True)
    assert waiting_files(desk.room) == []


def test_what_waits_can_be_discarded_and_goes_to_the_refuge_where_its_folder_is_gone(desk: Desk) -> None:
    first = desk.sign(desk.make_pdf("first.pdf"))
    discard(first.waiting)
    assert list(desk.room.iterdir()) == []
    place = desk.folder / "usb"
    place.mkdir()
    second = desk.sign(desk.make_pdf("usb/second.pdf"))
    (place / "second.pdf").unlink()
    place.rmdir()
    path, rescued = stamp(second.waiting, timestamper=desk.clock, trust=desk.trust, moment=now(), refuge=desk.refuge)
    assert rescued
    assert desk.report(path).signatures[0].level is LEVELS.B_T
