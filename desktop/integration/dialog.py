"""The switch in the window: the menu of the file manager, said before it is changed, put in and taken out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PyQt6.QtWidgets import QDialog, QScrollArea, QWidget

from desktop.integration.integration import Integration, integration
from desktop.jobs import JobQueue
from desktop.look.widgets import Notice, button, clear, column, label, row, selectable
from desktop.messages import describe, joined, listed, plain
from desktop.words.translation import _
from signing.errors import UserFacingError


class _Found(NamedTuple):
    managers: tuple[str, ...]  # that are here
    missing: tuple[str, ...]  # places
    present: tuple[str, ...]
    doubled: tuple[str, ...]
    for_everybody: tuple[str, ...]  # names of file managers
    unwritable: str = ""  # the place that could not be written


class IntegrationDialog(QDialog):
    """Looks, and shows what is so; what is pressed is done off the window's thread."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Menu of the file manager"))
        self.resize(560, 420)
        self._queue = JobQueue(self)
        self._body = column(gap=12)
        self.setLayout(column(self._body, margins=(24, 20, 24, 16)))
        self._ask(_look)

    def done(self, result: int) -> None:
        """What is being written is finished first."""
        self._queue.shut_down()
        super().done(result)

    def _ask(self, work: Callable[[], _Found]) -> None:
        clear(self._body)
        self._body.addWidget(label(_("One moment")))
        self._queue.submit(work, done=self._show, failed=self._fail)

    def _show(self, found: _Found) -> None:
        clear(self._body)
        self._body.addWidget(label(_("Right-click a document to verify or sign it"), "section"))
        if found.unwritable:
            self._body.addWidget(Notice("bad", _("This could not be written: {place}").format(place=found.unwritable)))
        self._body.addWidget(label(_state(found)))
        places = found.doubled or found.missing or found.present
        if places:
            self._body.addWidget(_list(places), 1)
        else:
            self._body.addStretch(1)
        put = button(_("Put it in"), lambda: self._ask(_put), "primary")
        put.setVisible(bool(found.missing) and not found.doubled)
        once = button(_("Leave it once"), lambda: self._ask(_put), "primary")
        once.setVisible(bool(found.doubled))
        out = button(_("Take it out"), lambda: self._ask(_take_out))
        out.setVisible(bool(found.present))
        self._body.addLayout(row(out, None, button(_("Close"), self.accept), put, once, gap=8))

    def _fail(self, error: UserFacingError) -> None:
        clear(self._body)
        self._body.addWidget(Notice("bad", f"{describe(error).text} [{error.code}]"))


def _state(found: _Found) -> str:
    managers = listed(found.managers) or _("none was found")
    here = _("File managers on this computer: {names}.").format(names=managers)
    if found.for_everybody:
        here = joined(
            here,
            _("For everybody on this computer the entries are there already: {names}.").format(
                names=listed(found.for_everybody)
            ),
        )
    if found.doubled:
        return joined(here, _("These files of yours would be taken out, because the same is there for everybody."))
    if found.missing:
        return joined(here, _("These files would be written or completed, for you alone. No default is changed."))
    return joined(here, _("The entries are there. Close a file manager and open it again if it does not show them."))


def _list(places: tuple[str, ...]) -> QScrollArea:
    area = QScrollArea()
    inside = QWidget()
    inside.setProperty("role", "page")
    lines = (selectable(label(plain(place), "soft")) for place in places)
    inside.setLayout(column(*lines, None, gap=4))
    area.setWidget(inside)
    area.setWidgetResizable(True)
    return area


def _look() -> _Found:
    return _found(integration())


def _put() -> _Found:
    return _tried(Integration.put)


def _take_out() -> _Found:
    return _tried(Integration.take_out)


def _tried(change: Callable[[Integration], object]) -> _Found:
    unwritable = ""
    try:
        change(integration())
    except OSError as error:
        unwritable = plain(str(error.filename))
    return _found(integration())._replace(unwritable=unwritable)


def _found(here: Integration) -> _Found:
    missing = (part.place for parts in here.missing().values() for part in parts)
    doubled = (part.place for part in here.doubled())
    managers = tuple(name for name in here.wanted if name)
    return _Found(managers, _once(missing), tuple(here.present()), _once(doubled), tuple(here.for_everybody))


def _once(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places))
