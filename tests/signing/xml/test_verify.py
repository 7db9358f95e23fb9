"""What xmlsec1, signxml and a page of Python sign in every form of Japan and in the general ones, is verified."""

import base64
import subprocess
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from signing import Trust, verify
from signing.report import (
    Coverage,
    DocumentForm,
    Indication,
    SignatureFormat,
    SignatureLevel,
    SubIndication,
    Verdict,
)

DSIG = "http://www.w3.org/2000/09/xmldsig#"
SHA1, RSA_SHA1 = f"{DSIG}sha1", f"{DSIG}rsa-sha1"
FORMS = {
    "e_tax": (DocumentForm.E_TAX, "RKO0010#RKO0010", "id http://xml.e-tax.nta.go.jp/XSD/shotoku:RKO0010"),
    "teg": (DocumentForm.TEG, "TEG800#TEG800", "id http://xml.e-tax.nta.go.jp/XSD/kyotsu:TEG800"),
    "official": (DocumentForm.OFFICIAL_DOCUMENT, "BODY#DOCBODY", "ID BODY"),
    "generic": (DocumentForm.GENERIC, "order", None),
}


def codes(signature) -> set[str]:
    return {problem.code for problem in signature.problems}


def assert_passed(report) -> None:
    assert [each.indication for each in report.signatures] == [Indication.TOTAL_PASSED] * len(report.signatures)
    assert report.verdict is Verdict.PASSED


# --- the forms


@pytest.mark.parametrize("prefix", ["dsig", "ds", ""])
@pytest.mark.parametrize("name", FORMS)
def test_forms_signed_by_xmlsec1(workshop, tmp_path: Path, name: str, prefix: str) -> None:
    form, signed_element, identifier = FORMS[name]
    template = getattr(workshop, name)(prefix=prefix)
    identifiers = [identifier] if identifier else []
    report = workshop.judge(workshop.by_xmlsec1(template, workshop.signer, tmp_path, identifiers=identifiers))
    assert_passed(report)
    (signature,) = report.signatures
    assert (signature.form, signature.signed_element, signature.covers) == (form, signed_element, Coverage.WHOLE)
    assert (signature.signer, signature.format) == ("Test signer", SignatureFormat.XMLDSIG)


@pytest.mark.parametrize("name", FORMS)
def test_forms_signed_by_hand_with_carriage_returns_in_their_base64(workshop, name: str) -> None:
    signed = workshop.by_hand(getattr(workshop, name)())
    assert "&#13;" in signed
    assert_passed(workshop.judge(signed))


def test_application_to_e_gov_with_the_files_beside_it(workshop) -> None:
    report = workshop.judge(workshop.by_hand(workshop.kousei(), octets=workshop.applications), **workshop.beside)
    assert_passed(report)
    (signature,) = report.signatures
    assert signature.form is DocumentForm.E_GOV_APPLICATION
    assert signature.signed_element == "構成情報#構成情報, 900A01020000100001_01.xml, tenpu １.txt"


def test_attachment_that_is_listed_and_not_signed_is_told(workshop) -> None:
    listed = "<添付書類属性情報><添付書類ファイル名称>tenpu.txt</添付書類ファイル名称></添付書類属性情報></構成情報>"
    text = workshop.kousei().replace("</構成情報>", listed)
    (signature,) = workshop.judge(workshop.by_hand(text, octets=workshop.applications), **workshop.beside).signatures
    assert signature.indication is Indication.TOTAL_PASSED
    (problem,) = signature.problems
    assert (problem.code, problem.facts) == ("signature.files-unsigned", {"count": 1, "names": ("tenpu.txt",)})


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_files_beside_are_found_however_their_names_are_composed(workshop, form: str) -> None:
    name = unicodedata.normalize(form, "申請ガイド.txt")
    uri = "%E7%94%B3%E8%AB%8B%E3%82%AC%E3%82%A4%E3%83%89.txt"
    signed = workshop.by_hand(workshop.sidecar(uri), octets={uri: b"x"})
    assert_passed(workshop.judge(signed, **{name: b"x"}))


def test_prescription_with_properties(workshop) -> None:
    report = workshop.judge(workshop.by_hand(workshop.prescription()))
    (signature,) = report.signatures
    assert_passed(report)
    assert (signature.form, signature.format) == (DocumentForm.PRESCRIPTION, SignatureFormat.XADES)
    assert signature.level is SignatureLevel.B_B
    assert signature.signing_time is not None


