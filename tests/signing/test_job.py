"""What a person relies on when a file is signed: the source, the result, and the truth about both."""

import errno
import os
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing import (
    Document,
    FailedFile,
    Kind,
    Profile,
    SignedFile,
    SigningBatch,
    SigningJob,
    Trust,
    cms,
    errors,
    rehearse,
    staged_copy,
    verify,
)
from signing.card.jpki import signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")


def sign(paths: list[Path], credential, *, profile: Profile = Profile.PADES_B_B, refuge: Path | None = None):
    jobs = [SigningJob.beside(Document.open(path), profile, practice=False) for path in paths]
    refuge = refuge or paths[0].parent / "refuge"
    with SigningBatch([rehearse(job) for job in jobs], refuge=refuge, clock=lambda: NOW) as batch:
        return list(batch.sign(credential))


def pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("profile", [each for each in Profile if each.kinds == {Kind.PDF}])
def test_signed_file_is_valid_for_poppler_and_the_source_stays(make_pdf, credential, profile: Profile) -> None:
    source = make_pdf()
    before = source.read_bytes()
    (result,) = sign([source], credential, profile=profile)
    assert isinstance(result, SignedFile)
    assert result.path == source.with_name("contract-signed.pdf")
    assert source.read_bytes() == before
    assert result.path.read_bytes().startswith(before)
    said = pdfsig(result.path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    subfilter = {Profile.PADES_B_B: "ETSI.CAdES.detached", Profile.REGISTRY: "adbe.pkcs7.detached"}[profile]
    assert f"Signature Type: {subfilter}" in said
    assert credential.uses == 1


def test_openssl_accepts_the_container_against_the_authority(make_pdf, credential, authority, tmp_path: Path) -> None:
    (result,) = sign([make_pdf()], credential)
    data = result.path.read_bytes()
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    (tmp_path / "content").write_bytes(data[: start - 1] + data[end + 1 :])
    (tmp_path / "cms").write_bytes(bytes.fromhex(data[start:end].decode()))
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms", "-content", "content"]
    trusted = ["-CAfile", "ca.pem", "-purpose", "any", "-out", "out"]
    done = subprocess.run([*command, *trusted], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_registry_form_has_name_and_time_and_only_three_attributes(make_pdf, credential) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    (result,) = sign([make_pdf()], credential, profile=Profile.REGISTRY)
    with result.path.open("rb") as file:
        (embedded,) = PdfFileReader(file).embedded_regular_signatures
        assert embedded.sig_object["/Name"] == "CN=Test signer,C=JP"
        assert embedded.sig_object["/M"] == "D:20261122210000+09'00'"
        attributes = embedded.signer_info["signed_attrs"]
        assert {a["type"].native for a in attributes} == {"content_type", "message_digest", "signing_time"}


def test_existing_file_is_never_written_over(make_pdf, credential) -> None:
    source = make_pdf()
    taken = source.with_name("contract-signed.pdf")
    taken.write_bytes(b"mine")
    (result,) = sign([source], credential)
    assert taken.read_bytes() == b"mine"
    assert result.path.name == "contract-signed-2.pdf"


def test_name_taken_between_rehearsal_and_signature(make_pdf, credential) -> None:
    source = make_pdf()
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False)
    with SigningBatch([rehearse(job)], refuge=source.parent / "r", clock=lambda: NOW) as batch:
        job.output.write_bytes(b"mine")
        (result,) = batch.sign(credential)
    assert job.output.read_bytes() == b"mine"
    assert isinstance(result, SignedFile)
    assert "Signature is Valid." in pdfsig(result.path)


def test_signature_is_rescued_when_the_folder_vanishes_after_the_card_signed(make_pdf, credential, tmp_path) -> None:
    source = make_pdf()
    folder = tmp_path / "share"
    folder.mkdir()
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False, directory=folder)
    really_sign = credential.sign

    def sign_and_lose_the_folder(data: bytes) -> bytes:
        folder.rmdir()
        return really_sign(data)

    credential.sign = sign_and_lose_the_folder
    with SigningBatch([rehearse(job)], refuge=tmp_path / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile)
    assert result.rescued
    assert result.path == tmp_path / "refuge" / "contract-signed.pdf"
    assert "Signature is Valid." in pdfsig(result.path)


