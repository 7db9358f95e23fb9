"""Gathers the licences of everything that goes into the folder of the program, from what is installed with it."""

import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

SUMMARY: Final = "SUMMARY.txt"
# What may go together with a program under GPL-3.0-or-later.
_FIT: Final = re.compile(
    r"MIT|BSD|Apache|MPL|Mozilla Public License|L?GPL|GNU|PSF|Python Software Foundation|ISC|Zlib|Unicode",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
_ALWAYS: Final = "pyinstaller"  # what starts the frozen program is its
# Libraries that are linked into a part, or lie in it, without a word of them in what is installed.
_WITHIN: Final = {
    "cryptography": "OpenSSL (Apache-2.0)",
    "lxml": "libxml2, libxslt, libexslt (MIT), zlib (Zlib), libiconv (LGPL-2.1-or-later)",
    "xmlsec": "libxmlsec1, libxml2, libxslt (MIT), OpenSSL (Apache-2.0), zlib (Zlib), libiconv (LGPL-2.1-or-later)",
    "PyQt6-Qt6": "ICU (Unicode-3.0), and what Qt names at doc.qt.io/qt-6/licenses-used-in-qt.html",
}


class UnknownLicence(Exception):
    """A part says nothing of its licence, or something that nobody has looked at."""


def distributions(modules: Iterable[str]) -> list[Distribution]:
    """Those that brought something under the names of the top-level modules, by name."""
    wanted = set(modules)
    parts = {part.name: part for part in metadata.distributions() if part.name == _ALWAYS or wanted & _top_level(part)}
    return sorted(parts.values(), key=lambda part: part.name.lower())


def _top_level(part: Distribution) -> set[str]:
    return {file.parts[0].partition(".")[0] for file in part.files or () if file.parts[0] != ".."}


def licence_of(part: Distribution) -> str:
    """The expression, or what stands in its place; PEP 639 and Core Metadata before it. Raises UnknownLicence."""
    about = part.metadata
    told = "; ".join(about.get_all("License-Expression") or ())
    classified = [
        line.rpartition(":: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    told = told or "; ".join(classified) or "; ".join(about.get_all("License") or ()).partition("\n")[0]
    words = re.split(r"\bAND\b|\bOR\b|[();]", told)
    if not told or not all(_FIT.search(word) for word in words if word.strip()):
        raise UnknownLicence(f"{part.name}: {told or 'nothing'}")
    return told


def texts(part: Distribution) -> list[Path]:
    """The files with the words of its licence."""
    found = [Path(str(file.locate())) for file in part.files or () if _is_text(file.parts)]
    return [path for path in found if path.is_file()]


def _is_text(parts: tuple[str, ...]) -> bool:
    return ".dist-info" in parts[0] and bool(_TEXT.search("/".join(parts[1:])))


def python_licence() -> Path:
    """That of the interpreter, which is in the folder too. Raises UnknownLicence."""
    library = Path(sysconfig.get_path("stdlib"))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = [library / "LICENSE.txt", library.parent / "LICENSE.txt", library / "LICENSE"]
    places.append(Path("/usr/share/doc") / version / "copyright")
    for place in places:
        if place.is_file():
            return place
    raise UnknownLicence("python")


def collect(modules: Iterable[str], folder: Path) -> dict[str, Path]:
    """Write all texts and a summary into `folder`, made anew, and tell them by name. Raises UnknownLicence."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = distributions(modules)
    lines = [f"{part.name} {part.version}: {licence_of(part)}" for part in parts]
    for part in parts:
        for number, text in enumerate(texts(part)):
            name = text.name if number == 0 else f"{number}-{text.name}"
            shutil.copyfile(text, folder / f"{part.name}-{name}")
    shutil.copyfile(python_licence(), folder / "Python-LICENSE.txt")
    lines += [f"within {part.name}: {_WITHIN[part.name]}" for part in parts if part.name in _WITHIN]
    lines.append(f"Python {sys.version.split()[0]}: PSF-2.0")
    lines.append("Jitsuin: GPL-3.0-or-later, in the file LICENSE")
    (folder / SUMMARY).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {path.name: path for path in sorted(folder.iterdir())}
