"""Showing a notification of the system without a window of ours. Free of Qt, except where only Qt can do it."""

import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from desktop.places import icon_file

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

_REPLY_SECONDS: Final = 5.0


class NotificationsUnavailable(Exception):
    """Nothing on this computer shows notifications just now."""


@dataclass(frozen=True, slots=True)
class Notification:
    """`actions` are buttons: a key and the text on it; where the system has no buttons they are left out."""

    title: str
    body: str
    actions: Mapping[str, str] = field(default_factory=dict)


class NotificationService(Protocol):
    def show(self, notification: Notification) -> int:
        """Its number. Raises NotificationsUnavailable."""
        ...

    def answers(self, seconds: float) -> Iterator[tuple[int, str]]:
        """Number and key of each action chosen, until all are closed or the time is over."""
        ...


def notification_service() -> AbstractContextManager[NotificationService]:
    """That of this system; NotificationsUnavailable on entering where there is none."""
    return _freedesktop() if sys.platform == "linux" else _without_answers()


@contextmanager
def _freedesktop() -> Iterator[NotificationService]:
    import jeepney.io.blocking

    try:
        connection = jeepney.io.blocking.open_dbus_connection(bus="SESSION")
    except (OSError, KeyError, ValueError, RuntimeError) as error:  # no session bus; its address is missing or odd
        raise NotificationsUnavailable from error
    with connection:
        yield _Freedesktop(connection)


class _Freedesktop:
    """Desktop Notifications Specification 1.2."""

    def __init__(self, connection: "DBusConnection") -> None:
        from jeepney import DBusAddress

        self._connection = connection
        self._open: set[int] = set()
        self._heard: deque[Any] = deque()
        self._listening = False
        self._address = DBusAddress(
            "/org/freedesktop/Notifications",
            bus_name="org.freedesktop.Notifications",
            interface="org.freedesktop.Notifications",
        )

    def show(self, notification: Notification) -> int:
        buttons: list[str] = []
        if "actions" in self._call("GetCapabilities")[0]:
            self._listen()
            buttons = [word for pair in notification.actions.items() for word in pair]
        hints = {"urgency": ("y", 1), "desktop-entry": ("s", "jitsuin")}
        arguments = ("Jitsuin", 0, str(icon_file()), notification.title, notification.body, buttons, hints, -1)
        number = int(self._call("Notify", "susssasa{sv}i", arguments)[0])
        if buttons:
            self._open.add(number)
        return number

    def answers(self, seconds: float) -> Iterator[tuple[int, str]]:
        from jeepney import HeaderFields

        deadline = time.monotonic() + seconds
        while self._open:
            try:
                message = self._connection.recv_until_filtered(self._heard, timeout=deadline - time.monotonic())
            except OSError:  # the time is over, or the bus has ended, as it does when the person logs out
                return
            signal = message.header.fields.get(HeaderFields.member)
            if signal == "ActionInvoked" and message.body[0] in self._open:
                yield message.body[0], message.body[1]
            elif signal == "NotificationClosed":
                self._open.discard(message.body[0])

    def _listen(self) -> None:
        from jeepney import MatchRule, message_bus

        if not self._listening:
            rule = MatchRule(type="signal", interface=self._address.interface, path=self._address.object_path)
            self._connection.filter(rule, queue=self._heard)
            self._reply(message_bus.AddMatch(rule))
            self._listening = True

    def _call(self, method: str, signature: str | None = None, arguments: tuple[Any, ...] = ()) -> Any:
        from jeepney import new_method_call

        return self._reply(new_method_call(self._address, method, signature, arguments))

    def _reply(self, message: Any) -> Any:
        from jeepney import DBusErrorResponse
        from jeepney.wrappers import unwrap_msg

        try:
            return unwrap_msg(self._connection.send_and_get_reply(message, timeout=_REPLY_SECONDS))
        except (OSError, DBusErrorResponse) as error:  # TimeoutError is an OSError
            raise NotificationsUnavailable from error


@contextmanager
def _without_answers() -> Iterator[NotificationService]:
    yield _Osascript() if sys.platform == "darwin" else _QtTray()


class _Osascript:
    """macOS. The texts are arguments of the script, never part of it."""

    _SCRIPT: Final = ("on run words", "display notification (item 2 of words) with title (item 1 of words)", "end run")

    def show(self, notification: Notification) -> int:
        lines = [word for line in self._SCRIPT for word in ("-e", line)]
        command = ["/usr/bin/osascript", *lines, notification.title, notification.body]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotificationsUnavailable from error
        return 0

    def answers(self, seconds: float) -> Iterator[tuple[int, str]]:
        yield from ()


class _QtTray:
    """Windows shows balloons of programs in the notification area only; Qt knows how to be there."""

    _SECONDS: Final = 15

    def __init__(self) -> None:
        self._clicked = False

    def show(self, notification: Notification) -> int:
        from PyQt6.QtCore import QTimer
        from PyQt6.QtGui import QIcon
        from PyQt6.QtWidgets import QApplication, QSystemTrayIcon

        app = QApplication.instance() or QApplication(["jitsuin"])
        if not QSystemTrayIcon.isSystemTrayAvailable():
            raise NotificationsUnavailable
        tray = QSystemTrayIcon(QIcon(str(icon_file())))
        tray.messageClicked.connect(self._on_clicked)
        tray.messageClicked.connect(app.quit)
        tray.show()
        tray.showMessage(notification.title, notification.body, tray.icon(), self._SECONDS * 1000)
        QTimer.singleShot(self._SECONDS * 1000, app.quit)
        app.exec()
        return 0

    def answers(self, seconds: float) -> Iterator[tuple[int, str]]:
        if self._clicked:
            yield 0, "default"

    def _on_clicked(self) -> None:
        self._clicked = True
