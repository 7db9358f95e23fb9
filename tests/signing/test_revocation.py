"""Revocation data that a file brings: revoked is never overlooked, and good is said only of what proves it."""

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto import cms, core, keys, ocsp, pdf
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.carried import carried
from signing.report import Indication, Revocation, SignatureReport, SubIndication
from signing.revocation import RevocationData, Status, status_of_path

CONTENT = b"A letter"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def status(bench, holder, moment: datetime | None = None, *lists: bytes, responses: tuple[bytes, ...] = ()) -> Status:
    path = [each.der for each in (holder, bench.root)]
    return status_of_path(path, RevocationData(lists, responses), moment or bench.now)


def signed(bench, who: str = "listed") -> bytes:
    return bench.sign(CONTENT, "-nodetach", "-cades", signers=(who,))


def codes(signature: SignatureReport) -> list[str]:
    return [problem.code for problem in signature.problems]


# --- what the data says of a certificate


def test_a_fresh_list_that_does_not_name_it(bench) -> None:
    assert status(bench, bench.listed, None, bench.revocation_list(bench.root)) == Status(Revocation.GOOD)


def test_a_response_of_the_issuer_and_of_its_responder(bench) -> None:
    for responder in (None, bench.responder):
        response = bench.ocsp_response(bench.listed, responder=responder)
        assert status(bench, bench.listed, responses=(response,)) == Status(Revocation.GOOD)


@pytest.mark.parametrize("kind", ["list", "response"])
def test_revoked_before(bench, kind: str) -> None:
    then = bench.now - 5 * DAY
    if kind == "list":
        found = status(bench, bench.listed, None, bench.revocation_list(bench.root, [(bench.listed, then)]))
    else:
        found = status(bench, bench.listed, responses=(bench.ocsp_response(bench.listed, revoked=then),))
    assert found == Status(Revocation.REVOKED, then)


def test_revoked_also_where_the_certificate_names_no_source(bench) -> None:
    """The path validator of the library accepts it unless it is told to require revocation data."""
    then = bench.now - 5 * DAY
    found = status(bench, bench.plain, None, bench.revocation_list(bench.root, [(bench.plain, then)]))
    assert found.revocation is Revocation.REVOKED


def test_revoked_by_data_that_is_stale(bench) -> None:
    then = bench.now - 200 * DAY
    old = bench.revocation_list(bench.root, [(bench.listed, then)], issued=bench.now - 100 * DAY)
    assert status(bench, bench.listed, None, old).revocation is Revocation.REVOKED


def test_revoked_beside_another_list_that_says_good(bench) -> None:
    then = bench.now - 2 * HOUR
    revoked = bench.revocation_list(bench.root, [(bench.listed, then)])
    earlier = bench.revocation_list(bench.root, issued=bench.now - 3 * HOUR)
    for lists in ((revoked, earlier), (earlier, revoked)):
        assert status(bench, bench.listed, None, *lists).revocation is Revocation.REVOKED


def test_revoked_after_the_moment_is_good_as_of_then(bench) -> None:
    later = bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)])
    found = status(bench, bench.listed, bench.now - 3 * DAY, later)
    assert (found.revocation, found.time) == (Revocation.GOOD, bench.now - DAY)


def not_good(bench) -> dict[str, bytes]:
    """Lists that look as if they said that nobody was revoked."""
    root = bench.root
    twin = bench.issue("Root", key=9, authority=True)
    other = x509.UniformResourceIdentifier("http://crl.test.invalid/other")
    users = {"full_name": None, "relative_name": None, "only_some_reasons": None, "indirect_crl": False}
    users |= {
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_contains_attribute_certs": False,
    }

    def scoped(**changed: object) -> list[tuple[x509.ExtensionType, bool]]:
        return [(x509.IssuingDistributionPoint(**{**users, **changed}), True)]  # type: ignore[arg-type]

    return {
        "stale": bench.revocation_list(root, issued=bench.now - 30 * DAY),
        "by another key": bench.revocation_list(root, key=9),
        "by a namesake": bench.revocation_list(twin),
        "of another authority": bench.revocation_list(bench.stranger),
        "changes only": bench.revocation_list(root, extensions=[(x509.DeltaCRLIndicator(1), True)]),
        "of others": bench.revocation_list(root, extensions=scoped(indirect_crl=True)),
        "of authorities": bench.revocation_list(root, extensions=scoped(only_contains_ca_certs=True)),
        "of another point": bench.revocation_list(root, extensions=scoped(full_name=[other])),
        "some reasons": bench.revocation_list(
            root, extensions=scoped(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))
        ),
        "not understood": bench.revocation_list(
            root, extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0"), True)]
        ),
        "weak": _with_sha1(bench.revocation_list(root), root.key),
        "cut": bench.revocation_list(root)[:-10],
    }


