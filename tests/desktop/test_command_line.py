"""The command line as scripts rely on it, with the practice card behind it and real documents in front."""

import contextlib
import io
import json
import logging
import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509

from desktop import messages
from desktop.command_line import main
from signing.card.practice import PRACTICE_PIN, practice_root
from signing.card.practice_pki import load_practice

ROOT = Path(__file__).parent.parent.parent
WRONG_PIN = "XYZ9876"
SIGNED = "contract-practice-signed.pdf"
MakePdf = Callable[..., Path]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice card is made once: its keys take a second."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _at_home(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("desktop.places.data_folder", lambda: data_folder)
    before = messages.language()
    messages.set_language("en")
    yield
    messages.set_language(before)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[int, str, str]]:
    """A function that carries out a command: its exit status, standard output and standard error."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))

    def carry_out(*words: object, stdin: str | None = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", None if stdin is None else io.StringIO(stdin))
        capsys.readouterr()
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return carry_out


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def signed(run: Run, make_pdf: MakePdf) -> Path:
    source = make_pdf()
    assert run("sign", source, "--practice", "--yes", "--pin-stdin", stdin=f"{PRACTICE_PIN}\n")[0] == 0
    return source.with_name(SIGNED)


def tampered(signed: Path) -> Path:
    path = signed.with_name("tampered.pdf")
    path.write_bytes(signed.read_bytes().replace(b"(Page 1)", b"(Page 9)"))
    return path


# --- sign


def test_sign_beside_the_source(run: Run, make_pdf: MakePdf) -> None:
    source = make_pdf()
    before = source.read_bytes()
    status, out, err = run("sign", source, "--practice", "--yes", "--pin-stdin", stdin=f"{PRACTICE_PIN}\n")
    assert status == 0
    assert out == ""
    assert source.with_name(SIGNED).read_bytes().startswith(before)
    assert source.read_bytes() == before
    for said in ("PRACTICE", "SHA-256", "Tries left: 5", "name, address, date of birth and sex", SIGNED):
        assert said in err


def test_sign_json_is_exactly_the_contract(run: Run, make_pdf: MakePdf, tmp_path: Path) -> None:
    source, missing = make_pdf(), tmp_path / "missing.pdf"
    words = ("sign", source, missing, "--practice", "--yes", "--pin-stdin", "--json", "--profile", "registry")
    status, out, _err = run(*words, stdin=f"{PRACTICE_PIN}\n")
    answer = json.loads(out)
    assert status == 1
    assert answer["version"] == 1
    good, bad = answer["files"]
    assert good == {
        "path": str(source),
        "output": str(source.with_name(SIGNED)),
        "profile": "registry",
        "sha256": good["sha256"],
        "error": None,
    }
    assert re.fullmatch("[0-9a-f]{64}", good["sha256"])
    assert (bad["path"], bad["output"], bad["sha256"]) == (str(missing), None, None)
    assert bad["error"].keys() == {"code", "text"}
    assert bad["error"]["code"] == "document.not-found"


def test_lower_case_and_full_width_are_understood(run: Run, make_pdf: MakePdf) -> None:
    assert run("sign", make_pdf(), "--practice", "--yes", "--pin-stdin", stdin="ａｂｃ１２３\r\n")[0] == 0


@pytest.mark.parametrize(
    ("pin", "code"), [(WRONG_PIN, "pin.incorrect"), ("12345", "pin.format"), ("", "pin.format")], ids=str
)
def test_a_password_that_fails(run: Run, make_pdf: MakePdf, pin: str, code: str) -> None:
    source = make_pdf()
    status, out, err = run("sign", source, "--practice", "--yes", "--pin-stdin", "--json", stdin=f"{pin}\n")
    (file,) = json.loads(out)["files"]
    assert status == 5
    assert file["error"]["code"] == code
    assert file["output"] is None
    assert list(source.parent.iterdir()) == [source]
    assert ("Tries left: 4" in err) is (code == "pin.incorrect")


def test_a_my_number_is_pointed_out_and_its_digits_are_not(run: Run, make_pdf: MakePdf) -> None:
    path = make_pdf(text="My Number 1234 5678 9018")
    status, out, err = run("sign", path, "--practice", "--pin-stdin", "--yes", stdin=f"{PRACTICE_PIN}\n")
    assert status == 0
    assert "There seems to be a My Number in it (page 1)." in err
    assert "9018" not in out + err


def test_what_a_destination_would_refuse_is_told_before_the_password(run: Run, make_pdf: MakePdf) -> None:
    articles = make_pdf("articles.pdf", ballast=10_000_000)
    status, _out, said = run("sign", articles, "--practice", "--yes", "--profile", "registry")
    assert status == 2  # no password can be asked for here
    assert not articles.with_name("articles-practice-signed.pdf").exists()
    assert "asked for is a file up to 10.0 MB. With its signature it will have about 10.0 MB." in said
    assert "(Source: www.moj.go.jp/MINJI/DENSHIKOSHO/denshikosho4.html (2025-10-01))" in said

    more = make_pdf("more.pdf", ballast=5_000_000)
    attach = ("sign", "--practice", "--yes", "--pin-stdin", "--json", "--profile", "e-tax-attachment")
    status, out, said = run(*attach, articles, more, stdin=f"{PRACTICE_PIN}\n")
    assert status == 0  # it is told, and no more
    assert "Together these files will have about 15.1 MB." in said
    assert [file["profile"] for file in json.loads(out)["files"]] == ["pades-b-b", "pades-b-b"]


def test_nothing_is_signed_without_confirmation(run: Run, make_pdf: MakePdf) -> None:
    source = make_pdf()
    status, _out, err = run("sign", source, "--practice", "--pin-stdin", stdin=f"{PRACTICE_PIN}\n")
    assert status == 2
    assert "--yes" in err
    assert list(source.parent.iterdir()) == [source]


def test_without_a_terminal_the_password_must_be_handed_in(run: Run, make_pdf: MakePdf) -> None:
    status, _out, err = run("sign", make_pdf(), "--practice", "--yes", stdin=f"{PRACTICE_PIN}\n")
    assert status == 2
    assert "--pin-stdin" in err


def test_no_standard_input_at_all(run: Run, make_pdf: MakePdf) -> None:
    status, _out, err = run("sign", make_pdf(), "--practice", "--yes", "--pin-stdin", stdin=None)
    assert status == 2
    assert "--pin-stdin" in err


def test_a_defect_is_told_without_a_traceback(run: Run, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a name")

    monkeypatch.setattr("desktop.terminal.sign.rehearse", fail)
    status, out, err = run("sign", make_pdf(), "--practice", "--yes", "--pin-stdin")
    assert (status, out) == (1, "")
    assert "[unexpected]" in err
    assert "a name" not in err


def test_into_another_folder(run: Run, make_pdf: MakePdf, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    words = ("sign", make_pdf(), "--practice", "--yes", "--pin-stdin", "--output", folder)
    assert run(*words, stdin=f"{PRACTICE_PIN}\n")[0] == 1
    folder.mkdir()
    assert run(*words, stdin=f"{PRACTICE_PIN}\n")[0] == 0
    assert [path.name for path in folder.iterdir()] == [SIGNED]


def test_a_file_that_fails_does_not_stop_the_rest(run: Run, make_pdf: MakePdf, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    words = ("sign", broken, make_pdf(), tmp_path, "--practice", "--yes", "--pin-stdin")
    status, _out, err = run(*words, stdin=f"{PRACTICE_PIN}\n")
    assert status == 1
    assert (tmp_path / SIGNED).exists()
    assert "document.damaged" in err
    assert "document.directory" in err


@pytest.mark.parametrize(
    "words",
    [
        ("sign",),
        ("sign", "a.pdf", "--p12", "a.p12", "--pkcs11", "b.so"),
        ("sign", "a.pdf", "--profile", "other"),
        ("sign", "a.pdf", "--pin", PRACTICE_PIN),
        ("verify",),
        ("verify", "a.pdf", "--at", "yesterday"),
        ("verify", "a.pdf", "--report", "a.docx"),
        ("verify", "a.pdf", "--trust", "does-not-exist.pem"),
        ("integrate", "nautilus"),
        ("unknown",),
        (),
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals in the standard library")
@pytest.mark.parametrize("last_try", [False, True], ids=["many tries", "last try"])
def test_at_a_terminal_the_password_is_not_shown(make_pdf: MakePdf, data_folder: Path, last_try: bool) -> None:
    import pty

    code = (
        "import sys; from pathlib import Path; import desktop.places as places, desktop.card.choice as choice;"
        "from desktop.command_line import main; from signing.card.practice import PracticeReaders;"
        "from signing.card.practice_options import PracticeOptions; from desktop.messages import set_language;"
        "folder = Path(sys.argv.pop(1)); tries = int(sys.argv.pop(1)); set_language('en');"
        "import desktop.terminal.keys as command;"
        "command.readers_for = lambda **_: PracticeReaders(folder, PracticeOptions(signature_tries=tries));"
        "sys.exit(main())"
    )
    source = make_pdf()
    tries = "1" if last_try else "5"
    arguments = [sys.executable, "-c", code, str(data_folder / "practice"), tries, "sign", "--practice", str(source)]
    try:
        process, terminal = pty.fork()
    except OSError:
        pytest.skip("this system gives no pseudo-terminals")
    if process == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, arguments)
    shown = answer(terminal, b"[y/N] ", b"y\n")
    if last_try:
        shown += answer(terminal, b"[y/N] ", b"y\n")
    shown += answer(terminal, b"password: ", PRACTICE_PIN.encode() + b"\n") + answer(terminal, None, b"")
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert PRACTICE_PIN.encode() not in shown
    assert (b"last try" in shown) is last_try
    assert source.with_name(SIGNED).exists()


def answer(terminal: int, prompt: bytes | None, reply: bytes) -> bytes:
    """Read up to the prompt, or to the end, and reply."""
    shown = b""
    while prompt is None or not shown.endswith(prompt):
        assert select.select([terminal], [], [], 60)[0], f"it waits, and said: {shown[-200:]!r}"
        try:
            piece = os.read(terminal, 1000)
        except OSError:  # Linux: the other end has closed
            piece = b""
        if not piece:
            break
        shown += piece
    if reply:
        os.write(terminal, reply)
    return shown


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, EOFError], ids=["Ctrl-C", "end of input"])
def test_cancelling_leaves_nothing_behind(
    run: Run, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise interruption

    monkeypatch.setattr("desktop.terminal.console.is_interactive", lambda: True)
    monkeypatch.setattr("getpass.getpass", interrupted)
    source = make_pdf()
    assert run("sign", source, "--practice", "--yes")[0] == 130
    assert list(source.parent.iterdir()) == [source]


# --- verify


def test_verify_json_is_exactly_the_contract(run: Run, signed: Path) -> None:
    status, out, _err = run("verify", signed, "--json")
    (file,) = json.loads(out)["files"]
    (signature,) = file["signatures"]
    assert status == 3
    assert list(file) == ["path", "kind", "sha256", "verdict", "problems", "signatures"]
    assert (file["path"], file["kind"], file["verdict"]) == (str(signed), "pdf", "indeterminate")
    assert datetime.fromisoformat(signature.pop("signing_time")).tzinfo is not None
    assert signature == {
        "name": "Signature1",
        "format": "PAdES",
        "level": "B-B",
        "indication": "INDETERMINATE",
        "sub_indication": "NO_CERTIFICATE_CHAIN_FOUND",
        "intact": True,
        "covers": "whole",
        "changes_after": "none",
        "issuer_class": "practice",
        "trusted": False,
        "revocation": "not-checked",
        "signer": "実印　花子",
        "timestamp_time": None,
        "signed_element": None,
    }


def test_the_exit_status_tells_the_worst(run: Run, signed: Path, make_pdf: MakePdf, tmp_path: Path) -> None:
    unsigned, bad = make_pdf("unsigned.pdf"), tampered(signed)
    assert run("verify", signed)[0] == 3
    assert run("verify", signed, unsigned)[0] == 4
    assert run("verify", signed, tmp_path / "missing.pdf")[0] == 4
    assert run("verify", unsigned, signed, bad)[0] == 1


def test_the_words_come_first_and_go_to_standard_error(run: Run, signed: Path) -> None:
    status, out, err = run("verify", signed)
    assert (status, out) == (3, "")
    assert "No change since signing." in err
    assert "【PRACTICE】" in err


def test_the_name_is_withheld_where_integrity_fails(run: Run, signed: Path) -> None:
    status, out, _err = run("verify", tampered(signed), "--json")
    (signature,) = json.loads(out)["files"][0]["signatures"]
    assert status == 1
    assert (signature["intact"], signature["signer"], signature["indication"]) == (False, None, "TOTAL-FAILED")


def test_folders_are_searched_and_links_do_not_loop(run: Run, signed: Path, tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "deep.pdf").write_bytes(signed.read_bytes())
    (deep / "notes.txt").write_text("not a document")
    (deep / "empty.pdf").touch()
    try:
        (deep / "back").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    _status, out, _err = run("verify", tmp_path / "a", "--json")
    found = {Path(file["path"]).name: file["verdict"] for file in json.loads(out)["files"]}
    assert found == {"deep.pdf": "indeterminate", "empty.pdf": "unreadable"}


def test_paths_are_told_as_they_were_given(
    run: Run, signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = os.path.relpath(signed.parent)
    _status, out, _err = run("verify", "--json", f"./{folder}//{signed.name}")
    assert [file["path"] for file in json.loads(out)["files"]] == [f"./{folder}//{signed.name}"]


def test_an_empty_folder_is_no_success(run: Run, tmp_path: Path) -> None:
    assert run("verify", tmp_path)[0] == 4


def test_trust_for_this_call_and_the_moment(run: Run, signed: Path, data_folder: Path, tmp_path: Path) -> None:
    anchor = tmp_path / "practice.der"
    anchor.write_bytes(practice_root(data_folder / "practice"))
    early = "2001-01-01T00:00:00+09:00"
    assert json.loads(run("verify", signed, "--json")[1])["files"][0]["signatures"][0]["trusted"] is False
    for words, reason in (((), "TRY_LATER"), (("--at", early), "OUT_OF_BOUNDS_NO_POE")):
        _status, out, _err = run("verify", signed, "--trust", anchor, "--json", *words)
        (signature,) = json.loads(out)["files"][0]["signatures"]
        assert signature["trusted"] is True
        assert signature["sub_indication"] == reason


def test_a_report_is_the_json_and_never_written_over(run: Run, signed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    _status, out, _err = run("verify", signed, "--json", "--report", report)
    assert json.loads(report.read_text(encoding="utf-8")) == json.loads(out)
    before = report.read_bytes()
    assert run("verify", signed, "--report", report)[0] == 2
    assert report.read_bytes() == before


@pytest.mark.parametrize("ending", ["csv", "xml", "html", "pdf"])
def test_a_report_in_the_form_that_its_ending_asks_for(run: Run, signed: Path, tmp_path: Path, ending: str) -> None:
    report = tmp_path / f"report.{ending}"
    assert run("verify", signed, "--report", report)[0] == 3
    begins = {"csv": b"\xef\xbb\xbfpath,", "xml": b"<?xml ", "html": b"<!DOCTYPE html>", "pdf": b"%PDF-"}
    content = report.read_bytes()
    assert content.startswith(begins[ending])
    assert ending == "pdf" or b"TRY_LATER" in content or b"NO_CERTIFICATE_CHAIN_FOUND" in content
    assert run("verify", signed, "--report", report)[0] == 2
    assert report.read_bytes() == content


def test_pdf_says_so_where_qt_does_not_run(
    run: Run, signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "desktop.verify.report_pdf", None)  # what import leaves where it fails
    status, _out, err = run("verify", signed, "--report", tmp_path / "report.pdf")
    assert (status, ".html" in err, (tmp_path / "report.pdf").exists()) == (2, True, False)


def test_the_etsi_form_needs_a_signature(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    assert run("verify", tmp_path / "a.txt", "--report", tmp_path / "report.xml")[0] == 2
    assert not (tmp_path / "report.xml").exists()


# --- card and doctor


def test_card_json(run: Run) -> None:
    status, out, _err = run("card", "--practice", "--json")
    facts = json.loads(out)
    assert status == 0
    assert (facts["version"], facts["practice"], facts["token"]) == (1, True, "my-number-card")
    assert facts["signature"] == {"certificate": True, "tries_left": 5, "not_before": None, "not_after": None}
    assert facts["authentication"]["tries_left"] == 3
    assert datetime.fromisoformat(facts["authentication"]["not_after"]) > datetime.now(UTC)
    renewal = facts["renewal"]
    assert (renewal["state"], renewal["forecast"], renewal["next_step"]) == ("not-yet", True, "nothing")
    assert renewal["opens"] < renewal["ends"] == facts["authentication"]["not_after"][:10]


@pytest.mark.parametrize(
    ("name", "state", "step"),
    [
        ("opens-today", "renew", "renew"),
        ("last-day", "last-day", "renew-today"),
        ("expired", "expired", "issue-anew"),
        ("no-signature-certificate", "not-on-card", "ask-for-issue"),
        ("locked", "not-yet", "reset-password"),
    ],
)
def test_practice_card_in_a_state(run: Run, name: str, state: str, step: str) -> None:
    status, out, _err = run("card", "--practice-state", name, "--json")
    renewal = json.loads(out)["renewal"]
    assert status == 0
    assert (renewal["state"], renewal["next_step"]) == (state, step)
    assert "practice card" in run("card", "--practice-state", name)[2]


@pytest.mark.parametrize("state", ["phone", "other-card"])
def test_what_is_no_card_of_the_person_is_told_as_practice(run: Run, state: str) -> None:
    assert json.loads(run("card", "--practice-state", state, "--json")[1])["practice"] is True
    for command in ("card", "doctor"):
        assert "【PRACTICE】" in run(command, "--practice-state", state)[2]


def test_card_whose_certificate_cannot_be_read_is_not_said_to_need_nothing(
    run: Run, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice_root(data_folder / "practice")
    shutil.copytree(data_folder / "practice", tmp_path / "practice")
    (tmp_path / "practice" / "practice-card" / "authentication.cer").write_bytes(b"\x30\x03\x02\x01\x07")
    monkeypatch.setattr("desktop.places.data_folder", lambda: tmp_path)
    status, out, _err = run("card", "--practice", "--json")
    answer = json.loads(out)
    assert (status, answer["error"]["code"]) == (5, "certificate.unreadable")
    assert (answer["renewal"]["state"], answer["renewal"]["next_step"]) == ("unknown", None)


def test_tries_of_a_certificate_that_is_not_there_are_not_told(run: Run) -> None:
    assert "Tries left: 5." not in run("card", "--practice-state", "no-signature-certificate")[2]


def test_practice_card_in_no_state_that_there_is(run: Run) -> None:
    status, _out, err = run("card", "--practice-state", "enchanted")
    assert status == 2
    assert "argument --practice-state: invalid choice: “enchanted” (choose from new, " in err


def test_card_in_words(run: Run) -> None:
    status, out, err = run("--practice", "card")
    assert (status, out) == (0, "")
    assert "PRACTICE" in err
    assert "Tries left: 5." in err


def test_card_that_is_not_there(run: Run) -> None:
    status, out, _err = run("card", "--practice", "--reader", "another", "--json")
    answer = json.loads(out)
    assert status == 5
    assert answer["error"]["code"] == "card.no-reader"
    assert answer["reader"] is None


class FakeReaders:
    """A reader whose name carries a serial number, as PC/SC makes them."""

    practice = False

    def states(self) -> tuple[Any, ...]:
        from signing.card import ReaderState

        return (ReaderState("Maker Model 7 (5355A1B2) 00 00", None),)


def test_doctor_tells_what_to_do_and_nothing_personal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.terminal.card.readers_for", lambda **_: FakeReaders())
    monkeypatch.setattr("desktop.card.doctor.importlib.util.find_spec", lambda _name: object())
    status, out, _err = run("doctor", "--json")
    findings = json.loads(out)
    assert status == 5
    assert findings["service"] is True
    assert findings["readers"] == [{"name": "Maker Model 7 00 00", "card": False, "virtual": False}]
    assert findings["error"]["code"] == "doctor.no-card"
    everything = out + run("doctor")[2]
    for personal in ("5355A1B2", str(Path.home()), os.uname().nodename if hasattr(os, "uname") else "\0"):
        assert personal not in everything


def test_doctor_without_the_library(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.card.doctor.importlib.util.find_spec", lambda _name: None)
    status, out, _err = run("doctor", "--json")
    assert status == 5
    assert json.loads(out)["error"]["code"] == "doctor.library-missing"


def test_doctor_finds_the_practice_card_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.card.doctor.importlib.util.find_spec", lambda _name: None)
    status, out, _err = run("doctor", "--practice", "--json")
    answer = json.loads(out)
    assert (status, answer["error"], answer["token"]) == (0, None, "my-number-card")
    assert [finding["code"] for finding in answer["findings"]] == ["doctor.ready"]


# --- what must never be written


def test_nothing_personal_is_written(
    run: Run, make_pdf: MakePdf, data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In what is said, logged and kept: no password, address, serial number; name and paths only as an answer."""
    caplog.set_level(logging.DEBUG)
    source = make_pdf("secret-contract.pdf")
    signed_path = source.with_name("secret-contract-practice-signed.pdf")
    said = {
        "right": run("sign", source, "--practice", "--yes", "--pin-stdin", "--json", stdin=f"{PRACTICE_PIN}\n"),
        "wrong": run("sign", source, "--practice", "--yes", "--pin-stdin", "--json", stdin=f"{WRONG_PIN}\n"),
        "verify": run("verify", signed_path),
        "json": run("verify", signed_path, "--json"),
        "card": run("card", "--practice"),
        "card json": run("card", "--practice", "--json"),
        "doctor": run("doctor"),
    }
    written = {command: out + err for command, (_status, out, err) in said.items()}
    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    kept = [path for path in data_folder.rglob("*") if path.is_file() and data_folder / "practice" not in path.parents]
    assert kept == []
    assert logged, "no log, no proof"
    always, name = personal_facts(data_folder)
    for text in (*written.values(), logged):
        assert [secret for secret in always if secret.lower() in text.lower()] == []
    for command, text in written.items():
        assert (name in text) is (command == "json")
    for text in (logged, written["card"], written["card json"], written["doctor"]):
        assert "secret-contract" not in text
        assert name not in text


