"""What this program is: its version, its licences, and a way to where newer ones are. It asks nobody by itself."""

import json
import tomllib
from pathlib import Path
from typing import NamedTuple

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QWidget

from desktop.look.widgets import button, column, label
from desktop.places import build_file, licences_folder, project_file
from desktop.words.translation import _


class Build(NamedTuple):
    """`releases` is the address of a page with all versions; empty where whoever made the program named none."""

    version: str
    releases: str = ""


def build() -> Build:
    """What was written when the program was frozen; of the source, what the project says."""
    try:
        told = json.loads(build_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        project = tomllib.loads(project_file().read_text(encoding="utf-8"))["project"]
        return Build(str(project["version"]), str(project.get("urls", {}).get("Releases", "")))
    return Build(str(told["version"]), str(told["releases"]))


def about() -> QWidget:
    """The page of the settings."""
    this, page = build(), QWidget()
    body = column(gap=16)
    body.addWidget(label(_("Version {version}").format(version=this.version)))
    if this.releases.startswith("https://"):
        body.addWidget(button(_("Look for a newer version"), lambda: _open(QUrl(this.releases)), "link", icon="open"))
        told = _("The browser opens. The program itself asks nobody, and never updates itself.")
    else:
        told = _("Whoever made this copy named no page for newer versions; the program itself asks nobody.")
    body.addWidget(label(told, "soft"))
    body.addWidget(label(_("Free software under the GNU General Public License, version 3 or later.")))
    licences = licences_folder()
    if licences.is_dir():
        show = button(_("Licences of its parts"), lambda: _open(_local(licences)), "link", icon="open")
        body.addWidget(show)
    page.setLayout(body)
    return page


def _local(folder: Path) -> QUrl:
    return QUrl.fromLocalFile(str(folder))


def _open(address: QUrl) -> None:
    QDesktopServices.openUrl(address)
