"""The My card page: one sentence that answers, the life of the certificate, guides, and what else can be done."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.card.life import CardLifeDesk
from desktop.card.state import CardStatePart
from desktop.card.tools import CardTools
from desktop.guides.chapters import OF_DOCUMENTS, GuideDamaged, GuideLanguage, GuideName, load_guide
from desktop.guides.view import GuideView, usual_language
from desktop.look import theme
from desktop.look.entry_list import EntryList
from desktop.look.widgets import button, column, label, row
from desktop.reminders.desk import ReminderDesk
from desktop.reminders.part import ReminderPart
from desktop.words.translation import _

_DOCTOR = "doctor"


class CardPage(QWidget):
    """An overview, and in its place a guide or the doctor while one is open."""

    def __init__(self, desk: CardLifeDesk, reminders: ReminderDesk) -> None:
        super().__init__()
        self._desk, self._reminders = desk, reminders
        self._guide_language: GuideLanguage = usual_language()
        self.setProperty("role", "page")
        self._stack = QStackedWidget()
        self._stack.addWidget(_scrolled(self._overview()))
        self.setLayout(column(self._stack, gap=0))
        self.open(desk.view)

    def open(self, view: str) -> None:
        """Show the overview (""), the doctor, or a guide by its name."""
        self._desk.view = view
        while self._stack.count() > 1:
            left = self._stack.widget(1)
            assert left  # noqa: S101 - it was counted
            self._stack.removeWidget(left)
            left.deleteLater()
        if view:
            self._stack.addWidget(_scrolled(self._made(view)))
        self._stack.setCurrentIndex(1 if view else 0)

    def _made(self, view: str) -> QWidget:
        if view == _DOCTOR:
            from desktop.card.doctor_view import DoctorView

            return DoctorView(self._desk.cards, back=self._back)
        return GuideView(GuideName(view), self._guide_language, back=self._back, chosen=self._speak)

    def _back(self) -> None:
        self.open("")

    def _speak(self, wanted: GuideLanguage) -> None:
        self._guide_language = wanted

    def _overview(self) -> QWidget:
        made = QWidget()
        diagnose = lambda: self.open(_DOCTOR)  # noqa: E731 - shorter than its name
        made.setLayout(
            column(
                CardStatePart(self._desk, guide=lambda name: self.open(name), diagnose=diagnose),
                ReminderPart(self._desk, self._reminders),
                _guides(lambda name: self.open(name)),
                CardTools(self._desk, diagnose=diagnose),
                None,
                gap=24,
            )
        )
        return made


def _scrolled(part: QWidget) -> QScrollArea:
    """As wide as can be read with ease, and scrolled where it is long."""
    part.setMaximumWidth(theme.font_height(theme.TEXT) * 42)
    inside = QWidget()
    inside.setProperty("role", "page")
    line = row(part, None, margins=(24, 24, 24, 24), gap=0)
    line.setStretch(0, 100)
    inside.setLayout(line)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _guides(opened: Callable[[GuideName], None]) -> QVBoxLayout:
    entries = []
    for name in (each for each in GuideName if each not in OF_DOCUMENTS):
        try:
            title = load_guide(name, usual_language()).title
        except GuideDamaged:
            continue
        entries.append(button(title, partial(opened, name), "entry", icon="right"))
    return column(label(_("Guides"), "section"), EntryList(entries), gap=8)