def personal_facts(data_folder: Path) -> tuple[list[str], str]:
    """What must appear nowhere, in the forms that it could take; and the name."""
    practice = load_practice(data_folder / "practice", datetime.now(UTC))
    certificate = x509.Certificate.load(practice.signature_certificate)
    other_names = [name.native["value"] for name in certificate.subject_alt_name_value if name.name == "other_name"]
    address = max((value for value in other_names if not value.isdigit()), key=len)
    (holder,) = [value for value in other_names if not value.isdigit() and value != address]
    pins = [form for pin in (PRACTICE_PIN, WRONG_PIN) for form in (pin, pin.encode().hex(), repr(list(pin.encode())))]
    serial = certificate.serial_number
    return [*pins, address, "19900401", f"{serial}", f"{serial:x}"], holder


# --- light


def test_the_commands_start_without_qt_and_cryptography() -> None:
    code = (
        "import sys; from desktop.command_line import main; main(['verify', '--help']);"
        "print([name for name in ('PyQt6', 'pyhanko', 'cryptography', 'asn1crypto', 'lxml', 'smartcard', 'aiohttp')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# --- authorities


NO_KEYRING = "This system has no keyring: the password is asked for each time"
NO_TERMINAL = "There is no terminal to ask for the password of Clock."


@pytest.mark.parametrize(
    ("keyring", "words", "unsaid"), [(False, NO_KEYRING, "was not stored"), (True, NO_TERMINAL, "keyring")]
)
def test_why_no_password_was_kept_is_told_as_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, keyring: bool, words: str, unsaid: str
) -> None:
    """Without a keyring at a terminal, or with one and no terminal."""
    monkeypatch.setattr("desktop.time.secrets.has_keyring", lambda: keyring)
    monkeypatch.setattr("desktop.terminal.authority.is_interactive", lambda: not keyring)
    status, _out, told = run("authority", "add", "Clock", "https://clock.example/", "--user", "hanako")
    assert status == 0
    assert words in told
    assert unsaid not in told
    assert "Added: Clock" in told


