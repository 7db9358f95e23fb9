"""Who is believed: three fingerprints of J-LIS, what the caller adds, and nobody else."""

import os
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing import errors
from signing.certificate import certificate_facts
from signing.certification_path import certification_path
from signing.judgement import MOST_CERTIFICATES, judge_signer
from signing.report import IssuerClass, SubIndication
from signing.trust import JLIS_ROOTS, Trust, fingerprint, read_certificates

ROOTS = Path(__file__).parents[3] / "shared" / "trust"
needs_roots = pytest.mark.skipif(
    not ROOTS.is_dir(), reason="the certificates of J-LIS are not beside this clone; only their fingerprints are pinned"
)


@pytest.fixture
def anchor(authority) -> bytes:
    return authority.certificate.public_bytes(Encoding.DER)


@needs_roots
def test_the_three_roots_of_jlis_are_the_pinned_ones() -> None:
    roots = [read_certificates(ROOTS / f"signca0{generation}.cer")[0] for generation in (1, 2, 3)]
    assert {fingerprint(root) for root in roots} == JLIS_ROOTS
    assert {certificate_facts(root).issuer_class for root in roots} == {IssuerClass.JPKI}
    assert Trust.default().among(roots) == tuple(roots)


@needs_roots
def test_expired_root_is_judged_by_the_moment() -> None:
    (der,) = read_certificates(ROOTS / "signca01.cer")
    end = certificate_facts(der).not_after
    in_time = certification_path(der, [], trust=Trust.default(), moment=end)
    late = certification_path(der, [], trust=Trust.default(), moment=end.replace(year=end.year + 1))
    assert (in_time.trusted, in_time.sub_indication) == (True, None)
    assert (late.trusted, late.sub_indication) == (True, SubIndication.OUT_OF_BOUNDS_NO_POE)


def test_nobody_is_trusted_but_the_pinned_and_the_added(anchor: bytes) -> None:
    assert Trust.default().among([anchor]) == ()
    widened = Trust.default().with_anchors([anchor])
    assert widened.among([]) == (anchor,)
    assert widened.fingerprints > JLIS_ROOTS
    assert Trust.default().among([anchor]) == ()


def test_practice_root_is_not_trusted_by_default(tmp_path: Path) -> None:
    from signing.card.practice import practice_root

    assert Trust.default().among([practice_root(tmp_path)]) == ()


def test_certificates_are_read_from_pem_and_der(tmp_path: Path, authority, credential, anchor: bytes) -> None:
    (tmp_path / "one.der").write_bytes(anchor)
    leaf = x509.Certificate.load(credential.certification_path[0])
    import asn1crypto.pem

    both = b"a comment\n" + authority.pem + asn1crypto.pem.armor("CERTIFICATE", leaf.dump()).replace(b"\n", b"\r\n")
    (tmp_path / "two.pem").write_bytes(both)
    assert read_certificates(tmp_path / "one.der") == (anchor,)
    assert read_certificates(tmp_path / "two.pem") == (anchor, credential.certification_path[0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        bytes(2 << 20),
    ],
)
def test_what_holds_no_certificate_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(errors.CertificateFileUnreadable):
        read_certificates(tmp_path / "x")


def test_missing_and_unreadable_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(errors.DocumentNotFound):
        read_certificates(tmp_path / "none")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.DocumentNotRegular):
        read_certificates(tmp_path / "pipe")
    with pytest.raises(errors.DocumentIsDirectory):
        read_certificates(tmp_path)


def test_what_was_established_about_one_path_is_never_lent_to_another(bench) -> None:
    """A batch keeps what it knows of certificates: a forgery that has all names and numbers in common gains nothing."""
    forger = bench.issue("Root", key=5, authority=True, days=(-3000, 3000))
    forged = bench.issue("Hanako", forger, key=6)
    trust = bench.trust
    for _ in range(2):
        good = certification_path(bench.plain.der, [bench.root.der], trust=trust, moment=bench.now)
        assert (good.trusted, good.sub_indication) == (True, None)
        for others in ([forger.der], [bench.root.der], [bench.root.der, forger.der], [forger.der, bench.root.der]):
            bad = certification_path(forged.der, others, trust=trust, moment=bench.now)
            assert bad.trusted is False
        changed = bytearray(bench.plain.der)
        changed[-1] ^= 1  # of the signature: everything that is read of it stays
        assert not certification_path(bytes(changed), [bench.root.der], trust=trust, moment=bench.now).trusted
        assert not certification_path(
            bench.plain.der, [bench.root.der], trust=Trust.default(), moment=bench.now
        ).trusted
        late = bench.now.replace(year=bench.now.year + 2)
        assert certification_path(bench.plain.der, [bench.root.der], trust=trust, moment=late).in_bounds is False


def test_more_certificates_than_any_signature_needs_are_not_followed(bench) -> None:
    crowd = [bench.issue(f"Crowd {number}", bench.root, key=7).der for number in range(MOST_CERTIFICATES + 1)]
    judged = judge_signer(
        bench.plain.der, [bench.root.der, *crowd], digests=["sha256"], trust=bench.trust, moment=bench.now
    )
    assert judged.sub_indication is SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE
    assert judged.problems[0].code == "signature.too-many-certificates"
    assert judged.path.trusted is False
