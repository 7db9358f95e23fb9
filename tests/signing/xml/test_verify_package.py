"""ZIP packages of e-Gov and others: looked into in place; what is signed in them, what is not, and what is a trick."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from signing.report import Coverage, Indication, SubIndication, Verdict

KAGAMI = b'\xef\xbb\xbf<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'


def package(files: Mapping[str, bytes], **options: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options or {"compression": zipfile.ZIP_DEFLATED}) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def problems(report) -> set[str]:
    return {problem.code for problem in report.problems}


@pytest.fixture
def official(workshop) -> bytes:
    return workshop.by_hand(workshop.official()).encode()


def test_official_document_with_its_stylesheet(workshop, official: bytes) -> None:
    report = workshop.judge(package({"通知/0000-API-002.xml": official, "通知/kagami.xsl": KAGAMI}), "公文書.zip")
    (signature,) = report.signatures
    assert (report.kind, report.verdict) == ("other", Verdict.PASSED)
    assert signature.name == "通知/0000-API-002.xml: Signature1"
    assert (signature.signed_element, signature.covers) == ("BODY#DOCBODY", Coverage.WHOLE)


def test_application_with_its_files_in_the_same_folder(workshop) -> None:
    signed = workshop.by_hand(workshop.kousei(), octets=workshop.applications).encode()
    files = {f"900A01/{name}": content for name, content in workshop.beside.items()}
    report = workshop.judge(package({"900A01/kousei.xml": signed, **files}), "a.zip")
    assert report.verdict is Verdict.PASSED
    elsewhere = workshop.judge(package({"900A01/kousei.xml": signed, **workshop.beside}), "a.zip")
    assert elsewhere.signatures[0].sub_indication is SubIndication.SIGNED_DATA_NOT_FOUND
    (application, _other) = files
    changed = workshop.judge(package({"900A01/kousei.xml": signed, **files, application: b"<other/>"}), "a.zip")
    assert changed.signatures[0].indication is Indication.TOTAL_FAILED


def test_files_that_nobody_signed_are_told(workshop, official: bytes) -> None:
    for other in ({"b.xml": b"<DOC/>"}, {"amount.csv": b"1,2"}, {"b.xml": b"<broken"}):
        report = workshop.judge(package({"a.xml": official, **other}), "a.zip")
        (signature,) = report.signatures
        assert signature.intact
        assert (signature.indication, signature.covers) == (Indication.INDETERMINATE, Coverage.PART)
        assert "package.files-unsigned" in problems(report)


def test_without_signatures(workshop) -> None:
    assert workshop.judge(package({"a.xml": b"<DOC/>"}), "a.zip").verdict is Verdict.UNSIGNED
    assert problems(workshop.judge(package({"a.txt": b"text"}), "a.zip")) == {"document.unsupported"}


def test_names_in_shift_jis(workshop, official: bytes) -> None:
    """As Windows writes them: the library takes them for another code page."""
    data = package({"ABCDEF.xml": official}).replace(b"ABCDEF", "公文書".encode("cp932"))
    assert workshop.judge(data, "a.zip").signatures[0].name == "公文書.xml: Signature1"


# --- tricks


@pytest.mark.parametrize(
    "name", ["../a.xml", "/a.xml", "a/../../b.xml", "C:\\a.xml", "a\\b.xml", "C:a.xml", "./a.xml", "a//b.xml"]
)
def test_names_that_lead_elsewhere(workshop, official: bytes, name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, official)
    assert problems(workshop.judge(buffer.getvalue(), "a.zip")) == {"package.refused"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice(workshop, official: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ガ.xml", b"<DOC/>")
        archive.writestr("ガ.xml", official)
    assert problems(workshop.judge(buffer.getvalue(), "a.zip")) == {"package.refused"}


def test_bombs(workshop, official: bytes) -> None:
    zeros = bytes(70 << 20)
    large = package({"a.xml": official, "zeros.xml": b"<a>" + zeros})
    many = package({"a.xml": official, **{f"{n}.txt": b"" for n in range(2000)}})
    wide = package({"a.xml": official, **{f"{n}.bin": zeros for n in range(4)}})
    for bomb in (large, many, wide):
        report = workshop.judge(bomb, "a.zip")
        assert (report.verdict, problems(report)) == (Verdict.UNREADABLE, {"package.refused"})


def test_size_that_is_a_lie(workshop, official: bytes) -> None:
    """The directory says a few bytes, and a hundred megabytes come out."""
    data = bytearray(package({"a.xml": b"<a>" + bytes(100 << 20)}))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<L", data, data.index(signature) + place, 10)
    report = workshop.judge(bytes(data), "a.zip")
    assert (report.verdict, report.signatures) == (Verdict.UNREADABLE, ())


@pytest.mark.parametrize("damage", ["cut", "flipped", "encrypted"])
def test_broken_archive(workshop, official: bytes, damage: str) -> None:
    data = bytearray(package({"a.xml": official}))
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flipped":
        data[60] ^= 0xFF
    else:
        data[data.index(b"PK\x01\x02") + 8] |= 1
    report = workshop.judge(bytes(data), "a.zip")
    assert report.verdict is Verdict.UNREADABLE
    assert problems(report) <= {"package.refused", "document.unsupported"}


def test_nothing_is_written(workshop, official: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    workshop.judge(package({"a.xml": official, "kagami.xsl": KAGAMI}), "a.zip")
    assert list(tmp_path.iterdir()) == []
