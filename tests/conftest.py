"""Documents and software keys made for the tests; nothing here is shipped."""

import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, settings

from signing.credential import SignatureAlgorithm

# Before any import of Qt: a test that wants a real screen starts its own and says so.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Before any use of PC/SC, whose library asks for it once: no reader of this machine is ever in a test.
_PCSC = tempfile.TemporaryDirectory(prefix="jitsuin-pcsc-")
os.environ["PCSCLITE_CSOCK_NAME"] = f"{_PCSC.name}/pcscd.comm"
# What a test keeps is never found again, and never meets what the person who runs the tests keeps.
_KEPT = tempfile.TemporaryDirectory(prefix="jitsuin-kept-")
for _kind in ("CACHE", "CONFIG", "DATA", "STATE"):
    os.environ[f"XDG_{_kind}_HOME"] = f"{_KEPT.name}/{_kind.lower()}"

# How long an example takes says how busy the machine is, and nothing of the program; and fixtures serve all examples.
_UNCHECKED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("tests", deadline=None, suppress_health_check=_UNCHECKED)
settings.load_profile("tests")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


def pytest_configure(config: pytest.Config) -> None:
    if _has_workers(config):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than xdist finds right: half of the tests wait for another process, or for a clock."""
    return (yield) + 1


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End what a worker that crashed left behind: screens and services would keep the output open for ever."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if _has_workers(config) and children.exists():
        while left := children.read_text().split():
            for process in map(int, left):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _has_workers(config: pytest.Config) -> bool:
    return sys.platform == "linux" and bool(config.getoption("numprocesses", None))


@dataclass
class SoftwareCredential:
    """A key in memory, standing where a card does; counts how often it is used."""

    key: rsa.RSAPrivateKey
    certification_path: tuple[bytes, ...]
    algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256
    uses: int = 0

    def sign(self, data: bytes) -> bytes:
        self.uses += 1
        return self.key.sign(hashlib.sha256(data).digest(), padding.PKCS1v15(), Prehashed(hashes.SHA256()))


@dataclass(frozen=True)
class Authority:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


@pytest.fixture(scope="session")
def authority() -> Authority:
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("Test authority"))
        .issuer_name(name("Test authority"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1000))
        .not_valid_after(NOW + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def usage(**named: bool) -> x509.KeyUsage:
    every = [
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ]
    return x509.KeyUsage(**{each: named.get(each, False) for each in every})


@pytest.fixture(scope="session")
def issue(authority: Authority) -> Callable[..., SoftwareCredential]:
    """A function that issues a credential of the test authority, by default always with the same key."""
    usual = rsa.generate_private_key(65537, 2048)

    def make(
        *,
        key: rsa.RSAPrivateKey = usual,
        not_before: datetime = NOW - timedelta(days=30),
        not_after: datetime = NOW + timedelta(days=300),
        key_usage: x509.KeyUsage = usage(digital_signature=True, content_commitment=True),  # noqa: B008 - immutable
    ) -> SoftwareCredential:
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name("Test signer"))
            .issuer_name(authority.certificate.subject)
            .public_key(key.public_key())
            .serial_number(2)
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(key_usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
            )
            .sign(authority.key, hashes.SHA256())
        )
        path = (certificate.public_bytes(Encoding.DER), authority.certificate.public_bytes(Encoding.DER))
        return SoftwareCredential(key, path)

    return make


@pytest.fixture
def credential(issue: Callable[..., SoftwareCredential]) -> SoftwareCredential:
    return issue()


def pdf_bytes(
    pages: int = 1,
    *,
    catalog: str = "",
    extra: tuple[str, ...] = (),
    ballast: int = 0,
    text: str = "Page {}",
    page: str = "/MediaBox [0 0 595 842]",
) -> bytes:
    """A PDF with a classical cross-reference table, written by hand. `extra` objects are numbered from 10."""
    kids = " ".join(f"{100 + i} 0 R" for i in range(pages))
    objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **{10 + i: body for i, body in enumerate(extra)},
    }
    for i in range(pages):
        content = f"BT /F1 24 Tf 72 700 Td ({text.format(i + 1)}) Tj ET"
        objects[100 + i] = (
            f"<< /Type /Page /Parent 2 0 R {page} /Contents {10_000 + i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects[10_000 + i] = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    if ballast:
        offsets[9] = len(out)
        out += f"9 0 obj\n<< /Length {ballast} >>\nstream\n".encode() + bytes(ballast) + b"\nendstream\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in sorted(offsets.items()):
        out += f"{number} 1\n{offset:010d} 00000 n \n".encode()
    size = max(offsets) + 1
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


@pytest.fixture
def make_pdf(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes `pdf_bytes(…)` under a name."""

    def make(file_name: str = "contract.pdf", **content: object) -> Path:
        path = tmp_path / file_name
        path.write_bytes(pdf_bytes(**content))  # type: ignore[arg-type] - keywords are those of pdf_bytes
        return path

    return make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("mounting a small file system needs root: " + done.stderr.decode().strip())
    yield mount
    subprocess.run(["umount", mount], check=True)