def test_an_answer_that_nobody_takes_is_told_and_is_no_bad_signature(
    signed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["verify", "--json", str(signed)]) == 2
        assert "standard output" in capsys.readouterr().err
        with contextlib.suppress(OSError):
            full.close()
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["verify", str(signed)]) == 3


def test_a_defect_is_no_bad_signature(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr("desktop.terminal.verify.verdict_sentence", defect)
    assert main(["verify", str(signed)]) == 4  # 1 would say that the signature does not hold


def test_an_authority_is_found_by_the_name_that_is_shown(run: Run) -> None:
    assert run("authority", "add", " \n", "https://clock.example/")[0] == 2
    assert run("authority", "add", "Big\nClock ", "https://clock.example/")[0] == 0
    assert run("authority", "add", "Big Clock", "https://clock.example/")[0] != 0
    assert run("authority", "remove", "Big Clock")[0] == 0


def test_who_is_asked_after_an_authority_went_is_told(run: Run) -> None:
    for name in ("Yamada K.K.", "Clock", "Third"):
        _status, _out, told = run("authority", "add", name, "https://clock.example/")
        assert ".." not in told
    _status, _out, told = run("authority", "remove", "Third")
    assert told.splitlines() == ["Removed: Third."]
    _status, _out, told = run("authority", "remove", "Yamada K.K.")
    assert told.splitlines() == ["Removed: Yamada K.K. Time stamps are now asked for from Clock (clock.example)."]
    _status, _out, told = run("authority", "remove", "Clock")
    assert "Removed: Clock.\nNo time-stamping authority is set." in told
