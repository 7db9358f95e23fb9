"""A signed file that waits for its time stamp: what is so, and three ways to go on."""

from PyQt6.QtWidgets import QDialog, QWidget

from desktop.look.fitting import lay_out, width_of
from desktop.look.widgets import Notice, button, clear, column, hairline, label, prose, row
from desktop.messages import describe, joined, plain
from desktop.time.desk import TimeDesk, WaitingItem
from desktop.words.time import destination_of_request
from desktop.words.translation import _


def waiting_notice(desk: TimeDesk, item: WaitingItem) -> Notice:
    """Try again, save without, discard; while it is being asked for, nothing."""
    name = plain(item.file.output.name)
    if item.busy:
        return Notice("care", _("Signed: {name}. The time stamp is being asked for.").format(name=name))
    words = [_("Signed, but without time stamp so far: {name}.").format(name=name), _("The signature is kept.")]
    if item.error:
        words = [words[0], f"{describe(item.error).text} [{item.error.code}]"]
    return Notice(
        "care",
        joined(*words),
        button(_("Try again"), lambda: _retry(desk, item), "link", icon="clock"),
        button(_("Save without time stamp"), lambda: desk.save(item), "link", icon="folder"),
        button(_("Discard"), lambda: _ask_discard(desk, item), "link", icon="close"),
    )


def _retry(desk: TimeDesk, item: WaitingItem) -> None:
    from PyQt6.QtWidgets import QApplication

    from desktop.time.password import PasswordFinder

    window = QApplication.activeWindow()
    if window is None or not desk.settings.authorities:  # then that is told
        desk.retry(item)
        return
    PasswordFinder(desk, window).find(desk.settings.authority(), lambda: desk.retry(item))


def _ask_discard(desk: TimeDesk, item: WaitingItem) -> None:
    from PyQt6.QtWidgets import QApplication

    dialog = _DiscardDialog(QApplication.activeWindow())
    dialog.accepted.connect(lambda: desk.discard(item))
    dialog.open()


class _DiscardDialog(QDialog):
    """Asks once more: it cannot be undone."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Discard the signature"))
        self.setModal(True)
        words = _("The signed file is removed for good. To have one, you must sign again.")
        keep = button(_("Keep it"), self.reject)
        keep.setDefault(True)
        body = column(label(_("Discard the signature"), "section"), prose(words), gap=16)
        lay_out(self, body, row(None, keep, button(_("Discard"), self.accept)))
        keep.setFocus()
        self.finished.connect(self.deleteLater)


class WaitingDialog(QDialog):
    """All that waits since another time."""

    def __init__(self, desk: TimeDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(_("Waiting for a time stamp"))
        self.resize(width_of(self, lines=26), 0)
        self._list = column(gap=12)
        close = button(_("Close"), self.accept)
        words = _(
            "These files are signed. The program ended, or the authority failed, before the time stamp was there."
        )
        head = (label(_("Waiting for a time stamp"), "section"), prose(words), hairline())
        self._area = lay_out(self, column(*head, self._list, None, gap=12), row(None, close))
        desk.changed.connect(self._show)
        desk.item_changed.connect(self._show)
        self.finished.connect(self.deleteLater)
        self._show()

    def _show(self) -> None:
        clear(self._list)
        if self._desk.items and self._desk.settings.authorities:
            self._list.addWidget(prose(destination_of_request(self._desk.settings.authority()), "small"))
        for item in self._desk.items:
            self._list.addWidget(waiting_notice(self._desk, item))
        if not self._desk.items:
            self._list.addWidget(label(_("Nothing waits any more."), "soft"))
        self._area.fit()
