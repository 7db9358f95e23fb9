"""Containers made by hand around signatures of OpenSSL: every file accounted for, and no trick shown as clean."""

import base64
import hashlib
import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.report import Coverage, Indication, SubIndication, ValidationReport, Verdict

SIMPLE, EXTENDED = b"application/vnd.etsi.asic-s+zip", b"application/vnd.etsi.asic-e+zip"
DOCUMENT, ANNEX = b"%PDF-1.7 the contract", "別紙".encode()
SIGNATURE = "META-INF/signature001.p7s"
MANIFEST = "META-INF/ASiCManifest001.xml"
METHODS = {"sha256": "http://www.w3.org/2001/04/xmlenc#sha256", "sha1": "http://www.w3.org/2000/09/xmldsig#sha1"}


def container(files: Mapping[str, bytes], mimetype: bytes | None = EXTENDED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype is not None:
            archive.writestr("mimetype", mimetype)
        for name, content in files.items():
            archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def manifest(files: Mapping[str, bytes], signature: str = SIGNATURE, digest: str = "sha256") -> bytes:
    references = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{METHODS[digest]}"/>'
        f"<ds:DigestValue>{base64.b64encode(hashlib.new(digest, content).digest()).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>"
        for name, content in files.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
        f'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><asic:SigReference URI="{signature}"/>{references}'
        "</asic:ASiCManifest>"
    ).encode()


def extended(bench, files: Mapping[str, bytes], **options: str) -> dict[str, bytes]:
    """Files, a manifest of them and its signature."""
    listed = manifest(files, **options)
    return {**files, MANIFEST: listed, SIGNATURE: bench.sign(listed, "-cades")}


def judge(bench, data: bytes) -> ValidationReport:
    path = bench.folder() / "contract.asice"
    path.write_bytes(data)
    return bench.judge(path)


def problems(report: ValidationReport) -> set[str]:
    found = {problem.code for problem in report.problems}
    return found | {problem.code for signature in report.signatures for problem in signature.problems}


FILES = {"contract.pdf": DOCUMENT, "別紙.txt": ANNEX}


@pytest.mark.parametrize("mimetype", [SIMPLE, None])
def test_one_file_and_its_signature(bench, mimetype: bytes | None) -> None:
    files = {"contract.pdf": DOCUMENT, "META-INF/signature.p7s": bench.sign(DOCUMENT, "-cades")}
    report = judge(bench, container(files, mimetype))
    (signature,) = report.signatures
    assert (report.verdict, report.kind, report.problems) == (Verdict.PASSED, "other", ())
    assert (signature.format, signature.level, signature.signer) == ("CAdES", "B-B", "Hanako")
    assert (signature.signed_element, signature.covers) == ("contract.pdf", Coverage.WHOLE)


@pytest.mark.parametrize("mimetype", [EXTENDED, None])
def test_several_files_under_one_manifest(bench, mimetype: bytes | None) -> None:
    report = judge(bench, container(extended(bench, FILES), mimetype))
    (signature,) = report.signatures
    assert (report.verdict, signature.signed_element) == (Verdict.PASSED, "contract.pdf, 別紙.txt")


def test_names_are_written_as_references(bench) -> None:
    files = {"契約 書.pdf": DOCUMENT}
    listed = manifest({"%E5%A5%91%E7%B4%84%20%E6%9B%B8.pdf": DOCUMENT})
    report = judge(bench, container({**files, MANIFEST: listed, SIGNATURE: bench.sign(listed)}))
    assert report.verdict is Verdict.PASSED


def test_two_signatures_each_with_its_manifest(bench) -> None:
    second = "META-INF/signature002.p7s"
    listed = manifest(FILES, second)
    files = {**extended(bench, FILES), "META-INF/ASiCManifest002.xml": listed, second: bench.sign(listed)}
    report = judge(bench, container(files))
    assert (report.verdict, len(report.signatures)) == (Verdict.PASSED, 2)


def test_a_signature_over_some_of_the_files_is_of_part(bench) -> None:
    second = "META-INF/signature002.p7s"
    listed = manifest({"contract.pdf": DOCUMENT}, second)
    files = {**extended(bench, FILES), "META-INF/ASiCManifest002.xml": listed, second: bench.sign(listed)}
    whole, part = judge(bench, container(files)).signatures
    assert (whole.covers, whole.indication) == (Coverage.WHOLE, Indication.TOTAL_PASSED)
    assert (part.covers, part.sub_indication) == (Coverage.PART, SubIndication.SIG_CONSTRAINTS_FAILURE)


