"""What is relied on when XML is signed: the bytes of the source, the form asked for, and that others verify it."""

import base64
import dataclasses
import hashlib
import os
import re
import subprocess
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from signing import (
    Document,
    FailedFile,
    Kind,
    Profile,
    SignedFile,
    SigningBatch,
    SigningJob,
    Trust,
    default_profile,
    errors,
    rehearse,
    verify,
)
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.report import Verdict
from signing.xml import canonical, markup, parse, plan, second_opinion, trial
from signing.xml import sign as sign_module
from signing.xml.neighbours import uri_of

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")
DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
E_TAX = (
    '<?xml version="1.0" encoding="{encoding}" standalone="no" ?>\n'
    '<DATA id="DATA" xmlns="http://xml.e-tax.nta.go.jp/XSD/shotoku" '
    'xmlns:gen="http://xml.e-tax.nta.go.jp/XSD/general" xml:lang="ja">\n'
    '<RKO0010 VR="25.0.0" id="RKO0010"><!-- 注 --><CATALOG id="CATALOG"/>\n'
    '<CONTENTS id="CONTENTS"><NAME gen:kind="氏名">山田　花子 &amp; 太郎</NAME></CONTENTS></RKO0010>\n</DATA>\n<?end?>'
)
TEG = (
    '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="x.xsl"?>\n'
    '<TEG800 xmlns="http://xml.e-tax.nta.go.jp/XSD/kyotsu" VR="1.0" id="TEG800" page="1"><A><B>1</B></A></TEG800>'
)
E_GOV = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<DataRoot><構成情報 ID="構成情報"><管理情報/>'
    "<申請書属性情報><申請書ファイル名称>{name}</申請書ファイル名称></申請書属性情報>"
    "<添付書類属性情報/></構成情報>{home}<その他/></DataRoot>"
)
GENERIC = '<?xml version="1.0"?>\n<!-- a --><order xmlns="urn:o"><item n="2" m="1">x</item></order>\n'


@pytest.fixture
def write(tmp_path: Path):
    def make(name: str, content: str | bytes) -> Path:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / name

    return make


def sign(path: Path, credential, profile: Profile | None = None, *, practice: bool = False) -> SignedFile | FailedFile:
    document = Document.open(path)
    job = SigningJob.beside(document, profile or default_profile(document), practice=practice)
    with SigningBatch([rehearse(job)], refuge=path.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    return result


def signed(path: Path, credential, profile: Profile | None = None, *, practice: bool = False) -> Path:
    result = sign(path, credential, profile, practice=practice)
    assert isinstance(result, SignedFile), result
    return result.path


def xmlsec1(path: Path, authority_pem: bytes, *, number: int = 1) -> str:
    """What the program says of the n-th signature, given the authority."""
    (path.parent / "authority.pem").write_bytes(authority_pem)
    identifiers = [
        "RKO0010",
        "TEG800",
        "構成情報",
        f"{DSIG}:Object",
        "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
    ]
    command = [
        "xmlsec1",
        "--verify",
        "--verification-gmt-time",
        "2026-11-22 12:00:00",
        "--trusted-pem",
        "authority.pem",
    ]
    for attribute in ("id", "Id", "ID"):
        command += [part for each in identifiers for part in (f"--id-attr:{attribute}", each)]
    command += ["--node-xpath", f"(//*[local-name()='Signature'])[{number}]", path.name]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
    return "OK" if done.returncode == 0 else done.stderr


def signature_of(path: Path, number: int = 0) -> etree._Element:
    return list(parse.read(path.read_bytes()).root.iter(f"{{{DSIG}}}Signature"))[number]


FORMS = {
    Profile.E_TAX: ("return.xtx", E_TAX.format(encoding="UTF-8")),
    Profile.TEG: ("certificate.xml", TEG),
    Profile.XML_ENVELOPED: ("order.xml", GENERIC),
    Profile.XML_DETACHED: ("photo.png", "\x89PNG"),
    Profile.XML_ENVELOPING: ("photo.png", "\x89PNG"),
    Profile.XADES_ENVELOPED: ("order.xml", GENERIC),
    Profile.XADES_DETACHED: ("photo.png", "\x89PNG"),
}


@pytest.mark.parametrize("profile", FORMS)
def test_xmlsec1_verifies_every_form(write, credential, authority, profile: Profile) -> None:
    name, content = FORMS[profile]
    source = write(name, content)
    before = source.read_bytes()
    result = signed(source, credential, profile)
    assert xmlsec1(result, authority.pem) == "OK"
    assert source.read_bytes() == before
    assert credential.uses == 1
    report = verify(
        result, trust=Trust.default().with_anchors([authority.certificate.public_bytes(Encoding.DER)]), moment=NOW
    )
    assert [each.intact for each in report.signatures] == [True], report


@pytest.mark.parametrize("profile", FORMS)
def test_one_changed_byte_is_found(write, credential, authority, profile: Profile) -> None:
    name, content = FORMS[profile]
    source = write(name, content)
    result = signed(source, credential, profile)
    if profile in (Profile.XML_DETACHED, Profile.XADES_DETACHED):
        source.write_bytes(b"\x89PNH")
    else:
        was, becomes = {
            "return.xtx": (b"&amp; ", b"&amp;\t"),
            "certificate.xml": (b"<B>1", b"<B>2"),
            "order.xml": (b'n="2"', b'n="3"'),
            "photo.png": (base64.b64encode("\x89PNG".encode()), base64.b64encode("\x89PNH".encode())),
        }[name]
        assert result.read_bytes().count(was) == 1
        result.write_bytes(result.read_bytes().replace(was, becomes))
    assert xmlsec1(result, authority.pem) != "OK"


@pytest.mark.parametrize("profile", FORMS)
def test_practice_card_signs_every_form(write, tmp_path: Path, profile: Profile) -> None:
    readers = PracticeReaders(tmp_path / "card")
    facts = read_facts(readers, PRACTICE_READER)
    name, content = FORMS[profile]
    with signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN)) as card:
        result = signed(write(name, content), card, profile, practice=True)
    assert "practice-signed" in result.name
    root = x509.load_der_x509_certificate(facts.signature_ca_certificate)
    assert xmlsec1(result, root.public_bytes(Encoding.PEM)) == "OK"
    report = verify(result, trust=Trust.default(), moment=NOW)
    assert report.verdict is not Verdict.PASSED


