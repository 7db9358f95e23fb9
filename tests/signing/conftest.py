"""A small public-key infrastructure with revocation and time, and signers of other makers (OpenSSL)."""

import functools
import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from asn1crypto import algos, cms, core, keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.ades import cades_asn1  # noqa: F401 - makes content timestamps known to the parser
from pyhanko.sign.signers import pdf_cms
from pyhanko.sign.timestamps import DummyTimeStamper, dummy_client
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing import Trust, ValidationReport, verify
from signing.report import SignatureReport

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIST = "http://crl.test.invalid/list"


@functools.cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """Making keys is what takes time: one for each number in a run."""
    return rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class Holder:
    """A certificate with its key, and the one who issued it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: "Holder | None" = None

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def usage(*named: str) -> x509.KeyUsage:
    every = [
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ]
    return x509.KeyUsage(**{each: each in named for each in every})


def issue(
    common: str,
    by: Holder | None = None,
    *,
    key: int,
    authority: bool = False,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    days: tuple[int, int] = (-300, 300),
) -> Holder:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )
    private = rsa_key(key)
    above = by.key if by else private
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            usage("key_cert_sign", "crl_sign") if authority else usage("digital_signature", "content_commitment"),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return Holder(builder.sign(above, hashes.SHA256()), private, by)


def distribution_point() -> tuple[x509.ExtensionType, bool]:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(LIST)], None, None, None)
    return x509.CRLDistributionPoints([point]), False


def revocation_list(
    by: Holder,
    revoked: Sequence[tuple[Holder, datetime]] = (),
    *,
    issued: datetime = NOW - timedelta(hours=1),
    days: int = 7,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    key: int | None = None,
    digest: hashes.HashAlgorithm | None = None,
) -> bytes:
    """A CRL in DER; `key` signs it instead of the issuer's own."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(issued)
        .next_update(issued + timedelta(days=days))
    )
    for holder, moment in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(moment).build())
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    signer = by.key if key is None else rsa_key(key)
    return builder.sign(signer, digest or hashes.SHA256()).public_bytes(Encoding.DER)


def ocsp_response(
    about: Holder,
    *,
    revoked: datetime | None = None,
    issued: datetime = NOW - timedelta(hours=1),
    responder: Holder | None = None,
) -> bytes:
    """An OCSPResponse in DER, signed by the issuer itself or by a `responder`."""
    issuer = about.issuer
    assert issuer is not None
    signer = responder or issuer
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=about.certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=issued,
            next_update=issued + timedelta(days=7),
            revocation_time=revoked,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    )
    if responder:
        builder = builder.certificates([responder.certificate])
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def timestamp_token(by: Holder, data: bytes, moment: datetime) -> cms.ContentInfo:
    issuer = by.issuer
    assert issuer is not None
    key = by.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        asn1.Certificate.load(by.der),
        keys.PrivateKeyInfo.load(key),
        SimpleCertificateStore.from_certs([asn1.Certificate.load(issuer.der)]),
        fixed_dt=moment,
    )
    imprint = tsp.MessageImprint(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": hashlib.sha256(data).digest(),
        }
    )
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
    return stamper.request_tsa_response(request)["time_stamp_token"]


