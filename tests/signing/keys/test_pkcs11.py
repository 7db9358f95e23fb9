"""Keys on a token: SoftHSM, filled by OpenSC's pkcs11-tool."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from signing import errors
from signing.credential import Credential, SignatureAlgorithm
from signing.keys.pkcs11 import Remaining, token_session, tokens

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


def run(*arguments: object) -> None:
    subprocess.run(list(map(str, arguments)), check=True, capture_output=True)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A token with an RSA and a P-384 key and their certificates; the second certificate has no key."""
    if not SOFTHSM.exists():
        pytest.skip("SoftHSM is not installed")
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    run("softhsm2-util", "--init-token", "--free", "--label", "Office", "--pin", PIN, "--so-pin", "12345678")
    for number, (name, kind) in enumerate(
        {"rsa": ["rsa:2048"], "p384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]}.items()
    ):
        run("openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "30", "-subj", f"/CN={name}",
            "-keyout", tmp_path / name, "-out", tmp_path / f"{name}.crt")  # fmt: skip
        run("openssl", "pkey", "-in", tmp_path / name, "-outform", "DER", "-out", tmp_path / f"{name}.key")
        run("openssl", "x509", "-in", tmp_path / f"{name}.crt", "-outform", "DER", "-out", tmp_path / f"{name}.der")
        for what, ending in ("privkey", "key"), ("cert", "der"):
            run("pkcs11-tool", "--module", SOFTHSM, "--login", "--pin", PIN, "--type", what, "--id", f"0{number}",
                "--label", name, "--write-object", tmp_path / f"{name}.{ending}", "--usage-sign")  # fmt: skip
    return SOFTHSM


def test_a_token_tells_what_it_has_without_its_pin(module: Path) -> None:
    (token,) = tokens(module)
    assert (token.label, token.remaining, token.has_keypad) == ("Office", Remaining.MANY, False)
    assert len(token.certificates) == 2


def test_each_key_of_a_token_signs(module: Path) -> None:
    (token,) = tokens(module)
    with token_session(module, token.slot, PIN) as credentials:
        assert {each.algorithm for each in credentials} == {
            SignatureAlgorithm.RSA_SHA256,
            SignatureAlgorithm.ECDSA_SHA384,
        }
        for credential in credentials:
            require_signature(credential)


def require_signature(credential: Credential) -> None:
    key = x509.load_der_x509_certificate(credential.certification_path[0]).public_key()
    signature = credential.sign(b"content")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, b"content", padding.PKCS1v15(), SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(signature, b"content", ec.ECDSA(SHA384()))


def test_a_wrong_pin_is_told_and_the_token_can_be_used_after_it(module: Path) -> None:
    (token,) = tokens(module)
    with pytest.raises(errors.TokenPinIncorrect), token_session(module, token.slot, "9999"):
        pass
    with token_session(module, token.slot, PIN) as credentials:
        assert credentials


def test_no_pin_is_not_sent(module: Path) -> None:
    (token,) = tokens(module)
    with pytest.raises(errors.TokenPinFormat), token_session(module, token.slot, ""):
        pass
    assert tokens(module)[0].remaining is Remaining.MANY


def test_a_token_that_left_is_told(module: Path) -> None:
    with pytest.raises(errors.TokenMissing), token_session(module, 4711, PIN):
        pass


@pytest.mark.parametrize("content", [None, b"", b"\x7fELF nothing"])
def test_a_library_that_is_none_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "module.so"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.TokenModuleUnusable):
        tokens(path)


def test_another_library_is_no_module() -> None:
    import pypdfium2_raw

    with pytest.raises(errors.TokenModuleUnusable):
        tokens(next(Path(pypdfium2_raw.__file__).parent.glob("*pdfium*")))
