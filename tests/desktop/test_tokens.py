"""Tokens that fail, that have a keypad, that tell of their PIN: SoftHSM, with a little in between."""

import io
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.command_line import main
from desktop.keys import conversation
from desktop.keys.conversation import KeySession, OpenToken, tokens_behind
from desktop.words.keys import pin_words
from signing import errors

ROOT = Path(__file__).parents[2]
MakeToken = Callable[..., Path]
PIN = "1234"
COUNT_LOW, FINAL_TRY, LOCKED, TO_BE_CHANGED, KEYPAD = "0x10000", "0x20000", "0x40000", "0x80000", "0x100"
pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture
def sign(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """A function that signs with the first key of a token at the terminal: exit status, and what was said."""

    def carry_out(module: Path, *words: object, pin: str = PIN) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{pin}\n"))
        arguments = ("sign", *words, "--pkcs11", module, "--pin-stdin", "--yes", "--key", 1)
        status = main([str(word) for word in arguments])
        return status, capsys.readouterr().err

    return carry_out


def opened(module: Path, pin: str = PIN) -> KeySession:
    (token,) = tokens_behind(module)
    session = KeySession(OpenToken(module, token.slot, keypad=token.has_keypad))
    session.open(bytearray(pin.encode()))
    return session


def test_what_a_token_tells_of_its_pin_is_told_before_it_is_asked_for(make_token: MakeToken, sign, make_pdf) -> None:
    one = "The token says that one try is left. If the next PIN is wrong, the token is locked."
    changed = "The token says that its PIN is to be changed."
    for flags, told in (("0", ""), (f"{COUNT_LOW}|{FINAL_TRY}", one), (TO_BE_CHANGED, changed)):
        (token,) = tokens_behind(make_token(FLAGS=flags))
        assert pin_words(token) == told
    status, said = sign(make_token(FLAGS=COUNT_LOW), make_pdf())
    assert status == 0, said
    assert "The token says that few tries are left." in said


def test_a_locked_token_is_not_tried(make_token: MakeToken, sign, make_pdf) -> None:
    status, said = sign(make_token(FLAGS=LOCKED), make_pdf())
    assert (status, "key.pin-locked" in said) == (5, True)


def test_a_wrong_pin_tells_how_many_tries_are_left_where_the_token_does(make_token: MakeToken) -> None:
    for flags, remaining in (("0", "few"), (FINAL_TRY, "one")):  # SoftHSM tells of few itself, after a wrong one
        with pytest.raises(errors.TokenPinIncorrect) as refused:
            opened(make_token(FLAGS=flags), "9999")
        assert refused.value.remaining == remaining


def test_a_pin_that_is_typed_on_the_token_is_not_asked_for(make_token: MakeToken, sign, make_pdf) -> None:
    """The library refuses a PIN that is handed in: none was."""
    source = make_pdf()
    status, said = sign(make_token(FLAGS=KEYPAD, KEYPAD=f'"{PIN}"'), source, pin="nothing that is read")
    assert status == 0, said
    assert "keypad" in said
    checked = subprocess.run(
        ["pdfsig", "-nocert", source.with_name("contract-signed.pdf")], capture_output=True, text=True, check=True
    )
    assert "Signature is Valid." in checked.stdout


@pytest.mark.parametrize("ending", ["abort()", "return DEVICE_REMOVED"])
def test_a_library_that_fails_ends_neither_the_command_nor_what_it_signed(
    make_token: MakeToken, sign, make_pdf, ending: str
) -> None:
    """At the second signature it ends its process, or has lost its token."""
    sources = [make_pdf("a.pdf"), make_pdf("b.pdf"), make_pdf("c.pdf")]
    status, said = sign(make_token(ON_SIGN=ending), *sources)
    assert status == 5
    assert said.count("key.token-failed") == 2
    names = sorted(each.name for each in sources[0].parent.glob("*.pdf"))
    assert names == ["a-signed.pdf", "a.pdf", "b.pdf", "c.pdf"]


def test_a_library_that_never_comes_back_is_left(make_token: MakeToken, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(make_token(ON_SIGN="for (;;) pause()"))
    key = session.credentials[0]
    assert key.sign(b"content")
    monkeypatch.setattr(conversation, "_PATIENCE_TO_SIGN", 0.2)
    for _ in range(2):
        with pytest.raises(errors.TokenFailed):
            key.sign(b"content")
    session.close()


def test_an_interrupt_does_not_wait_for_it_and_what_was_signed_is_there(make_token: MakeToken, make_pdf) -> None:
    module, sources = make_token(ON_SIGN="for (;;) pause()"), [make_pdf("a.pdf"), make_pdf("b.pdf")]
    command = ["desktop", "sign", "--pkcs11", module, "--pin-stdin", "--yes", "--key", "1", *sources]
    with subprocess.Popen(
        [sys.executable, "-m", *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(f"{PIN}\n")
        process.stdin.close()
        while "a-signed.pdf" not in (line := process.stderr.readline()) or "→" in line:
            assert line
        time.sleep(0.5)  # the second is being signed, or is about to be
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert sorted(each.name for each in sources[0].parent.glob("*.pdf")) == ["a-signed.pdf", "a.pdf", "b.pdf"]


def test_what_a_library_prints_is_not_among_what_is_told_to_scripts(
    make_token: MakeToken, capfd: pytest.CaptureFixture[str]
) -> None:
    opened(make_token(ON_LOGIN='(void)!write(1, "noise", 5)')).close()
    assert capfd.readouterr().out == ""


def test_a_pin_that_ran_out_is_told(make_token: MakeToken) -> None:
    with pytest.raises(errors.TokenPinExpired):
        opened(make_token(ON_LOGIN="return PIN_EXPIRED"))


def test_two_tokens_of_one_label_are_told_apart(make_token: MakeToken, sign, make_pdf) -> None:
    module = make_token()
    command = ["softhsm2-util", "--init-token", "--free", "--label", "Office", "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(command, check=True, capture_output=True)
    source = make_pdf()
    status, said = sign(module, source, "--reader", "Office")
    assert status == 2
    (full,) = [each for each in tokens_behind(module) if each.certificates]
    assert said.count("Office · SoftHSM v2 · slot ") == 2
    assert f"slot {full.slot}" in said
    status, said = sign(module, source, "--reader", full.slot)
    assert status == 0, said


def test_a_library_that_ends_its_process_at_once_is_told(make_token: MakeToken, sign, make_pdf) -> None:
    module = make_token()
    (module.with_suffix(".c")).write_text("#include <stdlib.h>\nvoid C_GetFunctionList(void) { abort(); }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", module, module.with_suffix(".c")], check=True)
    status, said = sign(module, make_pdf())
    assert (status, "key.module-unusable" in said) == (5, True)
