"""`jitsuin sign` with a certificate file and with a token, as scripts and people use it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.command_line import main

Run = Callable[..., tuple[int, str, str]]
PASSWORD = "himitsu-42"
pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def carry_out(*words: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        return main([str(word) for word in words]), *capsys.readouterr()

    return carry_out


@pytest.fixture(scope="session")
def p12(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("p12")
    subject = "/C=JP/O=Jitsuin Trading/OU=Sales/CN=Jitsuin Taro"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", subject]
    make += ["-addext", "basicConstraints=CA:FALSE", "-keyout", "key", "-out", "crt"]
    export = ["openssl", "pkcs12", "-export", "-inkey", "key", "-in", "crt", "-passout", f"pass:{PASSWORD}"]
    for command in (make, [*export, "-out", "key.p12"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "key.p12"


def test_a_certificate_file_signs_and_tells_what_it_reveals(run: Run, make_pdf, p12: Path) -> None:
    sources = [make_pdf("a.pdf"), make_pdf("b.pdf")]
    status, _out, err = run("sign", *sources, "--p12", p12, "--pin-stdin", "--yes", stdin=f"{PASSWORD}\n")
    assert status == 0
    for source in sources:
        said = subprocess.run(
            ["pdfsig", "-nocert", source.with_stem(f"{source.stem}-signed")], capture_output=True, text=True, check=True
        )
        assert "Signature is Valid." in said.stdout
    for told in ("SHA-256", "name: Jitsuin Taro", "organization: Jitsuin Trading", "department: Sales"):
        assert told in err
    assert "date of birth" not in err
    assert "certificate of the issuer" not in err
    assert PASSWORD not in err


def test_an_issuer_that_is_not_in_the_file_is_told_and_the_file_signs(run: Run, make_pdf, p12: Path) -> None:
    folder = p12.parent
    leaf = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    leaf += ["-subj", "/CN=Hanako", "-CA", "crt", "-CAkey", "key", "-addext", "basicConstraints=CA:FALSE"]
    export = ["openssl", "pkcs12", "-export", "-inkey", "leaf-key", "-in", "leaf", "-passout", f"pass:{PASSWORD}"]
    for command in ([*leaf, "-keyout", "leaf-key", "-out", "leaf"], [*export, "-out", "leaf.p12"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    words = ("sign", make_pdf(), "--p12", folder / "leaf.p12", "--pin-stdin", "--yes")
    status, _out, err = run(*words, stdin=PASSWORD)
    assert status == 0, err
    assert "The certificate of the issuer Jitsuin Taro is not beside the key" in err


def test_wrong_passwords_sign_nothing_and_the_right_one_is_taken_after_them(run: Run, make_pdf, p12: Path) -> None:
    source = make_pdf()
    for _ in range(2):
        status, out, _err = run("sign", source, "--p12", p12, "--pin-stdin", "--yes", "--json", stdin="wrong\n")
        assert status == 5
        assert json.loads(out)["files"][0]["error"]["code"] == "key.password-wrong"
    assert [each.name for each in source.parent.iterdir()] == [source.name]
    assert run("sign", source, "--p12", p12, "--pin-stdin", "--yes", stdin=f"{PASSWORD}\n")[0] == 0


def test_a_file_of_100_megabytes_is_no_certificate_file(run: Run, make_pdf, tmp_path: Path) -> None:
    huge = tmp_path / "huge.p12"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    status, _out, err = run("sign", make_pdf(), "--p12", huge, "--pin-stdin", "--yes", stdin="x\n")
    assert status == 5
    assert "key.file-unreadable" in err


@pytest.mark.parametrize(
    ("name", "told"),
    [("folder", "This is a folder"), ("pipe", "This is not a file"), ("none", "The file does not exist")],
)
def test_what_is_no_file_is_told_as_what_it_is(run: Run, make_pdf, tmp_path: Path, name: str, told: str) -> None:
    """And a pipe that nobody writes to is waited for by none."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    named = tmp_path / name
    for words in (("sign", make_pdf(), "--p12", named, "--yes"), ("verify", make_pdf("b.pdf"), "--trust", named)):
        status, _out, err = run(*words)
        assert status == 2
        assert f"{named}: {told}" in err


@pytest.mark.parametrize("also", [("--pkcs11", "module.so"), ("--practice",)], ids=" ".join)
def test_one_key_signs(run: Run, make_pdf, p12: Path, also: tuple[str, ...]) -> None:
    assert run("sign", make_pdf(), "--p12", p12, *also, "--yes")[0] == 2


def test_nobody_agreed(run: Run, make_pdf, p12: Path) -> None:
    source = make_pdf()
    assert run("sign", source, "--p12", p12, "--pin-stdin", stdin=f"{PASSWORD}\n")[0] == 2
    assert [each.name for each in source.parent.iterdir()] == [source.name]


def test_a_token_signs_with_the_key_that_is_named(run: Run, make_pdf, token_module: Path) -> None:
    source = make_pdf()
    words = ("sign", source, "--pkcs11", token_module, "--pin-stdin", "--yes")
    status, _out, err = run(*words, stdin="1234\n")
    assert status == 2
    assert "--key NUMBER" in err
    line = next(each for each in err.splitlines() if "p384" in each)
    status, _out, err = run(*words, "--key", line.strip()[0], stdin="1234\n")
    assert status == 0, err
    said = subprocess.run(
        ["pdfsig", "-nocert", source.with_name("contract-signed.pdf")], capture_output=True, text=True, check=True
    )
    assert "Signature is Valid." in said.stdout
    assert "SHA-384" in said.stdout
    assert "organization: Office" in err


@pytest.mark.parametrize(
    ("options", "stdin", "code"),
    [
        ((), "9999\n", "key.pin-incorrect"),
        ((), "\n", "key.pin-format"),
        (("--reader", "Home"), "1234\n", "key.token-missing"),
    ],
)
def test_what_is_wrong_with_a_token_is_told(
    run: Run, make_pdf, token_module: Path, options: tuple[str, ...], stdin: str, code: str
) -> None:
    words = ("sign", make_pdf(), "--pkcs11", token_module, "--pin-stdin", "--yes", *options)
    status, _out, err = run(*words, stdin=stdin)
    assert status == 5
    assert code in err


def test_another_library_is_no_module(run: Run, make_pdf, tmp_path: Path) -> None:
    module = tmp_path / "module.so"
    module.write_bytes(b"\x7fELF nothing")
    status, _out, err = run("sign", make_pdf(), "--pkcs11", module, "--pin-stdin", "--yes", stdin="1234\n")
    assert status == 5
    assert "key.module-unusable" in err


@pytest.mark.parametrize(("option", "status"), [((), 5), (("--phone",), 0)])
def test_a_phone_signs_only_where_the_experiment_is_wanted(
    run: Run, make_pdf, option: tuple[str, ...], status: int
) -> None:
    words = ("sign", make_pdf(), "--practice=phone", "--pin-stdin", "--yes", *option)
    ended, _out, err = run(*words, stdin="ABC123\n")
    assert ended == status
    assert ("experiment" in err) is bool(option)
