"""What a person is told of a signed PDF: by whatever program it was signed, and whatever came after."""

import asyncio
import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.sign.fields import SigSeedSubFilter

from signing import Trust
from signing.report import (
    Change,
    ChangesAfter,
    Coverage,
    Indication,
    IssuerClass,
    Problem,
    Revocation,
    SignatureFormat,
    SignatureLevel,
    SubIndication,
    Verdict,
)

PKCS7 = SigSeedSubFilter.ADOBE_PKCS7_DETACHED


def codes(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


def directory_name_distribution_point() -> tuple[x509.ExtensionType, bool]:
    name = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Chiyoda-ku CRLDP")]))
    return x509.CRLDistributionPoints([x509.DistributionPoint([name], None, None, None)]), False


def unrecognized(oid: str) -> tuple[x509.ExtensionType, bool]:
    return x509.UnrecognizedExtension(ObjectIdentifier(oid), b"\x05\x00"), False


# --- one good signature


def test_signature_under_an_added_anchor_passes_and_tells_its_facts(workshop) -> None:
    report = workshop.judge(workshop.signed)
    (signature,) = report.signatures
    assert (report.verdict, report.problems, report.revisions) == (Verdict.PASSED, (), 2)
    assert (signature.indication, signature.sub_indication) == (Indication.TOTAL_PASSED, None)
    assert (signature.intact, signature.trusted, signature.signer) == (True, True, "Hanako")
    assert (signature.covers, signature.changes_after, signature.changes) == (Coverage.WHOLE, ChangesAfter.NONE, ())
    assert (signature.format, signature.level) == (SignatureFormat.PADES, SignatureLevel.B_B)
    assert (signature.digest_algorithm, signature.signature_algorithm) == ("SHA-256", "RSA-SHA256")
    assert signature.signed_bytes == len(workshop.signed)
    assert [each.subject.split(",")[0] for each in signature.certification_path] == ["CN=Hanako", "CN=Root"]
    assert signature.revocation is Revocation.NOT_CHECKED
    assert signature.problems == ()


def test_unsigned_file_is_unsigned(workshop) -> None:
    report = workshop.judge(workshop.unsigned)
    assert (report.verdict, report.signatures, report.problems) == (Verdict.UNSIGNED, (), ())


def test_empty_signature_field_is_no_signature(workshop) -> None:
    for value in (b"", b"/V null", b"/V 199 0 R", b"/V 9 0 R"):
        objects = {**workshop.page, 5: b"<< /FT /Sig /T (Here) %s >>" % value, 9: b"null"}
        assert workshop.judge(workshop.write_pdf(objects)).verdict is Verdict.UNSIGNED


def test_nobody_is_trusted_without_an_anchor(workshop) -> None:
    signature = workshop.only(workshop.signed, trust=Trust.default())
    assert (signature.intact, signature.trusted, signature.indication) == (True, False, Indication.INDETERMINATE)
    assert signature.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_certificate_that_could_be_revoked_is_indeterminate_until_somebody_looks(workshop) -> None:
    signer = workshop.issue("Taro", workshop.root, extensions=(directory_name_distribution_point(),))
    signature = workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, signer))
    assert (signature.intact, signature.trusted, signature.revocation) == (True, True, Revocation.NOT_CHECKED)
    assert (signature.indication, signature.sub_indication) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


def test_jpki_certificate_is_indeterminate_and_names_its_holder(workshop) -> None:
    """The profile of the real card under an anchor of our own: what an individual sees of every JPKI signature."""
    root = workshop.issue("Root", number=0, organization="JPKI")
    holder = x509.OtherName(ObjectIdentifier("1.2.392.200149.8.5.5.1"), b"\x0c\x0f" + "黒桐　幹也".encode())
    policy = x509.PolicyInformation(ObjectIdentifier("1.2.392.200149.8.5.1.1.20"), ["http://www.jpki.go.jp/cps.html"])
    profile = (
        (x509.SubjectAlternativeName([holder]), False),
        (x509.CertificatePolicies([policy]), True),
        directory_name_distribution_point(),
    )
    signer = workshop.issue("20251027120405000113101A", root, extensions=profile)
    data = workshop.sign_with_pyhanko(workshop.unsigned, signer)
    signature = workshop.only(data, trust=Trust.default().with_anchors([root.der]))
    assert (signature.signer, signature.issuer_class) == ("黒桐　幹也", IssuerClass.JPKI)
    assert (signature.intact, signature.trusted) == (True, True)
    assert (signature.indication, signature.sub_indication) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)
    assert signature.certification_path[0].sha256 == signer.certificate.fingerprint(hashes.SHA256()).hex()
    forged = workshop.only(data)
    assert (forged.issuer_class, forged.trusted) == (IssuerClass.JPKI, False)