ENCODINGS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with mark": ("utf-8", b"\xef\xbb\xbf"),
    "Shift_JIS": ("shift_jis", b""),
    "Windows-31J": ("cp932", b""),
    "EUC-JP": ("euc_jp", b""),
    "UTF-16 little": ("utf-16-le", b"\xff\xfe"),
    "UTF-16 big": ("utf-16-be", b"\xfe\xff"),
    "UTF-16LE without mark": ("utf-16-le", b""),
    "UTF-16BE without mark": ("utf-16-be", b""),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ENCODINGS)
def test_source_stays_in_its_encoding(write, credential, authority, name: str, line_end: str) -> None:
    codec, mark = ENCODINGS[name]
    text = E_TAX.format(encoding=name.split()[0]).replace("\n", line_end)
    source = write("return.xtx", mark + text.encode(codec))
    result = signed(source, credential)
    assert xmlsec1(result, authority.pem) == "OK"
    inserted = result.read_bytes()
    at = source.read_bytes().index("</DATA>".encode(codec))
    length = len(inserted) - source.stat().st_size
    assert inserted[:at] + inserted[at + length :] == source.read_bytes()
    assert inserted[at : at + length].decode(codec).startswith("<dsig:Signature ")


def test_large_document_with_text_behind_what_is_signed(write, credential, authority) -> None:
    rows = "<KEIHI><kingaku>1</kingaku></KEIHI>" * 2000
    source = write("return.xtx", E_TAX.format(encoding="UTF-8").replace("</CONTENTS>", f"{rows}</CONTENTS>"))
    assert "</RKO0010>\n" in source.read_text(encoding="utf-8")
    assert xmlsec1(signed(source, credential), authority.pem) == "OK"


def test_e_tax_form_to_the_letter(write, credential) -> None:
    signature = signature_of(signed(write("return.xtx", E_TAX.format(encoding="UTF-8")), credential))
    assert signature.prefix == "dsig"
    assert re.fullmatch(r"_\d{17}", signature.get("Id"))
    assert etree.QName(signature.getparent()).localname == "DATA"
    assert etree.QName(signature.getprevious()).localname == "RKO0010"
    (reference,) = signature.iter(f"{{{DSIG}}}Reference")
    assert reference.get("URI") == "#RKO0010"
    assert [each.get("Algorithm") for each in reference.iter(f"{{{DSIG}}}Transform")] == [C14N]
    assert signature.find(f".//{{{DSIG}}}CanonicalizationMethod").get("Algorithm") == C14N
    assert len(list(signature.iter(f"{{{DSIG}}}X509Certificate"))) == 1
    assert signature.find(f"{{{DSIG}}}Object") is None


def test_form_of_certificates_of_deduction_to_the_letter(write, credential) -> None:
    signature = signature_of(signed(write("certificate.xml", TEG), credential))
    assert signature.prefix == "dsig"
    assert signature.getnext() is None
    (reference,) = signature.iter(f"{{{DSIG}}}Reference")
    assert reference.get("URI") == "#TEG800"
    transforms = [each.get("Algorithm") for each in reference.iter(f"{{{DSIG}}}Transform")]
    assert transforms == [f"{DSIG}enveloped-signature", C14N]


def test_signers_of_an_e_tax_file_stand_side_by_side(write, credential, issue, authority) -> None:
    first = signed(write("return.xtx", E_TAX.format(encoding="UTF-8")), credential)
    second = signed(first, issue(key=rsa.generate_private_key(65537, 2048)))
    assert [xmlsec1(second, authority.pem, number=n) for n in (1, 2)] == ["OK", "OK"]
    assert len({signature_of(second, n).get("Id") for n in (0, 1)}) == 2