# --- attacks


@pytest.mark.parametrize(
    "name", ["extra.txt", "META-INF/extra.txt", "META-INF/ASiCManifest9.xml", "META-INF/evidencerecord.pdf", "a/b.pdf"]
)
def test_a_file_that_nobody_signed(bench, name: str) -> None:
    report = judge(bench, container({**extended(bench, FILES), name: b"more"}))
    assert (report.verdict, problems(report)) == (Verdict.INDETERMINATE, {"package.files-unsigned"})
    assert report.signatures[0].covers is Coverage.PART


def test_another_file_under_the_same_name(bench) -> None:
    report = judge(bench, container({**extended(bench, FILES), "contract.pdf": b"%PDF-1.7 another"}))
    (signature,) = report.signatures
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.HASH_FAILURE)
    assert signature.signer is None
    assert "signature.file-changed" in problems(report)


def test_the_manifest_was_exchanged(bench) -> None:
    changed = {"contract.pdf": b"%PDF-1.7 another", "別紙.txt": ANNEX}
    files = {**extended(bench, FILES), **changed, MANIFEST: manifest(changed)}
    report = judge(bench, container(files))
    assert (report.verdict, report.signatures[0].sub_indication) == (Verdict.FAILED, SubIndication.HASH_FAILURE)


def test_two_manifests_for_one_signature(bench) -> None:
    changed = {**FILES, "contract.pdf": b"%PDF-1.7 another"}
    files = {**extended(bench, FILES), "META-INF/ASiCManifest000.xml": manifest(changed)}
    report = judge(bench, container(files))
    assert (report.verdict, problems(report) >= {"signature.manifest-ambiguous"}) == (Verdict.FAILED, True)


def test_no_manifest(bench) -> None:
    report = judge(bench, container({"contract.pdf": DOCUMENT, SIGNATURE: bench.sign(DOCUMENT)}))
    assert (report.verdict, "signature.manifest-missing" in problems(report)) == (Verdict.FAILED, True)


def test_a_signed_file_is_missing(bench) -> None:
    files = extended(bench, FILES)
    del files["別紙.txt"]
    report = judge(bench, container(files))
    assert report.signatures[0].sub_indication is SubIndication.SIGNED_DATA_NOT_FOUND
    assert not report.signatures[0].intact


def test_a_container_of_one_file_has_two(bench) -> None:
    files = {"contract.pdf": DOCUMENT, "b.pdf": b"", "META-INF/signature.p7s": bench.sign(DOCUMENT)}
    report = judge(bench, container(files, SIMPLE))
    assert (report.verdict, "signature.not-one-file" in problems(report)) == (Verdict.FAILED, True)


def test_the_signature_brings_another_content(bench) -> None:
    files = {"contract.pdf": b"another", "META-INF/signature.p7s": bench.sign(DOCUMENT, "-nodetach")}
    assert judge(bench, container(files, SIMPLE)).verdict is Verdict.FAILED


def test_an_extended_container_under_the_type_of_a_simple_one(bench) -> None:
    assert judge(bench, container(extended(bench, {"a.pdf": DOCUMENT}), SIMPLE)).verdict is Verdict.FAILED


def test_another_media_type_is_no_container(bench) -> None:
    report = judge(bench, container(extended(bench, FILES), b"application/epub+zip"))
    assert (report.verdict, report.signatures) != (Verdict.PASSED, ())
    assert not any(signature.intact for signature in report.signatures)


@pytest.mark.parametrize(
    "references", ["http://a.invalid/contract.pdf", "../contract.pdf", "contract.pdf#a", "file:///etc/passwd", ""]
)
def test_references_that_lead_out(bench, references: str) -> None:
    listed = manifest({references: DOCUMENT})
    report = judge(bench, container({"contract.pdf": DOCUMENT, MANIFEST: listed, SIGNATURE: bench.sign(listed)}))
    assert not report.signatures[0].intact


