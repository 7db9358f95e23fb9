"""Time stamps for a file that is signed already: what would be added, who is asked for it, and where it goes."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QRadioButton, QWidget

from desktop.look.fitting import lay_out, width_of
from desktop.look.widgets import ElidedLabel, Notice, button, clear, column, hairline, label, prose, row
from desktop.messages import describe, note, plain
from desktop.passwords.document_password import unlock_button
from desktop.time.conversation import Stamped
from desktop.time.desk import TimeDesk
from desktop.time.offer import Offer
from desktop.time.password import PasswordFinder
from desktop.words.time import choice_of, destination_of_request, sources_in_words
from desktop.words.translation import _
from signing.errors import DocumentEncrypted, UserFacingError
from signing.extension import Extension, extended_name
from signing.report import SignatureLevel

Rehearse = Callable[[str, Callable[[Offer | UserFacingError], object]], object]


class ExtensionDialog(QDialog):
    """`rehearse` tells what can be added to the file that opens with this password; `made` is the new file."""

    made = pyqtSignal(object)  # Path

    def __init__(self, desk: TimeDesk, path: Path, rehearse: Rehearse, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._path, self._rehearse = desk, path, rehearse
        self._passwords = PasswordFinder(desk, self)
        self._offer: Offer | UserFacingError | None = None
        self._level = SignatureLevel.B_T
        self._busy = False
        self._failure: UserFacingError | None = None
        self.setWindowTitle(_("Add a time stamp"))
        self.setModal(True)
        self.resize(width_of(self, lines=26), 0)
        self._levels, self._rest = column(gap=12), column(gap=12)
        self._whole = QWidget()
        self._whole.setLayout(column(self._levels, self._rest, gap=12))
        head = column(label(_("Add a time stamp"), "section"), ElidedLabel(plain(path.name), "soft"), gap=12)
        self._cancel = button(_("Cancel"), self.reject)
        self._go = button(_("Ask for the time stamp"), self._find_password, "primary")
        self._go.setDefault(True)
        settings = button(_("Time stamps"), self._open_settings, "link", icon="clock")
        self._area = lay_out(self, column(head, self._whole, None, gap=12), row(settings, None, self._cancel, self._go))
        desk.changed.connect(self._show)
        self.finished.connect(self.deleteLater)
        self._look("")

    def _look(self, password: str) -> None:
        self._on_offer(None)
        self._rehearse(password, self._on_offer)

    def _on_offer(self, offer: Offer | UserFacingError | None) -> None:
        self._offer = offer
        clear(self._levels)
        if offer is None:
            self._levels.addWidget(label(_("Looking at the file"), "soft"))
        elif isinstance(offer, UserFacingError):
            self._show_obstacle(offer)
        else:
            self._show_levels(offer)
        self._show()

    # --- what is shown

    def _show(self) -> None:
        clear(self._rest)
        extension = self._extension()
        if extension:
            self._show_consequences(extension)
        if self._failure:
            self._rest.addWidget(_told(self._failure))
        self._whole.setEnabled(not self._busy)
        self._go.setEnabled(extension is not None and bool(self._desk.settings.authorities) and not self._busy)
        self._go.setText(_("Asking") if self._busy else _("Ask for the time stamp"))
        self._cancel.setEnabled(not self._busy)
        self._area.fit()

    def _show_obstacle(self, error: UserFacingError) -> None:
        if isinstance(error, DocumentEncrypted):
            self._levels.addLayout(row(unlock_button(self, self._path.name, self._look), None))
        else:
            self._levels.addWidget(_told(error))

    def _show_levels(self, offer: Offer) -> None:
        for level, outcome in offer.levels.items():
            title, meaning = choice_of(level)
            choice = QRadioButton(title)
            choice.setAccessibleDescription(meaning)
            choice.setChecked(level is self._level)
            choice.setEnabled(isinstance(outcome, Extension))
            choice.toggled.connect(lambda on, level=level: self._choose(level) if on else None)
            words = meaning if isinstance(outcome, Extension) else f"{describe(outcome).text} [{outcome.code}]"
            self._levels.addLayout(column(choice, _below(words), gap=2))
            if level is self._level:
                choice.setFocus()

    def _show_consequences(self, extension: Extension) -> None:
        self._rest.addWidget(hairline())
        for finding in extension.notes:
            self._rest.addWidget(Notice("care", note(finding)))
        settings = self._desk.settings
        if settings.authorities:
            self._rest.addWidget(prose(destination_of_request(settings.authority())))
            if extension.level is not SignatureLevel.B_T:
                self._rest.addWidget(prose(sources_in_words(extension.sources)))
        else:
            about = _("No authority is set. This program contacts nobody.")
            add = button(_("Add an authority"), self._open_settings, "link", icon="add")
            self._rest.addWidget(Notice("care", about, add))
        name = plain(extended_name(extension.document).name)
        words = _("A new file is made beside it: {name}. This one stays as it is.").format(name=name)
        self._rest.addWidget(prose(words))

    def _extension(self) -> Extension | None:
        outcome = self._offer.levels.get(self._level) if isinstance(self._offer, Offer) else None
        return outcome if isinstance(outcome, Extension) else None

    def _choose(self, level: SignatureLevel) -> None:
        self._level, self._failure = level, None
        self._show()

    def _open_settings(self) -> None:
        from desktop.time.dialog import TimeDialog

        TimeDialog(self._desk, self).open()

    # --- what is done

    def _find_password(self) -> None:
        self._failure = None
        self._passwords.find(self._desk.settings.authority(), self._ask)

    def _ask(self) -> None:
        extension = self._extension()
        if extension is None or self._busy:
            return
        self._busy = True
        self._show()
        self._desk.extend(extension, self._path.parent, self._on_done)

    def _on_done(self, outcome: Stamped | UserFacingError) -> None:
        self._busy = False
        if isinstance(outcome, UserFacingError):
            self._failure = outcome
            self._show()
            return
        self.made.emit(outcome.path)
        self.accept()

    def reject(self) -> None:
        if not self._busy:  # each request ends by itself after a while
            super().reject()


def _told(error: UserFacingError) -> Notice:
    return Notice("bad", f"{describe(error).text} [{error.code}]")


def _below(words: str) -> QWidget:
    made = prose(words, "small")
    made.setProperty("indent", 26)  # pixels: under the words of the choice
    return made
