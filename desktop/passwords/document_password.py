"""Asks for the password of an encrypted document; it opens the document and is not kept anywhere else."""

from collections.abc import Callable

from PyQt6.QtWidgets import QInputDialog, QLineEdit, QPushButton, QWidget

from desktop.look.fitting import break_lines
from desktop.look.widgets import button
from desktop.messages import plain
from desktop.words.translation import _


def unlock_button(parent: QWidget, name: str, entered: Callable[[str], None]) -> QPushButton:
    """A button that asks for the password of the document of this name, and hands it on."""
    return button(_("Enter its password"), lambda: _ask(parent, name, entered), "link", icon="show")


def _ask(parent: QWidget, name: str, entered: Callable[[str], None]) -> None:
    dialog = QInputDialog(parent.window())
    dialog.setWindowTitle(_("Password of the document"))
    dialog.setLabelText(_("Password that opens {name} (not that of your card):").format(name=plain(name)))
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    dialog.setOkButtonText(_("Open"))
    dialog.setCancelButtonText(_("Cancel"))
    break_lines(dialog)
    dialog.textValueSelected.connect(entered)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
