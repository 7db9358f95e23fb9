"""Which libraries in the folder of the program are those of the system on which it was frozen, and which stay in it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

# Desktops do not always have these, and no newer C library is asked for by them; all others come from the system.
_BROUGHT: Final = re.compile(r"lib(xcb-\w+(-\w+)?|xkbcommon(-x11)?|bz2|crypto|ffi|lzma|readline|ssl|tinfo|uuid)\.so")
# What Qt and pyscard load by name while they run, and what draws Japanese.
LOADED: Final = ("libegl1", "libgl1", "libpcsclite1")
_INTERNAL: Final = "_internal"


def of_system(folder: Path) -> dict[Path, str]:
    """The libraries that packages of this Debian or Ubuntu own, each with its package. Python's comes with it."""
    libraries = sorted((folder / _INTERNAL).glob("lib*.so*"))
    found = {path: _owner(path.name) for path in libraries if not path.name.startswith("libpython")}
    return {path: owner for path, owner in found.items() if owner}


def _owner(library: str) -> str:
    """Empty where no package owns it, as for what came with Qt."""
    command = ["dpkg-query", "--search", f"*/{library}"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    # On one line several architectures: "libfoo1:amd64, libfoo1:i386: /usr/lib/…".
    for line in answer.splitlines():
        owners, _colon, path = line.rpartition(": ")
        if re.fullmatch(r"(/usr)?/lib/[^/]+/[^/]+", path):
            return owners.partition(",")[0].partition(":")[0]
    return ""


def leave_to_system(folder: Path) -> list[str]:
    """Take out of `folder` all libraries of the system; tell the packages that have to be there instead."""
    return _take_out(folder, of_system(folder))


def keep_brought(folder: Path) -> list[str]:
    """Take out those that every desktop has, add the licences of the rest; tell the packages that have to be there."""
    libraries = of_system(folder)
    kept = {owner for path, owner in libraries.items() if _BROUGHT.match(path.name)}
    for owner in kept:
        text = Path("/usr/share/doc") / owner / "copyright"
        shutil.copyfile(text, folder / _INTERNAL / "licences" / f"{owner}-copyright.txt")
    return _take_out(folder, {path: owner for path, owner in libraries.items() if not _BROUGHT.match(path.name)})


def _take_out(folder: Path, libraries: dict[Path, str]) -> list[str]:
    """Without those that only others of them ask for: their packages see to that."""
    for path in libraries:
        path.unlink()
    asked_for = {name for path in _loadable(folder) for name in _read(r"NEEDED +(\S+)", "-p", path)}
    direct = {owner for path, owner in libraries.items() if path.name in asked_for}
    # In the releases after the change to 64 bits of time, packages have a new name and provide the old one.
    return sorted({owner.removesuffix("t64") for owner in direct} | set(LOADED))


def _loadable(folder: Path) -> list[Path]:
    return [folder / "jitsuin", *(path for path in folder.rglob("*.so*") if path.is_file())]


def _read(pattern: str, option: str, path: Path) -> list[str]:
    listing = subprocess.run(["objdump", option, path], capture_output=True, text=True, check=True).stdout
    return re.findall(pattern, listing)


def c_library(folder: Path) -> str:
    """The oldest version of the GNU C library with which every part of the folder loads."""
    versions = {found for path in _loadable(folder) for found in _read(r"GLIBC_(\d+\.\d+)", "-T", path)}
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def strip(folder: Path) -> None:
    """Take out what only debuggers read. By the policy of Debian, 10.2, libraries are not executable."""
    for path in folder.rglob("*.so*"):
        if path.is_file():
            subprocess.run(["strip", "--strip-unneeded", "--remove-section=.comment", path], check=True)
            _look_nowhere_else(path)
            path.chmod(0o644)


def _look_nowhere_else(library: Path) -> None:
    """Python's own libraries say where they lay on the machine that made them; $ORIGIN is the folder they are in."""
    content = library.read_bytes()
    for told in _read(r"R(?:UN)?PATH +(/\S+)", "-p", library):
        there = told.encode() + b"\0"
        content = content.replace(there, b"$ORIGIN".ljust(len(there), b"\0") if len(there) > len("$ORIGIN") else there)
    library.write_bytes(content)
