"""Files that claim more than any machine holds end in an answer, at once and in little memory."""

import subprocess
import sys
import zlib

import pytest

from signing.report import Verdict


def stream(content: bytes, entries: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def cross_reference_stream(content: bytes, entries: bytes) -> bytes:
    body = stream(content, b"/Type /XRef /Root 1 0 R /Filter /FlateDecode " + entries)
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\nstartxref\n9\n%%EOF\n"


def revisions(workshop, count: int) -> bytes:
    data = bytearray(workshop.unsigned)
    previous = workshop.start_of_references(workshop.unsigned)
    for _ in range(count):
        start = len(data)
        data += b"xref\n0 0\ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (previous, start)
        previous = start
    return bytes(data)


ZEROS = zlib.compress(bytes(50 << 20), 9)
BOMBS = {
    "more entries than the file could hold": cross_reference_stream(ZEROS, b"/W [1 4 1] /Size 8000000"),
    "entries of no width": cross_reference_stream(zlib.compress(b""), b"/W [0 0 0] /Size 2000000000"),
    "few entries and much behind them": cross_reference_stream(ZEROS, b"/W [1 4 1] /Size 2 /Index [0 2]"),
    "entries of great width": cross_reference_stream(ZEROS, b"/W [1 4000000 1] /Size 20"),
    "counts that are none": cross_reference_stream(ZEROS, b"/W [1 4 1] /Size /X"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_compressed_cross_references_end_within_200_megabytes(workshop, bomb: str) -> None:
    path = workshop.directory / "bomb.pdf"
    path.write_bytes(BOMBS[bomb])
    # In a process of its own, and not by getrusage: that peak says what other tests needed, also across exec.
    script = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Trust, verify
import signing.pdf.verify
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
before = peak()
report = verify(Path(sys.argv[1]), trust=Trust.default(), moment=datetime.now(UTC))
print(report.verdict, peak() - before)
"""
    shown = subprocess.run([sys.executable, "-c", script, path], check=True, capture_output=True, text=True)
    verdict, kibibytes = shown.stdout.split()
    assert verdict == "unreadable"
    assert int(kibibytes) < 200 * 1024


def test_object_stream_that_unpacks_without_end_is_refused(workshop) -> None:
    packed = zlib.compress(b"1 0 2 30 << /Type /Catalog /Pages 2 0 R >>" + b" " * (200 << 20), 9)
    data = b"%PDF-1.7\n"
    at = len(data)
    data += b"3 0 obj\n%s\nendobj\n" % stream(packed, b"/Type /ObjStm /N 2 /First 9 /Filter /FlateDecode")
    start = len(data)
    entries = bytes(6) + b"\2\0\0\0\3\0" + b"\2\0\0\0\3\1" + b"\1" + at.to_bytes(4, "big") + b"\0"
    data += b"4 0 obj\n%s\nendobj\n" % stream(entries, b"/Type /XRef /W [1 4 1] /Size 4 /Root 1 0 R")
    report = workshop.judge(data + b"startxref\n%d\n%%%%EOF\n" % start)
    assert (report.verdict, [problem.code for problem in report.problems]) == (
        Verdict.UNREADABLE,
        ["document.damaged"],
    )


def test_more_revisions_than_anybody_makes_are_refused_by_name(workshop) -> None:
    assert workshop.judge(revisions(workshop, 900)).verdict is Verdict.UNSIGNED
    report = workshop.judge(revisions(workshop, 1_000))
    assert (report.verdict, [problem.code for problem in report.problems]) == (
        Verdict.UNREADABLE,
        ["document.too-complex"],
    )


def test_more_signatures_than_anybody_makes_are_refused_by_name(workshop) -> None:
    fields = b" ".join(b"%d 0 R" % number for number in range(20, 521))
    form = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /SigFlags 3 >> >>" % fields
    field = b"<< /FT /Sig /T (f%d) /V 10 0 R >>"
    value = b"<< /Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>"
    objects = {**workshop.page, 1: form, 10: value, **{number: field % number for number in range(20, 521)}}
    report = workshop.judge(workshop.write_pdf(objects))
    assert {problem.code for problem in report.problems} == {"document.too-complex", "signature.unreached"}
    assert report.verdict is Verdict.UNREADABLE
