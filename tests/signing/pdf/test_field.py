"""A field that somebody prepared for a signature: used as it is, its lock repeated, its conditions met or refused."""

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.pdf.options import PdfOptions, Permission, Seal

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")
FORM = "/AcroForm << /Fields [10 0 R] >>"
FIELD = "<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /Rect [100 100 260 160] /F 4 /P 100 0 R {} >>"
SEAL = Seal(18, 1, "", b"0.765 0.2 0.176 rg 0 0 1 1 re f", b"")


@pytest.fixture
def prepared(make_pdf):
    def make(more: str = "", rectangle: str = "[100 100 260 160]") -> Path:
        field = FIELD.format(more).replace("[100 100 260 160]", rectangle)
        return make_pdf(catalog=FORM, extra=(field,), page="/MediaBox [0 0 595 842] /Annots [10 0 R]")

    return make


def job_for(path: Path, options: PdfOptions, profile: Profile = Profile.PADES_B_B) -> SigningJob:
    return SigningJob.beside(Document.open(path), profile, practice=False, options=options)


def sign(path: Path, credential, options: PdfOptions) -> Path:
    with SigningBatch([rehearse(job_for(path, options))], refuge=path.parent / "r", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile), result
    return result.path


def test_the_prepared_field_is_told_and_used(prepared, credential) -> None:
    source = prepared()
    (told,) = rehearse(job_for(source, PdfOptions())).notes
    assert (told.code, told.facts) == ("empty-fields", {"count": 1, "names": ("here",)})
    signed = sign(source, credential, PdfOptions(field="here", seal=SEAL))
    said = subprocess.run(["pdfsig", "-nocert", signed], capture_output=True, text=True, check=False).stdout
    assert "Signature Field Name: here" in said
    assert "Signature is Valid." in said
    assert signed.read_bytes().startswith(source.read_bytes())
    (report,) = verify(signed, trust=Trust.default(), moment=NOW).signatures
    assert (report.name, report.intact, report.changes_after.value) == ("here", True, "none")
    drawn = re.search(rb"q ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm 0.765", signed.read_bytes())
    side, _, left, bottom = map(float, drawn.groups())
    assert side == pytest.approx(18 / 25.4 * 72, abs=0.01)
    assert (left + side / 2, bottom + side / 2) == pytest.approx((80, 30), abs=0.01)


def test_without_a_choice_the_field_stays_empty(prepared, credential) -> None:
    signed = sign(prepared(), credential, PdfOptions())
    (report,) = verify(signed, trust=Trust.default(), moment=NOW).signatures
    assert report.name == "Signature1"


def test_a_lock_is_repeated_in_the_signature(prepared, credential) -> None:
    lock = "/Lock << /Type /SigFieldLock /Action /Include /Fields [(amount)] /P 2 >>"
    signed = sign(prepared(lock), credential, PdfOptions(field="here"))
    text = signed.read_bytes()[len(prepared(lock).read_bytes()) :]
    assert b"/FieldMDP" in text
    assert re.search(rb"/TransformParams\s*<<[^>]*/Fields\s*\[\s*\(amount\)\s*\][^>]*/P 2", text)
    (report,) = verify(signed, trust=Trust.default(), moment=NOW).signatures
    assert report.intact


@pytest.mark.parametrize(
    ("seed", "constraint"),
    [
        ("/Ff 1 /Filter /Other", "filter"),
        ("/Ff 2 /SubFilter [/adbe.pkcs7.sha1]", "form"),
        ("/Ff 8 /Reasons [(I approve)]", "reason"),
        ("/Ff 32 /AddRevInfo true", "revocation"),
        ("/Ff 64 /DigestMethod [(SHA512)]", "digest"),
        ("/Ff 128 /LockDocument /true", "lock"),
        ("/Ff 256 /AppearanceFilter (Mine)", "appearance"),
        ("/Cert << /Ff 1 /Subject [(x)] >>", "certificate"),
        ("/TimeStamp << /URL (http://x) /Ff 1 >>", "timestamp"),
        ("/MDP << /P 2 >>", "permission"),
        ("/Ff 4 /V 9", "version"),
    ],
)
def test_what_a_field_requires_and_would_not_get_is_refused(prepared, seed: str, constraint: str) -> None:
    source = prepared(f"/SV << /Type /SV {seed} >>")
    with pytest.raises(errors.SignatureFieldConstrained) as raised:
        rehearse(job_for(source, PdfOptions(field="here")))
    assert raised.value.constraint == constraint


@pytest.mark.parametrize(
    "seed",
    [
        "/Filter /Other /SubFilter [/adbe.pkcs7.sha1] /Reasons [(I approve)]",  # wishes only
        "/Ff 67 /Filter /Adobe.PPKLite /SubFilter [/ETSI.CAdES.detached] /DigestMethod [(SHA256) (SHA512)]",
        "/MDP << /P 0 >>",
        "/Ff 8 /Reasons [(.)]",
    ],
)
def test_what_is_only_wished_or_is_met_does_not_stop(prepared, seed: str) -> None:
    rehearse(job_for(prepared(f"/SV << /Type /SV {seed} >>"), PdfOptions(field="here")))


def test_a_field_can_ask_for_a_certification(prepared, credential) -> None:
    source = prepared("/SV << /Type /SV /MDP << /P 2 >> >>")
    signed = sign(source, credential, PdfOptions(field="here", permission=Permission.FILL_FORMS))
    assert b"/DocMDP" in signed.read_bytes()


def test_a_seal_in_a_prepared_field_is_permitted_by_a_certification(prepared, credential, issue) -> None:
    certified = sign(prepared(), credential, PdfOptions(permission=Permission.FILL_FORMS))
    signed = sign(certified, issue(), PdfOptions(field="here", seal=SEAL))
    report = verify(signed, trust=Trust.default(), moment=NOW)
    assert [(each.intact, each.changes_after.value) for each in report.signatures] == [
        (True, "none"),
        (True, "allowed"),
    ]


def test_a_lock_that_makes_no_sense_is_found_before_the_card(prepared) -> None:
    with pytest.raises(errors.DocumentDamaged):
        rehearse(job_for(prepared("/Lock << /Action /Other /P 9 >>"), PdfOptions(field="here")))


@pytest.mark.parametrize("rectangle", ["[0 0 0 0]", "[5 5]", "[(a) 1 2 3]"])
def test_a_seal_needs_a_field_that_can_be_seen(prepared, rectangle: str) -> None:
    with pytest.raises(errors.SealTooLarge):
        rehearse(job_for(prepared(rectangle=rectangle), PdfOptions(field="here", seal=SEAL)))


def test_a_field_that_is_not_there(prepared, credential) -> None:
    signed = sign(prepared(), credential, PdfOptions(field="here"))
    for path, field in ((prepared(), "there"), (signed, "here")):
        with pytest.raises(errors.SignatureFieldMissing):
            rehearse(job_for(path, PdfOptions(field=field)))
