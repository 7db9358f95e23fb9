"""Which reader and card a command means."""

from datetime import UTC, datetime

from desktop.places import practice_folder, renewal_rules_file
from signing.card import CardFacts, Readers
from signing.errors import CardError, NoCard, NoReader


def readers_for(*, practice: bool, state: str | None = None) -> Readers:
    """The readers of this computer, or the one with the practice card, in a state of its life if one is named."""
    if state:
        from signing.card.practice_states import PracticeState, practice_readers
        from signing.renewal import RenewalRules

        rules = RenewalRules.load(renewal_rules_file())
        return practice_readers(practice_folder(), PracticeState(state), rules, moment=datetime.now(UTC))
    if practice:
        from signing.card.practice import PracticeReaders

        return PracticeReaders(practice_folder())
    from signing.card.pcsc import PcscReaders

    return PcscReaders()


def choose_card(readers: Readers, wanted: str | None = None, *, phones: bool = False) -> CardFacts:
    """The My Number Card in the reader that is called `wanted` (or whose name has that in it), or in any.

    With `phones`, an experiment, also the certificates on a phone.

    Raises NoReader, NoCard, UnsupportedToken, and what reading a card raises.
    """
    from signing.card.jpki import read_facts, require_my_number_card

    states = readers.states()
    exact = [state for state in states if state.name == wanted]
    named = exact or [state for state in states if wanted is None or wanted in state.name]
    if not named:
        raise NoReader
    failure: CardError = NoCard()
    for state in named:
        if state.atr is None:
            continue
        try:
            facts = read_facts(readers, state.name, phones=phones)
            require_my_number_card(facts, phones=phones)
        except CardError as error:  # a bank card in another reader hides no My Number Card
            failure = error
        else:
            return facts
    raise failure