class Bench:
    """Parties that know each other, a folder, and everything that a test needs to make a file and have it judged."""

    now = NOW
    issue = staticmethod(issue)
    revocation_list = staticmethod(revocation_list)
    ocsp_response = staticmethod(ocsp_response)
    timestamp_token = staticmethod(timestamp_token)
    distribution_point = staticmethod(distribution_point)

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root = issue("Root", key=0, authority=True, days=(-3000, 3000))
        self.plain = issue("Hanako", self.root, key=1)
        # One whose certificate says where its revocation would be told: without data nothing is known.
        self.listed = issue("Taro", self.root, key=2, extensions=[distribution_point()])
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        self.clock = issue("Clock", self.root, key=3, extensions=[(stamping, True)])
        answering = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        self.responder = issue(
            "Responder", self.root, key=4, extensions=[(answering, False), (x509.OCSPNoCheck(), False)]
        )
        self.stranger = issue("Stranger", key=5, authority=True)
        for name in ("root", "plain", "listed", "clock"):
            holder = getattr(self, name)
            (directory / f"{name}.pem").write_bytes(holder.pem)
            (directory / f"{name}.key").write_bytes(holder.key_pem)

    @functools.cached_property
    def unsigned_pdf(self) -> bytes:
        """One empty page, by pyHanko's writer."""
        import io

        from pyhanko.pdf_utils import writer
        from pyhanko.pdf_utils.generic import pdf_name

        document = writer.PdfFileWriter()
        contents = document.add_object(generic_stream())
        page = writer.PageObject(contents=contents, media_box=(0, 0, 300, 300))
        page[pdf_name("/Resources")] = generic_dictionary()
        document.insert_page(page)
        out = io.BytesIO()
        document.write(out)
        return out.getvalue()

    @property
    def trust(self) -> Trust:
        return Trust.default().with_anchors([self.root.der])

    def folder(self) -> Path:
        """A new and empty one."""
        number = sum(1 for each in self.directory.iterdir() if each.is_dir())
        folder = self.directory / str(number)
        folder.mkdir()
        return folder

    def openssl(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run it among the certificates; what it writes."""
        done = subprocess.run(
            ["openssl", *arguments],
            input=data,
            capture_output=True,
            check=True,
            cwd=self.directory,
            env={"PATH": os.environ["PATH"]},
        )
        return done.stdout

    def sign(self, data: bytes, *options: str, signers: Sequence[str] = ("plain",), form: str = "DER") -> bytes:
        """A SignedData by `openssl cms`; detached unless the options say -nodetach."""
        named = [part for name in signers for part in ("-signer", f"{name}.pem", "-inkey", f"{name}.key")]
        return self.openssl(
            *("cms", "-sign", "-binary", "-outform", form, "-md", "sha256", "-certfile", "root.pem"),
            *named,
            *options,
            data=data,
        )

    def judge(self, path: Path, *, trust: Trust | None = None, moment: datetime = NOW) -> ValidationReport:
        return verify(path, trust=trust or self.trust, moment=moment)

    def judge_attached(self, signed: bytes, **how: object) -> SignatureReport:
        """The only signature of a SignedData with its content."""
        path = self.folder() / "letter.p7m"
        path.write_bytes(signed)
        (signature,) = self.judge(path, **how).signatures  # type: ignore[arg-type] - keywords of judge
        return signature

    def with_attribute(self, signed: bytes, kind: str, value: core.Asn1Value) -> bytes:
        """The same with one more unsigned attribute of the only signer."""
        outer = cms.ContentInfo.load(signed)
        (signer,) = outer["content"]["signer_infos"]
        old = [] if signer["unsigned_attrs"] is core.VOID else list(signer["unsigned_attrs"])
        added = cms.CMSAttribute({"type": kind, "values": [value]})
        signer["unsigned_attrs"] = cms.CMSAttributes([*old, added])
        return outer.dump(force=True)

    def stamped(self, signed: bytes, moment: datetime, by: Holder | None = None) -> bytes:
        """The same with a timestamp over the value of the signature."""
        (signer,) = cms.ContentInfo.load(signed)["content"]["signer_infos"]
        token = timestamp_token(by or self.clock, signer["signature"].native, moment)
        return self.with_attribute(signed, "signature_time_stamp_token", token)

    def with_lists(self, signed: bytes, *lists: bytes, responses: Sequence[bytes] = ()) -> bytes:
        """The same with CRLs and OCSP responses in the SignedData."""
        outer = cms.ContentInfo.load(signed)
        choices = [cms.RevocationInfoChoice(name="crl", value=asn1_crl(each)) for each in lists]
        choices += [
            cms.RevocationInfoChoice(
                name="other",
                value=cms.OtherRevocationInfoFormat(
                    {"other_rev_info_format": "ocsp_response", "other_rev_info": asn1_ocsp(each)}
                ),
            )
            for each in responses
        ]
        outer["content"]["crls"] = choices
        return outer.dump(force=True)


def generic_stream():
    from pyhanko.pdf_utils.generic import StreamObject

    return StreamObject(stream_data=b"0 0 m 100 100 l S")


def generic_dictionary():
    from pyhanko.pdf_utils.generic import DictionaryObject

    return DictionaryObject()


def asn1_ocsp(der: bytes):
    from asn1crypto import ocsp as asn1_responses

    return asn1_responses.OCSPResponse.load(der)


def asn1_crl(der: bytes):
    from asn1crypto import crl

    return crl.CertificateList.load(der)


@pytest.fixture(scope="session", autouse=True)
def _pyhanko_believes_its_keys() -> Iterator[None]:
    """It loads its key twice for each signature, and to examine an RSA key takes far longer than to sign with it."""
    load = functools.partial(load_der_private_key, unsafe_skip_rsa_key_validation=True)
    with pytest.MonkeyPatch.context() as patch:
        for module in (pdf_cms, dummy_client):
            patch.setattr(module, "serialization", SimpleNamespace(load_der_private_key=load))
        yield


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))
