"""Signing XML with a key in memory, against the xmlsec1 program and signxml, each in turn in one run.

Run: python tests/benchmarks/signing_xml.py. The form is that of e-Tax files, and an enveloped signature over the whole.
Ours rehearses (here libxmlsec1 goes through the document too, with a signature on trial in it), stages, signs, writes,
syncs, reads back and lets libxmlsec1 verify what the key made, in a process that begins as the helper does in which the
program signs. The peers sign only; so there is a line against xmlsec1
signing and verifying too, and one for what is left to do when the password has been typed, which is what a person waits
for: the rest is done before. xmlsec1 is a process of its own for each file.
"""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from measure import in_turn, print_ratio

from desktop.work.process import ENVIRONMENT

ROOT = Path(__file__).parents[2]
SIZES = {"10 kB": 10_000, "1 MB": 1_000_000, "50 MB": 50_000_000}
DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"

OURS = """
import hashlib, os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, rehearse
from signing.credential import SignatureAlgorithm

class InMemory:
    algorithm = SignatureAlgorithm.RSA_SHA256
    key = load_pem_private_key(Path("key.pem").read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(Path("certificate.pem").read_bytes())
    certification_path = (certificate.public_bytes(Encoding.DER),)
    def sign(self, data):
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

def sign(profile):
    os.utime("source.xml")  # what is known of a file that has not changed is not found out again
    job = SigningJob.beside(Document.open(Path("source.xml")), Profile(profile), practice=False)
    with SigningBatch([rehearse(job)], refuge=Path.cwd(), clock=lambda: datetime.now(UTC)) as batch:
        tuple(batch.digests())
        typed = time.perf_counter()
        (result,) = batch.sign(InMemory())
        after = time.perf_counter() - typed
    assert isinstance(result, SignedFile), result.error
    result.path.unlink()
    return after

for line in sys.stdin:
    start = time.perf_counter()
    after = sign(line.strip())
    print(time.perf_counter() - start, after, flush=True)
"""
SIGNXML = """
import sys, time
from pathlib import Path
from lxml import etree
from signxml import XMLSigner, methods

key, certificate = Path("key.pem").read_bytes(), Path("certificate.pem").read_bytes()
for line in sys.stdin:
    start = time.perf_counter()
    tree = etree.fromstring(Path("source.xml").read_bytes(), etree.XMLParser(huge_tree=True))
    signed = XMLSigner(method=methods.enveloped).sign(tree, key=key, cert=certificate.decode())
    Path("signxml.xml").write_bytes(etree.tostring(signed))
    print(time.perf_counter() - start, flush=True)
"""


