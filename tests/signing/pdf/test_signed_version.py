"""What was signed can be taken out of what it became."""

from pathlib import Path

import pytest

from signing import Document, verify
from signing.errors import DestinationExists, DocumentChangedOnDisk
from signing.pdf.signed_version import save_signed_version
from signing.report import ChangesAfter, Coverage, Verdict


def test_signed_version_is_the_file_that_was_signed_and_replaces_none(workshop, tmp_path: Path) -> None:
    changed = workshop.write_pdf({5: workshop.page[5].replace(b"100 yen", b"999 yen")}, before=workshop.signed)
    source, target = tmp_path / "changed.pdf", tmp_path / "signed.pdf"
    source.write_bytes(changed)
    (signature,) = verify(source, trust=workshop.trust, moment=workshop.now).signatures
    save_signed_version(Document.open(source), signature.signed_bytes, target)
    assert target.read_bytes() == workshop.signed
    report = verify(target, trust=workshop.trust, moment=workshop.now)
    assert report.verdict is Verdict.PASSED
    assert (report.signatures[0].covers, report.signatures[0].changes_after) == (Coverage.WHOLE, ChangesAfter.NONE)
    with pytest.raises(DestinationExists):
        save_signed_version(Document.open(source), 5, target)
    assert target.read_bytes() == workshop.signed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changed.pdf", "signed.pdf"]


def test_document_that_is_no_longer_the_same_is_not_cut(workshop, tmp_path: Path) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(workshop.signed)
    document = Document.open(source)
    source.write_bytes(workshop.signed + b"more")
    with pytest.raises(DocumentChangedOnDisk):
        save_signed_version(document, 10, tmp_path / "cut.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["source.pdf"]
