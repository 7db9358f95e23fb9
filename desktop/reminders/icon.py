"""An icon in the notification area, where the person asked for one: until when the certificate runs, at a glance.

It is a program of its own (`jitsuin --icon`), looks for due reminders while the person stays logged in, and ends when
it is not wanted any more or has nothing to say.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PyQt6.QtCore import QFileSystemWatcher, QRectF, QTimer
from PyQt6.QtGui import QAction, QColor, QIcon, QPainter
from PyQt6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop.look import icons, theme
from desktop.places import config_folder, reminders_file, renewal_rules_file
from desktop.reminders import autostart
from desktop.reminders.memory import Reminders
from desktop.reminders.remind import speak_as_the_window
from desktop.reminders.strip import due_words
from desktop.words.translation import _
from signing.renewal import RenewalRules, day_in_japan

_HOUR: Final = 3_600_000  # milliseconds; how often it looks what day it is
_SIDE: Final = 64  # pixels; systems make of it what they need


def run() -> int:
    """Show the icon until it is not wanted. Returns the exit status."""
    app = QApplication(["jitsuin"])
    app.setDesktopFileName("jitsuin")
    app.setQuitOnLastWindowClosed(False)
    icon = NotificationIcon(Reminders(reminders_file(), RenewalRules.load(renewal_rules_file())), leave=app.quit)
    return app.exec() if icon.refresh() else 0


class NotificationIcon(QSystemTrayIcon):
    """`leave` ends the program; the icon comes back with the next login, unless it was taken away."""

    def __init__(self, reminders: Reminders, *, leave: Callable[[], None]) -> None:
        super().__init__()
        self._reminders, self._leave = reminders, leave
        self._menu = QMenu()
        self._said, self._open, self._away, self._end = (QAction(self._menu) for _each in range(4))
        for each in (self._said, self._open):
            each.triggered.connect(self._open_window)
        self._away.triggered.connect(self._take_away)
        self._end.triggered.connect(leave)
        self._menu.addAction(self._said)
        self._menu.addSeparator()
        self._menu.addActions([self._open, self._away, self._end])
        self._menu.aboutToShow.connect(self.refresh)
        self.setContextMenu(self._menu)
        self.activated.connect(self._on_activated)
        self._hourly = QTimer(self)
        self._hourly.timeout.connect(self._look)
        self._hourly.start(_HOUR)
        self._watcher = QFileSystemWatcher([str(config_folder())], self)  # the window changes files there
        self._watcher.directoryChanged.connect(self.refresh)

    def refresh(self) -> bool:
        """Say what is so now; leave, and return False, where nothing is to be said any more."""
        if not (self._reminders.all and self._reminders.icon_wanted):
            self.hide()
            self._leave()
            return False
        speak_as_the_window()
        today = day_in_japan(datetime.now(UTC))
        words = due_words(min(each.expires for each in self._reminders.all), today)
        self._said.setText(words)
        self._open.setText(_("Open Jitsuin"))
        self._away.setText(_("Do not show the icon any more"))
        self._end.setText(_("Leave until the next login"))
        self.setToolTip(f"Jitsuin\n{words}")
        self.setIcon(_picture(badge=bool(self._reminders.standing(today))))
        self.show()
        return True

    def _look(self) -> None:
        """The person may stay logged in for weeks; what is due is told by the same program as at login."""
        if self.refresh() and self._reminders.due(day_in_japan(datetime.now(UTC))):
            autostart.start("--remind")

    def _open_window(self) -> None:
        autostart.start()

    def _take_away(self) -> None:
        try:
            self._reminders.want_icon(wanted=False)
        except OSError:  # it cannot be kept, but this icon goes
            self._leave()
        self.refresh()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu, and is told here all the same.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self._open_window()


def _picture(*, badge: bool) -> QIcon:
    """The seal; a mark beside it says that something has to be done."""
    pixmap = icons.application_icon().pixmap(_SIDE, _SIDE)
    if badge:
        painter, place = QPainter(pixmap), QRectF(_SIDE * 0.5, 0, _SIDE * 0.5, _SIDE * 0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.LIGHT.surface))
        painter.setBrush(QColor(theme.LIGHT.surface))  # so that it stands out from the seal
        painter.drawEllipse(place)
        edge = _SIDE * 0.05
        icons.paint(painter, "badge", "care", place.adjusted(edge, edge, -edge, -edge))
        painter.end()
    return QIcon(pixmap)
