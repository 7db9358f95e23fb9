"""One line about reader and card: what is there, what is missing, and what to do about it."""

from PyQt6.QtWidgets import QFrame, QWidget

from desktop.card.desk import CardDesk, CardState
from desktop.look import icons
from desktop.look.widgets import ChoiceBox, button, column, label, row, together
from desktop.words.translation import _


class CardStrip(QFrame):
    """The practice card is one press away whenever no real card can be used."""

    def __init__(self, cards: CardDesk) -> None:
        super().__init__()
        self._cards = cards
        self.setProperty("role", "surface")
        self._whole = column()
        self.setLayout(self._whole)
        cards.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        from desktop.look.widgets import clear

        clear(self._whole)
        tone, title, detail = card_words(self._cards)
        picture = "card" if self._cards.ready or self._cards.state is CardState.READING else "reader"
        words = column(label(title, "strong"), gap=0)
        if detail:
            words.addWidget(label(detail, "small"))
        line = row(icons.Picture(picture, tone), words, *self._actions(), margins=(16, 10, 12, 10))
        line.setStretch(1, 1)
        self._whole.addWidget(together(line))
        self.setAccessibleName(f"{title} {detail}".strip())

    def _actions(self) -> list[QWidget]:
        actions: list[QWidget] = [reader_choice(self._cards)] if len(self._cards.choices) > 1 else []
        if self._cards.state is CardState.REFUSED:
            actions.append(button(_("Try again"), self._cards.read))
        if not self._cards.practice and self._cards.state not in (CardState.READY, CardState.READING):
            actions.append(button(_("Use the practice card"), self._cards.use_practice_card))
        return actions


def card_words(cards: CardDesk) -> tuple[str, str, str]:
    """The colour of the icon, the title, and the detail."""
    match cards.state:
        case CardState.LOOKING:
            return "ink_soft", _("Looking for a card reader"), ""
        case CardState.READING:
            return "ink_soft", _("Reading the card"), ""
        case CardState.READY:
            return _ready_words(cards)
    from desktop.messages import describe
    from signing.errors import NoCard, NoReader, Unexpected

    missing = {CardState.NO_READER: NoReader(), CardState.NO_CARD: NoCard()}
    words = describe(cards.error or missing.get(cards.state) or Unexpected())
    return ("ink_soft" if cards.error is None else "care"), words.title, words.action


def _ready_words(cards: CardDesk) -> tuple[str, str, str]:
    from desktop.messages import describe, joined, plain, tries_left
    from desktop.words.card import experimental_phone
    from signing.card import PHONES
    from signing.errors import PinLocked

    facts = cards.facts
    assert facts  # noqa: S101 - a state that is READY has them
    if facts.signature_tries == 0:
        words = describe(PinLocked())
        return "bad", words.title, words.action
    tries = tries_left(facts.signature_tries)
    if facts.token in PHONES:
        return "care", _("A phone is ready (experimental)"), joined(tries, experimental_phone())
    if facts.practice:
        return "practice", _("The practice card is ready"), tries
    reader = plain(facts.reader) if len(cards.choices) < 2 else ""  # else it stands in the choice
    return "good", _("The My Number Card is ready"), joined(tries, reader)


def reader_choice(cards: CardDesk) -> QWidget:
    """A choice among the readers that hold a card, for where there are several."""
    from desktop.words.formatting import plain

    box = ChoiceBox()
    box.setAccessibleName(_("Card reader"))
    box.setToolTip(_("Card reader"))
    box.addItems([plain(reader) for reader in cards.choices])
    if cards.reader in cards.choices:
        box.setCurrentIndex(cards.choices.index(cards.reader))
    box.setMaximumWidth(box.fontMetrics().averageCharWidth() * 20)  # all of a name is in its list
    readers = cards.choices
    box.activated.connect(lambda index: cards.choose(readers[index]))
    return box