@pytest.mark.parametrize("home", ["<署名情報/>", "<署名情報>\n</署名情報>", ""])
@pytest.mark.parametrize(("file_name", "transforms"), [("kousei.xml", [C14N]), ("kousei20261122210000001.xml", [])])
def test_e_gov_form(write, credential, home: str, file_name: str, transforms: list[str]) -> None:
    application = write("申請書 01.xml", "<a>\r\n</a>")
    source = write(file_name, E_GOV.format(name=application.name, home=home))
    result = signed(source, credential)
    signature = signature_of(result)
    assert signature.prefix is None
    assert signature.get("Id") == "20261122210000"
    assert signature.getparent().tag == "署名情報"
    assert signature.getparent().getprevious().tag == "構成情報"
    own, of_file = signature.iter(f"{{{DSIG}}}Reference")
    assert own.get("URI") == "#%E6%A7%8B%E6%88%90%E6%83%85%E5%A0%B1"
    assert [each.get("Algorithm") for each in own.iter(f"{{{DSIG}}}Transform")] == transforms
    assert of_file.get("URI") == "%E7%94%B3%E8%AB%8B%E6%9B%B8%2001.xml"
    assert of_file.find(f"{{{DSIG}}}Transforms") is None
    digest = base64.b64decode(of_file.findtext(f"{{{DSIG}}}DigestValue"))
    assert digest == hashlib.sha256(application.read_bytes()).digest()


