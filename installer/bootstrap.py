"""Makes Jitsuin ready on a machine that has only Python, and starts or tests it.

    python3 installer/bootstrap.py run [ARGUMENT…]     opens the window; arguments go to jitsuin
    python3 installer/bootstrap.py test [ARGUMENT…]    runs the tests; arguments go to pytest

It needs nothing but the standard library. Everything goes into .venv beside this folder, in the versions and with
the hashes of installer/lock/. What the system lacks is installed where that is possible (Debian and Ubuntu, as root),
else the line that installs it is printed.
"""

from __future__ import annotations  # so that an older Python gets as far as the sentence that refuses it

import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop.words.translation import _  # noqa: E402 - the root must be on the path before

LOCKS = ROOT / "installer" / "lock"
ENVIRONMENT = ROOT / ".venv"
STAMPS = ENVIRONMENT / "jitsuin.json"
OLDEST = (3, 11)
PRACTICE_PIN = "ABC123"  # public, as is everything about the practice card

LIBRARIES = f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}"
# What Debian and Ubuntu call it, and how to see that it is there: a module, a path, a library, or a program.
BASE = {"python3-venv": "import ensurepip"}
WINDOW = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libx11-xcb1": "libX11-xcb.so.1",
    "fonts-noto-cjk": "a Japanese font",
}
CARD = {"pcscd": "pcscd"}
CARD_BUILD = {
    "gcc": "gcc",
    "swig": "swig",
    "libc6-dev": "/usr/include/stdlib.h",
    "libpcsclite-dev": "/usr/include/PCSC/winscard.h",
    "python3-dev": sysconfig.get_path("include") + "/Python.h",
}
TESTS = {
    "appstream": "appstreamcli",
    "dbus-x11": "dbus-launch",
    "desktop-file-utils": "desktop-file-validate",
    "dunst": "dunst",
    "gnome-keyring": "gnome-keyring-daemon",
    "at-spi2-core": "/usr/libexec/at-spi-bus-launcher",
    "gir1.2-atspi-2.0": f"{LIBRARIES}/girepository-1.0/Atspi-2.0.typelib",
    "imagemagick": "convert",
    "iproute2": "ip",
    "libfm-modules": f"{LIBRARIES}/libfm/modules",
    "libnss3-tools": "certutil",
    "nsis": "makensis",
    "openbox": "openbox",
    "opensc": "pkcs15-tool",
    "softhsm2": "softhsm2-util",
    "openssl": "openssl",
    "pcmanfm": "pcmanfm",
    "poppler-utils": "pdfsig",
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "qpdf": "qpdf",
    "strace": "strace",
    "tcpdump": "tcpdump",
    "thunar": "thunar",
    "vsmartcard-vpcd": "/etc/reader.conf.d/vpcd",
    "x11-utils": "xdpyinfo",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "xmlsec1": "xmlsec1",
    "xvfb": "Xvfb",
}
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
_JAPANESE_FONT = re.compile("cjk|ipa(ex)?[gm]|takao|vl-?gothic|sourcehan|droidsansfallback", re.IGNORECASE)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- the system


def present(probe: str) -> bool:
    """Whether the system has what a table above asks for."""
    if probe == "a Japanese font":
        return any(_JAPANESE_FONT.search(file.name) for folder in _FONTS for file in folder.rglob("*.[ot]t[cf]"))
    if probe.startswith("import "):
        return importlib.util.find_spec(probe.removeprefix("import ")) is not None
    if probe.startswith("/"):
        return Path(probe).exists()
    if ".so" in probe:
        try:
            ctypes.CDLL(probe)
        except OSError:
            return False
        return True
    return shutil.which(probe, path=_PATH) is not None


def missing(needs: dict[str, str]) -> list[str]:
    """The packages of `needs` that the system lacks; other systems than Linux bring everything themselves."""
    if sys.platform != "linux":
        return []
    return [package for package, probe in needs.items() if not present(probe)]


def complete_system(needs: dict[str, str]) -> None:
    """Install what is missing where that is allowed here, else print the line that does."""
    packages = missing(needs)
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(_("Installing what the system lacks: {packages}").format(packages=" ".join(packages)))
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], [*install, "-q"]):
            subprocess.run(command, env=quiet, stdout=sys.stderr, check=False)
        packages = missing(needs)
        if not packages:
            return
    if shutil.which("apt-get"):
        say(_("Some parts of the system are missing. This line installs them:"))
        say(f"  sudo apt-get update && sudo {' '.join(install[:4])} {' '.join(packages)}")
    else:
        say(_("Some parts of the system are missing. With the names that Debian gives them:"))
        say("  " + " ".join(packages))


# --- the virtual environment


