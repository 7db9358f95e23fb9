"""Saves something of the program's own making where the person wants it, and never over another file."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from desktop.messages import plain
from desktop.words.translation import _


def save_new(parent: QWidget, title: str, name: str, content: bytes, *, told: Callable[[str, str], None]) -> None:
    """Ask where, write a new file there, and tell (tone, words) how it went. `name` may name a folder too."""
    dialog = QFileDialog(parent, title, name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is ever overwritten
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.fileSelected.connect(lambda chosen: told(*write_new(Path(chosen), content)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def write_new(path: Path, content: bytes) -> tuple[str, str]:
    """Write a file that is not there yet; tone and words of how it went."""
    name = plain(path.name)
    try:
        file = path.open("xb")
    except FileExistsError:
        return "care", _("{name} exists already. Nothing was written; choose another name.").format(name=name)
    except OSError:
        return "bad", _("{name} could not be written there.").format(name=name)
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)  # a part of it would pass for the whole
        return "bad", _("{name} could not be written there.").format(name=name)
    return "good", _("Saved: {name}").format(name=name)
