"""Makes the setup for Windows from the folder of the program, with makensis; on any system that has it.

JITSUIN_SIGN, if it is set, is a command that signs the file whose name follows it: the setup, and what uninstalls.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from installer import icons
from installer.project import project
from installer.windows import verbs

SCRIPT: Final = Path(__file__).with_name("jitsuin.nsi")


def build(folder: Path, into: Path, *, version: str) -> Path:
    """The setup. CalledProcessError where makensis refuses."""
    setup = into / f"jitsuin-{version}-windows-setup.exe"
    work = into.parent / "build" / "windows"
    work.mkdir(parents=True, exist_ok=True)
    icons.write(work / "jitsuin.ico")
    # makensis takes a file for Unicode by its mark; newlines as on the system.
    (work / "put.nsh").write_text("\n".join(verbs.put_script()) + "\n", encoding="utf-8-sig")
    (work / "take-out.nsh").write_text("\n".join(verbs.take_out_lines()) + "\n", encoding="utf-8-sig")
    told = given(version, folder, work, setup).items()
    # Options begin with a slash on Windows, where a dash works too; elsewhere only a dash does.
    options = ["-V2", "-WX", "-INPUTCHARSET", "UTF8", *(f"-D{name}={value}" for name, value in told)]
    subprocess.run([_makensis(), *options, SCRIPT], check=True)
    return setup


def given(version: str, folder: Path, work: Path, setup: Path) -> dict[str, str | Path]:
    """What the script asks for by name; without those of which nothing is known."""
    about = project()
    known = {"MAKER": about.maker, "HOME": about.home, "SIGN": os.environ.get("JITSUIN_SIGN", "")}
    places: dict[str, str | Path] = {"VERSION": version, "FOLDER": folder, "WORK": work, "OUTPUT": setup}
    return places | {name: value for name, value in known.items() if value}


def _makensis() -> str:
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if sys.platform == "win32":  # its setup does not put it on the path
        folders += [rf"{os.environ.get('PROGRAMFILES(X86)', '')}\NSIS"]
    found = shutil.which("makensis", path=os.pathsep.join(folders))
    if not found:
        sys.exit("makensis is missing: NSIS 3 has it (Debian: nsis; Windows: choco install nsis)")
    return found
