"""Brings what other threads have to say to the thread of the window."""

import contextlib
from collections.abc import Callable
from functools import cache

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QObject, pyqtSignal


def in_window(teller: QObject, tell: Callable[[], object]) -> None:
    """Call `tell` in the thread of the window, unless `teller` is gone by then; may be called in any thread.

    A thread never emits a signal of an object that the window may delete: Qt would be at work on it at that moment,
    and the process would end.
    """
    with contextlib.suppress(RuntimeError):  # at the very end, when there is no window any more
        _relay().told.emit(teller, tell)


class _Relay(QObject):
    told = pyqtSignal(object, object)

    def hear(self, teller: QObject, tell: Callable[[], object]) -> None:
        if not sip.isdeleted(teller):
            tell()


@cache
def _relay() -> _Relay:
    relay = _Relay()
    window = QCoreApplication.instance()
    assert window  # noqa: S101 - whoever has something to tell was started by the window
    relay.moveToThread(window.thread())
    relay.told.connect(relay.hear)
    # To nobody: it is never deleted, also not by the end of Python.
    sip.transferto(relay, None)  # type: ignore[arg-type]  # PyQt's stub forgets that None is allowed
    return relay
