"""What the card says, at the head of its page: the sentence, the line of its life, the facts; calm in every state."""

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.card.desk import CardState
from desktop.card.life import CardLifeDesk, KnownCard, now
from desktop.card.life_line import LifeLine, Mark
from desktop.card.strip import reader_choice
from desktop.guides.chapters import GuideDamaged, GuideName, guide_for, load_guide
from desktop.guides.view import usual_language
from desktop.look import icons, theme
from desktop.look.widgets import Notice, button, clear, column, hairline, label, prose, row, selectable, surface, top
from desktop.messages import Words, describe
from desktop.words.card import certificate_rows, headline, printed_date, token_words, tone
from desktop.words.renewal import advice, caveat
from desktop.words.translation import _
from signing.card import TokenKind
from signing.errors import NoCard, NoReader, Unexpected
from signing.renewal import CardLife, Circumstance, State, day_in_japan

_OWN_GUIDES = {  # of those who renew in another way
    Circumstance.ABROAD: GuideName.ABROAD,
    Circumstance.STAY_LIMITED: GuideName.FOREIGN_RESIDENTS,
}
_MISSING = {CardState.NO_READER: NoReader, CardState.NO_CARD: NoCard}


class CardStatePart(QWidget):
    """Built anew whenever the desk knows something else."""

    def __init__(self, desk: CardLifeDesk, *, guide: Callable[[GuideName], None], diagnose: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._guide, self._diagnose = desk, guide, diagnose
        self._body = column(gap=16)
        self.setLayout(self._body)
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        clear(self._body)
        if len(self._desk.cards.choices) > 1:
            name = label(_("Card reader"), "small")
            name.setWordWrap(False)
            self._body.addLayout(row(name, reader_choice(self._desk.cards), None, gap=12))
        known = self._desk.known
        if known is None:
            self._show_absence()
        elif known.facts.token is not TokenKind.MY_NUMBER_CARD:
            self._show_other(known)
        else:
            self._show_card(known, known.life(now()))

    # --- no card that can be spoken of

    def _show_absence(self) -> None:
        state, cards = self._desk.cards.state, self._desk.cards
        if state in (CardState.LOOKING, CardState.READING, CardState.READY):
            words = _("Looking for a card reader") if state is CardState.LOOKING else _("Reading the card")
            self._head("card", "ink_soft", words)
            return
        error = cards.error or _MISSING.get(state, Unexpected)()
        words_ = describe(error)
        self._head("card" if state in (CardState.NO_CARD, CardState.REFUSED) else "reader", "ink_soft", words_.title)
        self._body.addWidget(prose(words_.action))
        self._body.addLayout(self._ways_on())

    def _ways_on(self) -> QHBoxLayout:
        cards = self._desk.cards
        line = row(gap=8)
        if cards.state is CardState.REFUSED:
            line.addWidget(button(_("Try again"), cards.read))
        if cards.state is not CardState.NO_CARD:
            line.addWidget(button(_("Find out why"), self._diagnose))
        if not cards.practice:
            line.addWidget(button(_("Use the practice card"), cards.use_practice_card))
        line.addStretch(1)
        return line

    def _show_other(self, known: KnownCard) -> None:
        life = known.life(now())
        self._head("care", "care", headline(life, known.facts))
        self._body.addWidget(prose(advice(life)))
        self._body.addWidget(label(_("On the reader: {kind}").format(kind=token_words(known.facts.token)), "small"))
        self._body.addLayout(self._ways_on())

    # --- a My Number Card

    def _show_card(self, known: KnownCard, life: CardLife) -> None:
        shown = tone(life)
        self._head(shown, shown, headline(life, known.facts))
        if words := advice(life):
            self._body.addWidget(selectable(prose(words, characters=76)))
        if line := life_line(known, life):
            self._body.addWidget(line)
        if step := self._step(life):
            self._body.addLayout(step)
        if self._desk.reading:
            self._body.addWidget(label(_("The exact date is being read. Leave the card on the reader."), "soft"))
        self._body.addWidget(self._facts(known, life))
        self._body.addWidget(prose(caveat(), "small", characters=90))

    def _step(self, life: CardLife) -> QHBoxLayout | None:
        name = guide_for(life.next_step)
        if name is GuideName.RENEW:
            name = next((guide for so, guide in _OWN_GUIDES.items() if so in life.signature.circumstances), name)
        if name is None:
            return None
        try:
            title = load_guide(name, usual_language()).title
        except GuideDamaged:
            return None
        return row(button(title, lambda: self._guide(name), "primary"), None)

    def _facts(self, known: KnownCard, life: CardLife) -> QWidget:
        signature, authentication = certificate_rows(life, known.facts)
        action = button(_("Read the exact date"), self._ask) if self._desk.can_read else None
        low = known.facts.signature_tries is not None and known.facts.signature_tries < 3
        return surface(
            _fact("sign", signature, action, care=low),
            hairline(),
            _fact("person", authentication),
            hairline(),
            _fact("card", Words(_("Date printed on the card"), printed_date(), "")),
            margins=(20, 16, 20, 16),
            gap=14,
        )

    def _ask(self) -> None:
        from desktop.card.exact_date import ask_for_exact_date

        ask_for_exact_date(self._desk, self.window() or self)

    def _head(self, icon: str, colour: str, text: str) -> None:
        # The icon stands beside the first line, however many there are.
        drop = max(0, theme.font_height(theme.SENTENCE) - icons.size()) // 2
        picture = column(icons.Picture(icon, colour), None, margins=(0, drop, 0, 0), gap=0)
        line = row(picture, column(selectable(_Sentence(text)), None, gap=0), gap=12)
        line.setStretch(1, 1)
        self._body.addLayout(line)


class _Sentence(QLabel):
    """As large as leaves it in one line: Japanese breaks anywhere, and would leave a single character behind."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "sentence")
        self.setWordWrap(True)
        self._wide = QFontMetrics(theme.font(theme.SENTENCE, weight=600)).horizontalAdvance(text)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        role = "sentence" if self._wide < self.width() else "section"
        if self.property("role") != role:
            self.setProperty("role", role)
            if style := self.style():  # the style sheet has looked at the old value
                style.unpolish(self)
                style.polish(self)


def _fact(icon: str, words: Words, action: QWidget | None = None, *, care: bool = False) -> QHBoxLayout:
    text = column(label(words.title, "small"), selectable(label(words.explanation)), gap=2)
    if words.action:
        text.addWidget(Notice("care", words.action) if care else label(words.action, "soft"))
    line = row(top(icons.Picture(icon, "ink_soft")), text, gap=16)
    line.setStretch(1, 1)
    if action:
        line.addLayout(top(action))
    return line


def life_line(known: KnownCard, life: CardLife) -> LifeLine | None:
    """Issued, today, renewal, end; None where the end, or what day it is, is not known."""
    own = life.signature
    if own.end is None or known.issued is None or own.state is State.CLOCK_BEHIND:
        return None
    marks = [
        Mark(_("Issued"), day_in_japan(known.issued)),
        Mark(_("Today"), day_in_japan(now()), today=True),
        Mark(_("Ends"), own.end.day),
    ]
    if own.opens:
        marks.append(Mark(_("Renewal begins"), own.opens))
    return LifeLine(marks, practice=known.facts.practice)
