"""`jitsuin --remind` before a real notification service, and `jitsuin --icon` before a host of such icons.

Both have a session bus and a screen of their own.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from desktop.places import renewal_rules_file
from desktop.reminders.autostart import enable, remind_command
from desktop.reminders.memory import CertificateKind, Reminders
from signing.renewal import RenewalRules, day_in_japan

ROOT = Path(__file__).parents[2]
NEEDED = ("dunst", "dunstctl", "Xvfb", "dbus-daemon")
pytestmark = pytest.mark.skipif(
    bool([name for name in NEEDED if not shutil.which(name)]), reason=f"not all of {', '.join(NEEDED)} are installed"
)


def until(ready: Callable[[], object], what: str) -> None:
    for _ in range(200):
        if ready():
            return
        time.sleep(0.05)
    pytest.fail(f"in vain: {what}")


class Desktop:
    """A session of a person: a bus, a screen, a notification service, and folders of their own."""

    def __init__(self, home: Path, resources: ExitStack) -> None:
        self._resources = resources
        self.home = home
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_RUNTIME_DIR": str(home),
            "LANG": "C.UTF-8",
        }
        bus = self._start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE)
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()

    def _start(self, *command: str, **options: object) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload] - of Popen
        self._resources.callback(process.wait, 10)
        self._resources.callback(process.terminate)
        if process.stdout:
            self._resources.callback(process.stdout.close)
        return process  # type: ignore[no-any-return] - see above

    def start_notifications(self, configuration: Path = Path("/dev/null")) -> None:
        screen, told = os.pipe()
        self._start("Xvfb", "-displayfd", str(told), "-screen", "0", "640x480x24", pass_fds=[told])
        os.close(told)
        with os.fdopen(screen) as number:
            self.environment["DISPLAY"] = f":{number.readline().strip()}"
        self._start("dunst", "-conf", str(configuration))
        until(lambda: self.dunst("count").returncode == 0, "dunst")

    def dunst(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["dunstctl", *words], env=self.environment, capture_output=True, text=True)

    @property
    def displayed(self) -> int:
        return int(self.dunst("count", "displayed").stdout or 0)

    def history(self) -> list[tuple[str, str]]:
        shown = json.loads(self.dunst("history").stdout)["data"][0]
        return [(each["summary"]["data"], each["body"]["data"]) for each in shown]

    def remind(self) -> "subprocess.Popen[bytes]":
        return self.start_program("--remind")

    def start_program(self, *options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-P", "-m", "desktop", *options]
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, env=environment, cwd=self.home, stderr=subprocess.PIPE)
        assert process.stderr is not None
        self._resources.callback(process.stderr.close)
        self._resources.callback(process.wait, 10)
        self._resources.callback(process.kill)
        return process


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with ExitStack() as resources:
        yield Desktop(tmp_path, resources)


@pytest.fixture
def reminders(tmp_path: Path) -> Reminders:
    return Reminders(tmp_path / "config" / "jitsuin" / "reminders.json", RenewalRules.load(renewal_rules_file()))


def in_days(days: int) -> date:
    return day_in_japan(datetime.now(UTC)) + timedelta(days=days)


def ended(process: "subprocess.Popen[bytes]") -> tuple[int, bytes]:
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors


def test_due_reminder_is_shown_once_and_not_again(desktop, reminders) -> None:
    desktop.start_notifications()
    reminders.remember(CertificateKind.SIGNATURE, in_days(30))
    first = desktop.remind()
    until(lambda: desktop.displayed == 1, "the notification")
    desktop.dunst("close-all")
    assert ended(first) == (0, b"")
    assert ended(desktop.remind()) == (0, b"")
    [(title, body)] = desktop.history()
    assert title == "Your certificate ends in 30 days"
    assert str(in_days(30).year) in body
    assert "<" not in body  # a service may read it as markup


def speak_japanese(home: Path) -> None:
    """As the window keeps it."""
    (home / "config" / "jitsuin").mkdir(parents=True, exist_ok=True)
    (home / "config" / "jitsuin" / "window.ini").write_text("[General]\nlanguage=ja\n")


def test_reminder_speaks_the_language_of_the_window(desktop, reminders) -> None:
    desktop.start_notifications()
    speak_japanese(desktop.home)
    reminders.remember(CertificateKind.SIGNATURE, in_days(0))
    process = desktop.remind()
    until(lambda: desktop.displayed == 1, "the notification")
    desktop.dunst("close-all")
    assert ended(process) == (0, b"")
    [(title, body)] = desktop.history()
    assert "今日" in title
    assert f"{in_days(0).year}年" in body


def test_nothing_due_shows_nothing(desktop, reminders) -> None:
    desktop.start_notifications()
    reminders.remember(CertificateKind.SIGNATURE, in_days(400))
    assert ended(desktop.remind()) == (0, b"")
    assert (desktop.displayed, desktop.history()) == (0, [])


def test_without_a_notification_service_the_reminder_stays_due(desktop, reminders) -> None:
    reminders.remember(CertificateKind.SIGNATURE, in_days(7))
    assert ended(desktop.remind()) == (1, b"")
    assert len(reminders.due(in_days(0))) == 1


def test_without_a_session_bus_the_reminder_stays_due(desktop, reminders) -> None:
    reminders.remember(CertificateKind.SIGNATURE, in_days(7))
    for address in ("", "unix:path=/nowhere/bus", "nonsense"):
        desktop.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        assert ended(desktop.remind()) == (1, b"")
    del desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
    assert ended(desktop.remind()) == (1, b"")
    assert len(reminders.due(in_days(0))) == 1


@pytest.mark.parametrize(("button", "declined"), [("I renewed", False), ("Never again", True)])
def test_button_of_the_notification_does_what_it_says(
    desktop, reminders, tmp_path, monkeypatch, button, declined
) -> None:
    # dunst asks a menu program which action is meant: this one chooses the line with the button.
    menu = tmp_path / "menu"
    menu.write_text(f"#!/bin/sh\nexec grep -m1 '{button}'\n")
    menu.chmod(0o755)
    (tmp_path / "dunstrc").write_text(f"[global]\ndmenu = {menu}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", desktop.environment["XDG_CONFIG_HOME"])
    entry = Path(enable(remind_command()).place)
    desktop.start_notifications(tmp_path / "dunstrc")
    reminders.remember(CertificateKind.SIGNATURE, in_days(30))
    process = desktop.remind()
    until(lambda: desktop.displayed == 1, "the notification")
    desktop.dunst("context")
    until(lambda: reminders.all == (), f"the choice of {button}")
    desktop.dunst("close-all")
    assert ended(process) == (0, b"")
    assert reminders.declined is declined
    assert entry.exists() is not declined


@pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
def test_entry_of_the_login_shows_what_is_due(desktop, reminders, monkeypatch) -> None:
    desktop.start_notifications()
    reminders.remember(CertificateKind.SIGNATURE, in_days(7))
    monkeypatch.setenv("XDG_CONFIG_HOME", desktop.environment["XDG_CONFIG_HOME"])
    entry = enable(remind_command())
    speak_japanese(desktop.home)  # after the entry was written
    login = {**desktop.environment, "PYTHONPATH": str(ROOT)}  # as an installed program finds itself
    subprocess.run(["gio", "launch", entry.place], env=login, cwd=desktop.home, check=True)
    until(lambda: desktop.displayed == 1, "the notification")
    desktop.dunst("close-all")
    [(title, _body)] = desktop.history()
    assert "あと7日" in title
    until(lambda: reminders.due(in_days(0)) == (), "the note that it was told")


# --- the icon in the notification area (StatusNotifierItem)


WATCHER = "org.kde.StatusNotifierWatcher"
INTERFACE = f"""<node><interface name="{WATCHER}">
<method name="RegisterStatusNotifierItem"><arg direction="in" type="s"/></method>
<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
</interface></node>"""


class Host:
    """What a panel is to an icon: it takes its registration, reads what it says, and chooses from its menu."""

    def __init__(self, address: str) -> None:
        self._server, self._client = open_dbus_connection(bus=address), open_dbus_connection(bus=address)
        self.item: str | None = None
        unwrap_msg(self._server.send_and_get_reply(message_bus.RequestName(WATCHER)))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._server.close()
        self._client.close()

    def _serve(self) -> None:
        while not self._ending.is_set():
            try:
                message = self._server.receive(timeout=0.1)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(self._server, message)

    def _answer(self, connection: DBusConnection, message: Any) -> None:
        match message.header.fields[HeaderFields.member]:
            case "Introspect":
                connection.send(new_method_return(message, "s", (INTERFACE,)))
            case "Get":
                connection.send(new_method_return(message, "v", (("b", True),)))
            case "RegisterStatusNotifierItem":
                self.item = message.header.fields[HeaderFields.sender]
                connection.send(new_method_return(message))

    def _call(self, path: str, interface: str, method: str, signature: str, arguments: tuple[Any, ...]) -> Any:
        address = DBusAddress(path, bus_name=self.item, interface=interface)
        call = new_method_call(address, method, signature, arguments)
        return unwrap_msg(self._client.send_and_get_reply(call, timeout=5))

    @property
    def gone(self) -> bool:
        """Whether the program of the icon has left the bus."""
        return unwrap_msg(self._client.send_and_get_reply(message_bus.NameHasOwner(self.item))) == (0,)

    def says(self) -> str:
        properties, wanted = "org.freedesktop.DBus.Properties", ("org.kde.StatusNotifierItem", "ToolTip")
        [(_kind, tool_tip)] = self._call("/StatusNotifierItem", properties, "Get", "ss", wanted)
        return " ".join(tool_tip[2:])

    def entries(self) -> dict[str, int]:
        _revision, (_root, _properties, children) = self._call(
            "/MenuBar", "com.canonical.dbusmenu", "GetLayout", "iias", (0, -1, [])
        )
        items = [child for _kind, child in children]
        return {properties["label"][1]: number for number, properties, _ in items if "label" in properties}

    def choose(self, words: str) -> None:
        arguments = (self.entries()[words], "clicked", ("s", ""), 0)
        self._call("/MenuBar", "com.canonical.dbusmenu", "Event", "isvu", arguments)


@pytest.fixture
def host(desktop: Desktop) -> Iterator[Host]:
    desktop.start_notifications()
    made = Host(desktop.environment["DBUS_SESSION_BUS_ADDRESS"])
    yield made
    made.close()


@pytest.fixture
def shown(reminders: Reminders) -> Reminders:
    """A reminder, and the wish for an icon."""
    reminders.remember(CertificateKind.SIGNATURE, in_days(400))
    reminders.want_icon(wanted=True)
    return reminders


def test_icon_says_until_when_and_leaves_until_the_next_login(desktop, host, shown) -> None:
    process = desktop.start_program("--icon")
    until(lambda: host.item, "the icon")
    until(lambda: "400 more days" in host.says(), "its words")
    assert list(host.entries())[1:] == ["Open Jitsuin", "Do not show the icon any more", "Leave until the next login"]
    assert ended(desktop.start_program("--icon")) == (0, b"")  # a second one

    host.choose("Leave until the next login")
    assert ended(process) == (0, b"")
    assert shown.icon_wanted


def test_icon_is_taken_away_for_good(desktop, host, shown) -> None:
    process = desktop.start_program("--icon")
    until(lambda: host.item, "the icon")
    host.choose("Do not show the icon any more")
    assert ended(process) == (0, b"")
    assert not shown.icon_wanted
    assert ended(desktop.start_program("--icon")) == (0, b"")


def test_icon_goes_when_the_window_says_so_and_comes_with_the_login(desktop, host, shown) -> None:
    assert ended(desktop.remind()) == (0, b"")  # nothing is due, and the icon is left behind
    until(lambda: host.item, "the icon")
    until(lambda: host.says(), "its words")
    shown.never_again()
    until(lambda: host.gone, "its end")
