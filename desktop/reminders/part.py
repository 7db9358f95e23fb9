"""Reminders on the card page: asked for with consent, one press to end them, and the days for any calendar."""

from PyQt6.QtWidgets import QLayout, QSystemTrayIcon, QWidget

from desktop.card.life import CardLifeDesk
from desktop.file_saving import save_new
from desktop.look import icons
from desktop.look.said import Said
from desktop.look.widgets import Notice, button, clear, column, label, prose, row, surface, top
from desktop.reminders.desk import ReminderDesk, can_remind
from desktop.reminders.memory import Reminder
from desktop.words.formatting import joined, shown_date
from desktop.words.translation import _
from signing.renewal import CardLife


class ReminderPart(QWidget):
    """Shown with a card, or where reminders are on."""

    def __init__(self, desk: CardLifeDesk, reminders: ReminderDesk) -> None:
        super().__init__()
        self._desk, self._reminders = desk, reminders
        self._said = Said()
        self._body = column(gap=8)
        self.setLayout(column(self._body, self._said, gap=8))
        desk.changed.connect(self.refresh)
        reminders.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        clear(self._body)
        life = self._desk.life
        practice = self._desk.cards.practice
        mine = self._reminders.about(life) if life and not practice else None
        if practice and life:
            self._show(_("Reminders are for your own card: the dates of the practice card are not yours."))
        elif mine:
            self._show(self._on(mine), self._renewed(mine), *self._endings(), below=self._icon())
        elif life and can_remind(life):
            ask = _("Remind me of this card") if self._reminders.all else _("Remind me")
            self._show(consent(), button(ask, lambda: self._remind(life)), *self._endings())
        else:
            for each in self._reminders.all:
                self._show(self._on(each), self._renewed(each), self._never(), below=self._icon())
        if self._reminders.unwritable:
            self._body.addWidget(Notice("bad", _("This could not be saved on this computer.")))

    def _show(self, text: str, *actions: QWidget, below: QLayout | None = None) -> None:
        words = column(label(_("Reminders"), "strong"), prose(text, "soft", characters=80), gap=4)
        if actions:
            words.addSpacing(6)
            words.addLayout(row(*actions, None, gap=8))
        if below:
            words.addLayout(below)
        line = row(top(icons.Picture("bell", "ink_soft")), words, gap=12)
        line.setStretch(1, 1)
        self._body.addWidget(surface(line, margins=(16, 14, 16, 14)))

    def _on(self, reminder: Reminder) -> str:
        return joined(
            _("Reminders are on, for {day}.").format(day=shown_date(reminder.expires)),
            _("You are told 90, 30 and 7 days before, and when renewal begins, also while this program is closed."),
        )

    def _endings(self) -> list[QWidget]:
        parts: list[QWidget] = [button(_("Add to a calendar"), self._save_calendar, icon="calendar")]
        if self._reminders.all:
            parts.append(self._never())
        return parts

    def _never(self) -> QWidget:
        return button(_("Never again"), self._reminders.never_again, "link")

    def _icon(self) -> QLayout:
        """The switch of the icon in the notification area."""
        if self._reminders.icon_wanted:
            off = button(_("Do not show the icon any more"), lambda: self._reminders.want_icon(wanted=False), "link")
            if QSystemTrayIcon.isSystemTrayAvailable():
                return row(off, None)
            missing = _("The icon is wanted, but this desktop shows none just now. Reminders come all the same.")
            return column(label(missing, "small"), row(off, None), gap=0)
        words = _("Show an icon in the notification area")
        return row(button(words, lambda: self._reminders.want_icon(wanted=True), "link"), None)

    def _renewed(self, reminder: Reminder) -> QWidget:
        return button(_("I renewed"), lambda: self._reminders.renewed(reminder))

    def _remind(self, life: CardLife) -> None:
        self._reminders.remind(life)

    def _save_calendar(self) -> None:
        if life := self._desk.life:
            content = self._reminders.calendar(life)
            save_new(self, _("Add to a calendar"), "my-number-card.ics", content, told=self._say)

    def _say(self, tone: str, text: str) -> None:
        self._said.say(tone, text)


def consent() -> str:
    """What is kept, told before it is."""
    return joined(
        _("This computer can tell you 90, 30 and 7 days before the end, and when renewal begins."),
        _(
            "For that, it keeps the kind of the certificate, its last day and a random number, and nothing else; "
            "it looks at them for a moment when you log in."
        ),
    )