def test_openssl_verifies_the_value_of_an_e_gov_signature(write, credential, tmp_path: Path) -> None:
    """xmlsec1 does not decode a percent-encoded fragment, so its parts are judged one by one."""
    write("a.xml", "<a/>")
    signature = signature_of(signed(write("kousei.xml", E_GOV.format(name="a.xml", home="<署名情報/>")), credential))
    info = canonical.canonical(signature[0], canonical.IMPLICIT)
    (tmp_path / "info").write_bytes(info)
    (tmp_path / "value").write_bytes(base64.b64decode(signature.findtext(f"{{{DSIG}}}SignatureValue")))
    certificate = x509.load_der_x509_certificate(credential.certification_path[0])
    (tmp_path / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    key = subprocess.run(
        ["openssl", "x509", "-pubkey", "-noout", "-in", "certificate.pem"], cwd=tmp_path, capture_output=True
    )
    (tmp_path / "key.pem").write_bytes(key.stdout)
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "value", "info"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout == b"Verified OK\n"


def test_joint_signers_of_an_e_gov_application(write, credential, issue, authority) -> None:
    write("a.xml", "<a/>")
    first = signed(write("kousei.xml", E_GOV.format(name="a.xml", home="<署名情報/>")), credential)
    second = signed(first, issue(key=rsa.generate_private_key(65537, 2048)))
    trust = Trust.default().with_anchors([authority.certificate.public_bytes(Encoding.DER)])
    assert [each.intact for each in verify(second, trust=trust, moment=NOW).signatures] == [True, True]
    assert [signature_of(second, n).get("Id") for n in (0, 1)] == ["20261122210000", "20261122210001"]


def test_joint_signer_of_one_attachment_signs_it_too(write, credential, issue) -> None:
    """The copy that was signed is called otherwise, and is still of the form for one file."""
    write("a.txt", "a")
    content = E_GOV.replace("<申請書ファイル名称>{name}</申請書ファイル名称>", "").replace(
        "<添付書類属性情報/>", "<添付書類ファイル名称>a.txt</添付書類ファイル名称>"
    )
    first = signed(write("kousei20261122210000001.xml", content.format(home="<署名情報/>")), credential)
    second = signed(first, issue(key=rsa.generate_private_key(65537, 2048)))
    reports = verify(second, trust=Trust.default(), moment=NOW).signatures
    assert [each.signed_elements for each in reports] == [("構成情報#構成情報", "a.txt")] * 2


@pytest.mark.parametrize("profile", [Profile.E_TAX, Profile.E_GOV])
def test_same_key_does_not_sign_the_same_twice(write, credential, issue, profile: Profile) -> None:
    write("a.xml", "<a/>")
    content = E_TAX.format(encoding="UTF-8") if profile is Profile.E_TAX else E_GOV.format(name="a.xml", home="")
    first = signed(write("kousei.xml", content), credential, profile)
    for again in (credential, issue()):  # another certificate of the same key is no other signer
        uses = again.uses
        result = sign(first, again, profile)
        assert isinstance(result, FailedFile)
        assert isinstance(result.error, errors.XmlSignedAlready)
        assert again.uses == uses


def test_element_without_content_takes_the_signature(write, credential, authority) -> None:
    result = signed(write("empty.xml", "<order a='/>' />"), credential)
    assert xmlsec1(result, authority.pem) == "OK"
    assert result.read_bytes().startswith(b"<order a='/>' ><ds:Signature ")


def test_sidecar_is_alone_and_named_after_its_file(write, credential, issue, authority) -> None:
    source = write("図 面.tif", b"II*\0")
    first, second = (signed(source, each, Profile.XML_DETACHED) for each in (credential, issue()))
    assert [first.name, second.name] == ["図 面.tif.sig.xml", "図 面.tif.sig-2.xml"]
    trust = Trust.default().with_anchors([authority.certificate.public_bytes(Encoding.DER)])
    for each in (first, second):
        assert [report.intact for report in verify(each, trust=trust, moment=NOW).signatures] == [True]
    assert not list(source.parent.glob("*-signed*"))


@pytest.mark.parametrize("name", ["契約書　最終版.dat", "👨‍👩‍👧 #1 & 50%.png", "\ue000\u3000が\u3099.txt"])
@pytest.mark.parametrize("profile", [Profile.XML_DETACHED, Profile.XADES_DETACHED])
def test_sidecar_is_verified_whatever_its_file_is_called(write, credential, name: str, profile: Profile) -> None:
    result = signed(write(name, b"content"), credential, profile)
    (report,) = verify(result, trust=Trust.default(), moment=NOW).signatures
    assert report.intact, report.problems


def test_application_with_wide_spaces_in_the_names_of_its_files(write, credential) -> None:
    write("申請書　１.xml", "<a/>")
    result = signed(write("kousei.xml", E_GOV.format(name="申請書　１.xml", home="<署名情報/>")), credential)
    (report,) = verify(result, trust=Trust.default(), moment=NOW).signatures
    assert report.intact, report.problems


@pytest.mark.parametrize("name", ["a\\b.bin", "a\nb.bin", "\udcff.bin"])  # not every system lets one make these
def test_name_that_no_signature_can_tell_is_refused(name: str) -> None:
    with pytest.raises(errors.XmlFileNameUnsuitable):
        uri_of(name)


def test_xades_properties(write, credential) -> None:
    signature = signature_of(signed(write("order.xml", GENERIC), credential, Profile.XADES_ENVELOPED))
    assert signature.findtext(".//{*}SigningTime") == "2026-11-22T21:00:00+09:00"
    digest = base64.b64decode(signature.findtext(".//{*}SigningCertificateV2//{*}DigestValue"))
    assert digest == hashlib.sha256(credential.certification_path[0]).digest()
    document, properties = signature.iter(f"{{{DSIG}}}Reference")
    assert properties.get("Type") == "http://uri.etsi.org/01903#SignedProperties"
    assert signature.find(".//{*}DataObjectFormat").get("ObjectReference") == "#" + document.get("Id")
    assert signature.find(".//{*}QualifyingProperties").get("Target") == "#" + signature.get("Id")


def refused(path: Path, profile: Profile) -> errors.UserFacingError:
    with pytest.raises(errors.UserFacingError) as caught:
        rehearse(SigningJob.beside(Document.open(path), profile, practice=False))
    return caught.value


@pytest.mark.parametrize("profile", [Profile.XML_ENVELOPED, Profile.XADES_ENVELOPED])
def test_signature_that_another_would_break_is_left_alone(write, credential, profile: Profile) -> None:
    result = signed(write("order.xml", GENERIC), credential, profile)
    assert isinstance(refused(result, Profile.XML_ENVELOPED), errors.XmlSignatureWouldBreak)
    assert default_profile(Document.open(result)) is Profile.XML_DETACHED
    teg = signed(write("certificate.xml", TEG), credential)
    assert isinstance(refused(teg, Profile.TEG), errors.XmlSignatureWouldBreak)


def test_whole_document_signed_over_parallel_signatures(write, credential, authority) -> None:
    """An enveloped signature over a file of e-Tax's form breaks none of those that are there, and is the last."""
    first = signed(write("return.xtx", E_TAX.format(encoding="UTF-8")), credential)
    second = signed(first, credential, Profile.XML_ENVELOPED)
    assert [xmlsec1(second, authority.pem, number=n) for n in (1, 2)] == ["OK", "OK"]
    assert isinstance(refused(second, Profile.E_TAX), errors.XmlSignatureWouldBreak)


def test_each_unsuitable_document_has_its_own_error(write) -> None:
    e_tax = E_TAX.format(encoding="UTF-8")
    enveloped, bomb = Profile.XML_ENVELOPED, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    cases = [
        (write("a.xml", "<a><b></a>"), enveloped, errors.XmlNotWellFormed),
        (write("b.xml", b'<?xml version="1.0" encoding="UTF-8"?><a>\x83\x65</a>'), enveloped, errors.XmlEncodingWrong),
        (write("c.xml", '<?xml version="1.0" encoding="EBCDIC-JP"?><a/>'), enveloped, errors.XmlEncodingUnsupported),
        (write("d.xml", bomb), enveloped, errors.XmlEntities),
        (write("e.xml", '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>'), enveloped, errors.XmlEntities),
        (write("f.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&b;</a>'), enveloped, errors.XmlEntities),
        (write("g.xml", "<a>" * 5000 + "</a>" * 5000), enveloped, errors.XmlTooDeep),
        (write("q.xml", f"<{'a' * 5_000_000}></{'a' * 5_000_000}>"), enveloped, errors.XmlCrowded),
        (write("r.xml", f"<{'p' * 2000}:a xmlns:{'p' * 2000}='u:u'></{'p' * 2000}:a>"), enveloped, errors.XmlCrowded),
        (write("h.xml", e_tax.replace("</RKO", '<x id="RKO0010"/></RKO')), Profile.E_TAX, errors.XmlDuplicateId),
        (write("i.xml", e_tax.replace("</RKO", '<x ID="&#82;KO0010"/></RKO')), Profile.E_TAX, errors.XmlDuplicateId),
        (write("j.xml", GENERIC), Profile.E_TAX, errors.DocumentNotOfProfile),
        (write("k.xml", GENERIC), Profile.TEG, errors.DocumentNotOfProfile),
        (write("l.xml", GENERIC), Profile.E_GOV, errors.DocumentNotOfProfile),
        (write("m.xml", GENERIC), Profile.PADES_B_B, errors.DocumentNotOfProfile),
        (write("n.png", b"\x89PNG"), enveloped, errors.DocumentNotOfProfile),
        (write("o.xml", E_GOV.format(name="gone.xml", home="")), Profile.E_GOV, errors.XmlFileMissing),
        (write("p.xml", E_GOV.format(name="../secret", home="")), Profile.E_GOV, errors.XmlFileMissing),
    ]
    for path, profile, expected in cases:
        assert type(refused(path, profile)) is expected, path.name


def test_ampersand_that_is_no_reference_does_no_harm(write, credential, authority) -> None:
    content = "<!-- a & b --><!DOCTYPE a [<!-- & -->]><a><![CDATA[?x&y]]><!-- & --><?p a&b?>&amp;</a><!-- & -->"
    assert xmlsec1(signed(write("a.xml", content), credential), authority.pem) == "OK"


def test_namespaces_that_keep_libxmlsec1_busy_for_minutes_are_refused(write, credential) -> None:
    def crowd(namespaces: int, elements: int) -> Path:
        declared = "".join(f' xmlns:n{number}="urn:{number}"' for number in range(namespaces))
        return write("a.xml", f"<a{declared}>{'<b/>' * elements}</a>")

    assert isinstance(refused(crowd(200, 50_000), Profile.XML_ENVELOPED), errors.XmlCrowded)
    assert isinstance(sign(crowd(60, 1000), credential, Profile.XML_ENVELOPED), SignedFile)


@pytest.mark.parametrize("text", ["100 \\\\", "~"])
def test_what_libxmlsec1_reads_otherwise_is_refused(write, text: str) -> None:
    source = write("order.xml", f'<?xml version="1.0" encoding="Shift_JIS"?><o>{text}</o>'.encode("shift_jis"))
    assert isinstance(refused(source, Profile.XML_ENVELOPED), errors.XmlEncodingDisputed)


def test_what_systems_read_otherwise_is_told(write, credential, authority) -> None:
    source = write("order.xml", '<?xml version="1.0" encoding="Shift_JIS"?><o>10〜20、−1、〜</o>'.encode("shift_jis"))
    job = SigningJob.beside(Document.open(source), Profile.XML_ENVELOPED, practice=False)
    assert [(each.code, each.facts) for each in rehearse(job).notes] == [("encoding-disputed", {"characters": "−〜"})]
    assert xmlsec1(signed(source, credential), authority.pem) == "OK"


def test_bytes_that_only_python_reads_are_no_text(write) -> None:
    source = write("order.xml", b'<?xml version="1.0" encoding="Windows-31J"?><o>\x80</o>')
    assert isinstance(refused(source, Profile.XML_ENVELOPED), errors.XmlEncodingWrong)


def test_missing_files_are_named_and_never_logged(write) -> None:
    listed = ["a.xml", "申請書\u202e.xml", "カ\u3099.pdf", "../b", "c.xml", "d.xml", "e.xml"]
    elements = "".join(f"<申請書ファイル名称>{name}</申請書ファイル名称>" for name in listed)
    source = write("kousei.xml", E_GOV.format(name="a.xml", home="").replace("</構成情報>", f"{elements}</構成情報>"))
    error = refused(source, Profile.E_GOV)
    assert isinstance(error, errors.XmlFileMissing)
    assert error.names == ("a.xml", "申請書\u202e.xml", "ガ.pdf", "../b", "c.xml", "…")
    assert str(error) == "xml.file-missing count=7"
    assert "a.xml" not in repr(error)


def test_large_xml_can_still_be_signed_beside(write, credential, monkeypatch) -> None:
    monkeypatch.setattr(parse, "MAXIMUM_SIZE", 10_000)
    source = write("large.xml", "<a>" + "x" * 20_000 + "</a>")
    assert isinstance(refused(source, Profile.XML_ENVELOPED), errors.XmlTooLarge)
    assert default_profile(Document.open(source)) is Profile.XML_DETACHED
    assert signed(source, credential).name == "large.xml.sig.xml"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.xtx", E_TAX.format(encoding="UTF-8"), Profile.E_TAX),
        ("a.xml", TEG, Profile.TEG),
        ("kousei.xml", E_GOV.format(name="", home=""), Profile.E_GOV),
        ("kousei20261122210000001.xml", E_GOV.format(name="", home=""), Profile.E_GOV_FILE),
        ("0000-API-002.xml", '<DOC VERSION="1.0"><BODY ID="DOCBODY"/></DOC>', Profile.XML_DETACHED),
        ("a.xml", GENERIC, Profile.XML_ENVELOPED),
        ("a.xml", "<broken", Profile.XML_ENVELOPED),
        ("a.pdf", "%PDF-1.7", Profile.PADES_B_B),
        ("a.docx", "PK\x03\x04", Profile.CADES_B_B),
    ],
)
def test_profile_suits_the_document(write, name: str, content: str, expected: Profile) -> None:
    document = Document.open(write(name, content))
    assert default_profile(document) is expected
    assert document.kind in expected.kinds


def test_profiles_serve_the_kinds_they_are_for() -> None:
    assert Profile.REGISTRY.kinds == {Kind.PDF}
    assert Profile.E_TAX.kinds == {Kind.XML}
    assert Profile.XADES_DETACHED.kinds == set(Kind)


def failure(source: Path, credential) -> errors.UserFacingError:
    """Why it is not signed, whether that is found when it is rehearsed or when it is staged."""
    try:
        result = sign(source, credential)
    except errors.UserFacingError as error:
        return error
    assert isinstance(result, FailedFile)
    return result.error


@pytest.mark.parametrize(
    ("name", "content"),
    [("order.xml", GENERIC), ("a.xtx", E_TAX.format(encoding="UTF-8")), ("kousei.xml", E_GOV.format(name="", home=""))],
)
def test_nothing_is_kept_when_the_second_opinion_differs(write, credential, monkeypatch, name, content) -> None:
    monkeypatch.setattr(second_opinion, "_sign", lambda *_: None)
    monkeypatch.setattr(second_opinion, "agrees", lambda *_: False)
    source = write(name, content)
    assert isinstance(failure(source, credential), errors.XmlReadDifferently)
    assert credential.uses == 0
    assert [each.name for each in source.parent.iterdir()] == [name]


@pytest.mark.parametrize(
    ("content", "trees"),
    [
        ("<a><b/>text</a>", 1),
        ("<a><b/></a><!-- </a> -->\n<?p </a>?>\n", 1),
        ("<!-- <a> --><!DOCTYPE a><?p?><a ><![CDATA[</a>]]></a\n>", 1),
        ("<a/>", 2),  # no end tag, so that it takes a tree to find the place
        (f"<a>{'<a></a>' * 20}</a>", 2),
    ],
)
def test_large_document_is_parsed_once(write, credential, authority, monkeypatch, content: str, trees: int) -> None:
    counted = []
    genuine = parse._tree
    monkeypatch.setattr(parse, "_tree", lambda text: counted.append(text) or genuine(text))
    plan._within.cache_clear()
    result = signed(write("a.xml", content), credential, Profile.XML_ENVELOPED)
    assert len(counted) == trees
    assert xmlsec1(result, authority.pem) == "OK"
    assert re.sub("<ds:Signature .*</ds:Signature>", "", result.read_text()) in (
        content,
        content.replace("/>", "></a>"),
    )


def test_place_that_the_text_only_seems_to_tell_is_not_taken(write, credential, authority, monkeypatch) -> None:
    mistaken = markup.RootTags(b"<order>", b"</item>", GENERIC.index("</item>"))
    monkeypatch.setattr(trial.markup, "root_tags", lambda text: mistaken)
    plan._within.cache_clear()
    source = write("order.xml", GENERIC)
    result = signed(source, credential)
    assert xmlsec1(result, authority.pem) == "OK"
    assert result.read_bytes().replace(b"</item><ds:Signature", b"</item>") != source.read_bytes()
    assert signature_of(result).getparent().tag == "{urn:o}order"


def test_what_libxmlsec1_does_not_agree_with_is_found_before_the_card_signs(write, credential, monkeypatch) -> None:
    """A digest, what is in scope of the signature, where it stands: all that a signature says of its document."""
    source = write("source.xtx", E_TAX.format(encoding="UTF-8"))
    mistakes = [
        (trial, "digest_beside", lambda target, method, name, other: (bytes(32), other())),
        (plan, "in_scope_of", lambda namespaces, attributes, text: f"<any>{text}</any>"),
        (plan.Canonicalization, "named", lambda *_: canonical.Canonicalization(C14N, comments=True)),
        (plan.Plan, "around", lambda *_: (b'<DATA xmlns="urn:another">', b"</DATA>")),
    ]
    for place, name, mistaken in mistakes:
        with monkeypatch.context() as mistake:
            plan._within.cache_clear()
            mistake.setattr(place, name, mistaken)
            assert isinstance(failure(source, credential), errors.XmlReadDifferently), name
    assert credential.uses == 0
    plan._within.cache_clear()
    assert isinstance(sign(source, credential), SignedFile)


def test_what_is_wrong_with_the_last_signature_alone_makes_no_file(write, credential, monkeypatch) -> None:
    source = write("order.xml", GENERIC)
    genuine = sign_module.properties_reference
    answers = [genuine, lambda identifier, digest: genuine(identifier, bytes(32))]
    monkeypatch.setattr(sign_module, "properties_reference", lambda *facts: answers.pop(0)(*facts))
    result = sign(source, credential, Profile.XADES_ENVELOPED)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.OutputNotVerified)
    assert credential.uses == 1


