"""Tells those who hear the window what changed in it by itself.

PyQt6 leaves out QAccessible, and with it QAccessibleAnnouncementEvent. Where readers are reached by AT-SPI (Linux), the
same event is sent over the connection that Qt itself has opened to them. Elsewhere they hear what Qt tells by itself:
the focus, values that change, and new words in a label that stays.
"""

import sys

_CONNECTION = "a11y"  # the name that Qt gives it
_ROOT = "/org/a11y/atspi/accessible/root"  # the program; which object it was, only Qt could say
_EVENTS = "org.a11y.atspi.Event.Object"
_POLITE, _ASSERTIVE = 1, 2  # AtspiLive: after what is being read, or at once


def announce(words: str, *, urgent: bool = False) -> None:
    """Have it read aloud, where anybody listens; `urgent` does not wait until what is being read is over."""
    if sys.platform != "linux" or not words:
        return
    from PyQt6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant  # not before something changes

    connection = QDBusConnection(_CONNECTION)
    if connection.isConnected():
        message = QDBusMessage.createSignal(_ROOT, _EVENTS, "Announcement")
        message.setArguments(["", _ASSERTIVE if urgent else _POLITE, 0, QDBusVariant(words), {}])
        connection.send(message)
