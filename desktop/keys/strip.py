"""What signs, at the foot of the Sign page: mostly the card, and a quiet way to another key."""

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.card.desk import CardDesk
from desktop.card.strip import CardStrip
from desktop.keys.desk import KeyDesk, OtherKey
from desktop.look import icons
from desktop.look.widgets import button, clear, column, label, row
from desktop.words.translation import _

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PyQt6.QtCore import QPoint
    from PyQt6.QtWidgets import QMenu


class KeyStrip(QWidget):
    """The strip of the card, or that of the other key; beside it, what else could sign."""

    def __init__(self, keys: KeyDesk, cards: CardDesk) -> None:
        super().__init__()
        self._keys, self._cards = keys, cards
        self._place: QVBoxLayout = column(gap=0)
        self._other = button(_("Sign with something else"), self._open_menu, "link", icon="key")
        self.setLayout(column(self._place, row(self._other, None), gap=4))
        keys.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        clear(self._place)
        chosen = self._keys.chosen
        self._place.addWidget(_KeyCard(chosen) if chosen else CardStrip(self._cards))

    def let_choose(self, *, possible: bool) -> None:
        """Whether another key may be chosen now."""
        self._other.setEnabled(possible)

    # --- the choice

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self._other.mapToGlobal(self._other.rect().topLeft()) - _up(menu))

    def menu(self) -> "QMenu":
        """What can sign: the card, what was used before, another file or token."""
        from pathlib import Path

        from PyQt6.QtWidgets import QMenu

        from desktop.messages import plain

        menu, known, chosen = QMenu(self), self._keys.known, self._keys.chosen
        files = dict.fromkeys([*([chosen.path] if chosen and not chosen.token else []), *map(Path, known.files)])
        _add(menu, _("My Number Card"), lambda: self._keys.use(None), checked=chosen is None)
        for path in files:
            checked = chosen == OtherKey(path)
            _add(menu, plain(path.name).replace("&", "&&"), partial(self.use_file, path), checked=checked)
        menu.addSeparator()
        _add(menu, _("A certificate file (.p12, .pfx)"), self._choose_file)
        _add(menu, _("A token or another card (PKCS#11)"), self._choose_token)
        if known.files or known.modules:
            menu.addSeparator()
            _add(menu, _("Forget these files and their passwords"), self._keys.forget)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def use_file(self, path: "Path") -> None:
        self._keys.use(OtherKey(path))

    def _choose_file(self) -> None:
        from pathlib import Path

        from PyQt6.QtWidgets import QFileDialog

        dialog = QFileDialog(self.window(), _("Certificate file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Certificate files (*.p12 *.pfx)"), _("All files (*)")])
        dialog.fileSelected.connect(lambda chosen: self.use_file(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_token(self) -> None:
        from desktop.keys.token_dialog import TokenDialog

        TokenDialog(self._keys, self.window() or self).open()


class _KeyCard(QFrame):
    """Which key, and where it is."""

    def __init__(self, key: OtherKey) -> None:
        super().__init__()
        from desktop.messages import plain
        from desktop.words.keys import pin_words

        self.setProperty("role", "surface")
        title, detail = _("A certificate file is ready"), plain(key.path.name)
        if key.token:
            title, detail = _("A token is ready"), plain(key.token.label)
            detail = " ".join(filter(None, (detail, pin_words(key.token))))
        line = row(icons.Picture("key", "good"), margins=(16, 10, 12, 10), gap=12)
        line.addLayout(column(label(title, "strong"), label(detail, "small"), gap=0), 1)
        self.setLayout(line)
        self.setAccessibleName(f"{title} {detail}")


def _add(menu: "QMenu", words: str, chosen: "Callable[[], object]", *, checked: bool | None = None) -> None:
    action = menu.addAction(words)
    assert action  # noqa: S101 - Qt has just made it
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    action.triggered.connect(lambda _checked: chosen())


def _up(menu: "QMenu") -> "QPoint":
    from PyQt6.QtCore import QPoint

    return QPoint(0, menu.sizeHint().height())