def test_signature_is_kept_in_a_folder_of_its_own_where_the_refuge_fails_too(
    make_pdf, credential, monkeypatch, tmp_path
) -> None:
    source, folder, temporary = make_pdf(), tmp_path / "share", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    really_sign = credential.sign

    def sign_and_lose_the_folder(data: bytes) -> bytes:
        folder.rmdir()
        return really_sign(data)

    credential.sign = sign_and_lose_the_folder
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False, directory=folder)
    with SigningBatch([rehearse(job)], refuge=source / "no folder", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile)
    assert result.rescued
    assert result.path.parent.parent == temporary
    assert stat.S_IMODE(result.path.parent.stat().st_mode) == 0o700
    assert "Signature is Valid." in pdfsig(result.path)


def test_second_signer_leaves_the_first_valid(make_pdf, credential, issue) -> None:
    (first,) = sign([make_pdf()], credential)
    (second,) = sign([first.path], issue())
    assert pdfsig(second.path).count("Signature is Valid.") == 2


def test_a_failed_file_does_not_stop_the_rest(make_pdf, credential) -> None:
    paths = [make_pdf(f"{i}.pdf") for i in range(3)]
    jobs = [rehearse(SigningJob.beside(Document.open(p), Profile.PADES_B_B, practice=False)) for p in paths]
    paths[1].write_bytes(b"%PDF-1.7 something else")
    with SigningBatch(jobs, refuge=paths[0].parent / "r", clock=lambda: NOW) as batch:
        results = list(batch.sign(credential))
    assert [type(r) for r in results] == [SignedFile, FailedFile, SignedFile]
    assert isinstance(results[1].error, errors.DocumentChangedOnDisk)
    assert credential.uses == 2


def test_a_failed_card_is_left_alone_for_the_rest(make_pdf, credential) -> None:
    paths = [make_pdf(f"{i}.pdf") for i in range(3)]
    calls = []

    def gone(data: bytes) -> bytes:
        calls.append(data)
        raise errors.CardRemoved

    credential.sign = gone
    results = sign(paths, credential)
    assert [r.error.code for r in results] == ["card.removed"] * 3
    assert len(calls) == 1
    assert sorted(p.name for p in paths[0].parent.iterdir()) == ["0.pdf", "1.pdf", "2.pdf"]


def test_cancel_between_files(make_pdf, credential) -> None:
    paths = [make_pdf(f"{i}.pdf") for i in range(5)]
    jobs = [rehearse(SigningJob.beside(Document.open(p), Profile.PADES_B_B, practice=False)) for p in paths]
    really_sign = credential.sign

    def sign_and_be_told_to_stop(data: bytes) -> bytes:
        if credential.uses == 1:
            batch.cancel()
        return really_sign(data)

    credential.sign = sign_and_be_told_to_stop
    with SigningBatch(jobs, refuge=paths[0].parent / "r", clock=lambda: NOW) as batch:
        results = list(batch.sign(credential))
    assert [type(result) for result in results] == [SignedFile] * 2
    assert credential.uses == 2
    assert sorted(p.name for p in paths[0].parent.glob("*-signed.pdf")) == ["0-signed.pdf", "1-signed.pdf"]


def test_who_listens_no_more_has_nothing_signed_but_what_the_card_is_at(make_pdf, credential) -> None:
    paths = [make_pdf(f"{i}.pdf") for i in range(8)]
    jobs = [rehearse(SigningJob.beside(Document.open(p), Profile.PADES_B_B, practice=False)) for p in paths]
    with SigningBatch(jobs, refuge=paths[0].parent / "r", clock=lambda: NOW) as batch:
        at_work, told = threading.Event(), threading.Event()
        really_sign = credential.sign

        def sign(data: bytes) -> bytes:
            if credential.uses == 2:
                at_work.set()
                assert told.wait(20)
            return really_sign(data)

        credential.sign = sign
        outcomes = batch.sign(credential)
        assert next(outcomes).path.name == "0-signed.pdf"
        assert at_work.wait(20)
        threading.Timer(0.2, told.set).start()
        outcomes.close()
    assert credential.uses == 3
    assert len(list(paths[0].parent.glob("*-signed.pdf"))) == 3, "a signature that the card made is lost"