def test_signature_by_another_key_makes_no_file(write, credential, monkeypatch) -> None:
    monkeypatch.setattr(sign_module, "verifies", lambda *_: True)
    stranger = rsa.generate_private_key(65537, 2048)
    credential.sign = lambda data: stranger.sign(data, padding.PKCS1v15(), hashes.SHA256())
    result = sign(write("order.xml", GENERIC), credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.OutputNotVerified)


def test_file_that_changes_while_the_card_signs_is_not_handed_over(write, credential) -> None:
    source = write("order.xml", GENERIC)
    document = Document.open(source)
    staged = sign_module.stage(document, Profile.XML_ENVELOPED, source.parent)
    genuine = credential.sign

    def disturbed(data: bytes) -> bytes:
        staged.file.file.seek(3)
        staged.file.file.write(b"!")
        staged.file.file.flush()
        return genuine(data)

    credential.sign = disturbed
    with pytest.raises(errors.OutputNotVerified):
        staged.sign(credential, name="", moment=NOW)
    staged.file.close()


@pytest.mark.parametrize("profile", [Profile.XML_DETACHED, Profile.XADES_DETACHED, Profile.XML_ENVELOPING])
def test_no_signature_is_put_beside_a_file_that_changed_while_the_password_was_typed(
    write, credential, profile: Profile
) -> None:
    source = write("photo.png", b"\x89PNG")
    job = SigningJob.beside(Document.open(source), profile, practice=False)
    with SigningBatch([rehearse(job)], refuge=source.parent / "refuge", clock=lambda: NOW) as batch:
        assert len([*batch.digests()]) == 1
        source.write_bytes(b"\x89PNG changed")
        (result,) = batch.sign(credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.DocumentChangedOnDisk)
    assert credential.uses == 0


