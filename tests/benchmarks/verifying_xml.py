"""Verifying an enveloped signature over a whole XML document: ours against xmlsec1 (the program) and signxml.

Run: python tests/benchmarks/verifying_xml.py. Everything in turn in one run. Small documents: the two libraries in one
warm process each, and xmlsec1 as the process that it is. 50 MB: whole processes, from nothing to an answer, and the
most memory that each ever held; ours begins as the helpers do in which the program verifies.
"""

import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree
from measure import in_turn, print_ratio
from signxml import XMLVerifier

from desktop.work.process import ENVIRONMENT
from signing import Trust, verify
from signing.report import Verdict
from signing.trust import read_certificates

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = {"10 kB": 10_000, "1 MB": 1_000_000}
LARGE = 50_000_000
DSIG = "http://www.w3.org/2000/09/xmldsig#"
ROW = '<row n="{n}"><amount currency="JPY">{n}</amount><note>備考 &amp; remarks</note></row>\n'
TEMPLATE = f"""<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{DSIG}enveloped-signature"/>
<ds:Transform Algorithm="http://www.w3.org/2006/12/xml-c14n11"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"""
OURS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Trust, verify
from signing.trust import read_certificates
trust = Trust.default().with_anchors(read_certificates(Path(sys.argv[2])))
report = verify(Path(sys.argv[1]), trust=trust, moment=datetime.now(UTC))
sys.exit(report.verdict != "passed")
"""
SIGNXML = """
import sys
from pathlib import Path
from signxml import XMLVerifier
XMLVerifier().verify(Path(sys.argv[1]).read_bytes(), x509_cert=Path(sys.argv[2]).read_text(),
                     parser=__import__("lxml.etree").etree.XMLParser(huge_tree=True))
"""


def certificate(folder: Path) -> None:
    """A key and its own certificate, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))


def document(folder: Path, size: int) -> Path:
    """A document of about so many bytes, signed by xmlsec1. All have prefixes: signxml fails where none has."""
    rows = "".join(ROW.format(n=n) for n in range(size // len(ROW.encode())))
    template, signed = folder / "template.xml", folder / "signed.xml"
    template.write_text(f'<b:book xmlns:b="urn:book">\n{rows}{TEMPLATE}</b:book>')
    key = f"{folder}/key.pem,{folder}/certificate.pem"
    subprocess.run(["xmlsec1", "--sign", "--output", signed, "--privkey-pem", key, template], check=True)
    return signed


def run(command: Sequence[str]) -> tuple[float, int]:
    """Seconds, and the most KiB resident, of a process that must succeed."""
    start = time.perf_counter()
    environment = {**os.environ, **ENVIRONMENT} if command[2:3] == [OURS] else None
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"it failed: {command[0]} {command[1][:40]}")
    return time.perf_counter() - start, usage.ru_maxrss


def compare_small(label: str, path: Path, anchor: Path) -> None:
    trust = Trust.default().with_anchors(read_certificates(anchor))
    parser = etree.XMLParser(huge_tree=True)

    def ours() -> None:
        if verify(path, trust=trust, moment=datetime.datetime.now(datetime.UTC)).verdict is not Verdict.PASSED:
            raise RuntimeError("it does not verify")

    def theirs() -> None:
        XMLVerifier().verify(path.read_bytes(), x509_cert=anchor.read_text(), parser=parser)

    ours(), theirs()  # warm
    program = lambda: run(xmlsec1(path, anchor))[0]  # noqa: E731 - shorter than its name
    times = in_turn(7, ours=ours, xmlsec1=program, signxml=theirs)
    print_ratio(label, times, goal=0.8)
    print_ratio(label, {name: times[name] for name in ("ours", "signxml")}, goal=0.8)


def compare_large(label: str, path: Path, anchor: Path) -> None:
    commands = {
        "ours": [sys.executable, "-c", OURS, str(path), str(anchor)],
        "xmlsec1": xmlsec1(path, anchor),
        "signxml": [sys.executable, "-c", SIGNXML, str(path), str(anchor)],
    }
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
    for peer, rounds, goal in (("xmlsec1", 11, 0.8), ("signxml", 3, 0.35)):
        pair = ("ours", peer)
        for _ in range(rounds):
            for name in pair:
                runs[name].append(run(commands[name]))
        print_ratio(label, {name: [seconds for seconds, _ in runs[name][-rounds:]] for name in pair}, goal=goal)
    peaks = {name: statistics.median(kib for _, kib in each) / 1024 for name, each in runs.items()}
    print(f"{label}, peak MiB: " + ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items()))


def xmlsec1(path: Path, anchor: Path) -> list[str]:
    return ["xmlsec1", "--verify", "--trusted-pem", str(anchor), str(path)]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate(folder)
        for label, size in SMALL.items():
            compare_small(label, document(folder, size), folder / "certificate.pem")
        compare_large("50 MB", document(folder, LARGE), folder / "certificate.pem")


if __name__ == "__main__":
    main()