@dataclass(frozen=True)
class TimeService:
    """A time-stamping authority in a process of its own; see time_service.py for its variants."""

    folder: Path
    base: str
    safe: str  # the same over TLS, with a client certificate demanded

    def file(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def requests(self) -> list[dict[str, str]]:
        """What it was asked since it began."""
        return [json.loads(line) for line in (self.folder / "requests.log").read_text().splitlines()]

    def signer(self, name: str = "signer") -> SoftwareCredential:
        """A signer of the same authority, whose certificate says where its revocation is told; or one `revoked`."""
        key = serialization.load_pem_private_key(self.file("keys/signer.pem"), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return SoftwareCredential(key, (self.file(f"{name}.der"), self.file("root.der")))


@pytest.fixture(scope="session")
def time_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeService]:
    folder = tmp_path_factory.mktemp("time")
    script = Path(__file__).with_name("time_service.py")
    process = subprocess.Popen([sys.executable, script, folder], stdin=subprocess.PIPE)
    try:
        ready = folder / "ready.json"
        while not ready.exists():
            assert process.poll() is None, "the time-stamping authority did not start"
            time.sleep(0.05)
        (folder / "requests.log").touch()
        yield TimeService(folder, **json.loads(ready.read_text()))
    finally:
        process.communicate()  # its input ends, and so does it


_SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN_PIN = "1234"


def _run(*arguments: object) -> None:
    subprocess.run(list(map(str, arguments)), check=True, capture_output=True)


@pytest.fixture(scope="session")
def _filled_token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What SoftHSM keeps of a token with an RSA and a P-384 key; each test gets a copy."""
    if not _SOFTHSM.exists():
        pytest.skip("SoftHSM is not installed")
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(_configured(folder)))
        _run("softhsm2-util", "--init-token", "--free", "--label", "Office", "--pin", TOKEN_PIN, "--so-pin", "12345678")
        for number, (name, kind) in enumerate(
            {"rsa": ["rsa:2048"], "p384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]}.items()
        ):
            new = ("-newkey", *kind, "-nodes", "-keyout", folder / name, "-addext", "basicConstraints=CA:FALSE")
            _run("openssl", "req", "-x509", *new, "-subj", f"/O=Office/CN={name}", "-out", folder / f"{name}.crt")
            _run("openssl", "pkey", "-in", folder / name, "-outform", "DER", "-out", folder / f"{name}.key")
            _run("openssl", "x509", "-in", folder / f"{name}.crt", "-outform", "DER", "-out", folder / f"{name}.der")
            for what, ending in ("privkey", "key"), ("cert", "der"):
                stored = ("--type", what, "--id", f"0{number}", "--label", name, "--usage-sign")
                written = ("--write-object", folder / f"{name}.{ending}")
                _run("pkcs11-tool", "--module", _SOFTHSM, "--login", "--pin", TOKEN_PIN, *stored, *written)
    return folder / "tokens"


def _configured(folder: Path) -> Path:
    (folder / "tokens").mkdir(exist_ok=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    return configuration


@pytest.fixture
def token_module(
    _filled_token: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The library of SoftHSM, whose token has an RSA and a P-384 key with their certificates; its PIN is 1234."""
    folder = tmp_path_factory.mktemp("token")
    shutil.copytree(_filled_token, folder / "tokens")
    monkeypatch.setenv("SOFTHSM2_CONF", str(_configured(folder)))
    return _SOFTHSM


@pytest.fixture
def make_token(token_module: Path, tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a library with that token behind it; its words are macros of token.c."""
    if not shutil.which("gcc"):
        pytest.skip("there is no compiler to make a token with")

    def make(**words: str) -> Path:
        module = tmp_path / "token.so"
        defined = [f"-D{name}={value}" for name, value in {"SOFTHSM": f'"{token_module}"', **words}.items()]
        source = Path(__file__).with_name("token.c")
        _run("gcc", "-Wall", "-Wextra", "-Werror", *defined, "-shared", "-fPIC", "-o", module, source)
        return module

    return make
