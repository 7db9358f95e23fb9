"""Files made to deceive and files that are merely broken: none passes, none is called unsigned, none is a crash."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import Trust, verify
from signing.report import Change, ChangesAfter, Coverage, Indication, SubIndication, Verdict

FORM = b"<< /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>"


def codes(report) -> set[str]:
    return {problem.code for problem in report.problems}


def changes(signature) -> set[str]:
    return {change.code for change in signature.changes}


def assert_not_clean(signature) -> None:
    assert signature.indication is not Indication.TOTAL_PASSED
    assert signature.changes_after is ChangesAfter.SUSPICIOUS or not signature.intact


# --- the signed bytes


def test_changed_byte_is_a_failure_and_the_name_is_withheld(workshop) -> None:
    report = workshop.judge(workshop.signed.replace(b"100 yen", b"900 yen"))
    (signature,) = report.signatures
    assert (report.verdict, signature.indication) == (Verdict.FAILED, Indication.TOTAL_FAILED)
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.HASH_FAILURE)
    assert (signature.signer, signature.trusted, signature.certification_path) == (None, False, ())


@settings(max_examples=60)
@given(place=st.integers(min_value=0), mask=st.integers(min_value=1, max_value=255))
def test_no_flip_of_a_signed_byte_is_reported_intact(workshop, place: int, mask: int) -> None:
    start, end = workshop.by_hand.hole
    data = bytearray(workshop.by_hand.data)
    place %= len(data) - (end - start)
    data[place if place < start else place + end - start] ^= mask
    report = workshop.judge(bytes(data))
    assert report.verdict is not Verdict.PASSED
    assert not any(signature.intact for signature in report.signatures)
    assert report.verdict is not Verdict.UNSIGNED or b"/ByteRange" not in data


# --- what was put behind


@pytest.mark.parametrize(
    "tail",
    [
        b"junk",
        b"\n4 0 obj\n<< /Length 5 >>\nstream\nfalse\nendstream\nendobj\n",
        b"\n4 0 obj\n<<>>\nendobj\nxref\n4 1\n0000009999 00000 n \ntrailer\n<< /Root 1 0 R /Size 9 >>\n",
        b"\x00" * 700 + b"far away",
    ],
)
def test_bytes_behind_the_signed_range_are_never_clean(workshop, tail: bytes) -> None:
    for data in (workshop.signed, workshop.by_hand.data):
        signature = workshop.only(data + tail)
        assert signature.indication is Indication.INDETERMINATE
        assert (signature.changes_after, changes(signature)) == (ChangesAfter.SUSPICIOUS, {"trailing-bytes"})


def test_blanks_behind_the_signed_range_do_no_harm(workshop) -> None:
    signature = workshop.only(workshop.signed + b"\r\n\0 ")
    assert (signature.indication, signature.changes_after) == (Indication.TOTAL_PASSED, ChangesAfter.NONE)


def test_page_changed_by_an_update_is_suspicious(workshop) -> None:
    other_page = {4: b"<< /Length 22 >>\nstream\n9 9 m 100 100 l S % XX\nendstream"}
    signature = workshop.only(workshop.write_pdf(other_page, before=workshop.signed))
    assert (signature.intact, signature.covers) == (True, Coverage.REVISION)
    assert signature.changes_after is ChangesAfter.SUSPICIOUS
    assert signature.changes == (Change("page-changed", 1, (1,)),)
    assert signature.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def test_form_filled_later_is_told_and_is_never_plainly_clean(workshop) -> None:
    """The shadow attack "replace": allowed by the letter, and another sum is shown."""
    other = {5: workshop.page[5].replace(b"100 yen", b"999 yen")}
    signature = workshop.only(workshop.write_pdf(other, before=workshop.signed))
    assert (signature.intact, signature.changes_after) == (True, ChangesAfter.ALLOWED)
    assert signature.changes == (Change("form-filled"),)
    assert signature.indication is Indication.INDETERMINATE
    assert signature.signed_bytes == len(workshop.signed)


def test_form_filled_after_a_certification_that_forbids_it_is_suspicious(workshop) -> None:
    from pyhanko.sign.fields import MDPPerm

    certified = workshop.sign_with_pyhanko(
        workshop.unsigned, workshop.signer, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    assert workshop.only(certified).indication is Indication.TOTAL_PASSED
    other = {5: workshop.page[5].replace(b"100 yen", b"999 yen")}
    assert_not_clean(workshop.only(workshop.write_pdf(other, before=certified)))


def test_annotation_over_a_certified_page_is_suspicious(workshop) -> None:
    certified = workshop.sign_with_pyhanko(workshop.unsigned, workshop.signer, certify=True)
    stamp = {
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << >> /Annots [50 0 R] >>",
        50: b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 300 300] /Contents (999 yen) >>",
    }
    assert_not_clean(workshop.only(workshop.write_pdf(stamp, before=certified)))


def test_update_that_bypasses_the_signed_revision_is_suspicious(workshop) -> None:
    """Its cross references lead past those that were signed, and point at the old signature themselves."""
    data = workshop.signed
    places = {n: data.rindex(b"\n%d 0 obj" % n) + 1 for n in (*range(1, 6), *introduced(workshop))}
    page = b"\n4 0 obj\n<< /Length 22 >>\nstream\n9 9 m 100 100 l S % XX\nendstream\nendobj\n"
    references = workshop.cross_references({**places, 4: len(data) + 1}, 99, previous=None)
    start = len(data) + len(page)
    signature = workshop.only(data + page + references + b"startxref\n%d\n%%%%EOF\n" % start)
    assert_not_clean(signature)
    assert signature.indication is Indication.INDETERMINATE


def introduced(workshop) -> list[int]:
    """The numbers of the objects that the signature brought."""
    return [int(n) for n in re.findall(rb"\n(\d+) 0 obj", workshop.signed[len(workshop.unsigned) - 1 :])]


def test_update_after_the_second_signature_stains_both(workshop) -> None:
    twice = workshop.sign_with_pyhanko(workshop.signed, workshop.signer, "Second")
    report = workshop.judge(workshop.write_pdf({4: b"<< /Length 0 >>\nstream\n\nendstream"}, before=twice))
    assert [signature.changes_after for signature in report.signatures] == [ChangesAfter.SUSPICIOUS] * 2
    assert report.verdict is Verdict.INDETERMINATE


# --- signature wrapping: the signed bytes are all there, and something else is shown


def wrapped(workshop) -> bytes:
    """Move the second signed stretch away and put another document where the cross references are sought."""
    signed = workshop.by_hand
    start, end = signed.hole
    sought = workshop.start_of_references(signed.data)
    signature = re.search(rb"7 0 obj\n(<< .+? >>)\nendobj", signed.data, re.DOTALL)[1]
    offsets = {n: signed.data.index(b"\n%d 0 obj" % n) + 1 for n in range(1, 7)}
    references = workshop.cross_references({**offsets, 4: 10**9, 7: 10**9}, 8, previous=None)
    behind = sought + len(references)
    page = b"4 0 obj\n<< /Length 22 >>\nstream\n9 9 m 200 200 l S % XX\nendstream\nendobj\n"
    new_end = behind + len(page) + len(signature) + 20
    numbers = (b"%d %d %d" % (start, new_end, len(signed.data) - end)).ljust(32)
    moved = re.sub(rb"/ByteRange \[0 .{32}\]", b"/ByteRange [0 %s]" % numbers, signature)
    hole = signed.contents + b" " * (sought - end)
    hole += workshop.cross_references({**offsets, 4: behind, 7: behind + len(page)}, 8, previous=None)
    hole = (hole + page + b"7 0 obj\n%s\nendobj\n" % moved).ljust(new_end - start)
    return signed.data[:start] + hole + signed.data[end:]


def test_content_in_a_hole_wider_than_the_signature_is_a_failure(workshop) -> None:
    signature = workshop.only(wrapped(workshop))
    assert signature.intact is True  # by arithmetic alone: that is the point of the attack
    assert (signature.covers, signature.indication) == (Coverage.PART, Indication.TOTAL_FAILED)
    assert (signature.sub_indication, signature.signer) == (SubIndication.FORMAT_FAILURE, None)


def byte_range(text: bytes, signed) -> bytes:
    return re.sub(rb"/ByteRange \[0 .{32}\]", b"/ByteRange " + text.ljust(36), signed.data)


@pytest.mark.parametrize(
    "text",
    [
        b"null",
        b"[]",
        b"[0 0 0 0]",
        b"[0 10 10 10]",
        b"[0 -1 5 7]",
        b"[0 1 2]",
        b"[0 1.5 2 3]",
        b"[0 10 5 900]",
        b"[0 9 20 99999999]",
        b"[0 10 20 30 40 50]",
        b"[9 10 20 30]",
        b"[99999999999999999999 1 2 3]",
        b"(0 10 20 30)",
        b"7 0 R",
        b"[7 0 R 7 0 R 7 0 R 7 0 R]",
        b"<< >>",
        b"true",
    ],
)
def test_odd_byte_range_is_a_failure_and_not_unsigned(workshop, text: bytes) -> None:
    report = workshop.judge(byte_range(text, workshop.by_hand))
    (signature,) = report.signatures
    assert report.verdict is Verdict.FAILED
    assert (signature.intact, signature.signer) == (False, None)


def test_range_that_does_not_start_at_the_first_byte_is_a_failure(workshop) -> None:
    """What stands before the range can be exchanged although the arithmetic is right."""
    inner = workshop.by_hand

    def skip_the_first(content: bytes) -> bytes:
        return workshop.cms_by(workshop.signer)(content[9:])

    signed = workshop.sign_by_hand(skip_the_first, first=9)
    signature = workshop.only(signed.data.replace(b"%PDF-1.7", b"%PDF-1.4", 1))
    assert len(signed.data) == len(inner.data)
    assert signature.intact is True
    assert (signature.covers, signature.indication) == (Coverage.PART, Indication.TOTAL_FAILED)


# --- universal signature forgery: a signature without a signature


@pytest.mark.parametrize(
    "contents", [b"null", b"<>", b"<00>", b"()", b"0", b"true", b"/Name", b"[]", b"<< >>", b"99 0 R"]
)
def test_contents_that_are_no_signature_are_a_failure(workshop, contents: bytes) -> None:
    start, end = workshop.by_hand.hole
    data = workshop.by_hand.data
    report = workshop.judge(data[:start] + contents.ljust(end - start) + data[end:])
    assert report.verdict is Verdict.FAILED
    assert report.signatures[0].intact is False


@pytest.mark.parametrize("key", [b"/Contents", b"/ByteRange"])
def test_missing_key_is_a_failure(workshop, key: bytes) -> None:
    data = workshop.by_hand.data
    place = data.index(key + b" <") if key == b"/Contents" else data.index(key)
    report = workshop.judge(data[:place] + b"/X" + data[place + 2 :])
    assert report.verdict is Verdict.FAILED
    assert report.signatures[0].intact is False


@pytest.mark.parametrize("subfilter", [b"adbe.x509.rsa_sha1", b"adbe.pkcs7.sha1", b"My.Own", b"ETSI.RFC3161"])
def test_kind_of_signature_that_is_not_known_is_not_passed_over(workshop, subfilter: bytes) -> None:
    report = workshop.judge(workshop.sign_by_hand(workshop.cms_by(workshop.signer), subfilter=subfilter).data)
    assert len(report.signatures) == 1
    assert report.verdict is not Verdict.PASSED


def broken_containers() -> dict[str, bytes]:
    return {
        "no ASN.1": b"garbage",
        "not SignedData": bytes.fromhex("300f06092a864886f70d010701a0020400"),
        "empty SignedData": bytes.fromhex("301806092a864886f70d010702a00b3009020101310030003100"),
        "deep": b"\x30\x80" * 2900,
        "long length": b"\x30\x84\xff\xff\xff\xff",
        "oid bomb": bytes.fromhex("30820400") + b"\x06\x82\x03\xfa" + b"\x80" * 1018,
    }


@pytest.mark.parametrize("kind", broken_containers())
def test_broken_container_is_unreadable_and_not_unsigned(workshop, kind: str) -> None:
    report = workshop.judge(workshop.sign_by_hand(lambda content: broken_containers()[kind]).data)
    (signature,) = report.signatures
    assert (signature.intact, signature.signer) == (False, None)
    assert signature.indication is not Indication.TOTAL_PASSED
    assert report.verdict in (Verdict.INDETERMINATE, Verdict.FAILED)


def test_damage_anywhere_in_the_container_never_ends_in_a_crash(workshop) -> None:
    start, _ = workshop.by_hand.hole
    length = len(workshop.by_hand.contents.rstrip(b"0>"))
    for place in range(start + 1, start + length, 61):
        data = bytearray(workshop.by_hand.data)
        data[place] = ord("f") if data[place] != ord("f") else ord("0")
        report = workshop.judge(bytes(data))
        assert len(report.signatures) == 1
        assert report.problems == ()


# --- signatures that the document does not reach


def test_signature_that_no_field_reaches_is_never_unsigned(workshop) -> None:
    data = workshop.by_hand.data
    hidden = data.replace(b"/Fields [5 0 R 6 0 R]", b"/Fields [5 0 R 5 0 R]")
    removed = workshop.write_pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>"}, before=data)
    for each in (hidden, removed):
        report = workshop.judge(each)
        assert (report.verdict, report.signatures) == (Verdict.UNREADABLE, ())
        assert codes(report) == {"signature.unreached"}


def test_usage_rights_of_a_form_are_not_taken_for_a_signature(workshop) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Perms << /UR3 8 0 R >> >>"
    rights = b"<< /Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>"
    report = workshop.judge(workshop.write_pdf({**workshop.page, 1: catalog, 8: rights}))
    assert (report.verdict, report.problems) == (Verdict.UNSIGNED, ())


def test_broken_field_does_not_hide_the_signature_beside_it(workshop) -> None:
    for fields in (b"[999 0 R]", b"[null]", b"[1 0 R]", b"[(x)]", b"[2 0 R 3 0 R 4 0 R]"):
        signed = workshop.sign_by_hand(workshop.cms_by(workshop.signer), fields=fields[:-1] + b" 6 0 R]")
        assert workshop.only(signed.data).intact is True


# --- encrypted


def encrypted(workshop, user: str) -> bytes:
    source, output = workshop.directory / "plain.pdf", workshop.directory / "encrypted.pdf"
    source.write_bytes(workshop.unsigned)
    subprocess.run(["qpdf", "--encrypt", user, "owner", "256", "--", source, output], check=True)
    return output.read_bytes()


def test_signature_in_a_file_encrypted_with_the_empty_password_is_judged(workshop) -> None:
    data = workshop.sign_with_pyhanko(encrypted(workshop, ""), workshop.signer, password="")
    signature = workshop.only(data)
    assert (signature.indication, signature.covers) == (Indication.TOTAL_PASSED, Coverage.WHOLE)
    assert workshop.judge(encrypted(workshop, "")).verdict is Verdict.UNSIGNED


def test_file_that_needs_a_password_is_said_to_be_encrypted(workshop) -> None:
    plain = workshop.judge(encrypted(workshop, "secret"))
    assert (plain.verdict, codes(plain)) == (Verdict.UNREADABLE, {"document.encrypted"})
    signed = workshop.judge(
        workshop.sign_with_pyhanko(encrypted(workshop, "secret"), workshop.signer, password="secret")
    )
    assert (signed.verdict, codes(signed)) == (Verdict.UNREADABLE, {"document.encrypted", "signature.unreached"})


# --- broken files


def test_every_truncation_is_an_answer(workshop) -> None:
    for length in range(1, len(workshop.signed), 997):
        report = workshop.judge(workshop.signed[:length])
        assert report.verdict is not Verdict.PASSED
        if b"/ByteRange" in workshop.signed[:length]:
            assert report.verdict is not Verdict.UNSIGNED


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\xff" * 5000,
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\nxref\n0 99999999\ntrailer\n<< >>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF",
    ],
)
def test_garbage_is_damaged_and_not_unsigned(workshop, data: bytes) -> None:
    report = workshop.judge(data)
    assert (report.verdict, codes(report)) == (Verdict.UNREADABLE, {"document.damaged"})


@pytest.mark.parametrize(
    "objects",
    [
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"},
        {1: FORM, 2: b"<< >>", 3: b"<< /T (a) /Kids [3 0 R 4 0 R] >>", 4: b"<< /Kids [3 0 R] >>"},
        {1: FORM, 2: b"<< /Kids [2 0 R] >>", 3: b"[" * 3000 + b"]" * 3000},
        {1: b"<< /Pages 2 0 R /AcroForm 1 0 R >>", 2: b"<< /Kids [2 0 R 2 0 R] >>"},
        {1: b"<< /Pages 2 0 R /AcroForm << /Fields (no) >> >>", 2: b"<< >>"},
    ],
)
def test_forms_that_lead_in_circles_or_nowhere_end(workshop, objects: dict[int, bytes]) -> None:
    report = workshop.judge(workshop.write_pdf(objects))
    assert (report.verdict, report.signatures) == (Verdict.UNSIGNED, ())


def test_circle_of_cross_references_ends(workshop) -> None:
    data = workshop.write_pdf({4: b"null"}, before=workshop.signed)
    looped = re.sub(rb"/Prev \d+", lambda found: b"/Prev %d" % workshop.start_of_references(data), data[-300:])
    report = workshop.judge(data[:-300] + looped)
    assert report.verdict is Verdict.UNREADABLE
    assert "document.damaged" in codes(report)


def test_certificates_that_issue_each_other_in_circles_end(workshop) -> None:
    from asn1crypto import cms, x509

    ring = [workshop.issue("Ring", number=number) for number in (2, 3, 5, 6)]
    from dataclasses import replace

    crossed = [
        workshop.issue("Ring", replace(ring[i % 4], above=()), number=(2, 3, 5, 6)[(i * 3 + 1) % 4], is_authority=True)
        for i in range(40)
    ]
    leaf = workshop.issue("Leaf", ring[0])

    def sign(content: bytes) -> bytes:
        whole = cms.ContentInfo.load(workshop.cms_by(leaf)(content))
        several = [x509.Certificate.load(each.der) for each in (leaf, *ring, *crossed)]
        whole["content"]["certificates"] = [*several]
        return bytes(whole.dump(force=True))

    signature = workshop.only(workshop.sign_by_hand(sign, room=60_000).data)
    assert (signature.intact, signature.trusted) == (True, False)


# --- paths that are no files, and kinds that are not verified yet


def test_whatever_stands_under_a_path_is_answered(workshop, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "text.txt").write_text("just text")
    answers = {
        name: verify(tmp_path / name, trust=Trust.default(), moment=workshop.now)
        for name in ("missing", "", "empty", "text.txt")
    }
    assert {report.verdict for report in answers.values()} == {Verdict.UNREADABLE}
    reasons = ["not-found", "directory", "empty", "unsupported"]
    assert [codes(report) for report in answers.values()] == [{f"document.{reason}"} for reason in reasons]


def test_nothing_is_printed_or_logged(workshop, capfd, caplog) -> None:
    other = {4: b"<< /Length 0 >>\nstream\n\nendstream"}
    for data in (workshop.write_pdf(other, before=workshop.signed), workshop.signed + b"junk", b"%PDF-1.7\n"):
        workshop.judge(data)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
