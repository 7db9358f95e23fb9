"""Makes what people install, on the system that it is for.

    python3 installer/package.py folder     the program with all its parts, frozen: dist/jitsuin, or dist/Jitsuin.app
    python3 installer/package.py archive    Linux: a .tar.xz that runs from any folder
    python3 installer/package.py deb        Debian, Ubuntu
    python3 installer/package.py appdir     Linux: an AppDir, and an AppImage where appimagetool is found
    python3 installer/package.py windows    the setup, with makensis
    python3 installer/package.py macos      the disk image
    python3 installer/package.py sbom       what is in it (CycloneDX)
    python3 installer/package.py sums       SHA-256 of all that was made

The first one is done by the others where it is missing. It needs a Python with its shared library, 3.11 or newer, and
nothing else: the tools come from installer/lock/, into build/environment. Results are in dist/.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from installer.project import project  # noqa: E402 - the root must be on the path before

BUILD, DIST, LOCKS = ROOT / "build", ROOT / "dist", ROOT / "installer" / "lock"
ENVIRONMENT: Final = BUILD / "environment"
PYTHON: Final = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FOLDER: Final = DIST / "jitsuin"


def version() -> str:
    return project().version


def run(*command: str | Path, given: str | None = None) -> None:
    """Its failure ends this program too: the reason stands above. `given` is its standard input."""
    print("+", *command, flush=True)
    if status := subprocess.run(command, cwd=ROOT, input=given, encoding="utf-8", check=False).returncode:
        sys.exit(status)


def environment() -> None:
    """Exactly what the program needs, and what freezes it: what tests need must not get into the folder."""
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", ENVIRONMENT)
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    run(*pip, "-r", LOCKS / "run.txt", "-r", LOCKS / "package.txt")
    if sys.platform == "linux":  # has no compiled pyscard
        run(*pip, "--no-build-isolation", "-r", LOCKS / "reader.txt")


def folder() -> None:
    environment()
    spec = ROOT / "installer" / "build" / "jitsuin.spec"
    # What people install is packed as a whole; packed once more, every module would be unpacked at every start.
    os.environ["PYINSTALLER_ZLIB_COMPRESSION_LEVEL"] = "0"
    options = ["--noconfirm", "--log-level=WARN", f"--distpath={DIST}", f"--workpath={BUILD / 'work'}"]
    run(PYTHON, "-P", "-m", "PyInstaller", *options, spec)
    if sys.platform == "win32":
        (FOLDER / "jitsuin-terminal.exe").replace(FOLDER / "jitsuin.com")
    if sys.platform == "linux":
        from installer.linux.libraries import strip

        strip(FOLDER)


def archive() -> None:
    from installer.linux.archive import build

    build(FOLDER, DIST, version=version())


def deb() -> None:
    from installer.linux.deb import build

    build(FOLDER, DIST, version=version())


def appdir() -> None:
    from installer.linux.appdir import build

    build(FOLDER, DIST, version=version())


def windows() -> None:
    from installer.windows.setup import build

    build(FOLDER, DIST, version=version())


def macos() -> None:
    from installer.macos.image import build

    build(DIST / "Jitsuin.app", DIST, version=version())


def sbom() -> None:
    """From the locks: with the hashes of everything that can get into the folder on any system."""
    environment()
    locked = "".join((LOCKS / f"{name}.txt").read_text(encoding="utf-8") for name in ("run", "reader"))
    output = DIST / f"jitsuin-{version()}.cdx.json"
    options = [f"--pyproject={ROOT / 'pyproject.toml'}", "--mc-type=application", "--output-reproducible"]
    run(PYTHON, "-m", "cyclonedx_py", "requirements", *options, "-o", output, "-", given=locked)


def sums() -> None:
    files = [path for path in sorted(DIST.iterdir()) if path.is_file() and path.name != "SHA256SUMS"]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


COMMANDS: Final[dict[str, Callable[[], None]]] = {
    each.__name__: each for each in (folder, archive, deb, appdir, windows, macos, sbom, sums)
}
_OF_FOLDER: Final = ("archive", "deb", "appdir", "windows", "macos")


def main(arguments: list[str]) -> int:
    if not arguments or not set(arguments) <= COMMANDS.keys():
        print(__doc__, file=sys.stderr)
        return 2
    DIST.mkdir(exist_ok=True)
    for name in arguments:
        if name in _OF_FOLDER and not FOLDER.exists():
            folder()
        COMMANDS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
