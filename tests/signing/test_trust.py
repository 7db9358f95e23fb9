"""Who is believed: three fingerprints of J-LIS, what the caller adds, and nobody else."""

from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing import errors
from signing.certificate import certificate_facts
from signing.certification_path import certification_path
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
    with pytest.raises(errors.CertificateUnreadable):
        read_certificates(tmp_path / "x")


def test_missing_and_unreadable_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(errors.DocumentNotFound):
        read_certificates(tmp_path / "none")
    with pytest.raises(errors.DocumentUnreadable):
        read_certificates(tmp_path)