def python() -> Path:
    """The interpreter of the environment."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment() -> None:
    """A virtual environment of the Python that runs this, with the program on its path and as a command."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    same_python = python().exists() and _version_of_environment() == version
    if not same_python or not STAMPS.exists():
        say(_("Preparing the program. The first time, about 150 MB are fetched."))
        command = [sys.executable, "-m", "venv", *([] if same_python else ["--clear"]), str(ENVIRONMENT)]
        if subprocess.run(command, check=False).returncode:
            sys.exit(_("The virtual environment could not be made; the reason stands above."))
    variables = {"base": str(ENVIRONMENT), "py_version_short": version}
    write_if_changed(Path(sysconfig.get_path("purelib", "venv", variables)) / "jitsuin.pth", f"{ROOT}\n")
    if os.name == "nt":
        write_if_changed(ENVIRONMENT / "Scripts" / "jitsuin.cmd", f'@"{python()}" -P -m desktop %*\n')
    else:
        command_file = ENVIRONMENT / "bin" / "jitsuin"
        write_if_changed(command_file, f'#!/bin/sh\nexec "{python()}" -P -m desktop "$@"\n')
        command_file.chmod(0o755)


def _version_of_environment() -> str | None:
    try:
        written = (ENVIRONMENT / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^version(?:_info)? *= *(\d+\.\d+)", written, re.MULTILINE)
    return found[1] if found else None


def write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def install(name: str, *options: str) -> bool:
    """Install the packages of a lock, unless this state of it is installed already; tell whether that succeeded."""
    lock = LOCKS / f"{name}.txt"
    state = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamps = json.loads(STAMPS.read_text(encoding="utf-8")) if STAMPS.exists() else {}
    if stamps.get(name) == state:
        return True
    command = [str(python()), "-m", "pip", "install", "--require-hashes", "--no-input", "-q"]
    command += ["--disable-pip-version-check", *options, "-r", str(lock)]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        return False
    STAMPS.write_text(json.dumps(stamps | {name: state}), encoding="utf-8")
    return True


def has_card_library() -> bool:
    return sys.platform != "linux" or any(ENVIRONMENT.glob("lib/python3*/site-packages/smartcard"))


def install_card_library() -> None:
    """Linux has no compiled pyscard: compile it, or say that real cards need it and go on."""
    if sys.platform != "linux":
        return
    if not missing(CARD_BUILD) and install("build") and install("reader", "--no-build-isolation"):
        return
    if not has_card_library():
        say(_("Real cards cannot be used yet: pyscard could not be built. The practice card works without it."))


def prepare(*locks: str, needs: dict[str, str]) -> None:
    """Everything between a fresh machine and a program that can start."""
    complete_system(BASE | WINDOW | CARD | ({} if has_card_library() else CARD_BUILD) | needs)
    if missing(BASE):
        sys.exit(1)
    make_environment()
    if not all(install(lock) for lock in locks):
        sys.exit(_("The parts of the program could not be installed; the reason stands above."))
    install_card_library()


# --- the two commands


def run(arguments: list[str]) -> int:
    """Open the window, or do what the arguments say."""
    prepare("run", needs={})
    if not arguments and not has_screen():
        return practise_in_terminal()
    command = [str(python()), "-P", "-m", "desktop", *arguments]
    if os.name != "nt":  # where exec would return to the shell at once
        os.execv(command[0], command)  # noqa: S606 - a list, and no shell is near
    return subprocess.run(command, check=False).returncode


def has_screen() -> bool:
    return sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )


def practise_in_terminal() -> int:
    """Without a screen: sign the practice documents with the practice card, and verify them."""
    say(_("There is no screen, so no window opens. The practice documents are signed and verified here instead."))
    folder = Path(tempfile.mkdtemp(prefix="jitsuin-practice-"), "documents")
    shutil.copytree(ROOT / "resources" / "practice", folder)
    documents = [str(path) for path in sorted(folder.iterdir()) if path.suffix != ".xsl"]
    jitsuin = [str(python()), "-P", "-m", "desktop"]
    sign = [*jitsuin, "sign", "--practice", "--yes", "--pin-stdin", *documents]
    signed = subprocess.run(sign, input=f"{PRACTICE_PIN}\n", text=True, check=False).returncode
    made = [str(path) for path in sorted(folder.glob("*-practice-signed*"))]
    verified = subprocess.run([*jitsuin, "verify", *made], check=False).returncode
    say(_("The signed practice documents are in {folder}").format(folder=folder))
    # 3: intact and not trusted, as befits practice.
    return 0 if (signed, verified) == (0, 3) else 1


def test(arguments: list[str]) -> int:
    """Run the tests."""
    prepare("run", "test", needs=TESTS)
    return subprocess.run([str(python()), "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST:
        sys.exit("Jitsuin needs Python 3.11 or newer (https://www.python.org/downloads/).")
    commands = {"run": run, "test": test}
    if not arguments or arguments[0] not in commands:
        say(__doc__ or "")
        return 2
    return commands[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
