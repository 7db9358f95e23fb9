"""Makes the Debian package from the folder of the program: below /usr, without scripts, with the system's libraries."""

import gzip
import shutil
import subprocess
from pathlib import Path
from typing import Final

from installer.linux import files, libraries
from installer.project import project

HERE: Final = Path(__file__).parent / "debian"
_ADDED: Final = ("pcscd", "hicolor-icon-theme")
_RECOMMENDED: Final = "fonts-noto-cjk | fonts-ipafont-gothic | fonts-vlgothic"
_SUGGESTED: Final = "python3-nautilus, python3-caja, gnome-keyring"
_EXECUTABLE: Final = ("usr/lib/jitsuin/jitsuin", "share/kio/servicemenus")


def build(folder: Path, into: Path, *, version: str) -> Path:
    """The package, made from a copy of `folder`. CalledProcessError where a tool of Debian fails."""
    tree = into / "debian"
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / "usr" / "lib" / "jitsuin"
    shutil.copytree(folder, program, symlinks=True)
    packages = libraries.leave_to_system(program)
    libraries.strip(program)
    _for_people(tree, version)
    _ordered(tree)
    architecture = _told("dpkg", "--print-architecture")
    (tree / "DEBIAN").mkdir()
    needs = [f"libc6 (>= {libraries.c_library(program)})", *(each for each in packages if each != "libc6"), *_ADDED]
    head = control(version, architecture, needs, size=_kibibytes(tree))
    (tree / "DEBIAN" / "control").write_text(head, encoding="utf-8")
    _write_sums(tree)
    package = into / f"jitsuin_{version}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package], check=True)
    return package


def _for_people(tree: Path, version: str) -> None:
    """The command, what desktops read, the manual page, and what Debian asks of a package."""
    usr = tree / "usr"
    files.write(usr, ["jitsuin"])
    (usr / "bin").mkdir()
    (usr / "bin" / "jitsuin").symlink_to("../lib/jitsuin/jitsuin")
    documents = usr / "share" / "doc" / "jitsuin"
    documents.mkdir(parents=True)
    (documents / "copyright").write_bytes(_filled_in(HERE / "copyright", version))
    licences = usr / "lib" / "jitsuin" / "_internal" / "licences"
    (documents / "licences").symlink_to(Path("../../../lib/jitsuin") / licences.relative_to(usr / "lib" / "jitsuin"))
    _compress(_filled_in(HERE / "changelog", version), documents / "changelog.gz")
    for manual in (usr / "share/man/man1/jitsuin.1.gz", usr / "share/man/ja/man1/jitsuin.1.gz"):
        manual.parent.mkdir(parents=True)
        page = HERE / ("jitsuin.ja.1" if "ja" in manual.parts else "jitsuin.1")
        _compress(_filled_in(page, version), manual)
    overrides = usr / "share" / "lintian" / "overrides" / "jitsuin"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(HERE / "lintian-overrides", overrides)


def _filled_in(source: Path, version: str) -> bytes:
    """A text with what the project says of itself in place of the words in capitals."""
    about = project()
    text = source.read_text(encoding="utf-8").replace("VERSION", version)
    return text.replace("CONTACT", about.contact).replace("MAKER", about.maker).encode()


def _compress(content: bytes, path: Path) -> None:
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def _ordered(tree: Path) -> None:
    """Rights as Debian's policy has them, whatever the umask was."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or any(each in str(path.relative_to(tree)) for each in _EXECUTABLE)
            in_program = "_internal" in path.parts and not path.is_dir()
            path.chmod(0o755 if executable and not in_program else 0o644)
    tree.chmod(0o755)


def control(version: str, architecture: str, needs: list[str], *, size: int) -> str:
    """What dpkg reads of the package; `size` in KiB."""
    about = project()
    head = {
        "Package": "jitsuin",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": about.contact,
        **({"Homepage": about.home} if about.home else {}),
        "Installed-Size": str(size),
        "Depends": ", ".join(needs),
        "Recommends": _RECOMMENDED,
        "Suggests": _SUGGESTED,
        "Section": "utils",
        "Priority": "optional",
        "Description": (HERE / "description").read_text(encoding="utf-8").rstrip(),
    }
    return "".join(f"{name}: {value}\n" for name, value in head.items())


def _kibibytes(tree: Path) -> int:
    return sum(-(-path.lstat().st_size // 1024) for path in tree.rglob("*"))


def _write_sums(tree: Path) -> None:
    content = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    names = [str(path.relative_to(tree)) for path in content if "DEBIAN" not in path.parts]
    sums = subprocess.run(["md5sum", "--", *names], cwd=tree, check=True, capture_output=True).stdout
    (tree / "DEBIAN" / "md5sums").write_bytes(sums)


def _told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