def test_files_are_finished_and_made_ready_while_the_card_works(make_pdf, credential, monkeypatch) -> None:
    paths = [make_pdf(f"{i}.pdf") for i in range(3)]
    ready, before = threading.Event(), cms.cades_attributes
    made = []

    def attributes(*arguments: bytes):
        made.append(arguments)
        if len(made) == 2:
            ready.set()
        return before(*arguments)

    monkeypatch.setattr(cms, "cades_attributes", attributes)
    finished = paths[0].with_name("0-signed.pdf")
    really_sign = credential.sign

    def work(data: bytes) -> bytes:
        if credential.uses == 0:
            assert ready.wait(20), "the second file is made ready only when the card is free again"
        elif credential.uses == 1:
            until = time.monotonic() + 20
            while not finished.exists():
                assert time.monotonic() < until, "the first file is finished only when the second has its signature"
                time.sleep(0.01)
        return really_sign(data)

    credential.sign = work
    results = sign(paths, credential)
    assert [getattr(result, "path", result) for result in results] == [p.with_stem(f"{p.stem}-signed") for p in paths]


def test_nothing_is_left_behind_when_the_person_gives_up_at_the_password(make_pdf, credential) -> None:
    source = make_pdf()
    job = rehearse(SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False))
    with SigningBatch([job], refuge=source.parent / "r", clock=lambda: NOW) as batch:
        (digest,) = batch.digests()
    assert digest == Document.open(source).sha256
    assert [p.name for p in source.parent.iterdir()] == ["contract.pdf"]


def test_wrong_signature_from_the_card_makes_no_file(make_pdf, credential) -> None:
    credential.sign = lambda data: bytes(256)
    source = make_pdf()
    (result,) = sign([source], credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.CardSignatureWrong)
    assert [p.name for p in source.parent.iterdir()] == ["contract.pdf"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"not_after": NOW - timedelta(seconds=1)}, errors.CertificateExpired),
        ({"not_before": NOW + timedelta(seconds=1)}, errors.CertificateNotYetValid),
    ],
)
def test_certificate_outside_its_time_never_signs(make_pdf, issue, changes, expected) -> None:
    credential = issue(**changes)
    (result,) = sign([make_pdf()], credential)
    assert isinstance(result.error, expected)
    assert getattr(result.error, "kind", "other") == "other"  # it is of no card, and no municipality renews it
    assert credential.uses == 0


def test_authentication_certificate_never_signs(make_pdf, credential, tmp_path: Path) -> None:
    from signing.card.practice_pki import load_practice

    practice = load_practice(tmp_path / "practice", NOW)
    credential.certification_path = (practice.authentication_certificate,)
    (result,) = sign([make_pdf()], credential)
    assert isinstance(result.error, errors.CertificateNotForSigning)
    assert result.error.kind == "user-authentication"
    assert credential.uses == 0


def refused(path: Path) -> type[errors.UserFacingError]:
    with pytest.raises(errors.UserFacingError) as caught:
        rehearse(SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False))
    return type(caught.value)


