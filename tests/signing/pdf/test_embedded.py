"""How a signature is read out of a PDF, held against another reader of the same bytes (pyHanko's own)."""

import hashlib
import io

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from signing import signed_data as ours
from signing.pdf.reader import open_reader, signature_fields
from signing.report import ChangesAfter, Coverage, SubIndication

COVERAGE = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.WHOLE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.REVISION,
}


def theirs(data: bytes):
    return PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures


def test_coverage_is_what_the_other_reader_says(workshop) -> None:
    twice = workshop.sign_with_pyhanko(workshop.signed, workshop.signer, "Second")
    later = workshop.write_pdf({60: b"null"}, before=twice)
    for data in (workshop.signed, twice, later, workshop.signed + b"\n"):
        judged = {each.name: each.covers for each in workshop.judge(data).signatures}
        assert judged == {
            each.field_name: COVERAGE.get(each.evaluate_signature_coverage(), Coverage.PART) for each in theirs(data)
        }


@pytest.mark.parametrize("blank", [b"  ", b"\n" * 20])
def test_blanks_in_the_hole_that_nobody_signed_are_not_passed_over(workshop, blank: bytes) -> None:
    signed = workshop.by_hand
    end = signed.hole[1] - 1
    signature = workshop.only(signed.data[: end - len(blank)] + blank + signed.data[end:])
    assert (signature.intact, signature.covers) == (True, Coverage.PART)
    assert signature.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE
    assert signature.changes_after is ChangesAfter.SUSPICIOUS


def test_range_that_stands_in_another_object_is_not_relied_on(workshop) -> None:
    """A later revision could say it anew."""
    data = workshop.by_hand.data
    start = data.index(b"/ByteRange [")
    end = data.index(b"]", start) + 1
    reference = b"/ByteRange 8 0 R".ljust(end - start)
    objects = {8: data[start + len(b"/ByteRange ") : end]}
    signature = workshop.only(workshop.write_pdf(objects, before=data[:start] + reference + data[end:]))
    assert (signature.intact, signature.signer) == (False, None)


# --- the container


def container(data: bytes) -> bytes:
    (field,) = signature_fields(open_reader(io.BytesIO(data)))
    return cms.ContentInfo.load(field.signature["/Contents"].original_bytes).dump()  # without the padding


def established(der: bytes, digest: bytes) -> bool:
    try:
        signed_data = cms.ContentInfo.load(der)["content"]
        certificate = ours.signing_certificate(ours.only_signer(signed_data), ours.certificates_of(signed_data))
        return certificate is not None and ours.arithmetic(signed_data, certificate, digest) is None
    except Exception:
        return False


def established_by_the_other(der: bytes, digest: bytes) -> bool:
    try:
        signed_data = cms.ContentInfo.load(der)["content"]
        found = generic_cms.extract_certs_for_validation(signed_data)
        (signer,) = signed_data["signer_infos"]
        return all(
            generic_cms.validate_sig_integrity(signer, found.signer_cert, "data", digest, DefaultSignatureValidator())
        )
    except Exception:
        return False


@settings(max_examples=80)
@given(data=st.data())
def test_nothing_is_accepted_that_the_other_refuses(workshop, data) -> None:
    der = bytearray(container(workshop.by_hand.data))
    digest = hashlib.sha256(workshop.by_hand.signed_content).digest()
    assert established(bytes(der), digest)
    assert established_by_the_other(bytes(der), digest)
    for place in data.draw(st.lists(st.integers(0, len(der) - 1), min_size=1, max_size=3)):
        der[place] ^= data.draw(st.integers(1, 255))
    accepted = established(bytes(der), digest)
    assert accepted <= established_by_the_other(bytes(der), digest)