def test_source_that_was_exchanged_after_rehearsing_is_not_signed(write, credential) -> None:
    source = write("order.xml", GENERIC)
    document = Document.open(source)
    before = source.stat()
    rehearsal = rehearse(SigningJob.beside(document, Profile.XML_ENVELOPED, practice=False))
    with source.open("r+b") as file:  # of the same size, and as if of the same time
        file.write(GENERIC.replace('n="2"', 'n="9"').encode())
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    with SigningBatch([rehearsal], refuge=source.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.DocumentChangedOnDisk)
    assert credential.uses == 0


def test_second_opinion_sees_what_is_wrong(write, credential, issue) -> None:
    data = signed(write("order.xml", GENERIC), credential).read_bytes()
    identifier = etree.fromstring(data).find(f"{{{DSIG}}}Signature").get("Id")
    certificate = credential.certification_path[0]
    assert second_opinion.agrees(data, identifier, certificate, {})
    assert not second_opinion.agrees(data.replace(b'n="2"', b'n="3"'), identifier, certificate, {})
    assert not second_opinion.agrees(data, "another", certificate, {})
    write("a.xml", "<a/>")
    data = signed(write("kousei.xml", E_GOV.format(name="a.xml", home="<署名情報/>")), credential).read_bytes()
    assert second_opinion.agrees(data, "20261122210000", certificate, {"a.xml": b"<a/>"})
    assert not second_opinion.agrees(data, "20261122210000", certificate, {"a.xml": b"<b/>"})
    assert not second_opinion.agrees(data, "20261122210000", certificate, {})
    changed = data.replace("<管理情報/>".encode(), "<管理情報2/>".encode())
    assert not second_opinion.agrees(changed, "20261122210000", certificate, {"a.xml": b"<a/>"})


