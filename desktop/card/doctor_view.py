"""Why a card is not seen: each finding as a row with what to do, and a report to hand to someone who helps."""

import platform
from collections.abc import Callable
from functools import partial

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

from desktop.card.desk import CardDesk
from desktop.card.doctor import Diagnosis, Finding, Severity
from desktop.file_saving import save_new
from desktop.look import icons
from desktop.look.said import Said
from desktop.look.widgets import Notice, button, clear, column, label, prose, row, selectable, surface, top
from desktop.words.card import reader_name
from desktop.words.doctor import describe_finding, doctor_report
from desktop.words.translation import _
from signing.card import Readers
from signing.errors import UserFacingError

_TONES = {Severity.GOOD: "good", Severity.HINT: "info", Severity.PROBLEM: "care"}


class DoctorView(QWidget):
    """Looks once when it is made, and again when asked."""

    def __init__(self, cards: CardDesk, *, back: Callable[[], None]) -> None:
        super().__init__()
        self._cards = cards
        self._diagnosis: Diagnosis | None = None
        self._rows = column(gap=12)
        self._said = Said()
        self._again = button(_("Look again"), self.look, "primary")
        self._copy = button(_("Copy the report"), self._copy_report)
        self._save = button(_("Save the report"), self._choose_file)
        body = column(
            row(button(_("Back to My card"), back, "link", icon="back"), None),
            label(_("Why is the card not seen?"), "sentence"),
            prose(_("The way to the card is followed step by step. No PIN is sent, and no try is used."), "soft"),
            self._rows,
            self._said,
            row(self._copy, self._save, None, self._again),
            None,
            gap=16,
        )
        self.setLayout(body)
        self.look()

    def look(self) -> None:
        """Follow the way to the card, in the background."""
        self._said.unsay()
        self._set_busy()
        work = partial(_diagnose, self._cards.readers, practice=self._cards.practice)
        self._cards.submit(work, done=self._on_diagnosis, failed=self._on_failed)

    def _set_busy(self) -> None:
        clear(self._rows)
        self._rows.addWidget(label(_("Looking"), "soft"))
        for part in (self._again, self._copy, self._save):
            part.setEnabled(False)

    def _on_diagnosis(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        clear(self._rows)
        for finding in diagnosis.findings:
            self._rows.addWidget(_row(finding))
        self._rows.addWidget(_computer(diagnosis))
        for part in (self._again, self._copy, self._save):
            part.setEnabled(True)

    def _on_failed(self, error: UserFacingError) -> None:
        from desktop.messages import describe

        clear(self._rows)
        self._rows.addWidget(Notice("bad", f"{describe(error).text} [{error.code}]"))
        self._again.setEnabled(True)

    # --- the report

    def _report(self) -> str:
        return "\n".join(doctor_report(self._diagnosis)) + "\n" if self._diagnosis else ""

    def _copy_report(self) -> None:
        if clipboard := QGuiApplication.clipboard():
            clipboard.setText(self._report())
        self._say("good", _("Copied. The report holds nothing personal."))

    def _choose_file(self) -> None:
        save_new(self, _("Save the report"), "jitsuin-doctor.txt", self._report().encode(), told=self._say)

    def _say(self, tone: str, text: str) -> None:
        self._said.say(tone, text)


def _diagnose(readers: Readers | None, *, practice: bool) -> Diagnosis:
    """In the card's thread."""
    from dataclasses import replace

    from desktop.card.choice import readers_for
    from desktop.card.doctor import diagnose, look_at_computer

    computer = look_at_computer()
    return diagnose(readers or readers_for(practice=practice), replace(computer, library=computer.library or practice))


def _promise() -> str:
    return _("The way to the card is followed step by step. No PIN is sent, and no try is used.")


def _row(finding: Finding) -> QWidget:
    words, tone = describe_finding(finding), _TONES[finding.severity]
    text = column(
        label(words.title, "strong"),
        label(words.explanation, "soft"),
        selectable(label(words.action)),
        gap=4,
    )
    line = row(top(icons.Picture(tone, "ink_soft" if tone == "info" else tone)), text, gap=12)
    line.setStretch(1, 1)
    framed = surface(line, margins=(16, 14, 16, 14))
    framed.setAccessibleName(words.text)
    return framed


def _computer(diagnosis: Diagnosis) -> QWidget:
    """What was seen on the way, small."""
    found = [_("Reader: {reader}").format(reader=reader_name(reader.name)) for reader in diagnosis.readers]
    return label(" · ".join([platform.system(), *found]), "small")