def test_each_unsuitable_document_has_its_own_error(make_pdf, tmp_path: Path) -> None:
    def file(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)
    assert refused(tmp_path / "missing.pdf") is errors.DocumentNotFound
    assert refused(tmp_path) is errors.DocumentIsDirectory
    assert refused(pipe) is errors.DocumentNotRegular
    assert refused(Path("/dev/null")) is errors.DocumentNotRegular
    assert refused(file("empty.pdf", b"")) is errors.DocumentEmpty
    assert refused(file("letter.pdf", b"Dear Sir")) is errors.DocumentWrongEnding
    assert refused(file("data.xml", b"%PDF-1.7\n")) is errors.DocumentWrongEnding
    assert refused(file("picture.png", b"\x89PNG")) is errors.DocumentNotOfProfile
    assert refused(file("cut.pdf", make_pdf("whole.pdf").read_bytes()[:300])) is errors.DocumentDamaged
    assert refused(make_pdf("none.pdf", pages=0)) is errors.DocumentDamaged
    form = "/AcroForm << /Fields [] /XFA [(template) 10 0 R] >>"
    assert refused(make_pdf("xfa.pdf", catalog=form, extra=("<< >>",))) is errors.DocumentXfa
    assert refused(Path("bad\0name.pdf")) is errors.DocumentNotFound


def qpdf(source: Path, name: str, *options: str) -> Path:
    target = source.with_name(name)
    subprocess.run(["qpdf", *options, source, target], check=True)
    return target


def test_encrypted_with_an_empty_password_is_signed_and_told(make_pdf, credential) -> None:
    path = qpdf(make_pdf(), "locked.pdf", "--encrypt", "", "owner", "256", "--")
    rehearsal = rehearse(SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False))
    assert [note.code for note in rehearsal.notes] == ["encrypted-empty-password"]
    (result,) = sign([path], credential)
    assert "Signature is Valid." in pdfsig(result.path)


def test_encryption_that_leaves_no_room_for_a_signature_is_refused_before_the_card(make_pdf) -> None:
    from pyhanko.pdf_utils.crypt import StandardSecurityHandler
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    clear = qpdf(make_pdf(), "clear.pdf", "--encrypt", "", "owner", "256", "--cleartext-metadata", "--")
    assert refused(clear) is errors.DocumentEncryptionUnsupported
    coded = clear.with_name("coded.pdf")
    with clear.with_name("contract.pdf").open("rb") as file, coded.open("wb") as output:
        writer = copy_into_new_writer(PdfFileReader(file))
        handler = StandardSecurityHandler.build_from_pw("owner", "", pdf_mac=True)
        writer._assign_security_handler(handler)
        writer.write(output)
    assert refused(coded) is errors.DocumentEncryptionUnsupported


def test_encrypted_with_a_password_is_signed_and_verified_with_it(make_pdf, credential) -> None:
    path = qpdf(make_pdf(), "secret.pdf", "--encrypt", "ひらけごま", "owner", "256", "--")
    document = Document.open(path).unlocked_with("ひらけごま")
    assert "ごま" not in repr(document)
    job = SigningJob.beside(document, Profile.PADES_B_B, practice=False)
    with SigningBatch([rehearse(job)], refuge=path.parent / "r", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile)
    trust = Trust.default()
    assert verify(result.path, trust=trust, moment=NOW).problems[0].code == "document.encrypted"
    (signature,) = verify(result.path, trust=trust, moment=NOW, password="ひらけごま").signatures
    assert signature.intact
    said = subprocess.run(["pdfsig", "-nocert", "-upw", "ひらけごま", result.path], capture_output=True, text=True)
    assert "Signature is Valid." in said.stdout


def test_encrypted_with_a_password_is_refused_without(make_pdf) -> None:
    assert (
        refused(qpdf(make_pdf(), "secret.pdf", "--encrypt", "user", "owner", "256", "--")) is errors.DocumentEncrypted
    )


def test_cross_reference_streams_and_missing_last_newline(make_pdf, credential) -> None:
    path = qpdf(make_pdf(pages=30), "streams.pdf", "--object-streams=generate")
    path.write_bytes(path.read_bytes().rstrip())
    (result,) = sign([path], credential)
    assert "Signature is Valid." in pdfsig(result.path)
    subprocess.run(["qpdf", "--check", result.path], check=True, capture_output=True)


