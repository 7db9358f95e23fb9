"""What can be chosen in the settings, page by page."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PyQt6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.about import about
from desktop.card.tools import experiment_words
from desktop.integration.dialog import IntegrationDialog
from desktop.jobs import JobQueue
from desktop.look.widgets import ChoiceBox, Notice, button, clear, column, label, prose, row, selectable, top
from desktop.messages import describe, listed, plain
from desktop.preferences import Preferences
from desktop.reminders.part import ReminderPart
from desktop.settings import Appearance, load_settings, save_settings
from desktop.settings_dialog import Desks
from desktop.sign import seal_memory
from desktop.time.dialog import TimeDialog
from desktop.time.secrets import has_keyring
from desktop.trust.page import TrustPage
from desktop.words.card import experimental_phone
from desktop.words.destinations import destination_name
from desktop.words.formatting import before_stop
from desktop.words.translation import _
from signing.destination import DESTINATIONS
from signing.document import Kind


def pages(desks: Desks) -> list[tuple[str, Callable[[], QWidget]]]:
    """The title of each page, and what makes it."""
    return [
        (_("Window"), partial(_Window, desks.preferences)),
        (_("When signing"), _Signing),
        (_("Time stamps"), partial(_Time, desks)),
        (_("Trust"), partial(_trust, desks)),
        (_("Reminders"), partial(_Reminders, desks)),
        (_("File manager"), _file_manager),
        (_("Experiments"), _experiments),
        (_("About"), about),
    ]


class _Part(QWidget):
    """Shows what is so now, and again after a change."""

    def __init__(self) -> None:
        super().__init__()
        self._body = column(gap=16)
        self.setLayout(self._body)
        self.refresh()

    def refresh(self) -> None:
        clear(self._body)
        self.fill(self._body)

    def fill(self, body: QVBoxLayout) -> None:
        raise NotImplementedError


class _Window(_Part):
    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        super().__init__()

    def fill(self, body: QVBoxLayout) -> None:
        speak, appear = self._preferences.speak, self._preferences.appear
        languages = {"": _("As the system"), "ja": "日本語", "en": "English"}
        body.addLayout(_choice(_("Language"), languages, load_settings().language, speak))
        appearances: dict[str, str] = {
            Appearance.SYSTEM: _("As the system"),
            Appearance.LIGHT: _("Light"),
            Appearance.DARK: _("Dark"),
            Appearance.CONTRAST: _("High contrast"),
        }
        body.addLayout(_choice(_("Appearance"), appearances, self._preferences.appearance, appear))
        body.addWidget(_soft(_("The size of the letters is that of the system.")))


class _Signing(_Part):
    def fill(self, body: QVBoxLayout) -> None:
        settings = load_settings()
        places = {place.name: destination_name(place) for place in DESTINATIONS if place.takes(Kind.PDF)}
        chosen = settings.destination if settings.destination in places else ""
        choices = {"": _("Decided by the document")} | places
        body.addLayout(_choice(_("Where PDFs are for"), choices, chosen, self._send_to))
        body.addWidget(_soft(_("For files that are added from now on. Each can still be given its own.")))
        where = plain(settings.folder) if settings.folder else _("Beside the original")
        body.addLayout(column(label(_("Folder for signed files"), "strong"), selectable(label(where)), gap=6))
        beside = button(_("Beside the original"), partial(self._put_into, ""))
        beside.setVisible(bool(settings.folder))
        body.addLayout(row(button(_("Choose a folder…"), self._choose, icon="folder"), beside, None))
        body.addLayout(self._seal())

    def _seal(self) -> QVBoxLayout:
        known = seal_memory.recall()
        words = _("None is remembered. The editor of the seal asks whether it should be.")
        if known and known.wish.text:
            words = _("Remembered: “{text}”, {width:g} mm wide.").format(text=plain(known.wish.text), width=known.width)
        elif known:
            words = _("Remembered: a picture of your own, {width:g} mm wide.").format(width=known.width)
        forget = button(_("Forget the seal"), self._forget)
        forget.setVisible(known is not None)
        return column(label(_("Seal"), "strong"), label(words), row(forget, None), gap=6)

    def _send_to(self, name: str) -> None:
        save_settings(load_settings()._replace(destination=name))

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), _("Folder for signed files"), load_settings().folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._put_into)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _put_into(self, folder: str) -> None:
        save_settings(load_settings()._replace(folder=str(Path(folder).absolute()) if folder else ""))
        self.refresh()

    def _forget(self) -> None:
        seal_memory.forget()
        self.refresh()


class _Time(_Part):
    def __init__(self, desks: Desks) -> None:
        self._desk, self._keyring = desks.signing.time, column(gap=0)
        super().__init__()
        self._desk.changed.connect(self.refresh)
        self._queue = JobQueue(self)  # the library for keyrings takes long to load
        self._queue.submit(has_keyring, done=self._tell_keyring, failed=self._tell_nothing)

    def fill(self, body: QVBoxLayout) -> None:
        authorities = self._desk.settings.authorities
        words = _("No authority is set. This program contacts nobody.")
        if self._desk.unreadable:
            words = describe(self._desk.unreadable).text
        elif authorities:
            names = listed(plain(each.name) for each in authorities)
            words = _("Authorities: {names}.").format(names=before_stop(names))
        body.addWidget(prose(words))
        if self._desk.signing:
            body.addWidget(_soft(_("Signatures are given a time stamp.")))
        body.addLayout(row(button(_("Time stamps") + "…", self._open, icon="clock"), None))

    def _open(self) -> None:
        TimeDialog(self._desk, self.window() or self).open()

    def _tell_keyring(self, there: bool) -> None:
        words = _("Passwords of authorities are kept in the keyring of the system, and nowhere else.")
        missing = _("This computer has no keyring that is ready: passwords of authorities are asked for each time.")
        part = _soft(words) if there else Notice("care", missing)
        if layout := self.layout():
            layout.addWidget(part)

    def _tell_nothing(self, _error: object) -> None:
        """It is told when a password is to be kept."""


class _Reminders(_Part):
    def __init__(self, desks: Desks) -> None:
        self._life, self._reminders = desks.life, desks.reminders
        super().__init__()
        self._reminders.changed.connect(self.refresh)

    def fill(self, body: QVBoxLayout) -> None:
        if not self._reminders.all and self._life.life is None:
            words = _("None is set. Put the card on the reader: the page of the card offers to remind you of its end.")
            body.addWidget(prose(words))
        body.addWidget(ReminderPart(self._life, self._reminders))


def _trust(desks: Desks) -> QWidget:
    def authority_of_card() -> bytes | None:
        facts = desks.life.cards.facts
        return facts.signature_ca_certificate if facts else None

    made = TrustPage(desks.signing.documents.asking(), authority_of_card)
    made.changed.connect(desks.verifying.verify_all)
    return made


def _file_manager() -> QWidget:
    made = QWidget()
    words = _("A right-click on a document can offer to verify or sign it. What would be written is shown first.")
    opened = button(_("Menu of the file manager") + "…", lambda: _open_integration(made), icon="folder")
    made.setLayout(column(prose(words), row(opened, None), gap=16))
    return made


def _open_integration(part: QWidget) -> None:
    dialog = IntegrationDialog(part.window() or part)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _experiments() -> QWidget:
    def change_pins(on: bool) -> None:
        save_settings(load_settings()._replace(pin_change=on))

    def phones(on: bool) -> None:
        save_settings(load_settings()._replace(phones=on))

    made, now = QWidget(), load_settings()
    pins = _switch(_("Change passwords and PINs of a real card"), on=now.pin_change, told=change_pins)
    phone = _switch(_("Sign with a phone on the reader"), on=now.phones, told=phones)
    made.setLayout(column(pins, _soft(experiment_words()), phone, _soft(experimental_phone()), gap=8))
    return made


def _switch(words: str, *, on: bool, told: Callable[[bool], None]) -> QHBoxLayout:
    """A box to tick, with words that may take more than one line."""
    box = QCheckBox()
    box.setChecked(on)
    box.setAccessibleName(words)
    box.toggled.connect(told)
    line = row(top(box), label(words), gap=8)
    line.setStretch(1, 1)
    return line


def _choice(title: str, choices: Mapping[str, str], chosen: str, told: Callable[..., object]) -> QVBoxLayout:
    """A title and what can be chosen under it; `told` gets the key of what was."""
    box, keys = ChoiceBox(), list(choices)
    box.addItems(list(choices.values()))
    box.setCurrentIndex(keys.index(chosen))
    box.setAccessibleName(title)
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
    box.activated.connect(lambda index: told(keys[index]))
    caption = label(title, "strong")
    caption.setBuddy(box)
    return column(caption, row(box, None), gap=6)


def _soft(words: str) -> QWidget:
    return prose(words, "soft")
