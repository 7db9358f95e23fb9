"""Lets programs that take long to install sign, and tells what is established about what they signed. Run by hand:

    .venv/bin/python tests/corpus/others.py [endesive] [signpdf] [libreoffice]

endesive is installed in an environment of its own (pip), @signpdf in a folder (npm); LibreOffice must be there already
(apt install libreoffice-writer-nogui). Ends with 1 where anything is not as it should be.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
PACKAGES = ["@signpdf/signpdf", "@signpdf/signer-p12", "@signpdf/placeholder-plain", "@signpdf/placeholder-pdf-lib"]
FILTER = (
    'pdf:writer_pdf_Export:{"SignPDF":{"type":"boolean","value":"true"},'
    '"SignCertificateSubjectName":{"type":"string","value":"CN=Hanako,C=JP"}}'
)


def run(*command: str | Path, folder: Path, **variables: str) -> None:
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, **variables}, timeout=600)


def endesive(folder: Path) -> Iterator[Path]:
    run(sys.executable, "-m", "venv", "venv", folder=folder)
    run("venv/bin/pip", "install", "-q", "endesive", "pypdf<7", folder=folder)
    for source, target, field in (("in.pdf", "once.pdf", "First"), ("once.pdf", "twice.pdf", "Second")):
        run("venv/bin/python", HERE / "endesive_sign.py", source, target, "plain.p12", field, folder=folder)
        yield folder / target


def signpdf(folder: Path) -> Iterator[Path]:
    run("npm", "install", "--silent", "--prefix", ".", *PACKAGES, "pdf-lib", folder=folder)
    for source, how in (("in.pdf", "plain"), ("plain.pdf", "plain"), ("in.pdf", "pdf-lib"), ("in.pdf", "streams")):
        target = f"{Path(source).stem.removeprefix('in')}{how}.pdf"
        run("node", HERE / "signpdf.cjs", source, target, "plain.p12", how, folder=folder)
        yield folder / target


def libreoffice(folder: Path) -> Iterator[Path]:
    """Its signatures come from an NSS database."""
    (folder / "letter.txt").write_text("A contract\n")
    run("certutil", "-N", "-d", "sql:.", "--empty-password", folder=folder)
    run("certutil", "-A", "-d", "sql:.", "-n", "root", "-t", "C,C,C", "-i", "root.pem", folder=folder)
    run("pk12util", "-i", "plain.p12", "-d", "sql:.", "-W", "p", "-K", "", folder=folder)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ("soffice", profile, "--headless", "--convert-to", FILTER, "letter.txt")
    run(*command, folder=folder, MOZILLA_CERTIFICATE_FOLDER=f"sql:{folder}")
    yield folder / "letter.pdf"


SIGNERS = {each.__name__: each for each in (endesive, signpdf, libreoffice)}


def prepared(folder: Path):  # type: ignore[no-untyped-def]  # a class of a module that is loaded by its path
    """Parties, an unsigned document and a key in a file."""
    spec = importlib.util.spec_from_file_location("bench", HERE.parent / "signing" / "conftest.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench"] = module
    spec.loader.exec_module(module)
    bench = module.Bench(folder)
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", pages, page, "<< /Length 3 >>\nstream\nq Q\nendstream"]
    (folder / "in.pdf").write_bytes(plain_pdf(objects))
    export = ["pkcs12", "-export", "-legacy", "-inkey", "plain.key", "-in", "plain.pem", "-certfile", "root.pem"]
    bench.openssl(*export, "-name", "signer", "-out", "plain.p12", "-passout", "pass:p")
    return bench


def plain_pdf(objects: list[str]) -> bytes:
    """With a classical cross-reference table, which is all that some of these programs can read."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start, size = len(out), len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def main(names: list[str]) -> int:
    wrong = 0
    for name in names or SIGNERS:
        folder = Path(tempfile.mkdtemp(prefix=f"jitsuin-{name}-"))
        bench = prepared(folder)
        for path in SIGNERS[name](folder):
            report = bench.judge(path)
            wrong += report.verdict != "passed"
            print(f"{name} {path.name}: {report.verdict}")
            for each in report.signatures:
                codes = [change.code for change in each.changes]
                print(f"  {each.name}: {each.indication}, intact {each.intact}, {each.covers}, {codes}, {each.signer}")
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