def test_wrong_signature_from_the_card_makes_no_file(write, credential) -> None:
    credential.sign = lambda data: bytes(256)
    source = write("order.xml", GENERIC)
    result = sign(source, credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.CardSignatureWrong)
    assert [each.name for each in source.parent.iterdir()] == ["order.xml"]


def test_elliptic_curve_of_the_next_card(write, authority, credential) -> None:
    """P-384 with SHA-384: in XML the value is r and s side by side, in a card's and in CMS's it is DER."""
    key = ec.generate_private_key(ec.SECP384R1())
    like = x509.load_der_x509_certificate(credential.certification_path[0])
    builder = x509.CertificateBuilder(
        like.issuer, like.subject, key.public_key(), 3, like.not_valid_before_utc, like.not_valid_after_utc
    )
    for extension in like.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    der = builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)
    card = SimpleNamespace(
        certification_path=(der,),
        algorithm=SimpleNamespace(digest="sha384", cms="sha384_ecdsa"),
        sign=lambda data: key.sign(data, ec.ECDSA(hashes.SHA384())),
    )
    result = signed(write("return.xtx", E_TAX.format(encoding="UTF-8")), card)
    assert len(base64.b64decode(signature_of(result).findtext(f"{{{DSIG}}}SignatureValue"))) == 96
    assert xmlsec1(result, authority.pem) == "OK"


