"""Keys on a token: SoftHSM, filled by OpenSC's pkcs11-tool."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from signing import Document, FailedFile, Profile, SignedFile, SigningBatch, SigningJob, errors, rehearse
from signing.credential import Credential, SignatureAlgorithm
from signing.keys.pkcs11 import Remaining, token_session, tokens

PIN = "1234"


def test_a_token_tells_what_it_has_without_its_pin(token_module: Path) -> None:
    (token,) = tokens(token_module)
    assert (token.label, token.remaining, token.has_keypad) == ("Office", Remaining.MANY, False)
    assert len(token.certificates) == 2


def test_each_key_of_a_token_signs(token_module: Path) -> None:
    (token,) = tokens(token_module)
    with token_session(token_module, token.slot, PIN) as credentials:
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


def test_a_wrong_pin_is_told_and_the_token_can_be_used_after_it(token_module: Path) -> None:
    (token,) = tokens(token_module)
    with pytest.raises(errors.TokenPinIncorrect), token_session(token_module, token.slot, "9999"):
        pass
    with token_session(token_module, token.slot, PIN) as credentials:
        assert credentials


def test_no_pin_is_not_sent(token_module: Path) -> None:
    (token,) = tokens(token_module)
    with pytest.raises(errors.TokenPinFormat), token_session(token_module, token.slot, ""):
        pass
    assert tokens(token_module)[0].remaining is Remaining.MANY


def test_a_token_that_left_is_told(token_module: Path) -> None:
    with pytest.raises(errors.TokenMissing), token_session(token_module, 4711, PIN):
        pass


@pytest.mark.parametrize("content", [None, b"", b"\x7fELF nothing"])
def test_a_library_that_is_none_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "module.so"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(errors.TokenModuleUnusable):
        tokens(path)


def test_a_library_in_the_folder_where_one_stands_is_meant(
    token_module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.so").symlink_to(token_module)
    monkeypatch.chdir(tmp_path)
    assert tokens(Path("mine.so"))


def test_another_library_is_no_module() -> None:
    import pypdfium2_raw

    with pytest.raises(errors.TokenModuleUnusable):
        tokens(next(Path(pypdfium2_raw.__file__).parent.glob("*pdfium*")))


def test_a_token_that_leaves_between_two_files_fails_the_rest_and_keeps_what_is_signed(
    token_module: Path, make_pdf, monkeypatch
) -> None:
    import shutil

    paths = [make_pdf("a.pdf"), make_pdf("b.pdf"), make_pdf("c.pdf")]
    jobs = [rehearse(SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False)) for path in paths]
    clock = lambda: datetime.now(UTC).astimezone()  # noqa: E731 - shorter than its name
    (token,) = tokens(token_module)
    place = Path(os.environ["SOFTHSM2_CONF"]).parent / "tokens"
    with (
        token_session(token_module, token.slot, PIN) as credentials,
        SigningBatch(jobs, refuge=paths[0].parent / "refuge", clock=clock) as batch,
    ):
        credential = credentials[0]
        really_sign = credential.sign

        def sign_and_leave(data: bytes) -> bytes:
            try:
                return really_sign(data)
            finally:
                shutil.rmtree(place, ignore_errors=True)

        monkeypatch.setattr(credential, "sign", sign_and_leave)
        outcomes = list(batch.sign(credential))
    assert isinstance(outcomes[0], SignedFile)
    assert all(isinstance(each, FailedFile) for each in outcomes[1:])
    assert {each.error.code for each in outcomes[1:]} == {"key.token-failed"}
