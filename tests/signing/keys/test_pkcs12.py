"""Keys in PKCS#12 files as other programs write them, openssl and Java among these."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import pkcs12 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from signing import errors
from signing.credential import SignatureAlgorithm
from signing.keys.chain import chain_of
from signing.keys.pkcs12 import open_key_file

MakeFile = Callable[..., Path]


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and self-signed certificates in PEM, made by openssl: rsa, p384, ed25519."""
    folder = tmp_path_factory.mktemp("pem")
    kinds = {"rsa": ["rsa:2048"], "p384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "ed25519": ["ed25519"]}
    for name, kind in {**kinds, "weak": ["rsa:1024"]}.items():
        openssl("req", "-x509", "-newkey", *kind, "-nodes", "-days", "30", "-subj", f"/CN={name}",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt")  # fmt: skip
    return folder


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture
def make_file(pem: Path, tmp_path: Path) -> MakeFile:
    def make(*options: str, key: str = "rsa", password: str = "secret") -> Path:
        path = tmp_path / "key.p12"
        openssl("pkcs12", "-export", "-inkey", pem / f"{key}.key", "-in", pem / f"{key}.crt", "-passout",
                f"pass:{password}", "-out", path, *options)  # fmt: skip
        return path

    return make


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-legacy",),  # RC2 with 40 bits, and triple DES
        ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-legacy"),
        ("-keypbe", "AES-256-CBC", "-certpbe", "NONE"),
        ("-nomac",),
    ],
    ids=" ".join,
)
def test_a_file_with_old_or_new_ciphers_signs(make_file: MakeFile, options: tuple[str, ...]) -> None:
    (credential,) = open_key_file(make_file(*options), "secret")
    assert credential.algorithm is SignatureAlgorithm.RSA_SHA256
    key = x509.load_der_x509_certificate(credential.certification_path[0]).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(credential.sign(b"content"), b"content", padding.PKCS1v15(), SHA256())


def test_an_elliptic_key_signs_with_the_digest_of_its_curve(make_file: MakeFile) -> None:
    (credential,) = open_key_file(make_file(key="p384"), "secret")
    assert credential.algorithm is SignatureAlgorithm.ECDSA_SHA384
    key = x509.load_der_x509_certificate(credential.certification_path[0]).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(credential.sign(b"content"), b"content", ec.ECDSA(SHA384()))


@pytest.mark.parametrize("password", ["", "あいうえお", "Ｐａｓｓ"])
def test_passwords_of_every_kind_open_it(make_file: MakeFile, password: str) -> None:
    assert open_key_file(make_file(password=password), password)


@pytest.mark.parametrize("options", [(), ("-nomac",)], ids=" ".join)
def test_a_wrong_password_is_told(make_file: MakeFile, options: tuple[str, ...]) -> None:
    with pytest.raises(errors.KeyFilePasswordWrong):
        open_key_file(make_file(*options), "Secret")


@pytest.mark.parametrize("options", ["-nokeys", "-nocerts"])
def test_a_key_without_certificate_or_the_other_way_round_is_told(make_file: MakeFile, options: str) -> None:
    with pytest.raises(errors.KeyFileWithoutKey):
        open_key_file(make_file(options), "secret")


@pytest.mark.parametrize("key", ["ed25519", "weak"])
def test_a_key_that_no_recipient_takes_is_told(make_file: MakeFile, key: str) -> None:
    with pytest.raises(errors.KeyUnsupported):
        open_key_file(make_file(key=key), "secret")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x30\x80", b"\x30\x03\x02\x01\x03", b"\x30" * 5_000_000])
def test_what_is_no_key_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.p12"
    path.write_bytes(content)
    with pytest.raises(errors.KeyFileUnreadable):
        open_key_file(path, "secret")


def test_every_key_of_a_file_can_be_chosen(pem: Path, make_file: MakeFile) -> None:
    """No program on this machine writes two keys into a file: the parts of two files are put together."""
    parts = []
    for key in ("rsa", "p384"):
        parts += list(asn1.Pfx.load(make_file("-nomac", key=key).read_bytes()).authenticated_safe)
    pfx = asn1.Pfx({"version": "v3", "auth_safe": {"content_type": "data"}})
    pfx["auth_safe"]["content"] = asn1.AuthenticatedSafe(parts).dump()
    path = make_file()
    path.write_bytes(pfx.dump())
    found = open_key_file(path, "secret")
    assert {each.algorithm for each in found} == {SignatureAlgorithm.RSA_SHA256, SignatureAlgorithm.ECDSA_SHA384}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a leaf, its authority, another authority of the same name, and the root of both."""
    folder = tmp_path_factory.mktemp("chain")

    def certificate(name: str, issuer: str, subject: str, *extensions: str) -> None:
        asked = [part for each in extensions for part in ("-addext", each)]
        signer = ["-CA", folder / f"{issuer}.crt", "-CAkey", folder / f"{issuer}.key"] if issuer else []
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", subject, *asked, *signer,
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt")  # fmt: skip

    certificate("root", "", "/CN=Root")
    certificate("ca", "root", "/CN=Authority")
    certificate("other", "root", "/CN=Authority")
    certificate("leaf", "ca", "/CN=Leaf", "basicConstraints=CA:FALSE", "keyUsage=digitalSignature,nonRepudiation")
    return folder


def test_the_chain_is_put_in_order(chain: Path, tmp_path: Path) -> None:
    """Root, authority and an authority of the same name with another key stand in the file in the wrong order."""
    path = tmp_path / "key.p12"
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("".join((chain / name).read_text() for name in ("root.crt", "other.crt", "ca.crt")))
    openssl("pkcs12", "-export", "-inkey", chain / "leaf.key", "-in", chain / "leaf.crt", "-certfile", bundle,
            "-passout", "pass:secret", "-out", path)  # fmt: skip
    (credential,) = open_key_file(path, "secret")
    wanted = [x509.load_pem_x509_certificate((chain / name).read_bytes()) for name in ("leaf.crt", "ca.crt")]
    assert [x509.load_der_x509_certificate(der) for der in credential.certification_path] == wanted
    assert credential.reaches_root
    for others in ([], ["-certfile", chain / "other.crt"], ["-certfile", chain / "ca.crt"]):
        openssl("pkcs12", "-export", "-inkey", chain / "leaf.key", "-in", chain / "leaf.crt", *others,
                "-passout", "pass:secret", "-out", path)  # fmt: skip
        (credential,) = open_key_file(path, "secret")
        assert not credential.reaches_root  # told before it is used; it signs all the same
        assert credential.sign(b"content")


def test_authorities_that_issued_each_other_end(chain: Path, tmp_path: Path) -> None:
    for name, issuer in (("leaf", "ca"), ("ca", "root"), ("root", "ca")):
        subject = {"leaf": "/CN=Leaf", "ca": "/CN=Authority", "root": "/CN=Root"}[name]
        openssl("req", "-x509", "-key", chain / f"{name}.key", "-subj", subject, "-CA", chain / f"{issuer}.crt",
                "-CAkey", chain / f"{issuer}.key", "-outform", "DER", "-out", tmp_path / f"{name}.der")  # fmt: skip
    leaf, authority, root = ((tmp_path / f"{name}.der").read_bytes() for name in ("leaf", "ca", "root"))
    found = chain_of(leaf, [root, authority, leaf])
    assert (found.path, found.reaches_root) == ((leaf, authority, root), False)
