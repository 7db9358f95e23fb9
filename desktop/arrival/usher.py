"""Leads what arrives, with this start or a later one, to the page it is for."""

from typing import TYPE_CHECKING

from desktop.arrival.request import CARD, SIGN, VERIFY, Arrival, is_address

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from desktop.arrival.place import Place
    from desktop.main_window import MainWindow


def arrive(window: "MainWindow", arrival: Arrival) -> None:
    """Files for the page that is named, or each for the page that fits it."""
    from pathlib import Path

    addresses = [name for name in arrival.names if is_address(name)]
    if addresses:
        from desktop.arrival.elsewhere import Elsewhere

        Elsewhere(window, addresses, lambda found: arrive(window, arrival._replace(names=tuple(found))))
    paths = [Path(name) for name in arrival.names if name not in addresses]
    match arrival.page:
        case page if page == SIGN:
            window.signing.add(paths)
            window.show_sign()
        case page if page == VERIFY:
            window.verifying.add(paths)
            window.show_verify()
        case page if page == CARD:
            window.show_card()
        case _ if paths:
            window.receive([str(path) for path in paths])


def listen(window: "MainWindow", place: "Place") -> None:
    """From now until the program ends, take what later starts bring."""
    from PyQt6.QtWidgets import QApplication

    from desktop.arrival.reception import Reception

    try:
        reception = Reception(place, lambda arrival: welcome(window, arrival), window)
    except OSError:  # every start has a window of its own then
        place.leave()
        return
    if app := QApplication.instance():
        app.aboutToQuit.connect(reception.close)


def take_opened(window: "MainWindow", app: "QApplication") -> None:
    """Let what the Finder opens with this program come to its window."""
    from desktop.arrival.opening import OpenedFiles

    def show(arrival: Arrival) -> None:
        come_forward(window, "")
        arrive(window, arrival)

    app.installEventFilter(OpenedFiles(show, window))


def welcome(window: "MainWindow", arrival: Arrival) -> bool:
    """Take what a later start brings; not where it means the other kind of card, nor when the window was closed."""
    if arrival.practice != window.cards.practice or not window.isVisible():
        return False
    come_forward(window, arrival.token)
    arrive(window, arrival)
    return True


def come_forward(window: "MainWindow", token: str) -> None:
    """Before the other windows; `token` is the leave of the desktop, which Qt takes from the environment."""
    import os

    from PyQt6.QtCore import Qt

    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