def test_hybrid_cross_references_are_refused(make_pdf, tmp_path: Path) -> None:
    # A classical section whose trailer also names a cross-reference stream.
    source = make_pdf().read_bytes()
    position = len(source)
    stream = b"20 0 obj\n<< /Type /XRef /Size 21 /W [1 4 1] /Index [20 1] /Root 1 0 R /Length 6 >>\nstream\n"
    stream += b"\x01" + position.to_bytes(4) + b"\x00\nendstream\nendobj\n"
    table = position + len(stream)
    first = int(source.split(b"startxref\n")[1].split(b"\n")[0])
    tail = b"xref\n0 1\n0000000000 65535 f \ntrailer\n"
    tail += f"<< /Size 21 /Root 1 0 R /Prev {first} /XRefStm {position} >>\nstartxref\n{table}\n%%EOF\n".encode()
    path = tmp_path / "hybrid.pdf"
    path.write_bytes(source + stream + tail)
    assert refused(path) is errors.DocumentHybrid


def certified(source: Path, credential, level: int) -> Path:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, fields, sign_pdf

    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(credential.certification_path[0]),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=None,
    )
    target = source.with_name(f"certified-{level}.pdf")
    with source.open("rb") as file, target.open("wb+") as output:
        metadata = PdfSignatureMetadata("Author", certify=True, docmdp_permissions=fields.MDPPerm(level))
        sign_pdf(IncrementalPdfFileWriter(file), metadata, signer, output=output)
    return target


def test_certification_that_forbids_changes_is_obeyed(make_pdf, credential) -> None:
    assert refused(certified(make_pdf(), credential, 1)) is errors.ChangesNotPermitted


def test_certification_that_leaves_room_is_told_and_signed(make_pdf, credential) -> None:
    path = certified(make_pdf(), credential, 2)
    rehearsal = rehearse(SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False))
    assert {note.code: dict(note.facts) for note in rehearsal.notes} == {
        "certified": {"level": 2},
        "already-signed": {"count": 1},
    }
    (result,) = sign([path], credential)
    assert pdfsig(result.path).count("Signature is Valid.") == 2


def test_no_room_on_the_disk(make_pdf, tmp_path: Path, small_disk: Path, credential) -> None:
    source = make_pdf(ballast=3_000_000)
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False, directory=small_disk)
    with pytest.raises(errors.DestinationFull):
        rehearse(job)


def test_disk_that_fills_up_after_the_rehearsal(make_pdf, small_disk: Path, credential) -> None:
    source = make_pdf(ballast=1_000_000)
    job = SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False, directory=small_disk)
    rehearsal = rehearse(job)
    (small_disk / "other").write_bytes(bytes(1_500_000))
    with SigningBatch([rehearsal], refuge=source.parent / "r", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result.error, errors.DestinationFull)
    assert credential.uses == 0
    assert [p.name for p in small_disk.iterdir()] == ["other"]


def test_folder_that_cannot_be_written_or_does_not_exist(make_pdf, tmp_path: Path) -> None:
    document = Document.open(make_pdf())
    job = SigningJob.beside(document, Profile.PADES_B_B, practice=False, directory=tmp_path / "nowhere")
    with pytest.raises(errors.DestinationMissing):
        rehearse(job)


def test_signature_is_not_lost_with_a_folder_that_lets_nothing_be_removed_any_more(
    make_pdf, credential, monkeypatch, tmp_path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    source = make_pdf()
    monkeypatch.delattr(os, "O_TMPFILE")
    for step in ("hardlink_to", "rename", "unlink"):
        monkeypatch.setattr(Path, step, refuse)
    (result,) = sign([source], credential, refuge=tmp_path / "refuge")
    assert isinstance(result, SignedFile)
    assert result.rescued
    assert "Signature is Valid." in pdfsig(result.path)


@pytest.mark.parametrize("nameless", [True, False])
def test_both_kinds_of_temporary_file(make_pdf, credential, monkeypatch, nameless: bool) -> None:
    """Where the system cannot make a nameless file, a hidden one takes its place and does not stay."""
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE")
    source = make_pdf()
    (result,) = sign([source], credential)
    assert "Signature is Valid." in pdfsig(result.path)
    assert sorted(p.name for p in source.parent.iterdir()) == ["contract-signed.pdf", "contract.pdf"]


def test_many_files_need_no_more_descriptors_than_a_few(make_pdf, credential) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no limit that could be lowered")
    sign([make_pdf("first.pdf")], credential)  # what is opened once, and stays
    paths = [make_pdf(f"{i}.pdf") for i in range(40)]
    free = [os.dup(0) for _ in range(30)]  # not side by side where others are open
    for each in free:
        os.close(each)
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(free) + 1, usual[1]))
    try:
        results = sign(paths, credential)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    assert sum(isinstance(r, SignedFile) for r in results) == 40


