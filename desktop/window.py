"""Puts the window together, and takes it apart again. Imported only when a window is shown."""

import sys
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from desktop.arrival import usher
from desktop.arrival.request import VERIFY, Arrival
from desktop.card.desk import CardDesk
from desktop.document_desk import DocumentDesk
from desktop.look import icons, theme
from desktop.main_window import MainWindow
from desktop.narrator import Narrator
from desktop.preferences import Preferences
from desktop.sign.desk import SignDesk
from desktop.verify.desk import VerifyDesk

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.arrival.place import Place
    from signing.card import Readers

NOTHING = Arrival()
_AFTER_VERDICT = 2000  # milliseconds
_SHORTEST = 0.001  # seconds that a thread may keep the window waiting for Python


def run(arrival: Arrival, *, place: "Place | None" = None, state: str | None = None) -> int:
    """Show the window until it is closed; the exit status.

    At `place` it takes what later starts bring. `state` is that of the practice card.
    """
    sys.excepthook = report_defect
    app = make_application()
    window = open_window(app, state=state)
    if arrival.page == VERIFY and arrival.names:
        window.be_small(len(arrival.names))
    if sys.platform == "darwin":
        usher.take_opened(window, app)
    window.ended.connect(app.quit)  # Qt ends by itself when a window is closed, but not when it is hidden
    window.show()
    # The rest waits until the window stands on the screen.
    QTimer.singleShot(0, lambda: begin(window, arrival, place))
    status = app.exec()
    shut_down(window)
    return status


def make_application() -> QApplication:
    """The application, with a style that follows our style sheet on every system."""
    # As an argument, because to name a style later would make PyQt6 build all that belongs to styles.
    app = QApplication([*sys.argv[:1], "-style", "fusion"])
    app.setApplicationName("jitsuin")
    app.setDesktopFileName("jitsuin")
    return app


def open_window(app: QApplication, *, state: str | None = None) -> MainWindow:
    """The window with all that it needs, not yet shown, and nothing begun; `state` is that of the practice card."""
    theme.use_fonts(app)
    documents = DocumentDesk()
    cards = CardDesk(partial(_readers, state))
    signing = SignDesk(documents, cards, refuge=_refuge)
    return MainWindow(documents, cards, signing, VerifyDesk(documents), Preferences(app))


def begin(window: MainWindow, arrival: Arrival = NOTHING, place: "Place | None" = None) -> None:
    """Take the files, start the helpers, look for readers, listen at the place."""
    from desktop.idle import Idle  # not before the window stands

    sys.setswitchinterval(_SHORTEST)
    # A verdict that is waited for has the processors to itself; what only other pages need comes after it.
    idle, pause = Idle(window), _AFTER_VERDICT if arrival.page == VERIFY else 0
    QTimer.singleShot(pause, window.documents.warm_up)
    QTimer.singleShot(pause, idle.load_ahead)
    usher.arrive(window, arrival)
    Narrator(window.cards, window.signing, window.verifying, window)
    if arrival.practice:
        window.cards.use_practice_card()
    else:
        window.cards.use_real_card()
    if place:
        usher.listen(window, place)
    window.preferences.follow_system()
    window.take_shortcuts()
    window.look_for_reminders()
    window.setWindowIcon(icons.application_icon())


def shut_down(window: MainWindow) -> None:
    """End every thread and process."""
    from desktop.idle import Idle

    for idle in window.findChildren(Idle):
        idle.end()
    window.cards.shut_down()
    window.signing.shut_down()
    window.documents.shut_down()


def _readers(state: str | None, *, practice: bool) -> "Readers":
    from desktop.card.choice import readers_for  # not before a reader is looked for

    return readers_for(practice=practice, state=state if practice else None)


def _refuge() -> "Path":
    from desktop.places import refuge_folder  # not before a file is signed

    return refuge_folder()


def report_defect(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Tell of a defect by kind and place alone: its text, or a local variable, may hold a name or a password."""
    places = []
    while trace:
        module = trace.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{trace.tb_lineno}")
        trace = trace.tb_next
    print(f"jitsuin: unexpected {kind.__name__} at {' > '.join(places)}", file=sys.stderr)  # noqa: T201