def test_detached_signature_beside_any_file(workshop) -> None:
    signed = workshop.by_hand(workshop.sidecar("a.bin"), octets={"a.bin": b"\0\1\2"})
    report = workshop.judge(signed, "a.bin.sig.xml", **{"a.bin": b"\0\1\2"})
    assert_passed(report)
    assert report.signatures[0].signed_element == "a.bin"
    assert workshop.judge(signed, **{"a.bin": b"\0\1\3"}).signatures[0].sub_indication is SubIndication.HASH_FAILURE


@pytest.mark.parametrize("transform", ["http://www.w3.org/TR/2001/REC-xml-c14n-20010315", f"{DSIG}base64"])
def test_enveloping_signature(workshop, tmp_path: Path, transform: str) -> None:
    template = workshop.enveloping("aGVsbG8=", transform)
    report = workshop.judge(workshop.by_xmlsec1(template, workshop.signer, tmp_path))
    assert_passed(report)
    (signature,) = report.signatures
    assert (signature.covers, signature.signed_element) == (Coverage.WHOLE, "Signature/Object#object")


def test_embedded_document_does_not_speak_for_the_document_around_it(workshop) -> None:
    """A certificate of deduction inside a return, signed by its issuer: true of itself, and of nothing else."""
    certificate = workshop.teg().rpartition("?>\n")[2]
    carrying = workshop.e_tax_without_signature.replace("</KOA020>", f"</KOA020>{certificate}")
    template = workshop.e_tax_signature(identifier="_2")
    signed = workshop.by_hand(workshop.by_hand(carrying).replace("</DATA>", f"{template}</DATA>"))
    inner, outer = workshop.judge(signed).signatures
    assert (outer.form, outer.indication) == (DocumentForm.E_TAX, Indication.TOTAL_PASSED)
    assert (inner.form, inner.intact, inner.covers) == (DocumentForm.TEG, True, Coverage.PART)
    assert inner.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


def test_signers_side_by_side(workshop) -> None:
    first = workshop.by_hand(workshop.e_tax())
    method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    template = workshop.e_tax_signature(identifier="_2", method=method, certificates=[workshop.curve.der])
    report = workshop.judge(workshop.by_hand(first.replace("</DATA>", f"{template}</DATA>"), workshop.curve))
    assert_passed(report)
    assert [each.name for each in report.signatures] == ["Signature1", "Signature2"]


