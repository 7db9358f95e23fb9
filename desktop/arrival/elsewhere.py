"""What arrives by an address instead of a path: a file after all where the desktop shows it as one, else it is told of.

Nothing is fetched: the desktop knows as files what the person has opened in the file manager.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtGui import QWindow
from PyQt6.QtWidgets import QDialog, QWidget

from desktop.jobs import JobQueue
from desktop.look import theme
from desktop.look.fitting import lay_out
from desktop.look.widgets import button, column, label, prose, row, selectable
from desktop.messages import plain
from desktop.words.translation import _
from signing.errors import UserFacingError

# GVfs opens these only where the person has; others it would ask over the network by itself.
_OPENED_BY_THE_PERSON = ("smb", "sftp", "ftp", "ftps", "dav", "davs", "nfs", "afp", "mtp", "gphoto2", "afc")
_PATIENCE = 5.0  # seconds; a server that was there may be gone
_MOST = 20  # addresses that are asked about and shown
_SETTLED = 100  # milliseconds; a window manager says where a window is after it has shown it
_SAID = "local path: "


class Elsewhere(QObject):
    """Looks for the files behind the addresses; `take` gets their paths, and the person hears of the rest."""

    def __init__(self, window: QWidget, addresses: Sequence[str], take: Callable[[Sequence[str]], object]) -> None:
        super().__init__(window)
        self._window, self._addresses, self._take = window, addresses, take
        JobQueue(self).submit(partial(_shown_as_files, addresses), done=self._on_found, failed=self._on_failed)

    def _on_found(self, found: dict[str, str]) -> None:
        if found:
            self._take(list(found.values()))
        rest = [address for address in self._addresses if address not in found]
        if rest:
            when_it_stands(self._window, ElsewhereDialog(rest, self._window).open)
        self.deleteLater()

    def _on_failed(self, _error: UserFacingError) -> None:
        self._on_found({})


def when_it_stands(window: QWidget, act: Callable[[], object]) -> None:
    """Now, or as soon as the window is on the screen: a dialog over one that has no place yet lands in a corner."""
    handle = window.windowHandle()
    if handle and not handle.isExposed():
        _Exposure(handle, act)
    else:
        act()


class _Exposure(QObject):
    def __init__(self, handle: QWindow, act: Callable[[], object]) -> None:
        super().__init__(handle)
        self._handle, self._act = handle, act
        handle.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event and event.type() == QEvent.Type.Expose:
            self._handle.removeEventFilter(self)
            QTimer.singleShot(_SETTLED, self._act)
            self.deleteLater()
        return False


class ElsewhereDialog(QDialog):
    """Says that these were not fetched, and what helps."""

    def __init__(self, addresses: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        title = _("This is no file on this computer")
        self.setWindowTitle(title)
        shown = [selectable(label(plain(address), "soft")) for address in addresses[:_MOST]]
        if len(addresses) > _MOST:
            shown.append(label(_("and {count} more").format(count=len(addresses) - _MOST), "soft"))
        words = _(
            "Nothing was fetched from there. Open its folder in the file manager, or copy the file to this computer, "
            "and bring it here again."
        )
        body = column(label(title, "section"), prose(words), column(*shown, gap=4), gap=16)
        lay_out(self, body, row(None, button(_("Close"), self.accept)))
        self.setMinimumWidth(min(theme.font_height(theme.TEXT) * 28, parent.width() - 40))
        self.finished.connect(self.deleteLater)


def _shown_as_files(addresses: Sequence[str]) -> dict[str, str]:
    """Paths by address, for those of which the desktop has one."""
    asked = [each for each in addresses[:_MOST] if each.partition("://")[0].lower() in _OPENED_BY_THE_PERSON]
    paths = {address: _path_from_desktop(address) for address in asked}
    return {address: path for address, path in paths.items() if path}


def _path_from_desktop(address: str) -> str:
    """Empty where there is none: only GVfs tells, and only of what is opened."""
    tool = shutil.which("gio", path="/usr/bin:/bin:/usr/local/bin")
    if not tool:
        return ""
    command = [tool, "info", "--attributes=standard::name", "--", address]
    language = {**os.environ, "LC_ALL": "C.UTF-8"}  # it answers in words
    try:
        told = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE, env=language).stdout
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    lines = told.decode(errors="surrogateescape").splitlines()
    return next((line.removeprefix(_SAID) for line in lines if line.startswith(_SAID)), "")
