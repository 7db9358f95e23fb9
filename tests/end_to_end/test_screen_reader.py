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
    words = event.any_data if event.type == "object:announcement" else event.source.get_name()
    announced.append([event.type, event.source.get_role_name(), words or ""])

listener = Atspi.EventListener.new(heard)
for kind in ("announcement", "property-change:accessible-name", "property-change:accessible-value"):
    listener.register("object:" + kind)
print("listening", file=sys.stderr, flush=True)
press, awaited, *announcements = sys.argv[1:]
whole = window()
if press:
    for node in walk(whole):
        if node.get_name() == press:
            node.do_action(0)
            break
loop, end = GLib.MainLoop(), time.monotonic() + 20
def look():
    told = "\\n".join(words for kind, _role, words in announced if kind == "object:announcement")
    seen = not awaited or any(awaited in (node.get_name() or "") for node in walk(whole))
    if (seen and all(words in told for words in announcements)) or time.monotonic() > end:
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
    return told(listening(screen, press, awaited))


def listening(screen: Screen, press: str, awaited: str, *announcements: str) -> "subprocess.Popen[str]":
    """It ends when it has seen, and heard, all that is awaited, or after a while."""
    command = ["/usr/bin/python3", "-c", READER, press, awaited, *announcements]
    reader = subprocess.Popen(
        command, env=screen.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reader.stderr is not None
    while "listening" not in (line := reader.stderr.readline()):
        assert line, "the reader ended"
    return reader


def told(reader: "subprocess.Popen[str]") -> dict[str, list[list[str]]]:
    found, why = reader.communicate(timeout=90)
    assert reader.returncode == 0, why
    return dict(json.loads(found))


def announced(told: dict[str, list[list[str]]]) -> str:
    return "\n".join(words for kind, _role, words in told["announced"] if kind == "object:announcement")


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


def test_one_of_several_can_be_chosen(screen: Screen) -> None:
    screen.start(*screen.program, "--practice", "--page=card", cwd=screen.home)
    read(screen, awaited="Renew the certificates")
    read(screen, press="Renew the certificates", awaited="日本語")
    read(screen, press="日本語", awaited="電子証明書を更新する")
    back = read(screen, press="English", awaited="Certificates have a last day.")
    assert "電子証明書を更新する" not in names(back)


def test_what_happens_by_itself_is_announced(screen: Screen, signed: Path) -> None:  # noqa: F811 - the fixture
    document = shutil.copy(PRACTICE, screen.home)
    reader = listening(screen, "", "", "The practice card is ready", "1 document to sign")
    screen.start(*screen.program, "--practice", str(document), cwd=screen.home)
    heard = announced(told(reader))
    assert "The practice card is ready" in heard
    assert "1 document to sign" in heard
    read(screen, press="Sign for practice", awaited="Continue")
    read(screen, press="Continue", awaited="Signature password")
    for password, answer in (("ABC999", "The signature password is wrong"), ("ABC123", "Signed")):
        reader = listening(screen, "", "", answer)
        screen.xdotool("type", password)
        screen.xdotool("key", "Return")
        assert answer in announced(told(reader))
    reader = listening(screen, "", "Look at the content", "No change since signing")
    screen.start(*screen.program, "--practice", str(signed), cwd=screen.home)  # goes to the window that is there
    verdict = told(reader)
    assert "No change since signing" in announced(verdict)
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
