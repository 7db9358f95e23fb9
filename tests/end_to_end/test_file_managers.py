"""Real file managers on a screen of their own: the menu is opened with the keyboard, our entry chosen, and the window
comes up with the right file and the right verdict.

Pictures are kept where PICTURES names a folder. Those that are not installed are skipped; to see all of them:
apt-get install thunar pcmanfm libfm-modules nemo dolphin caja python3-caja nautilus python3-nautilus
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desktop.integration.integration import linux_integration

ROOT = Path(__file__).parents[2]
NEEDED = ("Xvfb", "openbox", "dbus-daemon", "xdotool", "import")
missing = [name for name in NEEDED if not shutil.which(name)]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")

# The real program, which writes down what its window has established.
WATCHED = """
import json, os, sys
from desktop import app
from desktop.verify.desk import VerifyDesk

def watched(self, judgement, take=VerifyDesk._on_judged):
    take(self, judgement)
    known = {str(path): str(each.report.verdict) for path, each in self.files.items() if each and each.report}
    with open(os.environ["RECORD"] + ".new", "w") as file:
        json.dump(known, file)
    os.replace(os.environ["RECORD"] + ".new", os.environ["RECORD"])

if __name__ == "__main__":
    VerifyDesk._on_judged = watched
    sys.exit(app.main())
"""


@dataclass(frozen=True)
class Manager:
    """How to start one, the class of its windows, the keys that choose “Verify signature” in its menu."""

    command: tuple[str, ...]
    window: str
    keys: tuple[str, ...] = ("f",)
    click: str = ""  # where a file must have been clicked first


MANAGERS = {
    "thunar": Manager(("thunar",), "Thunar"),
    "pcmanfm": Manager(("pcmanfm",), "Pcmanfm"),
    "nemo": Manager(("nemo",), "Nemo"),
    "caja": Manager(("caja", "--no-desktop"), "Caja"),
    "dolphin": Manager(("dolphin",), "dolphin", keys=("v",)),
    "nautilus": Manager(("nautilus",), "org.gnome.Nautilus", click="410 158"),
}


class Screen:
    """A person's session: a screen, a window manager, a bus, and a home."""

    def __init__(self, home: Path, resources: ExitStack) -> None:
        self._resources = resources
        self.home = home
        # A socket's name holds 107 bytes, and Dolphin's are long: below a worker's tmp_path it reads no folder.
        runtime = resources.enter_context(TemporaryDirectory(prefix="run-"))
        self.program = [sys.executable, str(home / "odd 契約's $HOME" / "program.py")]
        Path(self.program[1]).parent.mkdir()
        Path(self.program[1]).write_text(WATCHED)
        self.record = home / "record.json"
        self.environment = {
            "HOME": str(home),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",  # file managers load the Python of the system
            "PYTHONPATH": str(ROOT),
            "XDG_RUNTIME_DIR": runtime,
            "PCSCLITE_CSOCK_NAME": os.environ["PCSCLITE_CSOCK_NAME"],
            "RECORD": str(self.record),
            "LANG": "C.UTF-8",
            "GTK_THEME": "Adwaita",
            "NO_AT_BRIDGE": "1",
        }
        reading, writing = os.pipe()
        self.start("Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as number:
            self.environment["DISPLAY"] = f":{number.readline().strip()}"
        self.start("openbox")
        bus = self.start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE)
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        bus.stdout.close()

    def start(self, *command: str, **options: object) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload] - of Popen
        self._resources.callback(process.wait, 10)
        self._resources.callback(process.kill)
        return process  # type: ignore[no-any-return] - see above

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=30)
        return done.stdout.strip()

    def windows_of(self, name: str) -> list[str]:
        return self.xdotool("search", "--onlyvisible", "--class", name).split()

    def window_of(self, name: str) -> str:
        assert self.until(lambda: self.windows_of(name), seconds=60), f"no window of {name}"
        return self.windows_of(name)[-1]

    def until(self, ready: Callable[[], object], seconds: float = 30) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ready():
                return True
            time.sleep(0.05)
        return False

    def picture(self, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            subprocess.run(["import", "-window", "root", f"{folder}/{name}.png"], env=self.environment, check=True)

    def choose_verify(self, manager: str, pause: float) -> None:
        """Open the menu of all files with the keyboard, and press the key of our entry; `pause` is in seconds."""
        how = MANAGERS[manager]
        window = self.window_of(how.window)
        self.xdotool("windowactivate", "--sync", window)
        time.sleep(pause)
        if how.click:
            self.xdotool("mousemove", "--window", window, *how.click.split(), "click", "1")
            time.sleep(0.3)
        for key in ("ctrl+a", "Menu"):
            self.xdotool("key", key)
            time.sleep(pause / 2)
        self.picture(f"{manager}-menu")
        for key in how.keys:
            self.xdotool("key", key)

    def established(self) -> dict[str, str]:
        return dict(json.loads(self.record.read_text())) if self.record.exists() else {}


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with ExitStack() as resources:
        yield Screen(tmp_path, resources)


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document signed with the practice card."""
    folder = tmp_path_factory.mktemp("signed")
    shutil.copy(ROOT / "resources" / "practice" / "practice-agreement.pdf", folder)
    command = [sys.executable, "-m", "desktop", "sign", "--practice", "--yes", "--pin-stdin", "practice-agreement.pdf"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder / "keys")}
    subprocess.run(command, cwd=folder, env=environment, input=b"ABC123\n", check=True, capture_output=True)
    return folder / "practice-agreement-practice-signed.pdf"


@pytest.fixture
def integrate(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def put(manager: str) -> None:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(screen.home))
        linux_integration(screen.program, [manager]).put()

    return put


ODD = ("契約 書.pdf", "-dash 100%20 it's.pdf")


@pytest.mark.parametrize("manager", MANAGERS)
def test_from_the_menu_to_the_verdict(screen, integrate, signed, manager) -> None:
    if not shutil.which(manager):
        pytest.skip(f"{manager} is not installed")
    folder = screen.home / "書類 of mine"
    folder.mkdir()
    paths = [shutil.copy(signed, folder / name) for name in ODD]
    integrate(manager)
    screen.start(*MANAGERS[manager].command, str(folder), cwd=screen.home)
    for pause in (1, 2, 4, 8):  # no file manager says when it has read a folder
        screen.choose_verify(manager, pause)
        if screen.until(lambda: screen.windows_of("jitsuin"), seconds=12 + pause):
            break
        screen.xdotool("key", "Escape", "Escape", "F5")  # Escape also stops the reading of a folder
    screen.until(lambda: len(screen.established()) == len(paths), seconds=60)
    assert screen.established() == dict.fromkeys(map(str, paths), "indeterminate")  # intact, and of practice
    assert screen.window_of("jitsuin")
    time.sleep(0.3)
    screen.picture(f"{manager}-verdict")