def _with_sha1(data: bytes, key) -> bytes:
    found = asn1_crl.CertificateList.load(data)
    for place in (found["tbs_cert_list"]["signature"], found["signature_algorithm"]):
        place["algorithm"] = "sha1_rsa"
    found["signature"] = key.sign(found["tbs_cert_list"].dump(force=True), padding.PKCS1v15(), hashes.SHA1())
    return found.dump(force=True)


@pytest.mark.parametrize("kind", list(range(12)))
def test_what_proves_nothing(bench, kind: int) -> None:
    (name, data) = list(not_good(bench).items())[kind]
    found = status(bench, bench.listed, None, data)
    assert (found.revocation, found.open) == (Revocation.NOT_CHECKED, True), name


def test_a_list_of_the_point_that_the_certificate_names(bench) -> None:
    point = x509.IssuingDistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.test.invalid/list")], None, True, False, None, False, False
    )
    data = bench.revocation_list(bench.root, extensions=[(point, True)])
    assert status(bench, bench.listed, None, data).revocation is Revocation.GOOD


def test_responses_that_prove_nothing(bench) -> None:
    answering = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    unnamed = bench.issue("No responder", bench.root, key=6)
    foreign = bench.issue("Foreign", bench.stranger, key=7, extensions=[(answering, False)])
    expired = bench.issue("Expired", bench.root, key=8, extensions=[(answering, False)], days=(-90, -60))
    for response in (
        *(bench.ocsp_response(bench.listed, responder=each) for each in (unnamed, foreign, expired)),
        bench.ocsp_response(bench.plain),
        bench.ocsp_response(bench.listed, issued=bench.now - 30 * DAY),
    ):
        assert status(bench, bench.listed, responses=(response,)).revocation is Revocation.NOT_CHECKED


def test_an_expired_certificate_may_have_left_the_list(bench) -> None:
    past = bench.issue("Past", bench.root, key=6, days=(-300, -10), extensions=[bench.distribution_point()])
    moment = bench.now - 20 * DAY
    assert status(bench, past, moment, bench.revocation_list(bench.root)).revocation is Revocation.NOT_CHECKED
    then = bench.revocation_list(bench.root, issued=bench.now - 15 * DAY)
    assert status(bench, past, moment, then).revocation is Revocation.GOOD


def test_more_than_is_worth_reading_is_not_taken_for_nothing(bench) -> None:
    """A file that drowns the list that matters among others is not told to be settled."""
    many = tuple(bench.revocation_list(bench.stranger, issued=bench.now - n * HOUR) for n in range(70))
    revoked = bench.revocation_list(bench.root, [(bench.plain, bench.now - DAY)])
    assert status(bench, bench.plain, None, *many, revoked).open


@settings(max_examples=150)
@given(st.data())
def test_no_changed_byte_turns_revoked_into_good(bench, data) -> None:
    revoked = bytearray(_revoked(bench))
    revoked[data.draw(st.integers(0, len(revoked) - 1))] ^= data.draw(st.integers(1, 255))
    assert status(bench, bench.listed, None, bytes(revoked)).revocation is not Revocation.GOOD


_made: list[bytes] = []


def _revoked(bench) -> bytes:
    if not _made:
        _made.append(bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)]))
    return _made[0]


# --- lists that the person received


def test_a_list_that_the_person_added_settles_what_the_file_leaves_open(bench) -> None:
    def judged(*lists: bytes) -> SignatureReport:
        return bench.judge_attached(signed(bench), trust=replace(bench.trust, lists=lists))

    assert judged(bench.revocation_list(bench.root)).indication is Indication.TOTAL_PASSED
    revoked = judged(bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)]))
    assert (revoked.indication, revoked.revocation) == (Indication.INDETERMINATE, Revocation.REVOKED)
    forged, stale = (
        bench.revocation_list(bench.root, key=9),
        bench.revocation_list(bench.root, issued=bench.now - 30 * DAY),
    )
    for says_nothing in (forged, stale, b"no list"):
        assert judged(says_nothing).sub_indication is SubIndication.TRY_LATER


# --- the places where files bring it, and what follows


def test_in_the_signed_data(bench) -> None:
    without = bench.judge_attached(signed(bench))
    assert (without.revocation, without.sub_indication) == (Revocation.NOT_CHECKED, SubIndication.TRY_LATER)
    good = bench.judge_attached(bench.with_lists(signed(bench), bench.revocation_list(bench.root)))
    assert (good.revocation, good.indication) == (Revocation.GOOD, Indication.TOTAL_PASSED)
    answered = bench.with_lists(signed(bench), responses=[bench.ocsp_response(bench.listed)])
    assert bench.judge_attached(answered).revocation is Revocation.GOOD


