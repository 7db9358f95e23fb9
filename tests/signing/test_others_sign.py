"""What pyHanko, poppler with NSS and OpenSSL sign is accepted, with the facts that they put there.

Those that take long to install are in tests/corpus.
"""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from asn1crypto import crl, keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.report import ChangesAfter, Coverage, Indication, Revocation, SignatureReport, Verdict

CONTENT = b"A contract\r\n"


def loaded(holder) -> tuple[x509.Certificate, keys.PrivateKeyInfo]:
    key = holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return x509.Certificate.load(holder.der), keys.PrivateKeyInfo.load(key)


def signed_by_pyhanko(bench, data: bytes, holder, *, timestamped: bool = False, **metadata: object) -> bytes:
    store = SimpleCertificateStore.from_certs([x509.Certificate.load(bench.root.der)])
    certificate, key = loaded(holder)
    clock = timestamps.DummyTimeStamper(*loaded(bench.clock), store, fixed_dt=bench.now) if timestamped else None
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    if writer.prev.encrypted:
        writer.encrypt("")
    result = signers.sign_pdf(
        writer,
        signers.PdfSignatureMetadata(field_name="Signature1", **metadata),  # type: ignore[arg-type]  # its fields
        signer=signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store),
        timestamper=clock,
    )
    return bytes(result.getvalue())


def long_term(bench) -> dict[str, object]:
    """Revocation data goes into the file."""
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(bench.root.der)],
        crls=[crl.CertificateList.load(bench.revocation_list(bench.root))],
        moment=bench.now,
        allow_fetching=False,
    )
    return {"embed_validation_info": True, "validation_context": context}


def judged(bench, data: bytes, name: str = "contract.pdf") -> tuple[SignatureReport, ...]:
    path = bench.folder() / name
    path.write_bytes(data)
    report = bench.judge(path)
    assert (report.verdict, report.problems) == (Verdict.PASSED, ())
    return report.signatures


PADES = fields.SigSeedSubFilter.PADES


@pytest.mark.parametrize(
    ("level", "how"),
    [
        ("B-B", {"subfilter": PADES}),
        ("B-T", {"subfilter": PADES, "timestamped": True}),
        ("B-LT", {"subfilter": PADES, "timestamped": True, "long_term": True}),
        ("B-LTA", {"subfilter": PADES, "timestamped": True, "long_term": True, "use_pades_lta": True}),
        (None, {"subfilter": fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED}),
        ("B-B", {"subfilter": PADES, "certify": True, "docmdp_permissions": fields.MDPPerm.NO_CHANGES}),
    ],
)
def test_pyhanko_in_every_level(bench, level: str | None, how: dict[str, object]) -> None:
    how = dict(how)
    if how.pop("long_term", False):
        how |= long_term(bench)
    data = signed_by_pyhanko(bench, bench.unsigned_pdf, bench.listed if "use_pades_lta" in how else bench.plain, **how)
    signature, *stamps = judged(bench, data)
    assert (signature.level, signature.signer) == (level, "Taro" if "use_pades_lta" in how else "Hanako")
    assert signature.timestamp_time == (bench.now if "timestamped" in how else None)
    assert signature.changes_after is not ChangesAfter.SUSPICIOUS
    assert len(stamps) == ("use_pades_lta" in how)
    if stamps:
        assert (signature.revocation, stamps[0].indication) == (Revocation.GOOD, Indication.TOTAL_PASSED)


def test_pyhanko_in_an_encrypted_file(bench) -> None:
    folder = bench.folder()
    (folder / "plain.pdf").write_bytes(bench.unsigned_pdf)
    command = ["qpdf", "--encrypt", "", "owner", "256", "--", "plain.pdf", "encrypted.pdf"]
    subprocess.run(command, check=True, cwd=folder)
    (signature,) = judged(bench, signed_by_pyhanko(bench, (folder / "encrypted.pdf").read_bytes(), bench.plain))
    assert signature.signer == "Hanako"


def test_pyhanko_on_the_command_line(bench) -> None:
    folder = bench.folder()
    (folder / "plain.pdf").write_bytes(bench.unsigned_pdf)
    command = ["sign", "addsig", "--use-pades", "--field", "Sig", "pemder", "--no-pass"]
    command += ["--key", "../plain.key", "--cert", "../plain.pem", "plain.pdf", "signed.pdf"]
    subprocess.run([Path(sys.executable).with_name("pyhanko"), *command], check=True, cwd=folder, capture_output=True)
    (signature,) = judged(bench, (folder / "signed.pdf").read_bytes())
    assert (signature.level, signature.signer) == ("B-B", "Hanako")


@pytest.fixture(scope="module")
def nss(bench) -> Path:
    """A database with the key of the plain signer."""
    folder = bench.directory / "nss"
    folder.mkdir()
    export = ["pkcs12", "-export", "-inkey", "plain.key", "-in", "plain.pem", "-name", "signer"]
    bench.openssl(*export, "-out", "nss/plain.p12", "-passout", "pass:p")
    for command in (
        ["certutil", "-N", "-d", "sql:.", "--empty-password"],
        ["pk12util", "-i", "plain.p12", "-d", "sql:.", "-W", "p", "-K", ""],
        ["certutil", "-A", "-d", "sql:.", "-n", "root", "-t", "C,C,C", "-i", "../root.pem"],
    ):
        subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return folder


def test_poppler_after_poppler(bench, nss: Path) -> None:
    data = bench.unsigned_pdf
    for name in ("First", "Second"):
        (nss / "in.pdf").write_bytes(data)
        command = ["pdfsig", "-nssdir", "sql:.", "-nick", "signer", "-add-signature", "-new-signature-field-name", name]
        subprocess.run([*command, "in.pdf", "out.pdf"], check=True, cwd=nss, capture_output=True)
        data = (nss / "out.pdf").read_bytes()
    first, second = judged(bench, data)
    assert {first.signer, second.signer} == {"Hanako"}
    assert (first.format, second.covers) == ("PKCS7", Coverage.WHOLE)
    assert [change.code for change in first.changes] == ["signed-again"]


@pytest.mark.parametrize("form", ["DER", "PEM"])
@pytest.mark.parametrize("options", [(), ("-nodetach",), ("-noattr",)])
def test_openssl_smime(bench, form: str, options: tuple[str, ...]) -> None:
    command = ("smime", "-sign", "-binary", "-md", "sha256", "-signer", "plain.pem", "-inkey", "plain.key")
    folder = bench.folder()
    (folder / "contract").write_bytes(CONTENT)
    (folder / "contract.p7s").write_bytes(bench.openssl(*command, "-outform", form, *options, data=CONTENT))
    (signature,) = bench.judge(folder / "contract.p7s").signatures
    assert (signature.indication, signature.signer) == (Indication.TOTAL_PASSED, "Hanako")
