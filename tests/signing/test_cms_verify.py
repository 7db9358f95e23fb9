"""Signatures in files of their own, made by OpenSSL in all of its forms: judged, and none of the broken ones intact."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, core
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.document import Kind, kind_of
from signing.report import Coverage, Indication, Revocation, SubIndication, Verdict

CONTENT = "契約書\r\nA contract, with two kinds of line ends\n".encode()


def as_is(der: bytes) -> bytes:
    return der


def pem(der: bytes) -> bytes:
    return b"-----BEGIN PKCS7-----\n" + base64.encodebytes(der) + b"-----END PKCS7-----\n"


def pem_with_long_label(der: bytes) -> bytes:
    body = base64.encodebytes(der).replace(b"\n", b"\r\n")
    return b"-----BEGIN PKCS #7 SIGNED DATA-----\r\n" + body + b"-----END PKCS #7 SIGNED DATA-----\r\n"


FORMS: list[Callable[[bytes], bytes]] = [as_is, pem, pem_with_long_label, base64.encodebytes, base64.b64encode]


def write(folder: Path, signed: bytes, content: bytes | None = None, name: str = "contract.pdf") -> Path:
    if content is not None:
        (folder / name).write_bytes(content)
    path = folder / f"{name}.p7s"
    path.write_bytes(signed)
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [(), ("-cades",), ("-noattr",), ("-keyid",)])
def test_detached_in_every_form(bench, options: tuple[str, ...], form: Callable[[bytes], bytes]) -> None:
    path = write(bench.folder(), form(bench.sign(CONTENT, *options)), CONTENT)
    report = bench.judge(path)
    (signature,) = report.signatures
    assert (report.kind, report.verdict, report.problems) == (Kind.CMS, Verdict.PASSED, ())
    assert (signature.intact, signature.signer, signature.signed_element) == (True, "Hanako", "contract.pdf")
    if "-cades" in options:
        assert (signature.format, signature.level) == ("CAdES", "B-B")
    else:
        assert (signature.format, signature.level) == ("PKCS7", None)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [(), ("-stream",), ("-cades",), ("-noattr",)])
def test_attached_in_every_form(bench, options: tuple[str, ...], form: Callable[[bytes], bytes]) -> None:
    signature = bench.judge_attached(form(bench.sign(CONTENT, "-nodetach", *options)))
    assert (signature.intact, signature.indication) == (True, Indication.TOTAL_PASSED)


@pytest.mark.parametrize("form", FORMS)
def test_it_is_recognised_whatever_its_name(bench, form: Callable[[bytes], bytes]) -> None:
    assert kind_of(form(bench.sign(CONTENT, "-stream"))[:1024]) is Kind.CMS


@pytest.mark.parametrize("text", [b"MIIBplain words, and no signature", b"-----BEGIN CERTIFICATE-----\nMIID\n", b"0"])
def test_what_only_looks_like_it_is_not(text: bytes) -> None:
    assert kind_of(text) is Kind.OTHER


def test_content_in_many_pieces(bench) -> None:
    """As OpenSSL writes what it reads from a pipe: in pieces of a few kilobytes."""
    content = bytes(range(256)) * 100
    signed = bench.sign(content, "-nodetach", "-stream")
    assert signed.count(content) == 0
    assert bench.judge_attached(signed).indication is Indication.TOTAL_PASSED
    changed = signed.replace(bytes(range(200, 220)), bytes(20), 1)
    assert bench.judge_attached(changed).sub_indication is SubIndication.HASH_FAILURE
    nested = bench.folder() / "letter.p7m"
    nested.write_bytes(signed.replace(b"\x04\x82\x10\x00", b"\x24\x82\x10\x00", 1))
    assert bench.judge(nested).verdict is Verdict.UNREADABLE


def test_every_signer_is_judged(bench) -> None:
    path = write(bench.folder(), bench.sign(CONTENT, signers=("plain", "listed")), CONTENT)
    report = bench.judge(path)
    assert {(each.signer, each.sub_indication) for each in report.signatures} == {
        ("Hanako", None),
        ("Taro", SubIndication.TRY_LATER),
    }
    assert report.verdict is Verdict.INDETERMINATE


def test_one_broken_signer_does_not_hide_behind_a_good_one(bench) -> None:
    outer = cms.ContentInfo.load(bench.sign(CONTENT, signers=("plain", "listed")))
    for signer in outer["content"]["signer_infos"]:
        if signer["sid"].chosen["serial_number"].native == bench.listed.certificate.serial_number:
            value = bytearray(signer["signature"].native)
            value[-1] ^= 1
            signer["signature"] = bytes(value)
    report = bench.judge(write(bench.folder(), outer.dump(force=True), CONTENT))
    assert {(each.intact, each.signer) for each in report.signatures} == {(True, "Hanako"), (False, None)}
    assert report.verdict is Verdict.FAILED


def test_the_content_is_not_there(bench) -> None:
    path = write(bench.folder(), bench.sign(CONTENT))
    (signature,) = bench.judge(path).signatures
    assert (signature.intact, signature.signer) == (False, None)
    assert (signature.indication, signature.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.SIGNED_DATA_NOT_FOUND,
    )
    assert [(each.code, each.facts) for each in signature.problems] == [("reference.missing", {"name": "contract.pdf"})]


def test_a_name_that_does_not_say_what_it_belongs_to(bench) -> None:
    path = bench.folder() / "signature"
    path.write_bytes(bench.sign(CONTENT))
    (signature,) = bench.judge(path).signatures
    assert [each.code for each in signature.problems] == ["signature.content-unnamed"]
    assert signature.sub_indication is SubIndication.SIGNED_DATA_NOT_FOUND


def test_nothing_outside_of_the_folder_is_looked_at(bench) -> None:
    outside, folder = bench.folder(), bench.folder()
    (outside / "contract.pdf").write_bytes(CONTENT)
    (folder / "contract.pdf").symlink_to(outside / "contract.pdf")
    (signature,) = bench.judge(write(folder, bench.sign(CONTENT))).signatures
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.SIGNED_DATA_NOT_FOUND)


@pytest.mark.parametrize("options", [(), ("-noattr",)])
def test_another_content(bench, options: tuple[str, ...]) -> None:
    path = write(bench.folder(), bench.sign(CONTENT, *options), CONTENT + b"!")
    (signature,) = bench.judge(path).signatures
    assert (signature.intact, signature.indication) == (False, Indication.TOTAL_FAILED)
    assert (signature.signer, signature.certification_path) == (None, ())


def test_content_exchanged_in_the_attached_form(bench) -> None:
    signed = bench.sign(CONTENT, "-nodetach")
    changed = signed.replace(b"A contract", b"B contract")
    assert changed != signed
    signature = bench.judge_attached(changed)
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.HASH_FAILURE)


def test_the_file_beside_is_not_the_content_inside(bench) -> None:
    """One would take contract.pdf for what contract.pdf.p7s signs, while it brings another content of its own."""
    path = write(bench.folder(), bench.sign(b"another", "-nodetach"), CONTENT)
    report = bench.judge(path)
    (signature,) = report.signatures
    assert [(each.code, each.facts) for each in report.problems] == [
        ("signature.content-differs", {"name": "contract.pdf"})
    ]
    assert (report.verdict, signature.covers) == (Verdict.INDETERMINATE, Coverage.PART)
    assert bench.judge(write(bench.folder(), bench.sign(CONTENT, "-nodetach"), CONTENT)).verdict is Verdict.PASSED


def test_a_signed_pdf_is_not_taken_for_a_pdf(bench) -> None:
    """Its beginning stands within the first kilobyte, where readers of PDF look for one."""
    signed = bench.sign(b"%PDF-1.7\n", "-nodetach")
    assert bench.judge_attached(signed).indication is Indication.TOTAL_PASSED
    path = bench.folder() / "contract.pdf"
    path.write_bytes(signed)
    report = bench.judge(path)
    assert (report.kind, report.verdict) == (Kind.CMS, Verdict.INDETERMINATE)
    assert [each.code for each in report.problems] == ["document.wrong-ending"]


def test_certificates_without_a_signer_are_no_signature(bench) -> None:
    path = bench.folder() / "certificates.p7b"
    path.write_bytes(bench.openssl("crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-outform", "DER"))
    report = bench.judge(path)
    assert (report.kind, report.verdict) == (Kind.CMS, Verdict.UNSIGNED)


def test_a_certificate_that_the_signer_did_not_name(bench) -> None:
    """Two certificates over one key: what the signed attribute says decides, not what was put beside it."""
    twin = bench.issue("Someone else", bench.root, key=1)
    outer = cms.ContentInfo.load(bench.sign(CONTENT, "-nodetach", "-cades"))
    (signer,) = outer["content"]["signer_infos"]
    from asn1crypto import x509

    other = x509.Certificate.load(twin.der)
    outer["content"]["certificates"] = [other, x509.Certificate.load(bench.root.der)]
    signer["sid"] = {"issuer_and_serial_number": {"issuer": other.issuer, "serial_number": other.serial_number}}
    signature = bench.judge_attached(outer.dump(force=True))
    assert (signature.intact, signature.signer) == (False, None)
    assert signature.sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


def test_trailing_bytes_make_no_signed_file(bench) -> None:
    path = bench.folder() / "letter.p7m"
    path.write_bytes(bench.sign(CONTENT, "-nodetach") + b"and more")
    report = bench.judge(path)
    assert (report.verdict, [each.code for each in report.problems]) == (Verdict.UNREADABLE, ["document.damaged"])


@pytest.mark.parametrize("attached", [False, True])
def test_signed_attributes_passed_off_as_the_content(bench, attached: bool) -> None:
    """What was signed are attributes (RFC 5652, 5.4); without them the same value is one over a file of their bytes."""
    outer = cms.ContentInfo.load(bench.sign(CONTENT, "-cades"))
    (signer,) = outer["content"]["signer_infos"]
    content = b"\x31" + signer["signed_attrs"].dump()[1:]
    parts = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
    outer["content"]["signer_infos"] = [cms.SignerInfo({part: signer[part] for part in parts})]
    if attached:
        outer["content"]["encap_content_info"] = {"content_type": "data", "content": content}
    path = write(bench.folder(), outer.dump(force=True), content)
    (signature,) = bench.judge(path).signatures
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.FORMAT_FAILURE)


@pytest.mark.parametrize("part", ["signer", "content"])
def test_part_that_is_not_of_its_type(bench, part: str) -> None:
    signed = bytearray(bench.sign(CONTENT, "-nodetach", "-nosmimecap"))
    (signer,) = cms.ContentInfo.load(bytes(signed))["content"]["signer_infos"]
    if part == "signer":
        signed[signed.index(signer.dump())] = 0x10  # a sequence without the bit that says constructed
    else:
        signed[signed.index(CONTENT) - 2] = 0x84  # an octet string of another class
    path = bench.folder() / "letter.p7m"
    path.write_bytes(signed)
    report = bench.judge(path)
    assert (report.verdict, [each.code for each in report.problems]) == (Verdict.UNREADABLE, ["document.damaged"])


def test_two_in_one_file_are_refused(bench) -> None:
    one = bench.sign(CONTENT, "-nodetach", form="PEM")
    path = bench.folder() / "letter.p7m"
    path.write_bytes(one + one)
    assert bench.judge(path).verdict is Verdict.UNREADABLE


def test_a_weak_digest_is_stated(bench) -> None:
    signature = bench.judge_attached(bench.sign(CONTENT, "-nodetach", "-md", "sha1"))
    assert signature.intact
    assert signature.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    assert "algorithm.digest-weak" in [each.code for each in signature.problems]


def test_a_proven_time_raises_the_level(bench) -> None:
    moment = bench.now - timedelta(days=3)
    signature = bench.judge_attached(bench.stamped(bench.sign(CONTENT, "-nodetach", "-cades"), moment))
    assert (signature.level, signature.timestamp_time) == ("B-T", moment)


def test_revocation_data_and_a_proven_time_raise_it_once_more(bench) -> None:
    moment = bench.now - timedelta(hours=3)
    signed = bench.stamped(bench.sign(CONTENT, "-nodetach", "-cades", signers=("listed",)), moment)
    signature = bench.judge_attached(bench.with_lists(signed, bench.revocation_list(bench.root)))
    assert (signature.level, signature.revocation) == ("B-LT", Revocation.GOOD)
    assert signature.indication is Indication.TOTAL_PASSED


def test_a_timestamp_of_another_signature_proves_nothing(bench) -> None:
    signed = bench.sign(CONTENT, "-nodetach", "-cades")
    token = bench.timestamp_token(bench.clock, b"something else", bench.now - timedelta(days=3))
    signature = bench.judge_attached(bench.with_attribute(signed, "signature_time_stamp_token", token))
    assert (signature.level, signature.timestamp_time) == ("B-B", None)
    assert "timestamp.not-proven" in [each.code for each in signature.problems]


def test_what_is_not_judged_is_told(bench) -> None:
    signed = bench.with_attribute(bench.sign(CONTENT, "-nodetach", "-cades"), "0.4.0.1733.2.4", core.Null())
    (signer,) = cms.ContentInfo.load(bench.sign(CONTENT))["content"]["signer_infos"]
    signed = bench.with_attribute(signed, "counter_signature", signer)
    codes = [each.code for each in bench.judge_attached(signed).problems]
    assert codes == ["signature.counter-not-checked", "signature.long-term-not-checked"]


@settings(max_examples=150)
@given(st.data())
def test_no_changed_byte_leaves_a_signed_content_intact_and_different(bench, data) -> None:
    """Whatever byte is changed: either the signature breaks, or everything that it signs is as it was."""
    signed = _attached(bench)
    place = data.draw(st.integers(0, len(signed) - 1))
    changed = bytearray(signed)
    changed[place] ^= data.draw(st.integers(1, 255))
    path = bench.directory / "flipped.p7m"
    path.write_bytes(changed)
    report = bench.judge(path)
    start = signed.index(CONTENT)
    if start <= place < start + len(CONTENT):
        assert not any(signature.intact for signature in report.signatures)
    for signature in report.signatures:
        assert not signature.intact or signature.signer == "Hanako"


_made: dict[str, bytes] = {}


def _attached(bench) -> bytes:
    if "attached" not in _made:
        _made["attached"] = bench.sign(CONTENT, "-nodetach", "-cades", "-nosmimecap")
    return _made["attached"]


@settings(max_examples=60)
@given(length=st.integers(0, 3000))
def test_every_part_of_a_file_gets_an_answer(bench, length: int) -> None:
    path = bench.directory / "cut.p7m"
    path.write_bytes(_attached(bench)[:length] or b"\x30")
    assert not any(signature.intact for signature in bench.judge(path).signatures) or length >= len(_attached(bench))