def test_revoked_without_a_proven_time(bench) -> None:
    then = bench.now - DAY
    data = bench.with_lists(signed(bench), bench.revocation_list(bench.root, [(bench.listed, then)]))
    signature = bench.judge_attached(data)
    assert (signature.intact, signature.revocation) == (True, Revocation.REVOKED)
    assert (signature.indication, signature.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.REVOKED_NO_POE,
    )
    assert [each.facts for each in signature.problems if each.code == "certificate.revoked"] == [
        {"time": then.isoformat()}
    ]


def test_revoked_after_a_proven_time(bench) -> None:
    data = bench.stamped(signed(bench), bench.now - 3 * DAY)
    data = bench.with_lists(data, bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)]))
    signature = bench.judge_attached(data)
    assert (signature.indication, signature.revocation) == (Indication.TOTAL_PASSED, Revocation.GOOD)
    # openssl claims that it was signed today, and the stamp is older.
    assert codes(signature) == ["certificate.revoked-later", "timestamp.before-claim"]


def test_revoked_before_a_proven_time(bench) -> None:
    data = bench.stamped(signed(bench), bench.now - HOUR)
    data = bench.with_lists(data, bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)]))
    assert bench.judge_attached(data).sub_indication is SubIndication.REVOKED_NO_POE


def test_proven_to_be_made_after_the_revocation(bench) -> None:
    """The content was stamped first and the stamp signed: so the signature is younger (EN 319 102-1, 5.3.4)."""
    data = _with_content_timestamp(bench, bench.now - HOUR)
    data = bench.with_lists(data, bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)]))
    signature = bench.judge_attached(data)
    assert (signature.indication, signature.sub_indication) == (Indication.TOTAL_FAILED, SubIndication.REVOKED)


def _with_content_timestamp(bench, moment: datetime, who: str = "listed", holder=None) -> bytes:
    outer = cms.ContentInfo.load(signed(bench, who))
    (signer,) = outer["content"]["signer_infos"]
    token = bench.timestamp_token(bench.clock, CONTENT, moment)
    attributes = [each for each in signer["signed_attrs"] if each["type"].native != "signing_time"]
    attributes.append(cms.CMSAttribute({"type": "content_time_stamp", "values": [token]}))
    signer["signed_attrs"] = cms.CMSAttributes(attributes)
    octets = signer["signed_attrs"].untag().dump()
    signer["signature"] = (holder or bench.listed).key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    return outer.dump(force=True)


def _holder(bench, name: str, *, key: int, days: tuple[int, int]):
    holder = bench.issue(name, bench.root, key=key, days=days)
    (bench.directory / f"{name}.pem").write_bytes(holder.pem)
    (bench.directory / f"{name}.key").write_bytes(holder.key_pem)
    return holder


def test_proven_to_be_made_after_the_certificate_had_run_out(bench) -> None:
    old = _holder(bench, "old", key=8, days=(-300, -10))
    assert bench.judge_attached(signed(bench, "old")).sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE
    late = bench.judge_attached(_with_content_timestamp(bench, bench.now - HOUR, "old", old))
    assert (late.intact, late.sub_indication) == (True, SubIndication.EXPIRED)
    early = bench.judge_attached(_with_content_timestamp(bench, bench.now - 20 * DAY, "old", old))
    assert early.sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE


def test_proven_to_exist_before_its_certificate_did(bench) -> None:
    _holder(bench, "young", key=9, days=(-1, 300))
    assert bench.judge_attached(signed(bench, "young")).indication is Indication.TOTAL_PASSED
    early = bench.judge_attached(bench.stamped(signed(bench, "young"), bench.now - 5 * DAY))
    assert (early.intact, early.sub_indication) == (True, SubIndication.NOT_YET_VALID)


def test_an_authority_above_was_revoked(bench) -> None:
    between = bench.issue("Between", bench.root, key=6, authority=True, extensions=[bench.distribution_point()])
    below = bench.issue("Below", between, key=7)
    (bench.directory / "below.pem").write_bytes(below.pem)
    (bench.directory / "below.key").write_bytes(below.key_pem)
    data = bench.sign(CONTENT, "-nodetach", "-cades", signers=("below",))
    outer = cms.ContentInfo.load(data)
    outer["content"]["certificates"] = [asn1.Certificate.load(each.der) for each in (below, between, bench.root)]
    data = outer.dump(force=True)
    assert bench.judge_attached(data).sub_indication is SubIndication.TRY_LATER
    revoked = bench.revocation_list(bench.root, [(between, bench.now - DAY)])
    signature = bench.judge_attached(bench.with_lists(data, revoked))
    assert (signature.revocation, signature.sub_indication) == (
        Revocation.REVOKED,
        SubIndication.REVOKED_CA_NO_POE,
    )


