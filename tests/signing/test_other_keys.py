"""Keys that are no card's: elliptic ones in every format, and which certificates may sign documents at all."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing import Document, FailedFile, Profile, SignedFile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.keys.chain import Chain
from signing.keys.software import SoftwareCredential
from signing.purpose import require_signing

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
CURVES = {"sha256": ec.SECP256R1(), "sha384": ec.SECP384R1()}
BOTH = ("digital_signature", "content_commitment")


@pytest.fixture
def elliptic(authority) -> Callable[..., SoftwareCredential]:
    """A function that issues a credential with an elliptic key."""

    def make(
        curve: ec.EllipticCurve = CURVES["sha384"],
        *,
        named: Sequence[str] = BOTH,
        extended: Sequence[x509.ObjectIdentifier] = (),
        unit: str = "",
        organization: str = "Office",
        policy: str = "",
        is_authority: bool = False,
    ) -> SoftwareCredential:
        key = ec.generate_private_key(curve)
        pairs = [(NameOID.ORGANIZATION_NAME, organization), (NameOID.ORGANIZATIONAL_UNIT_NAME, unit)]
        issuer = x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs if value])
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hanako")]))
            .issuer_name(issuer if unit or organization != "Office" else authority.certificate.subject)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(NOW - timedelta(days=30))
            .not_valid_after(NOW + timedelta(days=300))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        )
        if named:
            builder = builder.add_extension(x509.KeyUsage(**{each: each in named for each in _USAGES}), critical=True)
        if extended:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        if policy:
            information = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
            builder = builder.add_extension(x509.CertificatePolicies([information]), critical=False)
        der = builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)
        return SoftwareCredential(key, Chain((der,), reaches_root=True))

    return make


def sign(path: Path, credential: object, profile: Profile) -> SignedFile | FailedFile:
    job = SigningJob.beside(Document.open(path), profile, practice=False)
    with SigningBatch([rehearse(job)], refuge=path.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    return result


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", *arguments, "-CAfile", "ca.pem"]
    return subprocess.run(
        [*command, "-purpose", "any", "-out", "out"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("digest", CURVES)
def test_an_elliptic_key_signs_a_pdf_that_all_accept(make_pdf, elliptic, authority, digest: str) -> None:
    """The digest of the content is that of the signature (RFC 8933), although SHA-256 was computed before."""
    source = make_pdf()
    result = sign(source, elliptic(CURVES[digest]), Profile.PADES_B_B)
    assert isinstance(result, SignedFile)
    said = subprocess.run(["pdfsig", "-nocert", result.path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert f"Signing Hash Algorithm: {digest.replace('sha', 'SHA-')}" in said
    data = result.path.read_bytes()
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", start)
    folder = source.parent
    (folder / "content").write_bytes(data[: start - 1] + data[end + 1 :])
    (folder / "cms").write_bytes(bytes.fromhex(data[start:end].decode()))
    (folder / "ca.pem").write_bytes(authority.pem)
    done = openssl(folder, "-in", "cms", "-content", "content")
    assert done.returncode == 0, done.stderr
    require_ours(result.path, digest)
    require_pyhanko(result.path)


def require_ours(path: Path, digest: str) -> None:
    (report,) = verify(path, trust=Trust.default(), moment=NOW).signatures
    assert report.intact
    assert report.signature_algorithm == f"ECDSA-{digest.upper()}"
    assert report.digest_algorithm == digest.replace("sha", "SHA-")


def require_pyhanko(path: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    with path.open("rb") as file:
        (embedded,) = PdfFileReader(file).embedded_regular_signatures
        status = validate_pdf_signature(embedded, ValidationContext(moment=NOW, trust_roots=[]))
    assert status.intact
    assert status.valid


@pytest.mark.parametrize("digest", CURVES)
def test_an_elliptic_key_signs_any_file_beside_it(tmp_path: Path, elliptic, authority, digest: str) -> None:
    source = tmp_path / "drawing.tif"
    source.write_bytes(b"II*\0" + bytes(range(256)) * 9000)  # more than one piece
    result = sign(source, elliptic(CURVES[digest]), Profile.CADES_B_B)
    assert isinstance(result, SignedFile)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    done = openssl(tmp_path, "-in", str(result.path), "-content", str(source))
    assert done.returncode == 0, done.stderr
    require_ours(result.path, digest)


def test_a_file_that_changes_between_its_two_digests_is_not_signed(tmp_path: Path, elliptic) -> None:
    source = tmp_path / "drawing.tif"
    source.write_bytes(b"II*\0" * 10)
    rehearsal = rehearse(SigningJob.beside(Document.open(source), Profile.CADES_B_B, practice=False))
    with SigningBatch([rehearsal], refuge=tmp_path / "refuge", clock=lambda: NOW) as batch:
        list(batch.digests())
        source.write_bytes(b"other")
        (result,) = batch.sign(elliptic())
    assert isinstance(result.error, errors.DocumentChangedOnDisk)
    assert [each.name for each in tmp_path.iterdir()] == ["drawing.tif"]


def test_a_wrong_elliptic_signature_makes_no_file(make_pdf, elliptic) -> None:
    credential, other = elliptic(), elliptic()
    credential.sign = other.sign
    source = make_pdf()
    result = sign(source, credential, Profile.PADES_B_B)
    assert isinstance(result.error, errors.CardSignatureWrong)
    assert [each.name for each in source.parent.iterdir()] == [source.name]


def test_the_registry_takes_no_elliptic_key_and_the_other_files_are_signed(make_pdf, elliptic) -> None:
    paths = {make_pdf("a.pdf"): Profile.REGISTRY, make_pdf("b.pdf"): Profile.PADES_B_B}
    jobs = [rehearse(SigningJob.beside(Document.open(p), profile, practice=False)) for p, profile in paths.items()]
    with SigningBatch(jobs, refuge=next(iter(paths)).parent / "refuge", clock=lambda: NOW) as batch:
        refused, signed = batch.sign(elliptic())
    assert isinstance(refused.error, errors.KeyNotTaken)
    assert refused.error.key == "ECDSA-P-384"
    assert isinstance(signed, SignedFile)


_AUTHENTICATION = {"unit": "JPKI for user authentication"}


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        ({}, ""),
        ({"named": ()}, ""),
        ({"named": ("digital_signature",)}, ""),
        ({"named": ("content_commitment",)}, ""),
        ({"extended": [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]}, ""),
        ({"extended": [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]}, ""),
        ({"organization": "JPKI", "unit": "JPKI for digital signature"}, ""),
        ({"named": ("key_encipherment",)}, "other"),
        ({"extended": [ExtendedKeyUsageOID.SERVER_AUTH]}, "other"),
        ({"extended": [ExtendedKeyUsageOID.CLIENT_AUTH]}, "other"),
        ({"extended": [ExtendedKeyUsageOID.TIME_STAMPING]}, "other"),
        ({"is_authority": True}, "authority"),
        ({"organization": "JPKI", **_AUTHENTICATION}, "user-authentication"),
        ({"organization": "JPKI-TEST", **_AUTHENTICATION}, "user-authentication"),
        ({"organization": "JPKI", "unit": "new unit", "named": ("digital_signature",)}, "user-authentication"),
        ({"policy": "1.2.392.200149.8.5.1.3.30"}, "user-authentication"),
    ],
)
def test_a_certificate_signs_documents_only_where_it_is_meant_for_that(elliptic, made: dict, kind: str) -> None:
    certificate = elliptic(**made).certification_path[0]
    if not kind:
        require_signing(certificate)
        return
    with pytest.raises(errors.CertificateNotForSigning) as refused:
        require_signing(certificate)
    assert refused.value.kind == kind
