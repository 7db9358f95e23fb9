"""Files that macOS brings in an event come where a drop on the window would take them."""

from PyQt6.QtCore import QEvent
from PyQt6.QtWidgets import QApplication

from desktop.arrival import opening
from desktop.arrival.request import Arrival


class FileOpen(QEvent):
    """Stands for the event of Qt, which Python cannot make."""

    def __init__(self, name: str) -> None:
        super().__init__(QEvent.Type.FileOpen)
        self._name = name

    def file(self) -> str:
        return self._name


def test_each_opened_file_is_taken_once_and_other_events_pass(qapp, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(opening, "QFileOpenEvent", FileOpen)
    taken: list[Arrival] = []
    name = str(tmp_path / "契約書 -x.pdf")
    opened = opening.OpenedFiles(taken.append, qapp)
    qapp.installEventFilter(opened)
    try:
        for event in (FileOpen(name), FileOpen(""), QEvent(QEvent.Type.User)):
            QApplication.sendEvent(qapp, event)
    finally:
        qapp.removeEventFilter(opened)
    assert taken == [Arrival((name,))]
