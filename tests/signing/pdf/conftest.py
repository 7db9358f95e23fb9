"""Certificates, signed files and attacks on them, made from scratch; nothing here was signed by anybody."""

import functools
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing import Trust, ValidationReport, verify

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@functools.cache
def rsa_key(bits: int, number: int = 0) -> rsa.RSAPrivateKey:
    """One key for each size and number in a run: making keys is what takes time."""
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Party:
    """A certificate with its key, and the certificates above it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    above: tuple["Party", ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def p12(self) -> bytes:
        above = [each.certificate for each in self.above]
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption

        return pkcs12.serialize_key_and_certificates(
            b"signer", self.key, self.certificate, above, BestAvailableEncryption(b"p")
        )

    def signer(self, **options: object) -> signers.SimpleSigner:
        key = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.der),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=SimpleCertificateStore.from_certs(
                [asn1_x509.Certificate.load(each.der) for each in self.above]
            ),
            **options,  # type: ignore[arg-type] - keywords of the signer
        )


Extension = tuple[x509.ExtensionType, bool]


def issue(
    common: str,
    by: Party | None = None,
    *,
    bits: int = 2048,
    number: int = 1,
    digest: hashes.HashAlgorithm | None = None,
    days: tuple[int, int] = (-30, 300),
    extensions: tuple[Extension, ...] = (),
    is_authority: bool = False,
    organization: str = "Test",
) -> Party:
    """A certificate valid from and to so many days from NOW; without `by` it signs itself and is an authority."""
    key = rsa_key(bits, number)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
    authority = is_authority or by is None
    issuer_key = by.key if by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(not authority, not authority, *[False] * 3, authority, authority, False, False), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(issuer_key, digest or hashes.SHA256())
    return Party(certificate, key, (by, *by.above) if by else ())


# --- PDF by hand: so that every byte of it can be put where an attack wants it

PAGE = {
    1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << >> >>",
    4: b"<< /Length 22 >>\nstream\n0 0 m 100 100 l S % AB\nendstream",
    5: b"<< /FT /Tx /T (amount) /V (100 yen) /Subtype /Widget /Rect [0 0 90 20] >>",
}


def write_pdf(objects: Mapping[int, bytes], *, before: bytes = b"", trailer: bytes = b"") -> bytes:
    """A whole file, or with `before` a file and one more revision of it, with a classical cross-reference table."""
    out = bytearray(before or b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(max(objects) + 1, 0, *map(int, re.findall(rb"/Size (\d+)", before)))
    out += cross_references(offsets, size, previous=start_of_references(before) if before else None, trailer=trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def cross_references(offsets: Mapping[int, int], size: int, *, previous: int | None, trailer: bytes = b"") -> bytes:
    table = b"xref\n" if previous is not None else b"xref\n0 1\n0000000000 65535 f \n"
    table += b"".join(b"%d 1\n%010d 00000 n \n" % pair for pair in sorted(offsets.items()))
    link = b"/Prev %d" % previous if previous is not None else b""
    return table + b"trailer\n<< /Size %d /Root 1 0 R %s %s >>\n" % (size, link, trailer)


def start_of_references(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


@dataclass(frozen=True)
class HandSigned:
    """A signature that lies in the last object of a file, and where its hole is."""

    data: bytes
    hole: tuple[int, int]

    @property
    def contents(self) -> bytes:
        return self.data[slice(*self.hole)]

    @property
    def signed_content(self) -> bytes:
        return self.data[: self.hole[0]] + self.data[self.hole[1] :]


def sign_by_hand(
    cms_of: Callable[[bytes], bytes],
    *,
    subfilter: bytes = b"adbe.pkcs7.detached",
    fields: bytes = b"[5 0 R 6 0 R]",
    room: int = 6000,
    first: int = 0,
) -> HandSigned:
    """Put what `cms_of(everything but the hole)` returns (DER) into a signature dictionary, object 7 of field 6.

    The /ByteRange says that it begins at `first`; `cms_of` has to sign accordingly.
    """
    signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s /ByteRange [%d %s] /Contents <%s> >>"
    everything = {
        **PAGE,
        1: PAGE[1].replace(b"[5 0 R]", fields),
        6: b"<< /FT /Sig /T (Signature1) /V 7 0 R >>",
        7: signature % (subfilter, first, b"#" * 32, b"0" * room * 2),
    }
    data = write_pdf(everything)
    start = data.index(b"/Contents <0") + len(b"/Contents ")
    end = start + 2 + room * 2
    numbers = (b"%d %d %d" % (start - first, end, len(data) - end)).ljust(32)
    data = data.replace(b"#" * 32, numbers)
    hexadecimal = cms_of(data[:start] + data[end:]).hex().encode().ljust(room * 2, b"0")
    return HandSigned(data[: start + 1] + hexadecimal + data[end - 1 :], (start, end))


def cms_by(party: Party, *, digest: str = "sha256", **options: object) -> Callable[[bytes], bytes]:
    """A detached SignedData by this party, for `sign_by_hand`."""
    import asyncio

    signer = party.signer(**options)

    def make(content: bytes) -> bytes:
        value = hashlib.new(digest, content).digest()
        return asyncio.run(signer.async_sign(value, digest)).dump()

    return make


def sign_with_pyhanko(
    data: bytes,
    party: Party,
    name: str = "Signature1",
    *,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    password: str | None = None,
    timestamper: object = None,
    **metadata: object,
) -> bytes:
    """The signature of pyHanko's own signer, appended as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if password is not None:
        writer.encrypt(password)
    meta = signers.PdfSignatureMetadata(field_name=name, subfilter=subfilter, **metadata)  # type: ignore[arg-type]
    result = signers.sign_pdf(writer, meta, signer=party.signer(), timestamper=timestamper)  # type: ignore[arg-type]
    return bytes(result.getvalue())


@dataclass
class Workshop:
    """Everything a test needs to make a file and to have it judged."""

    directory: Path
    root: Party
    signer: Party
    issue: Callable[..., Party] = issue
    write_pdf: Callable[..., bytes] = write_pdf
    cross_references: Callable[..., bytes] = cross_references
    start_of_references: Callable[[bytes], int] = start_of_references
    sign_by_hand: Callable[..., HandSigned] = sign_by_hand
    cms_by: Callable[..., Callable[[bytes], bytes]] = cms_by
    sign_with_pyhanko: Callable[..., bytes] = sign_with_pyhanko
    page: Mapping[int, bytes] = field(default_factory=lambda: PAGE)
    now: datetime = NOW

    @property
    def trust(self) -> Trust:
        return Trust.default().with_anchors([self.root.der])

    def judge(self, data: bytes, *, trust: Trust | None = None, moment: datetime = NOW) -> ValidationReport:
        path = self.directory / "judged.pdf"
        path.write_bytes(data)
        return verify(path, trust=trust or self.trust, moment=moment)

    def only(self, data: bytes, **how: object):
        (signature,) = self.judge(data, **how).signatures  # type: ignore[arg-type] - keywords of judge
        return signature

    @functools.cached_property
    def unsigned(self) -> bytes:
        return write_pdf(PAGE)

    @functools.cached_property
    def signed(self) -> bytes:
        return sign_with_pyhanko(self.unsigned, self.signer)

    @functools.cached_property
    def by_hand(self) -> HandSigned:
        return sign_by_hand(cms_by(self.signer))


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    root = issue("Root", number=0, days=(-3000, 3000))
    return Workshop(tmp_path_factory.mktemp("workshop"), root, issue("Hanako", root))