@pytest.mark.parametrize("encoding", ["utf-16", "shift_jis", "euc-jp", "utf-8-sig"])
def test_encodings(workshop, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    signed = workshop.by_hand(workshop.teg()).replace('encoding="UTF-8"', f'encoding="{declared}"')
    assert_passed(workshop.judge(signed.encode(encoding)))


def test_change_is_not_asserted_where_the_signer_may_have_read_other_characters(workshop) -> None:
    def judged(read_by_signer: str, encoding: str):
        text = workshop.teg().replace("生命保険料控除証明書", read_by_signer)
        text = workshop.by_hand(text).replace('encoding="UTF-8"', f'encoding="{encoding}"')
        return workshop.judge(text.replace(read_by_signer, "10〜20").encode(encoding))

    assert_passed(judged("10〜20", "shift_jis"))
    (signature,) = judged("10～20", "shift_jis").signatures  # as Windows reads it
    assert (signature.indication, signature.intact) == (Indication.INDETERMINATE, False)
    assert [each.code for each in signature.problems] == ["reference.encoding-disputed"]
    (signature,) = judged("10～20", "utf-8").signatures
    assert signature.sub_indication is SubIndication.HASH_FAILURE


# --- other signers


@pytest.mark.parametrize("root", ['<order xmlns="urn:order">', "<order>"])
@pytest.mark.parametrize("method", ["enveloped", "enveloping"])
def test_signxml(workshop, root: str, method: str) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding
    from signxml import SignatureConstructionMethod, XMLSigner

    exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    signer = XMLSigner(method=getattr(SignatureConstructionMethod, method), c14n_algorithm=exclusive)
    data = etree.fromstring(f'{root}<item id="i">rice<b/></item></order>')
    certificate = workshop.signer.certificate.public_bytes(Encoding.PEM).decode()
    signed = signer.sign(data, key=workshop.signer.key, cert=certificate)
    assert_passed(workshop.judge(etree.tostring(signed)))


def test_signxml_writes_properties(workshop) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding
    from signxml.xades import XAdESSigner

    signer = XAdESSigner(c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    certificate = workshop.signer.certificate.public_bytes(Encoding.PEM).decode()
    signed = signer.sign(etree.fromstring("<order><item/></order>"), key=workshop.signer.key, cert=certificate)
    report = workshop.judge(etree.tostring(signed))
    assert_passed(report)
    assert report.signatures[0].level is SignatureLevel.B_B


def test_elliptic_curve_of_the_next_card(workshop, tmp_path: Path) -> None:
    method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    template = workshop.generic(method=method, certificates=[workshop.curve.der])
    report = workshop.judge(workshop.by_xmlsec1(template, workshop.curve, tmp_path))
    assert_passed(report)
    assert report.signatures[0].signature_algorithm == "ECDSA-SHA384"


def test_rsa_pss(workshop) -> None:
    """RFC 9231, 2.3.10; by Python, because this xmlsec1 does not know it."""
    method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
    assert_passed(workshop.judge(workshop.by_hand(workshop.generic(method=method))))


# --- what is stated without being wrong


def test_old_file_with_sha1_and_a_short_key(workshop, tmp_path: Path) -> None:
    template = workshop.teg(method=RSA_SHA1, certificates=[workshop.weak.der], digest=SHA1)
    report = workshop.judge(workshop.by_xmlsec1(template, workshop.weak, tmp_path, identifiers=[FORMS["teg"][2]]))
    (signature,) = report.signatures
    assert (signature.intact, signature.trusted, signature.signer) == (True, True, "Old signer")
    assert {"algorithm.digest-weak", "algorithm.key-too-short"} <= codes(signature)
    assert signature.indication is Indication.INDETERMINATE


def test_the_certificate_is_found_by_its_key_among_others(workshop) -> None:
    for certificates in ([workshop.root.der, workshop.signer.der], [workshop.signer.der, workshop.root.der]):
        signed = workshop.by_hand(workshop.generic(certificates=certificates))
        assert workshop.judge(signed).signatures[0].signer == "Test signer"


def test_judged_at_the_moment_asked_for(workshop, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(workshop.by_hand(workshop.teg()))
    later = verify(path, trust=workshop.trust, moment=workshop.now + timedelta(days=1000))
    (signature,) = later.signatures
    assert (signature.trusted, signature.sub_indication) == (True, SubIndication.OUT_OF_BOUNDS_NO_POE)


def test_unknown_authority_is_not_trusted(workshop, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(workshop.by_hand(workshop.teg()))
    (signature,) = verify(path, trust=Trust.default(), moment=workshop.now).signatures
    assert (signature.intact, signature.trusted) == (True, False)
    assert signature.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_identifier_that_starts_with_a_digit(workshop) -> None:
    assert_passed(workshop.judge(workshop.by_hand(workshop.teg(identifier="20260101120000"))))


def test_without_a_certificate_nobody_is_named(workshop) -> None:
    number = workshop.signer.key.public_key().public_numbers()
    modulus = base64.b64encode(number.n.to_bytes(256, "big")).decode()
    bare = f'<KeyInfo xmlns="{DSIG}"><KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>AQAB</Exponent>'
    bare += "</RSAKeyValue></KeyValue></KeyInfo>"
    for key_info, intact in ((bare, True), ("", False)):
        (signature,) = workshop.judge(workshop.by_hand(workshop.generic(key_info=key_info))).signatures
        assert signature.sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND
        assert (signature.indication, signature.intact) == (Indication.INDETERMINATE, intact)
        assert signature.signer is None


def test_unsigned_document(workshop) -> None:
    report = workshop.judge("<a/>")
    assert (report.verdict, report.signatures, report.problems) == (Verdict.UNSIGNED, (), ())


def test_xmlsec1_agrees_that_these_are_signed(workshop, tmp_path: Path) -> None:
    """The page of Python that signs by hand is itself held against a second implementation."""
    for name, (_form, _element, identifier) in FORMS.items():
        path = tmp_path / f"{name}.xml"
        path.write_text(workshop.by_hand(getattr(workshop, name)()))
        (tmp_path / "root.pem").write_bytes(workshop.root_pem)
        attribute, _, element = (identifier or "").partition(" ")
        named = [f"--id-attr:{attribute}", element] if identifier else []
        command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", "--verification-time", "2026-11-22 12:00:00"]
        done = subprocess.run([*command, *named, path.name], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