class Signer:
    """A warm process that signs once for each line it is given, and answers with the seconds.

    `after` are those after the password, in the last run, where the process tells them.
    """

    def __init__(self, program: str, folder: Path) -> None:
        self.after = 0.0
        command = [sys.executable, "-c", program]
        own = {"PYTHONPATH": str(ROOT), **ENVIRONMENT}
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=own
        )

    def __call__(self, profile: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(profile + "\n")
        self.process.stdin.flush()
        total, *after = map(float, self.process.stdout.readline().split())
        self.after = after[0] if after else total
        return total

    def peak_mib(self) -> int:
        """The highest resident size of the process so far (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) // 1024

    def stop(self) -> None:
        self.process.communicate()


def document(size: int) -> str:
    """A return of about this many bytes in the form of e-Tax files: many small elements."""
    record = (
        '<AMA00000 page="{0}" gen:kind="x"><AMB00010 AutoCalc="1">{1}</AMB00010>'
        "<AMB00020>山田花子 &amp; {0}</AMB00020>\n<gen:era>5</gen:era><gen:yy>8</gen:yy><AMB00030/></AMA00000>\n"
    )
    length = len(record.format(100000, 1000000).encode())
    records = "".join(record.format(number, number * 7919 % 10**9) for number in range(max(1, size // length)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<DATA id="DATA" xmlns="http://xml.e-tax.nta.go.jp/XSD/shotoku" '
        f'xmlns:gen="http://xml.e-tax.nta.go.jp/XSD/general"><RKO0010 VR="25.0.0" id="RKO0010"><CATALOG id="CATALOG"/>'
        f'<CONTENTS id="CONTENTS">{records}</CONTENTS></RKO0010></DATA>\n'
    )


def with_template(text: str, uri: str, transforms: tuple[str, ...]) -> str:
    """The same with a signature to be filled in by xmlsec1."""
    listed = "".join(f'<ds:Transform Algorithm="{each}"/>' for each in transforms)
    signature = (
        f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{transforms[-1]}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<ds:Reference URI="{uri}"><ds:Transforms>{listed}</ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>'
        "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"
    )
    return text.replace("</DATA>", f"{signature}</DATA>")


def xmlsec1(folder: Path, template: str, *, verify: bool = False) -> float:
    """Seconds of the whole process, or of both."""
    signing = ["--sign", "--id-attr:id", "RKO0010", "--privkey-pem", "key.pem,certificate.pem", "--output", "x.xml"]
    verifying = ["--verify", "--id-attr:id", "RKO0010", "--trusted-pem", "certificate.pem", "x.xml"]
    start = time.perf_counter()
    subprocess.run(["xmlsec1", *signing, template], cwd=folder, check=True, capture_output=True)
    if verify:
        subprocess.run(["xmlsec1", *verifying], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def make_key(folder: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))


def peak_of_xmlsec1(folder: Path, template: str) -> int:
    """MiB."""
    command = [
        "xmlsec1",
        "--sign",
        "--id-attr:id",
        "RKO0010",
        "--privkey-pem",
        "key.pem",
        "--output",
        "o.xml",
        template,
    ]
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, *command], cwd=folder, check=True, capture_output=True)
    return int(done.stdout)


def compare(folder: Path, label: str, rounds: int) -> None:
    ours, signxml = Signer(OURS, folder), Signer(SIGNXML, folder)
    for profile in ("e-tax", "xml-enveloped"):
        ours(profile)  # warm
        times = in_turn(
            rounds,
            ours=lambda p=profile: ours(p),
            xmlsec1=lambda p=profile: xmlsec1(folder, f"{p}.xml"),
            xmlsec1_and_verify=lambda p=profile: xmlsec1(folder, f"{p}.xml", verify=True),
        )
        print_ratio(f"{label}, {profile}", times, goal=1.0)
        print_ratio(f"{label}, {profile}", {k: times[k] for k in ("ours", "xmlsec1_and_verify")}, goal=1.0)
        waited = in_turn(
            rounds,
            after_password=lambda p=profile: (ours(p), ours.after)[1],
            xmlsec1=lambda p=profile: xmlsec1(folder, f"{p}.xml"),
        )
        print_ratio(f"{label}, {profile}", waited, goal=1.0)
    times = in_turn(rounds, ours=lambda: ours("xml-enveloped"), signxml=lambda: signxml("xml-enveloped"))
    print_ratio(f"{label}, xml-enveloped", times, goal=1.0)
    peaks = ours.peak_mib(), peak_of_xmlsec1(folder, "xml-enveloped.xml"), signxml.peak_mib()
    print("{}: peak memory ours {} MiB, xmlsec1 {} MiB, signxml {} MiB".format(label, *peaks))
    for signer in (ours, signxml):
        signer.stop()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_key(folder)
        for label, size in SIZES.items():
            text = document(size)
            (folder / "source.xml").write_text(text, encoding="utf-8")
            (folder / "e-tax.xml").write_text(with_template(text, "#RKO0010", (C14N,)), encoding="utf-8")
            enveloped = with_template(text, "", (f"{DSIG}enveloped-signature", EXCLUSIVE))
            (folder / "xml-enveloped.xml").write_text(enveloped, encoding="utf-8")
            compare(folder, label, rounds=3 if size > 10_000_000 else 7)


if __name__ == "__main__":
    main()
