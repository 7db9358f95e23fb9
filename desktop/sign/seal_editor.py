"""The seal of a signature, and what else can be chosen for it in a PDF: field, and what may change afterwards."""

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QCheckBox, QDialog, QFrame, QScrollArea, QWidget

from desktop.look import theme
from desktop.look.said import Said
from desktop.look.widgets import button, column, label, row
from desktop.messages import describe, plain
from desktop.sign import seal_memory
from desktop.sign.desk import SignDesk
from desktop.sign.seal_parts import FurtherChoice, PlaceChoice, SealChoice
from desktop.sign.seal_sheet import SealSheet
from desktop.sign.seal_work import SealSample, SealWish, look_at_page, make_seal
from desktop.sign.sign_row import SignRow
from desktop.words.translation import _
from signing.errors import UserFacingError
from signing.pdf.options import AS_USUAL, PdfOptions, Place, Sheet

_PIXELS = 360  # of the picture of a seal
_PAUSE = 250  # milliseconds without a key before a seal is cut anew
_FROM_EDGE = 25.0  # millimetres, where a seal is put that was nowhere yet


class SealEditor(QDialog):
    """For the documents of `rows`, shown on the first one."""

    def __init__(self, desk: SignDesk, rows: list[SignRow], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._rows = desk, rows
        self._options = rows[0].options or AS_USUAL
        self._remembered = seal_memory.recall()
        self._sample: SealSample | None = None
        self._shown: Sheet | None = None
        self._placed = self._options.seal is not None or self._remembered is not None
        self._page, self._cut = self._pause(self._ask_for_page), self._pause(self._ask_for_seal)
        self.setWindowTitle(_("Seal and more"))
        self.setModal(True)
        self._make_parts()
        self._lay_out(parent)
        self.finished.connect(self.deleteLater)
        self._ask_for_page()
        self._on_wish()

    def _pause(self, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(_PAUSE)
        timer.timeout.connect(then)
        return timer

    # --- what it is made of

    def _make_parts(self) -> None:
        memory = self._remembered
        seal = self._options.seal
        place = self._options.place if seal or not memory else memory.place
        width = seal.width if seal else memory.width if memory else 12.0
        wish = SEALS_IN_USE.get(seal) if seal else None
        self._sheet = SealSheet()
        self._choice = SealChoice(wish or (memory.wish if memory else SealWish()), width, chosen=seal is not None)
        self._place = PlaceChoice(place)
        self._further = FurtherChoice(self._options, self._empty_fields())
        self._remember = QCheckBox(_("Remember this seal here"))
        self._remember.setChecked(memory is not None)
        self._everywhere = QCheckBox(_("The same in every document"))
        self._everywhere.setVisible(len(self._others()) > 0)
        self._said = Said()
        self._choice.wish_changed.connect(self._on_wish)
        self._choice.width_changed.connect(self._show_seal)
        self._place.moved.connect(self._sheet.put)
        self._place.page_changed.connect(self._page.start)
        self._sheet.moved.connect(self._place.put)
        self._sheet.turned.connect(self._place.turn)
        self._further.changed.connect(self._ask_for_page)
        self._further.changed.connect(self._show_seal)

    def _lay_out(self, parent: QWidget) -> None:
        whole = column(margins=(24, 20, 24, 20), gap=12)
        whole.addWidget(label(_("Seal and more"), "section"))
        inside = QWidget()
        inside.setProperty("role", "list")
        about = label(_("A seal is a picture that anybody can make. What proves is the signature."), "small")
        parts = (self._choice, self._place, about, self._everywhere, self._remember, self._further)
        inside.setLayout(column(self._said, *parts, None, margins=(0, 0, 12, 0), gap=12))
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        line = theme.font_height(theme.TEXT)
        scroll.setFixedWidth(min(line * 19, parent.width() // 2 - 40))
        middle = row(self._sheet, scroll, gap=16)
        middle.setStretch(0, 1)
        whole.addLayout(middle, 1)
        self._use = button(_("Use"), self._on_use, "primary")
        self._use.setDefault(True)
        whole.addLayout(row(None, button(_("Cancel"), self.reject), self._use))
        self.setLayout(whole)
        self.resize(min(line * 52, parent.width() - 40), min(line * 38, parent.height() - 24))

    def _others(self) -> list[SignRow]:
        """The other documents that can have a seal."""
        return [each for each in self._desk.sealable_rows() if each not in self._rows]

    def _empty_fields(self) -> tuple[str, ...]:
        """Those that all documents have."""
        found: list[set[str]] = []
        for each in self._rows:
            notes = each.rehearsal.notes if each.rehearsal else ()
            names = [note.facts["names"] for note in notes if note.code == "empty-fields"]
            found.append({str(name) for group in names if isinstance(group, tuple) for name in group})
        return tuple(sorted(set.intersection(*found))) if found else ()

    # --- the page and the seal

    def _ask_for_page(self) -> None:
        document = self._rows[0].document
        if document:
            pixels = max(600, int(self._sheet.width() * self.devicePixelRatioF()))
            place, field = Place(self._place.page()), self._further.field()
            self._desk.documents.ask(look_at_page, document, place, field, pixels, told=self._on_page)

    def _on_page(self, answer: Sheet | UserFacingError) -> None:
        if isinstance(answer, UserFacingError):
            self._tell(answer)
            return
        self._shown = answer
        self._sheet.show_page(answer)
        self._place.know(answer.pages, answer.number)
        self._put_first_seal()
        self._show_seal()

    def _put_first_seal(self) -> None:
        """Where no place is known: at the lower right, as on a letter."""
        if self._placed or self._further.field() or not (self._shown and self._sample):
            return
        self._placed = True
        width = self._choice.width_in_millimetres()
        self._place.set(self._shown.width - width - _FROM_EDGE, self._shown.height - width - _FROM_EDGE * 1.6)

    def _on_wish(self) -> None:
        wish = self._choice.wish()
        if wish is None:
            self._cut.stop()
            self._sample = None
            self._said.unsay()
            self._choice.stop_waiting()
            self._show_seal()
        elif self._sample is None or self._sample.wish != wish:
            self._use.setEnabled(False)
            self._choice.wait_for_sample()
            self._cut.start()

    def _ask_for_seal(self) -> None:
        if wish := self._choice.wish():
            self._desk.documents.ask(make_seal, wish, self._desk.practice, _PIXELS, told=self._on_seal)

    def _on_seal(self, answer: SealSample | UserFacingError) -> None:
        self._said.unsay()
        if isinstance(answer, UserFacingError):
            self._sample = None
            self._choice.stop_waiting()
            self._tell(answer)
        elif answer.wish == self._choice.wish():
            self._sample = answer
            self._choice.stop_waiting()
            self._put_first_seal()
        self._show_seal()

    def _show_seal(self) -> None:
        sample, width = self._sample, self._choice.width_in_millimetres()
        in_field = bool(self._further.field())
        if sample and self._shown:
            self._place.limit(self._shown.width - width, self._shown.height - width * sample.seal.aspect)
        if sample and (not in_field or (self._shown and self._shown.field)):
            self._sheet.show_seal(sample.drawn, width, width * sample.seal.aspect)
        else:
            self._sheet.show_seal(None, 0, 0)
        self._choice.show_sample(sample.drawn if sample else None)
        self._sheet.put(*self._place.at())
        self._place.setVisible(sample is not None and not in_field)
        self._remember.setVisible(sample is not None)
        self._everywhere.setVisible(bool(self._others()))
        self._use.setEnabled(sample is not None or self._choice.wants_none())

    def _tell(self, error: UserFacingError) -> None:
        self._said.say("bad", f"{describe(error).text} [{plain(error.code)}]")

    # --- what comes of it

    def _on_use(self) -> None:
        place, wish = self._place.place(), self._choice.wish()
        seal = replace(self._sample.seal, width=self._choice.width_in_millimetres()) if self._sample else None
        if seal and wish:
            SEALS_IN_USE[seal] = wish
            if self._remember.isChecked():
                seal_memory.remember(seal_memory.Remembered(wish, seal.width, place))
        if not self._remember.isChecked() and self._remembered:
            seal_memory.forget()
        options = PdfOptions(self._further.permission(), self._further.field(), seal, place)
        everywhere = self._everywhere.isChecked() and not self._everywhere.isHidden()
        self._desk.set_options(self._rows + (self._others() if everywhere else []), options)
        self.accept()


SEALS_IN_USE: dict[object, SealWish] = {}  # what each was made of, as long as the program runs