def test_certificate_that_is_never_revoked_passes_although_it_names_a_distribution_point(workshop) -> None:
    extensions = (directory_name_distribution_point(), unrecognized("0.4.0.194121.2.1"))
    signer = workshop.issue("Short", workshop.root, extensions=extensions)
    assert workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, signer)).indication is Indication.TOTAL_PASSED


def test_critical_extension_that_nobody_knows_is_not_passed_over(workshop) -> None:
    signer = workshop.issue("Odd", workshop.root, extensions=((unrecognized("1.2.3.4")[0], True),))
    signature = workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, signer))
    assert (signature.trusted, signature.sub_indication) == (False, SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE)


@pytest.mark.parametrize("days", [-31, 301])
def test_moment_outside_the_validity_is_said_and_the_authority_still_named(workshop, days: int) -> None:
    signature = workshop.only(workshop.signed, moment=workshop.now + timedelta(days=days))
    assert (signature.indication, signature.trusted) == (Indication.INDETERMINATE, True)
    assert signature.sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE


def test_self_signed_certificate_is_trusted_only_when_it_was_added(workshop) -> None:
    alone = workshop.issue("Alone", number=5)
    data = workshop.sign_with_pyhanko(workshop.unsigned, alone, subfilter=PKCS7)
    assert workshop.only(data).trusted is False
    added = workshop.only(data, trust=Trust.default().with_anchors([alone.der]))
    assert added.trusted is True


def test_path_through_an_authority_between_is_found(workshop) -> None:
    between = workshop.issue("Between", workshop.root, number=2, is_authority=True)
    signature = workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, workshop.issue("Jiro", between)))
    assert signature.indication is Indication.TOTAL_PASSED
    assert len(signature.certification_path) == 3


def test_certificate_under_a_forged_root_of_the_same_name_is_not_trusted(workshop) -> None:
    forged = workshop.issue("Root", number=3, days=(-3000, 3000))
    signature = workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, workshop.issue("Hanako", forged)))
    assert (signature.intact, signature.trusted) == (True, False)


def test_another_generation_of_the_authority_is_not_taken_for_the_issuer(workshop) -> None:
    older = workshop.issue("Root", number=3, days=(-3000, 3000))
    signature = workshop.only(workshop.signed, trust=Trust.default().with_anchors([older.der]))
    assert signature.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_certificate_that_only_borrows_the_name_of_the_root_is_not_trusted(workshop) -> None:
    from dataclasses import replace

    thief = workshop.issue("Hanako", replace(workshop.root, key=workshop.issue("x", number=3).key))
    signature = workshop.only(workshop.sign_with_pyhanko(workshop.unsigned, thief))
    assert (signature.intact, signature.trusted) == (True, False)


def test_certificate_not_meant_for_documents_is_refused(workshop) -> None:
    authority = workshop.issue("Sub", workshop.root, number=2, is_authority=True)
    signature = workshop.only(workshop.sign_by_hand(workshop.cms_by(authority)).data)
    assert signature.sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE
    assert codes(signature.problems) == {"certificate.not-for-signing"}


def test_practice_card_is_told_apart_and_not_trusted(workshop) -> None:
    root = workshop.issue("Root", number=0, organization="JPKI-PRACTICE")
    data = workshop.sign_with_pyhanko(workshop.unsigned, workshop.issue("Practice", root))
    signature = workshop.only(data, trust=Trust.default())
    assert (signature.issuer_class, signature.trusted) == (IssuerClass.PRACTICE, False)


