"""The answer to "must I do something?": right for each state, a forecast said to be one, never the word valid."""

from datetime import datetime

import pytest

from desktop.places import renewal_rules_file
from desktop.words.card import headline
from desktop.words.renewal import REASON_WORDS, STEP_WORDS, answer, caveat, end_words
from desktop.words.translation import language, set_language
from signing.card import CardFacts, TokenKind
from signing.renewal import (
    AbsenceReason,
    Basis,
    CardLife,
    Circumstance,
    Established,
    Forecast,
    NextStep,
    Renewal,
    RenewalRules,
    State,
    renewal,
)

RULES = RenewalRules.load(renewal_rules_file())
FACTS = CardFacts("Reader", False, TokenKind.MY_NUMBER_CARD, True, True, 5, 3, None, None)
NOT_AFTER = datetime.fromisoformat("2030-02-17T23:59:59+09:00")
ENDS = {"ja": "2030年2月17日（令和12年2月17日）", "en": "17 February 2030 (Reiwa 12)"}
MOMENTS = {
    State.NOT_YET: "2029-06-01",
    State.RENEW: "2030-02-01",
    State.LAST_DAY: "2030-02-17",
    State.EXPIRED: "2030-02-18",
}


@pytest.fixture(params=["ja", "en"], autouse=True)
def spoken(request):
    before = language()
    set_language(request.param)
    yield request.param
    set_language(before)


def life(own: Renewal, step: NextStep = NextStep.NOTHING) -> CardLife:
    return CardLife(own, Renewal(State.UNKNOWN), step)


def own(state: State, end=None, **given) -> Renewal:
    moment = datetime.fromisoformat(f"{MOMENTS[state]}T12:00:00+09:00")
    return renewal(end or Established(NOT_AFTER), RULES, moment=moment, **given)


@pytest.mark.parametrize("state", list(MOMENTS))
def test_day_is_said_in_both_calendars(spoken, state) -> None:
    assert own(state).state is state
    assert ENDS[spoken] in answer(life(own(state)))


def test_every_state_and_step_reads_differently() -> None:
    states = [own(state) for state in MOMENTS]
    states += [Renewal(State.NOT_ON_CARD, possible_reasons=tuple(AbsenceReason)), Renewal(State.UNKNOWN)]
    assert len({answer(life(each)) for each in states}) == len(states)
    assert len({answer(life(Renewal(State.UNKNOWN), step)) for step in NextStep}) == len(NextStep)
    assert set(STEP_WORDS) == set(NextStep)
    assert set(REASON_WORDS) == set(AbsenceReason)


def test_where_no_day_is_known_nothing_is_said_to_be_in_order(spoken) -> None:
    words = {"ja": "することはありません", "en": "Nothing has to be done"}[spoken]
    unknown = Renewal(State.UNKNOWN)
    assert words not in answer(CardLife(unknown, unknown, None))
    assert words in answer(life(own(State.NOT_YET)))


def test_window_and_days_left_are_said(spoken) -> None:
    assert {"ja": "2029年11月18日", "en": "18 November 2029"}[spoken] in answer(life(own(State.NOT_YET)))
    assert "16" in answer(life(own(State.RENEW)))


@pytest.mark.parametrize("basis", list(Basis))
def test_forecast_is_called_one(basis) -> None:
    exact, forecast = Established(NOT_AFTER), Forecast(Established(NOT_AFTER).day, basis)
    assert len(end_words(forecast)) > len(end_words(exact))
    for state in MOMENTS:
        assert {"ja": "遅くとも", "en": "at the latest"}[language()] in answer(life(own(state, forecast)))
        assert {"ja": "遅くとも", "en": "at the latest"}[language()] not in answer(life(own(state, exact)))


def test_circumstances_are_said(spoken) -> None:
    plain = answer(life(own(State.RENEW)))
    for circumstance in (Circumstance.ABROAD, Circumstance.PRACTICE):
        assert len(answer(life(own(State.RENEW, circumstances=frozenset({circumstance}))))) > len(plain)
    limited = frozenset({Circumstance.STAY_LIMITED})
    stay = datetime.fromisoformat("2029-06-01T12:00:00+09:00")
    words = answer(life(renewal(Established(NOT_AFTER), RULES, moment=stay, circumstances=limited)))
    assert {"ja": "在留期間", "en": "period of stay"}[spoken] in words


def test_nothing_is_called_valid() -> None:
    every = [answer(life(own(state), step)) for state in MOMENTS for step in NextStep] + [caveat()]
    assert not [text for text in every if "valid" in text.lower() or "有効です" in text]


@pytest.mark.parametrize("state", [State.RENEW, State.LAST_DAY, State.EXPIRED])
def test_card_that_ends_on_the_same_day_is_spoken_of_where_there_is_something_to_do(spoken, state) -> None:
    words = {"ja": "写真を付けた申し込み", "en": "an application with a photo"}[spoken]
    assert words in answer(life(own(state)))
    assert words not in answer(life(own(state, circumstances=frozenset({Circumstance.STAY_LIMITED}))))
    assert words not in answer(life(own(State.NOT_YET)))


def test_end_of_a_stay_promises_nothing_free_of_charge(spoken) -> None:
    limited = frozenset({Circumstance.STAY_LIMITED})
    last, over = (headline(life(own(state, circumstances=limited)), FACTS) for state in (State.LAST_DAY, State.EXPIRED))
    assert {"ja": "延長", "en": "extend"}[spoken] in last
    assert not any(free in over for free in ("無料", "free"))
    assert "1,000" in answer(life(own(State.EXPIRED, circumstances=limited)))
