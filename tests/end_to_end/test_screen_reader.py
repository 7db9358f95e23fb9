"""The real window as a screen reader meets it (AT-SPI, on a screen of its own), and files dragged to it from a real
file manager.

What it needs: apt-get install xvfb openbox xdotool imagemagick at-spi2-core gir1.2-atspi-2.0 python3-gi thunar
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.test_file_managers import NEEDED, ROOT, Screen, signed  # noqa: F401 - the last is a fixture

PRACTICE = ROOT / "resources" / "practice" / "practice-agreement.pdf"
missing = [name for name in NEEDED if not shutil.which(name)]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")

# Reads all that is seen of the window, presses what it is told to, and writes down what is announced meanwhile.
READER = """
import json, sys, time
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

announced = []

def window():
    for _ in range(200):
        desktop = Atspi.get_desktop(0)
        for number in range(desktop.get_child_count()):
            found = desktop.get_child_at_index(number)
            if found and "program.py" in (found.get_name() or "") or found and "itsuin" in (found.get_name() or ""):
                if found.get_child_count():
                    return found
        time.sleep(0.05)
    sys.exit("the window is not told of")

def walk(node):
    states = node.get_state_set()
    if states.contains(Atspi.StateType.SHOWING):
        yield node
    for number in range(node.get_child_count()):
        child = node.get_child_at_index(number)
        if child:
            yield from walk(child)

def heard(event):
    announced.append([event.type, event.source.get_role_name(), event.source.get_name() or ""])

listener = Atspi.EventListener.new(heard)
for kind in ("object:property-change:accessible-name", "object:property-change:accessible-value"):
    listener.register(kind)
whole = window()
press, awaited = sys.argv[1], sys.argv[2]
if press:
    for node in walk(whole):
        if node.get_name() == press:
            node.do_action(0)
            break
loop, end = GLib.MainLoop(), time.monotonic() + 20
def look():
    if not awaited or any(awaited in (node.get_name() or "") for node in walk(whole)) or time.monotonic() > end:
        loop.quit()
        return False
    return True
GLib.timeout_add(200, look)
loop.run()
seen = [[node.get_role_name(), node.get_name() or "", node.get_n_actions() if node.get_action_iface() else 0]
        for node in walk(whole)]
json.dump({"seen": seen, "announced": announced}, sys.stdout)
"""
CONTROLS = ("push button", "check box", "combo box", "list", "table", "text", "password text", "spin button", "button")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with ExitStack() as resources:
        made = Screen(tmp_path, resources)
        made.environment |= {"NO_AT_BRIDGE": "0", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "LANG": "C.UTF-8"}
        yield made


def read(screen: Screen, press: str = "", awaited: str = "") -> dict[str, list[list[str]]]:
    command = ["/usr/bin/python3", "-c", READER, press, awaited]
    done = subprocess.run(command, env=screen.environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def names(told: dict[str, list[list[str]]]) -> list[str]:
    return [name for _role, name, _actions in told["seen"]]


def nameless(told: dict[str, list[list[str]]]) -> list[str]:
    return [role for role, name, _actions in told["seen"] if role in CONTROLS and not name]


def test_every_control_has_a_name_and_a_role_and_what_changes_is_told(screen: Screen) -> None:
    if subprocess.run(["/usr/bin/python3", "-c", "import gi; gi.require_version('Atspi', '2.0')"]).returncode:
        pytest.skip("the reader needs gir1.2-atspi-2.0 and python3-gi")
    document = shutil.copy(PRACTICE, screen.home)
    screen.start(*screen.program, "--practice", str(document), cwd=screen.home)
    sign = read(screen, awaited="1 document to sign")
    assert "1 document to sign" in names(sign)
    assert {"Sign", "Verify", "My card", "Settings", "Help"} <= set(names(sign))
    assert nameless(sign) == []
    card = read(screen, press="My card", awaited="Why is the card not seen?")
    assert "Why is the card not seen?" in names(card)
    assert nameless(card) == []
    settings = read(screen, press="Settings", awaited="Appearance")
    assert "Appearance" in names(settings)
    assert nameless(settings) == []


def test_a_verdict_is_told(screen: Screen, signed: Path) -> None:  # noqa: F811 - the fixture
    screen.start(*screen.program, "--page=verify", str(signed), cwd=screen.home)
    verdict = read(screen, awaited="Look at the content")
    assert any("No change since signing" in name for name in names(verdict))
    assert nameless(verdict) == []


def test_a_file_dragged_from_a_file_manager_is_verified(screen: Screen, signed: Path) -> None:  # noqa: F811
    if not shutil.which("thunar"):
        pytest.skip("thunar is not installed")
    folder = screen.home / "書類 of mine"
    folder.mkdir()
    path = shutil.copy(signed, folder / "契約 書 100%20 it's.pdf")
    screen.start(*screen.program, cwd=screen.home)
    target = screen.window_of("jitsuin")
    screen.start("thunar", str(folder), cwd=screen.home)
    source = screen.window_of("Thunar")
    screen.xdotool("windowmove", target, "0", "400")
    screen.xdotool("windowmove", source, "420", "20")
    screen.xdotool("windowactivate", "--sync", source)
    for pause in (1, 2, 4):
        time.sleep(pause)
        drag(screen, source, target)
        if screen.until(screen.established, seconds=15):
            break
    screen.picture("thunar-dropped")
    assert screen.established() == {str(path): "indeterminate"}  # intact, and of practice


def drag(screen: Screen, source: str, target: str) -> None:
    """The first file of a Thunar window, whose warning bar for root is above it, to the middle of the target."""
    screen.xdotool("mousemove", "--window", source, "210", "140")
    time.sleep(0.2)
    screen.xdotool("mousedown", "1")
    time.sleep(0.2)
    for step in range(1, 21):
        screen.xdotool("mousemove", str(630 - 15 * step), str(180 + 22 * step))
        time.sleep(0.02)
    time.sleep(0.3)
    screen.xdotool("mousemove", "332", "622")
    time.sleep(0.2)
    screen.picture("thunar-over")
    screen.xdotool("mouseup", "1")