def test_a_timestamp_of_a_revoked_authority_proves_nothing(bench) -> None:
    data = bench.stamped(signed(bench), bench.now - 3 * DAY)
    lists = bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY), (bench.clock, bench.now - 2 * DAY)])
    signature = bench.judge_attached(bench.with_lists(data, lists))
    assert (signature.timestamp_time, signature.sub_indication) == (None, SubIndication.REVOKED_NO_POE)
    stamped = _pdf(bench, lists=[lists], moment=bench.now - 3 * DAY)
    assert (stamped.timestamp_time, stamped.sub_indication) == (None, SubIndication.REVOKED_NO_POE)


def test_in_attributes(bench) -> None:
    revocation_list, response = bench.revocation_list(bench.root), bench.ocsp_response(bench.listed)
    basic = ocsp.OCSPResponse.load(response)["response_bytes"]["response"].parsed
    for inner in (_tagged(0, revocation_list), _tagged(1, basic.dump())):
        value = core.load(b"\x30" + _length(len(inner)) + inner)
        data = bench.with_attribute(signed(bench), "1.2.840.113549.1.9.16.2.24", core.Any(value))
        assert bench.judge_attached(data).revocation is Revocation.GOOD
    archival = pdf.RevocationInfoArchival({"crl": [asn1_crl.CertificateList.load(revocation_list)]})
    data = bench.with_attribute(signed(bench), "adobe_revocation_info_archival", archival)
    assert bench.judge_attached(data).revocation is Revocation.GOOD


def _tagged(number: int, element: bytes) -> bytes:
    """[number] EXPLICIT SEQUENCE OF element."""
    sequence = b"\x30" + _length(len(element)) + element
    return bytes([0xA0 + number]) + _length(len(sequence)) + sequence


def _length(size: int) -> bytes:
    return b"\x82" + size.to_bytes(2, "big")


def test_what_cannot_be_read_could_have_said_revoked(bench) -> None:
    data = bench.with_attribute(signed(bench, "plain"), "1.2.840.113549.1.9.16.2.24", core.OctetString(b"?"))
    outer = cms.ContentInfo.load(data)["content"]
    assert carried(outer, outer["signer_infos"][0]).revocation.unread
    assert bench.judge_attached(data).sub_indication is SubIndication.TRY_LATER


def _pdf(bench, *, lists: list[bytes], moment: datetime | None = None) -> SignatureReport:
    """A PDF signed by pyHanko, with a security store after it."""
    from pyhanko.sign.timestamps import DummyTimeStamper

    def credentials(holder) -> tuple[asn1.Certificate, keys.PrivateKeyInfo, SimpleCertificateStore]:
        key = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        above = SimpleCertificateStore.from_certs([asn1.Certificate.load(bench.root.der)])
        return asn1.Certificate.load(holder.der), keys.PrivateKeyInfo.load(key), above

    certificate, key, above = credentials(bench.listed)
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=above)
    clock = DummyTimeStamper(*credentials(bench.clock), fixed_dt=moment) if moment else None
    writer = IncrementalPdfFileWriter(io.BytesIO(bench.unsigned_pdf), strict=False)
    meta = signers.PdfSignatureMetadata(field_name="Signature1")
    out = signers.sign_pdf(writer, meta, signer=signer, timestamper=clock)
    if lists:
        crls = [asn1_crl.CertificateList.load(each) for each in lists]
        DocumentSecurityStore.add_dss(out, sig_contents=None, certs=[], crls=crls)
    path = bench.folder() / "contract.pdf"
    path.write_bytes(out.getvalue())
    (signature,) = bench.judge(path).signatures
    return signature


def test_in_the_security_store_of_a_pdf(bench) -> None:
    assert _pdf(bench, lists=[]).sub_indication is SubIndication.TRY_LATER
    good = _pdf(bench, lists=[bench.revocation_list(bench.root)])
    assert (good.indication, good.revocation) == (Indication.TOTAL_PASSED, Revocation.GOOD)
    revoked = _pdf(bench, lists=[bench.revocation_list(bench.root, [(bench.listed, bench.now - DAY)])])
    assert (revoked.sub_indication, revoked.revocation) == (SubIndication.REVOKED_NO_POE, Revocation.REVOKED)