_WORDS = st.text(st.sampled_from("aé実𠮷 \n\t&<>'\""), max_size=8).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
_MISC = st.sampled_from(["", "<!-- </r> -->", "<?pi </r>?>", "\n", "<!-- a -->\r\n"])


@settings(max_examples=40)
@given(
    before=st.tuples(_MISC, st.sampled_from(["", "<!DOCTYPE r [<!ELEMENT r ANY> <!-- ]> -->]>\n"]), _MISC),
    content=st.lists(st.one_of(_WORDS, _MISC, st.just("<![CDATA[</r>]]>"), st.just("<r xmlns=''>x</r>")), max_size=4),
    after=_MISC,
    codec=st.sampled_from(
        [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
    ),
    profile=st.sampled_from([Profile.XML_ENVELOPED, Profile.XADES_ENVELOPED]),
)
def test_whatever_the_document_only_a_signature_is_added(
    write, credential, authority, before, content, after, codec, profile
) -> None:
    inside = "".join(content).replace("]]>", "]]&gt;") if "CDATA" not in "".join(content) else "".join(content)
    text = f"{''.join(before)}<r xmlns='urn:r' xmlns:ds='urn:other'>{inside}</r>{after}"
    source = write("random.xml", codec[1] + text.encode(codec[0]))
    result = signed(source, credential, profile)
    assert xmlsec1(result, authority.pem) == "OK"
    written = result.read_bytes()[len(codec[1]) :].decode(codec[0])
    assert re.sub(r"<ds:Signature .*</ds:Signature>", "", written, flags=re.DOTALL) == text
    result.unlink()


_NAMESPACES = st.sampled_from(["", " xmlns=''", " xmlns='urn:a'", " xmlns:gen='urn:b'", " xmlns:q='urn:q' q:z='1'"])
_TREES = st.recursive(
    st.one_of(_WORDS, _MISC.map(str), st.just("<![CDATA[</CONTENTS>]]>"), st.just("&#13;&#x10000;")),
    lambda inside: st.builds(
        lambda name, declared, language, content: f"<{name}{declared}{language}>{''.join(content)}</{name}>".replace(
            "]]></", "]]> </"
        ),
        st.sampled_from(["A", "CONTENTS", "gen:B", "RKO0020", "項目"]),
        _NAMESPACES,
        st.sampled_from(["", " xml:lang='en'", " xml:space='preserve'", " a='&#10;&#9;&quot;'", " ID='x'"]),
        st.lists(inside, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=40)
@given(
    inside=st.lists(_TREES, max_size=3),
    around=st.tuples(_MISC, _MISC, _MISC),
    encoding=st.sampled_from(["UTF-8", "utf-16", "Shift_JIS", "EUC-JP"]),
    profile=st.sampled_from([Profile.E_TAX, Profile.TEG]),
)
def test_xmlsec1_and_we_agree_about_any_part_that_we_sign(
    write, credential, authority, inside, around, encoding, profile
) -> None:
    """Inclusive canonicalisation of a part, with all that is in scope around it."""
    root, name = ("DATA", "shotoku") if profile is Profile.E_TAX else ("TEG800", "kyotsu")
    content = f"<CATALOG id='CATALOG'/>{''.join(inside)}"
    if profile is Profile.E_TAX:
        content = f"<RKO0010 VR='1' id='RKO0010'>{content}</RKO0010>"
    text = (
        f"<?xml version='1.0' encoding='{encoding}'?>\n{around[0]}<{root} id='{root}' xml:lang='ja' "
        f"xmlns='http://xml.e-tax.nta.go.jp/XSD/{name}' xmlns:gen='urn:gen' xmlns:xlink='urn:x'>{content}</{root}>"
        f"{around[1]}\n{around[2]}"
    )
    result = signed(write("any.xml", text.encode(encoding, "xmlcharrefreplace")), credential, profile)
    assert xmlsec1(result, authority.pem) == "OK"
    trust = Trust.default().with_anchors([authority.certificate.public_bytes(Encoding.DER)])
    (signature,) = verify(result, trust=trust, moment=NOW).signatures
    assert signature.intact
    result.unlink()


def test_data_is_what_a_profile_is() -> None:
    from signing.xml import profiles

    assert set(profiles.FORMS) == {each for each in Profile if each.kinds != {Kind.PDF}} - {Profile.CADES_B_B}
    assert all(dataclasses.is_dataclass(form) for form in profiles.FORMS.values())


def test_disk_that_fills_up_is_found_before_the_card_signs(tmp_path: Path, credential, small_disk: Path) -> None:
    source = tmp_path / "form.xml"
    source.write_bytes(b"<a>" + b"x" * 1_000_000 + b"</a>")
    job = SigningJob.beside(Document.open(source), Profile.XML_ENVELOPED, practice=False, directory=small_disk)
    rehearsal = rehearse(job)
    (small_disk / "other").write_bytes(bytes(1_500_000))
    with SigningBatch([rehearsal], refuge=tmp_path / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, FailedFile)
    assert isinstance(result.error, errors.DestinationFull)
    assert credential.uses == 0
    assert [path.name for path in small_disk.iterdir()] == ["other"]
