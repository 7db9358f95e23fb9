"""The setup for Windows over a stand-in for the program: compiled, run under Wine, and gone without a trace."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.integration.commands import VERBS
from installer.windows import setup, verbs

pytestmark = pytest.mark.skipif(not shutil.which("makensis"), reason="nsis is not installed")
with_wine = pytest.mark.skipif(
    not (shutil.which("wine") and os.environ.get("JITSUIN_WINE")),
    reason="it takes a minute: with wine installed, JITSUIN_WINE=1 runs it",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    work = tmp_path_factory.mktemp("setup")
    parts = {
        "jitsuin.exe": b"MZ window",
        "jitsuin.com": b"MZ terminal",
        "_internal/書類/a.txt": b"a",
        "_internal/b": b"b",
    }
    for name, content in parts.items():
        path = work / "dist" / "jitsuin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return setup.build(work / "dist" / "jitsuin", work / "dist", version="1.2.3")


def test_setup_is_a_program_of_64_bits_that_asks_for_no_rights(made) -> None:
    content = made.read_bytes()
    assert content.startswith(b"MZ")
    head = int.from_bytes(content[0x3C:0x40], "little")  # PE format, “Machine types”
    assert content[head : head + 6] == b"PE\0\0\x64\x86"
    assert b'requestedExecutionLevel level="asInvoker"' in content


class Windows:
    """A prefix of Wine: what is on its disk and in the registry of its user."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        quiet = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=", "WINEARCH": "win64"}
        kept = {name: os.environ[name] for name in ("PATH",)}
        self._environment = {
            **kept,
            **quiet,
            "WINEPREFIX": str(prefix),
            "HOME": str(prefix.parent),
            "LC_ALL": "C.UTF-8",
        }
        self.run("wineboot", "-i")

    def run(self, *command: str | Path) -> int:
        status = subprocess.run(
            ["wine", *command], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120
        ).returncode
        subprocess.run(["wineserver", "-w"], env=self._environment, timeout=120)  # what it started has ended too
        return status

    def files(self) -> set[str]:
        found = (path.relative_to(self.prefix) for path in (self.prefix / "drive_c").rglob("*"))
        return {str(path) for path in found if "Temp" not in path.parts}

    def registry(self) -> set[tuple[str, str]]:
        """Key and line of each value, of the user."""
        export = self.prefix.parent / "export.reg"
        self.run("reg", "export", "HKCU", f"z:{export}".replace("/", "\\"), "/y")
        key, found = "", set()
        for line in export.read_text("utf-16").splitlines():
            key = line.strip("[]") if line.startswith("[") else key
            found.add((key, line))
        export.unlink()
        return found


@pytest.fixture(scope="module")
def windows(tmp_path_factory) -> Iterator[Windows]:
    folder = tmp_path_factory.mktemp("wine")
    yield Windows(folder / "prefix")
    shutil.rmtree(folder)


@with_wine
def test_setup_puts_the_program_in_and_takes_it_out_without_a_trace(windows, made) -> None:
    files, registry = windows.files(), windows.registry()
    assert windows.run(made, "/S") == 0
    new = {name.partition("/AppData/")[2] for name in windows.files() - files}
    assert {"Local/Programs/Jitsuin/jitsuin.exe", "Local/Programs/Jitsuin/_internal/書類/a.txt"} <= new
    assert "Roaming/Microsoft/Windows/Start Menu/Programs/Jitsuin.lnk" in new
    values = windows.registry() - registry
    assert_verbs_stand({line for _key, line in values})
    uninstall = {line for key, line in values if key.endswith(r"Uninstall\Jitsuin")}
    assert '"DisplayVersion"="1.2.3"' in uninstall
    assert any(
        line.startswith('"QuietUninstallString"') and line.endswith('uninstall.exe\\" /S"') for line in uninstall
    )
    assert windows.run(made, "/S") == 0  # over itself: an update
    assert windows.run(*uninstaller(windows), "/S") == 0
    assert windows.files() == files | parents_that_stay(windows.files() - files)
    assert {key.rpartition("\\")[2] for key, _line in windows.registry() ^ registry} <= {
        "Classes"
    }  # where all have theirs


def assert_verbs_stand(lines: set[str]) -> None:
    commands = {line for line in lines if "--page=" in line}
    assert commands
    assert all(
        re.fullmatch(r'@="\\"C:(\\\\[^"]+)+\\\\jitsuin\.exe\\" --page=\w+ -- \\"%1\\""', each) for each in commands
    )
    labels = {f'"MUIVerb"="{verb.label.en.replace("_", "&")}"' for verb in VERBS}  # the prefix speaks English
    assert labels <= lines


def uninstaller(windows: Windows) -> list[str]:
    [path] = windows.prefix.glob("drive_c/users/*/AppData/Local/Programs/Jitsuin/uninstall.exe")
    return [str(path)]


def parents_that_stay(left: set[str]) -> set[str]:
    """Folders of Windows that this bare one did not have."""
    return {name for name in left if name.endswith(("AppData/Local/Programs", "Start Menu/Programs"))}


@with_wine
def test_setup_goes_where_it_is_told_and_leaves_files_of_others(windows, made) -> None:
    folder = windows.prefix / "drive_c" / "よそ"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert windows.run(made, "/S", "/D=C:\\よそ") == 2
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    (folder / "mine.txt").unlink()
    assert windows.run(made, "/S", "/D=C:\\よそ") == 0
    (folder / "mine.txt").write_text("mine")
    assert windows.run(str(folder / "uninstall.exe"), "/S") == 0
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_every_verb_of_both_languages_is_in_the_script() -> None:
    script = verbs.put_script()
    assert {line for line in script if "MUIVerb" in line} >= {
        line for line in verbs.put_lines("ja") if "MUIVerb" in line
    }
    assert len(script) == len(verbs.put_lines("ja")) + len(verbs.put_lines("en")) + 3
