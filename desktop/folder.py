"""Shows a file in the file manager, without a shell."""

import subprocess
import sys
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QMetaType, QUrl
from PyQt6.QtDBus import QDBusArgument, QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusPendingReply
from PyQt6.QtGui import QDesktopServices

_PATIENCE = 3000  # milliseconds; a file manager that has to start may take a moment


def show_in_folder(path: Path) -> None:
    """Open the folder of `path` with the file selected, or at least the folder."""
    path = path.absolute()
    if sys.platform == "win32":
        subprocess.Popen(["explorer", f"/select,{path}"])  # noqa: S607 - Windows finds its own shell program
    elif sys.platform == "darwin":
        subprocess.Popen(["/usr/bin/open", "-R", str(path)])
    else:
        _ask_file_manager(path)


def _ask_file_manager(path: Path) -> None:
    """org.freedesktop.FileManager1.ShowItems; where nobody offers it, whatever opens folders."""
    bus, name = QDBusConnection.sessionBus(), "org.freedesktop.FileManager1"
    if not bus.isConnected():
        _open(path.parent)
        return
    uris = QDBusArgument()  # a Python list would become an array of variants
    uris.beginArray(QMetaType(QMetaType.Type.QString.value))  # type: ignore[call-overload]  # its value is an int
    uris.add(path.as_uri())
    uris.endArray()
    message = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    message.setArguments([uris, ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _PATIENCE), QCoreApplication.instance())

    def answered(watcher: QDBusPendingCallWatcher) -> None:
        if QDBusPendingReply(watcher).isError():
            _open(path.parent)
        watcher.deleteLater()

    watcher.finished.connect(answered)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