# --- weak algorithms are stated


@pytest.mark.parametrize(("digest", "name"), [("sha1", "SHA-1"), ("md5", "MD5")])
def test_weak_digest_is_stated_and_does_not_pass(workshop, digest: str, name: str) -> None:
    signed = workshop.sign_by_hand(lambda content: openssl_cms(workshop, content, digest))
    signature = workshop.only(signed.data)
    assert signature.intact is True
    assert signature.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    assert Problem("algorithm.digest-weak", {"algorithm": name}) in signature.problems


def test_short_key_is_stated_and_does_not_pass(workshop) -> None:
    short = workshop.issue("Short", workshop.root, bits=1024)
    signature = workshop.only(workshop.sign_by_hand(workshop.cms_by(short)).data)
    assert (signature.intact, signature.indication) == (True, Indication.INDETERMINATE)
    assert signature.problems == (Problem("algorithm.key-too-short", {"key": "RSA-1024"}),)


def test_negative_modulus_is_read_as_the_number_that_was_meant(workshop) -> None:
    between = workshop.issue("Between", workshop.root, number=2, is_authority=True)
    estonian = workshop.issue("Estonian", between)
    odd = [with_negative_modulus(estonian.der, between.key), with_negative_modulus(between.der, workshop.root.key)]

    def sign(content: bytes) -> bytes:
        return with_certificates(openssl_cms(workshop, content, signer=estonian), *odd, workshop.root.der)

    signature = workshop.only(workshop.sign_by_hand(sign).data)
    assert (signature.intact, signature.trusted, signature.indication) == (True, True, Indication.TOTAL_PASSED)
    assert signature.certification_path[0].public_key == "RSA-2048"


def test_year_zero_is_no_time(workshop) -> None:
    """The parser has a type of its own for it, which can neither be compared nor be shown."""
    sign = workshop.cms_by(workshop.signer)

    def at_year_zero(content: bytes) -> bytes:
        signed = cms.ContentInfo.load(sign(content))
        (signer,) = signed["content"]["signer_infos"]
        others = [each for each in signer["signed_attrs"] if each["type"].native != "signing_time"]
        time = cms.CMSAttribute.load(bytes.fromhex("301e06092a864886f70d0109053111180f") + b"00000101000000Z")
        attributes = cms.CMSAttributes.load(cms.CMSAttributes([*others, time]).dump())
        signer["signature"] = workshop.signer.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
        signer["signed_attrs"] = attributes
        return bytes(signed.dump(force=True))

    signature = workshop.only(workshop.sign_by_hand(at_year_zero).data)
    assert (signature.indication, signature.signing_time) == (Indication.TOTAL_PASSED, None)


def with_certificates(der: bytes, *certificates: bytes) -> bytes:
    """The same SignedData with these certificates in it."""
    from asn1crypto import cms
    from asn1crypto import x509 as asn1_x509

    content = cms.ContentInfo.load(der)
    content["content"]["certificates"] = list(map(asn1_x509.Certificate.load, certificates))
    return bytes(content.dump(force=True))