def test_long_names_are_cut_so_that_the_signed_file_can_have_one(make_pdf, credential) -> None:
    paths = [make_pdf(f"{'契約書' * 27}あ.pdf"), make_pdf(f"{'a' * 251}.pdf"), make_pdf("b" * 255)]
    first, second, third = sign(paths, credential)
    assert first.path.name.startswith("契約書契約書")
    assert first.path.name.endswith("-signed.pdf")
    assert second.path.name == f"{'a' * 229}-signed.pdf"
    assert third.path.name == f"{'b' * 229}-signed.pdf"


def test_name_that_cannot_be_cut_is_refused_at_the_rehearsal(make_pdf) -> None:
    document = Document.open(make_pdf(f"a.{'b' * 250}"))
    with pytest.raises(errors.DestinationNotWritable):
        rehearse(SigningJob.beside(document, Profile.PADES_B_B, practice=False))


def test_folder_that_cannot_be_synced_has_the_file_all_the_same(make_pdf, credential, monkeypatch, tmp_path) -> None:
    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    source = make_pdf()
    monkeypatch.setattr(os, "fsync", refuse_folders)
    (result,) = sign([source], credential, refuge=tmp_path / "refuge")
    assert (result.path.parent, result.rescued) == (source.parent, False)
    assert not (tmp_path / "refuge").exists()


def test_name_that_was_reserved_is_given_up_where_the_file_cannot_have_it(make_pdf, credential, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    source = make_pdf()
    monkeypatch.delattr(os, "O_TMPFILE")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    monkeypatch.setattr(Path, "rename", refuse)
    (result,) = sign([source], credential)
    assert result.rescued
    assert [path for path in source.parent.iterdir() if path.is_file()] == [source]


@pytest.mark.parametrize("nameless", [True, False])
def test_where_a_file_is_seen_only_when_it_is_closed_another_place_is_used(
    make_pdf, credential, monkeypatch, request, tmp_path, nameless: bool
) -> None:
    """As on WebDAV through GVfs, where nothing is there before the last byte is sent."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system")
    elsewhere = Path(tempfile.mkdtemp(dir=memory))
    request.addfinalizer(lambda: shutil.rmtree(elsewhere))
    source, opened = make_pdf(), os.open

    def refuse_nameless(path, flags, *more, **others):
        if nameless and path == source.parent and flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return opened(path, flags, *more, **others)

    monkeypatch.setattr(os, "open", refuse_nameless)
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE")
    monkeypatch.setattr(staged_copy, "_is_seen", lambda path: path.parent != source.parent)
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    first, second = (sign([source], credential)[0] for _ in range(2))
    assert [each.path.name for each in (first, second)] == ["contract-signed.pdf", "contract-signed-2.pdf"]
    assert "Signature is Valid." in pdfsig(second.path)
    assert len(list(source.parent.iterdir())) == 3
    assert list(elsewhere.iterdir()) == []


def test_practice_signature_is_named_as_one_wherever_the_card_was(make_pdf, tmp_path: Path) -> None:
    source = make_pdf()
    document = Document.open(source)
    assert SigningJob.beside(document, Profile.PADES_B_B, practice=True).output.name == "contract-practice-signed.pdf"
    job = SigningJob.beside(document, Profile.PADES_B_B, practice=False)
    readers = PracticeReaders(tmp_path / "card")
    with (
        SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch,
        signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as credential,
    ):
        (result,) = batch.sign(credential)
    assert result.practice
    assert result.path.name == "contract-practice-signed.pdf"
    assert not job.output.exists()