def test_a_weak_digest_in_between_is_stated(bench) -> None:
    report = judge(bench, container(extended(bench, FILES, digest="sha1")))
    (signature,) = report.signatures
    assert "algorithm.digest-weak" in problems(report)
    assert signature.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE


def test_a_manifest_that_expands(bench) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaa">]>' + manifest(FILES)[38:]
    report = judge(bench, container({**FILES, MANIFEST: bomb, SIGNATURE: bench.sign(bomb)}))
    assert not any(signature.intact for signature in report.signatures)


def test_evidence_that_is_not_judged_is_told(bench) -> None:
    report = judge(bench, container({**extended(bench, FILES), "META-INF/timestamp001.tst": b"\x30\x00"}))
    assert "package.evidence-not-checked" in problems(report)


# --- the archive itself


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("contract.pdf", "contract.pdf"), ("contract.pdf", "CONTRACT.PDF")])
def test_the_same_name_twice(bench, names: tuple[str, str]) -> None:
    files = extended(bench, {"contract.pdf": DOCUMENT})
    buffer = io.BytesIO(container(files))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(names[1], b"another")
    assert problems(judge(bench, buffer.getvalue())) == {"package.refused"}


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:x", "a\\x"])
def test_names_that_lead_out(bench, name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    buffer = io.BytesIO(container(extended(bench, FILES)))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(info, b"")
    assert problems(judge(bench, buffer.getvalue())) == {"package.refused"}


def test_a_file_that_the_directory_does_not_list(bench) -> None:
    """Whoever unpacks from the front gets it; whoever reads the directory at the end does not see it."""
    hidden = container({"contract.pdf": b"another"}, mimetype=None)
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    honest = container(extended(bench, FILES))
    start = honest.index(b"PK\x01\x02")
    end = honest.rindex(b"PK\x05\x06")
    (directory,) = struct.unpack_from("<L", honest, end + 16)
    assert directory == start
    data = bytearray(honest[:start] + hidden + honest[start:])
    struct.pack_into("<L", data, end + len(hidden) + 16, start + len(hidden))
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    assert problems(judge(bench, bytes(data))) == {"package.refused"}


def test_a_file_without_a_name(bench) -> None:
    data = bytearray(container(extended(bench, FILES)))
    place = data.index(b"PK\x01\x02")
    assert data[place + 28] == len("mimetype")
    data[place + 28 : place + 32] = struct.pack("<HH", 0, len("mimetype"))  # its name becomes an extra field
    assert problems(judge(bench, bytes(data))) == {"package.refused"}


@pytest.mark.parametrize("more", [b"%PDF-1.7 another", b"\0"])
def test_bytes_behind_the_archive(bench, more: bytes) -> None:
    assert problems(judge(bench, container(extended(bench, FILES)) + more)) == {"package.refused"}


def test_two_entries_that_share_bytes(bench) -> None:
    data = bytearray(container({**extended(bench, FILES), "zz.txt": DOCUMENT}))
    places = [place for place in range(len(data)) if data[place : place + 4] == b"PK\x01\x02"]
    data[places[-1] + 42 : places[-1] + 46] = data[places[1] + 42 : places[1] + 46]
    assert problems(judge(bench, bytes(data))) == {"package.refused"}


def test_a_bomb(bench) -> None:
    report = judge(bench, container({**extended(bench, FILES), "zeros": bytes(100 << 20)}))
    assert (report.verdict, problems(report)) == (Verdict.UNREADABLE, {"package.refused"})


def test_nothing_is_unpacked(bench, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    judge(bench, container(extended(bench, FILES)))
    assert list(tmp_path.iterdir()) == []


_made: list[bytes] = []


@settings(max_examples=200)
@given(st.data())
def test_no_changed_byte_changes_what_is_shown_as_signed(bench, data) -> None:
    """Whatever byte is changed: a file that comes out of the archive differently is not told to be signed."""
    if not _made:
        _made.append(container(extended(bench, FILES)))
    changed = bytearray(_made[0])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    path = bench.directory / "flipped.asice"
    path.write_bytes(changed)
    report = bench.judge(path)
    if report.verdict is not Verdict.PASSED:
        return
    with zipfile.ZipFile(io.BytesIO(changed)) as archive:
        assert {name: archive.read(name) for name in FILES} == FILES