def with_negative_modulus(der: bytes, issuer_key: rsa.RSAPrivateKey) -> bytes:
    """The same certificate as some issuers wrote it: without the zero octet before the modulus."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509

    certificate = asn1_x509.Certificate.load(der)
    body = certificate["tbs_certificate"]
    numbers = body["subject_public_key_info"]["public_key"].parsed
    negative = numbers["modulus"].native - (1 << 2048)
    wrong = keys.RSAPublicKey({"modulus": negative, "public_exponent": numbers["public_exponent"].native})
    body["subject_public_key_info"]["public_key"] = wrong
    content = body.dump(force=True)
    signature = issuer_key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    fresh = asn1_x509.Certificate(
        {
            "tbs_certificate": asn1_x509.TbsCertificate.load(content),
            "signature_algorithm": certificate["signature_algorithm"],
            "signature_value": signature,
        }
    )
    return bytes(fresh.dump())


# --- what other programs signed


def openssl_cms(workshop, content: bytes, digest: str = "sha256", *, signer=None, options=()) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    folder, signer = workshop.directory, signer or workshop.signer
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signer.pem").write_bytes(signer.certificate.public_bytes(Encoding.PEM) + key)
    (folder / "root.pem").write_bytes(workshop.root.certificate.public_bytes(Encoding.PEM))
    (folder / "content").write_bytes(content)
    command = ["openssl", "cms", "-sign", "-binary", "-in", "content", "-signer", "signer.pem", "-certfile", "root.pem"]
    subprocess.run([*command, *options, "-md", digest, "-outform", "DER", "-out", "cms"], cwd=folder, check=True)
    return (folder / "cms").read_bytes()


def test_what_openssl_signs_is_accepted(workshop) -> None:
    signature = workshop.only(workshop.sign_by_hand(lambda content: openssl_cms(workshop, content)).data)
    assert (signature.indication, signature.format) == (Indication.TOTAL_PASSED, SignatureFormat.PKCS7)
    assert (signature.covers, signature.signer) == (Coverage.WHOLE, "Hanako")


def test_container_without_signed_attributes_is_accepted(workshop) -> None:
    data = workshop.sign_by_hand(lambda content: openssl_cms(workshop, content, options=["-noattr"])).data
    assert workshop.only(data).indication is Indication.TOTAL_PASSED
    failed = workshop.only(data.replace(b"100 yen", b"900 yen"))
    assert (failed.intact, failed.sub_indication) == (False, SubIndication.SIG_CRYPTO_FAILURE)


def test_container_that_brings_another_content_along_is_refused(workshop) -> None:
    from asn1crypto import cms

    def sign(content: bytes) -> bytes:
        container = cms.ContentInfo.load(openssl_cms(workshop, content))
        container["content"]["encap_content_info"]["content"] = b"another content"
        return bytes(container.dump(force=True))

    signature = workshop.only(workshop.sign_by_hand(sign).data)
    assert (signature.intact, signature.sub_indication) == (False, SubIndication.FORMAT_FAILURE)


@pytest.fixture(scope="session")
def nss_database(workshop) -> Path:
    if not shutil.which("certutil"):
        pytest.skip("certutil and pk12util (libnss3-tools) are not installed")
    folder = workshop.directory / "nss"
    folder.mkdir()
    (folder / "signer.p12").write_bytes(workshop.signer.p12)
    run = {"check": True, "capture_output": True}
    subprocess.run(["certutil", "-N", "--empty-password", "-d", folder], **run)
    subprocess.run(["pk12util", "-i", folder / "signer.p12", "-W", "p", "-K", "", "-d", folder], **run)
    subprocess.run(["certutil", "-M", "-n", "Root - Test", "-t", "CT,C,C", "-d", folder], **run)
    return folder


def test_what_poppler_signs_is_accepted(workshop, nss_database: Path) -> None:
    source, output = workshop.directory / "source.pdf", workshop.directory / "poppler.pdf"
    source.write_bytes(workshop.unsigned)
    command = ["pdfsig", "-nssdir", nss_database, "-add-signature", "-nick", "signer", source, output]
    subprocess.run(command, check=True, capture_output=True)
    signature = workshop.only(output.read_bytes())
    assert (signature.indication, signature.format) == (Indication.TOTAL_PASSED, SignatureFormat.PKCS7)
    assert (signature.covers, signature.signer) == (Coverage.WHOLE, "Hanako")


def test_second_signature_by_poppler_which_the_form_does_not_know_is_a_signature(workshop, nss_database: Path) -> None:
    source, output = workshop.directory / "source.pdf", workshop.directory / "poppler.pdf"
    source.write_bytes(workshop.signed)
    command = ["pdfsig", "-nssdir", nss_database, "-add-signature", "-nick", "signer", source, output]
    subprocess.run(command, check=True, capture_output=True)
    first, second = workshop.judge(output.read_bytes()).signatures
    assert (first.indication, first.changes) == (Indication.TOTAL_PASSED, (Change("signed-again"),))
    assert second.covers is Coverage.WHOLE


@pytest.mark.parametrize("form", ["--linearize", "--object-streams=generate"])
def test_every_way_to_write_the_cross_references_is_read(workshop, form: str) -> None:
    source, output = workshop.directory / "source.pdf", workshop.directory / "written.pdf"
    source.write_bytes(workshop.unsigned)
    subprocess.run(["qpdf", form, source, output], check=True)
    once = workshop.sign_with_pyhanko(output.read_bytes(), workshop.signer)
    assert workshop.only(once).indication is Indication.TOTAL_PASSED
    first, second = workshop.judge(workshop.sign_with_pyhanko(once, workshop.signer, "Second")).signatures
    assert (first.indication, first.changes) == (Indication.TOTAL_PASSED, (Change("signed-again"),))
    assert second.covers is Coverage.WHOLE


# --- several signatures, and what came between


def test_second_signature_leaves_the_first_good_and_is_told(workshop) -> None:
    first, second = workshop.judge(workshop.sign_with_pyhanko(workshop.signed, workshop.signer, "Second")).signatures
    assert (first.indication, second.indication) == (Indication.TOTAL_PASSED, Indication.TOTAL_PASSED)
    assert (first.covers, first.changes_after) == (Coverage.REVISION, ChangesAfter.ALLOWED)
    assert first.changes == (Change("signed-again"),)
    assert first.signed_bytes == len(workshop.signed)
    assert second.covers is Coverage.WHOLE


def test_bad_signature_beside_a_good_one_is_not_covered_up(workshop) -> None:
    damaged = bytearray(workshop.signed)
    end_of_value = workshop.signed.index(b"0" * 100, workshop.signed.index(b"/Contents <30"))
    damaged[end_of_value - 20] = ord("1") if damaged[end_of_value - 20] == ord("0") else ord("0")
    resigned = workshop.sign_with_pyhanko(bytes(damaged), workshop.signer, "Second")
    report = workshop.judge(resigned)
    assert report.verdict is Verdict.FAILED
    assert [signature.name for signature in report.signatures] == ["Signature1", "Second"]
    assert report.signatures[0].sub_indication is SubIndication.SIG_CRYPTO_FAILURE
    assert report.signatures[0].signer is None
    assert report.signatures[1].indication is Indication.TOTAL_PASSED


def test_signature_that_cannot_be_read_does_not_hide_the_others(workshop) -> None:
    broken = workshop.sign_by_hand(lambda content: b"\x30\x03\x02\x01\x01")
    report = workshop.judge(workshop.sign_with_pyhanko(broken.data, workshop.signer, "Good"))
    bad, good = report.signatures
    assert (bad.indication, bad.intact, codes(bad.problems)) == (
        Indication.INDETERMINATE,
        False,
        {"signature.unreadable"},
    )
    assert good.indication is Indication.TOTAL_PASSED
    assert report.verdict is Verdict.INDETERMINATE


# --- time


@pytest.fixture(scope="session")
def timestamper(workshop):
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps import DummyTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    usage = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    authority = workshop.issue("Time stamping", workshop.root, number=4, extensions=(usage,))
    key = authority.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(authority.der),
        keys.PrivateKeyInfo.load(key),
        certs_to_embed=SimpleCertificateStore.from_certs([asn1_x509.Certificate.load(workshop.root.der)]),
        fixed_dt=workshop.now,
    )


def test_timestamp_is_a_proof_only_under_an_anchor(workshop, timestamper) -> None:
    data = workshop.sign_with_pyhanko(workshop.unsigned, workshop.signer, timestamper=timestamper)
    signature = workshop.only(data)
    assert (signature.level, signature.timestamp_time) == (SignatureLevel.B_T, workshop.now)
    stranger = workshop.only(data, trust=Trust.default())
    assert (stranger.intact, stranger.timestamp_time) == (True, None)
    assert "timestamp.not-proven" in codes(stranger.problems)


def test_signature_outlives_its_certificate_by_a_timestamp(workshop, timestamper) -> None:
    brief = workshop.issue("Brief", workshop.root, days=(-30, 30))
    later = workshop.now + timedelta(days=60)
    stamped = workshop.sign_with_pyhanko(workshop.unsigned, brief, timestamper=timestamper)
    bare = workshop.sign_with_pyhanko(workshop.unsigned, brief)
    assert workshop.only(stamped, moment=later).indication is Indication.TOTAL_PASSED
    assert workshop.only(bare, moment=later).sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE


def with_document_timestamp(data: bytes, timestamper, name: str = "Time") -> bytes:
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    return bytes(PdfTimeStamper(timestamper, field_name=name).timestamp_pdf(writer, "sha256").getvalue())


def test_document_timestamp_is_judged_like_a_signature(workshop, timestamper) -> None:
    data = with_document_timestamp(workshop.signed, timestamper)
    signed, stamp = workshop.judge(data).signatures
    assert (signed.is_timestamp, stamp.is_timestamp) == (False, True)
    assert signed.timestamp_time == workshop.now  # what lies under it existed then
    assert (stamp.intact, stamp.timestamp_time, stamp.indication) == (True, workshop.now, Indication.TOTAL_PASSED)
    assert (signed.changes_after, signed.changes) == (ChangesAfter.ALLOWED, (Change("timestamped"),))
    unknown = workshop.judge(data, trust=Trust.default()).signatures
    assert [each.timestamp_time for each in unknown] == [None, None]
    assert unknown[1].signing_time == workshop.now  # claimed


@pytest.fixture(scope="module")
def soon_expired(workshop) -> bytes:
    """Signed under a certificate that is valid now, and not any more when this is judged."""
    return workshop.sign_with_pyhanko(workshop.unsigned, workshop.issue("Brief", workshop.root, days=(-30, 30)))


LATER = timedelta(days=60)


def test_signature_outlives_its_certificate_by_a_timestamp_over_the_document(
    workshop, soon_expired: bytes, timestamper
) -> None:
    later = workshop.now + LATER
    data = with_document_timestamp(soon_expired, timestamper)
    signed, _stamp = workshop.judge(data, moment=later).signatures
    assert (signed.indication, signed.timestamp_time) == (Indication.TOTAL_PASSED, workshop.now)
    changed = data.replace(b"100 yen", b"900 yen")
    assert {each.indication for each in workshop.judge(changed, moment=later).signatures} == {Indication.TOTAL_FAILED}


def test_timestamp_proves_nothing_of_what_came_after_it(workshop, timestamper) -> None:
    stamped = with_document_timestamp(workshop.unsigned, timestamper)
    brief = workshop.issue("Brief", workshop.root, days=(-30, 30))
    report = workshop.judge(workshop.sign_with_pyhanko(stamped, brief, "After"), moment=workshop.now + LATER)
    after = next(each for each in report.signatures if each.name == "After")
    assert (after.timestamp_time, after.sub_indication) == (None, SubIndication.OUT_OF_BOUNDS_NO_POE)


@pytest.mark.parametrize("spoil", ["the stamp's own revision", "who made it"])
def test_timestamp_that_does_not_hold_proves_nothing_of_what_lies_under_it(
    workshop, soon_expired: bytes, timestamper, spoil: str
) -> None:
    data = with_document_timestamp(soon_expired, timestamper)
    place = data.rindex(b"/DocTimeStamp")
    trust = workshop.trust
    if spoil == "who made it":
        trust = Trust.default()
    else:
        data = data[: place - 1] + b"\t" + data[place:]
    signed, stamp = workshop.judge(data, moment=workshop.now + LATER, trust=trust).signatures
    assert (signed.intact, signed.timestamp_time, stamp.timestamp_time) == (True, None, None)
    assert signed.indication is Indication.INDETERMINATE


def test_document_timestamp_that_calls_itself_a_signature_is_still_one(workshop, timestamper) -> None:
    def stamp(content: bytes) -> bytes:
        return asyncio.run(timestamper.async_timestamp(hashlib.sha256(content).digest(), "sha256")).dump()

    stamped = workshop.sign_by_hand(stamp, subfilter=b"ETSI.RFC3161")  # its /Type is /Sig
    signature = workshop.only(stamped.data)
    assert (signature.indication, signature.timestamp_time) == (Indication.TOTAL_PASSED, workshop.now)
    changed = workshop.only(stamped.data.replace(b"100 yen", b"900 yen"))
    assert (changed.intact, changed.timestamp_time) == (False, None)
