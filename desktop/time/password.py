"""The password of an authority before it is asked: known, from the keyring, or entered now."""

from collections.abc import Callable

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from desktop.time.authorities import Authority
from desktop.time.desk import TimeDesk


class PasswordFinder(QObject):
    """Looks in the keyring without holding the window up; what is wanted last counts."""

    def __init__(self, desk: TimeDesk, window: QWidget) -> None:
        """`window` is what the question for it stands over."""
        super().__init__(window)
        self._desk, self._window = desk, window
        self._wanted: tuple[Authority, Callable[[], object]] | None = None

    def find(self, authority: Authority, found: Callable[[], object]) -> None:
        """Call `found` once the desk knows the password; never where the person gives none."""
        if self._desk.knows_password(authority):
            found()
            return
        self._wanted = authority, found
        self._desk.find_password(authority, self._on_told)

    def _on_told(self, told: tuple[Authority, str | None]) -> None:
        asked, saved = told
        if self._wanted is None or self._wanted[0] != asked:
            return
        (authority, found), self._wanted = self._wanted, None

        def known(password: str) -> None:
            self._desk.know_password(password)
            found()

        if saved is not None:
            known(saved)
            return
        from desktop.time.dialog import ask_password

        ask_password(self._window, authority, known)
