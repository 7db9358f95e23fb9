"""`jitsuin verify` over files that hang, crash, grow or explode: each costs its own answer, and the rest is told."""

import json
import os
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.command_line import main
from desktop.work import pool
from signing.validation import verify

MakePdf = Callable[..., Path]


def under_attack(path: Path, **settings: Any) -> Any:
    """In the helper: what a file of this name would do to it."""
    match path.stem:
        case "hang":
            while True:
                pass
        case "crash":
            os.abort()
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "grow":
            return len(bytearray(2 << 30))
        case "fork":
            return os.fork()
    return verify(path, **settings)


def test_each_costs_its_own_answer_alone(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop.terminal.verify.verify", under_attack)
    monkeypatch.setattr(pool, "_ORDINARY", 2.0)
    names = ["first", "hang", "crash", "killed", "grow", "fork", "last"]
    paths = [str(make_pdf(f"{name}.pdf")) for name in names]

    status = main(["verify", "--json", *paths])

    out, err = capsys.readouterr()
    files = json.loads(out)["files"]
    assert status == 4
    assert [file["path"] for file in files] == paths
    assert [file["verdict"] for file in files] == ["unsigned", *["unreadable"] * 5, "unsigned"]
    assert [file["problems"][0]["code"] for file in files[1:-1]] == [
        *("worker.too-slow", "worker.stopped", "worker.stopped", "document.too-complex", "unexpected"),
    ]
    assert "Traceback" not in err


def test_in_words_the_file_is_named_and_the_reason_told(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop.terminal.verify.verify", under_attack)
    monkeypatch.setattr(pool, "_ORDINARY", 1.0)

    assert main(["verify", str(make_pdf("hang.pdf")), str(make_pdf("last.pdf"))]) == 4

    _out, err = capsys.readouterr()
    assert "hang.pdf" in err
    assert "[worker.too-slow]" in err
    assert err.index("hang.pdf") < err.index("last.pdf")


def test_a_zip_bomb_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = tmp_path / "bomb.asice"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        with package.open("META-INF/signatures.xml", "w") as entry:
            for _ in range(300):
                entry.write(bytes(1 << 20))

    assert main(["verify", "--json", str(tmp_path)]) in (1, 4)

    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert file["verdict"] in ("unreadable", "failed")
    assert "worker.too-slow" not in [problem["code"] for problem in file["problems"]]


def test_many_files_are_told_in_the_order_in_which_they_were_named(
    make_pdf: MakePdf, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(make_pdf(f"{number % 7}-{number}.pdf")) for number in range(40)]

    assert main(["verify", "--json", *paths]) == 4

    assert [file["path"] for file in json.loads(capsys.readouterr().out)["files"]] == paths
