"""The life of a certificate: until when it runs, when it can be renewed, and what there is to do today.

All days are days in Japan, whatever the zone of the computer. The rules come from a file whose path the caller
gives (`RenewalRules.load`); nothing here knows a number of months. For a page about one card, `life_of_card` is all
that is needed.
"""

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MINYEAR, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from signing.card import CardFacts, Generation, TokenKind
from signing.holder import BasicFour
from signing.report import CertificateFacts, IssuerClass

_JAPAN: Final = timezone(timedelta(hours=9))  # no summer time since 1951
_CLOCKS_DIFFER: Final = timedelta(days=2)  # more than a wrong zone does


# --- the rules


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. What is not `settled` may be shown as an estimate only; `announced`: by those who will decide it."""

    text: str
    settled: bool
    announced: bool


@dataclass(frozen=True, slots=True)
class RenewalRules:
    """One generation of the card. `fees` are in yen; `sources` has an entry for each row, fees as `fees.NAME`."""

    birthdays: int
    birthdays_when_renewed: int
    common_year_birthday: tuple[int, int]  # month and day, of those born on 29 February
    signature_tries: int
    authentication_tries: int
    window_months: int
    window_days_later: int
    window_months_abroad: int
    window_days_later_abroad: int
    card_birthdays: int
    card_birthdays_minor: int
    majority: int
    former_majority: int
    former_majority_until: date
    insurance_months: int
    special_period_months: int
    signature_certificate_age: int
    compiled: date
    fees: Mapping[str, int]
    sources: Mapping[str, Source]

    @classmethod
    def load(cls, path: Path, generation: str = "my-number-card") -> "RenewalRules":
        """Read the table (TOML). A later generation has only the rows in which it differs from the first."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))["generation"]
        rows: dict[str, Any] = {**table["my-number-card"], **table[generation]}
        fees = rows.pop("fees")
        flat = rows | {f"fees.{name}": row for name, row in fees.items()}
        values = {name: row["value"] for name, row in rows.items()}
        month, day = values.pop("common_year_birthday").split("-")
        dates = {name: date.fromisoformat(values.pop(name)) for name in ("former_majority_until", "compiled")}
        return cls(
            **values,
            common_year_birthday=(int(month), int(day)),
            former_majority_until=dates["former_majority_until"],
            compiled=dates["compiled"],
            fees={name: row["value"] for name, row in fees.items()},
            sources={
                name: Source(row["source"], row.get("settled", True), row.get("announced", False))
                for name, row in flat.items()
            },
        )


# --- the calendar


def day_in_japan(moment: datetime) -> date:
    """The day on which an aware moment falls in Japan."""
    try:
        return moment.astimezone(_JAPAN).date()
    except OverflowError:  # 99991231235959Z, which stands for "no end" (RFC 5280, 4.1.2.5)
        return date.max


def clock_is_behind(moment: datetime, rules: RenewalRules, *, issued: datetime | None = None) -> bool:
    """Whether a clock that shows the aware `moment` cannot be right: what is already there would be yet to come."""
    return day_in_japan(moment) < rules.compiled or (issued is not None and issued - moment > _CLOCKS_DIFFER)


def add_months(day: date, months: int) -> date:
    """The same-numbered day of another month, or the last one of that month; never before the first day of all."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < MINYEAR:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def window_opens(end: date, rules: RenewalRules, *, abroad: bool = False) -> date:
    """The first day on which a certificate that ends with `end` can be renewed."""
    months = rules.window_months_abroad if abroad else rules.window_months
    later = rules.window_days_later_abroad if abroad else rules.window_days_later
    return add_months(end, -months) + timedelta(days=later)


def nth_birthday(birth: date, after: date, count: int, rules: RenewalRules) -> date:
    """The `count`-th birthday after the day `after`; a birthday on that day itself does not count."""
    first = after.year if _birthday(birth, after.year, rules) > after else after.year + 1
    return _birthday(birth, first + count - 1, rules)


def _birthday(birth: date, year: int, rules: RenewalRules) -> date:
    leap_day = (birth.month, birth.day) == (2, 29)
    month, day = rules.common_year_birthday if leap_day and monthrange(year, 2)[1] == 28 else (birth.month, birth.day)
    return date(year, month, day)


# --- until when


class Basis(StrEnum):
    """What a forecast rests on."""

    AT_THE_LATEST = "at-the-latest"  # the authentication certificate bounds the signature certificate
    BIRTHDAYS = "birthdays"
    AFTER_MOVE = "after-move"
    AFTER_RENEWAL = "after-renewal"


@dataclass(frozen=True, slots=True)
class Established:
    """The end that a certificate itself states (`not_after` is aware)."""

    not_after: datetime

    @property
    def day(self) -> date:
        return day_in_japan(self.not_after)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A computed day. Never to be shown without saying so."""

    day: date
    basis: Basis


End = Established | Forecast


def forecast_end(
    issued: date,
    birth: date,
    rules: RenewalRules,
    *,
    renewed: bool = False,
    caps: tuple[date | None, ...] = (),
) -> Forecast:
    """The last day of a certificate issued on `issued`; `renewed`: inside the window, before the old one ended.

    `caps` are days after which it cannot run: of the card, of the authentication certificate (for the signature
    certificate), of the period of stay.
    """
    count = rules.birthdays_when_renewed if renewed else rules.birthdays
    last = nth_birthday(birth, issued, count, rules)
    return Forecast(min([last, *(cap for cap in caps if cap)]), Basis.BIRTHDAYS)


def forecast_after_move(issued: date, birth: date, authentication_end: date, rules: RenewalRules) -> Forecast:
    """The last day of a signature certificate issued anew alone: no later than the authentication certificate's."""
    return Forecast(forecast_end(issued, birth, rules, caps=(authentication_end,)).day, Basis.AFTER_MOVE)


def forecast_after_renewal(end: date, rules: RenewalRules) -> Forecast:
    """The last day after a renewal inside the window, before the last day: nothing of the old one is lost."""
    return Forecast(add_months(end, 12 * (rules.birthdays_when_renewed - 1)), Basis.AFTER_RENEWAL)


def forecast_card_end(issued: date, birth: date, rules: RenewalRules, *, received: date | None = None) -> Forecast:
    """The last day of the card itself; `received`: the day on which the application arrived, if not `issued`."""
    received = received or issued
    majority = rules.former_majority if received <= rules.former_majority_until else rules.majority
    of_age = _birthday(birth, birth.year + majority, rules) <= received
    count = rules.card_birthdays if of_age else rules.card_birthdays_minor
    return Forecast(nth_birthday(birth, issued, count, rules), Basis.BIRTHDAYS)


def insurance_ends(end: date, rules: RenewalRules) -> date:
    """The last day on which the card serves as a health insurance card after its certificate ended."""
    month = add_months(end.replace(day=1), rules.insurance_months)
    return month.replace(day=monthrange(month.year, month.month)[1])


def special_period_ends(stay_end: date, rules: RenewalRules) -> date:
    """The last day of the card, extended once while an application for a longer stay is not decided."""
    return add_months(stay_end, rules.special_period_months)


# --- what is so today


class State(StrEnum):
    """Where in its life a certificate is."""

    NOT_YET = "not-yet"  # it runs, and cannot be renewed before `opens`
    RENEW = "renew"
    LAST_DAY = "last-day"
    EXPIRED = "expired"
    STAY_LIMITED = "stay-limited"  # it runs, and ends with the period of stay: there is no window
    NOT_ON_CARD = "not-on-card"
    CLOCK_BEHIND = "clock-behind"  # the clock is wrong, so what is due today is not known
    UNKNOWN = "unknown"


class Circumstance(StrEnum):
    """What must be said beside the state."""

    STAY_LIMITED = "stay-limited"
    ABROAD = "abroad"
    PRACTICE = "practice"
    ANNOUNCED = "announced"  # the rules of this generation of the card are announced, and no law yet


class AbsenceReason(StrEnum):
    """Why there may be no signature certificate. The card does not say which."""

    UNDER_AGE = "under-15"
    ADULT_WARD = "adult-ward"
    FACE_AUTHENTICATION_CARD = "face-authentication-card"
    SUSPENDED = "suspended"
    NOT_ASKED_FOR = "not-asked-for"


@dataclass(frozen=True, slots=True)
class Renewal:
    """One certificate today. Revocation is not known here: never say "valid", only until when it runs.

    `opens` is the first day of the window; `days_left` counts to the last day, 0 on it, negative after it. All three
    dates and numbers are None where they are not known or make no sense; they are as certain as `end` is.
    """

    state: State
    end: End | None = None
    opens: date | None = None
    days_left: int | None = None
    circumstances: frozenset[Circumstance] = frozenset()
    possible_reasons: tuple[AbsenceReason, ...] = ()


def renewal(
    end: End,
    rules: RenewalRules,
    *,
    moment: datetime,
    issued: datetime | None = None,
    circumstances: frozenset[Circumstance] = frozenset(),
) -> Renewal:
    """The state at an aware `moment` of a certificate that runs from `issued` until `end`."""
    limited = Circumstance.STAY_LIMITED in circumstances
    opens = None if limited else window_opens(end.day, rules, abroad=Circumstance.ABROAD in circumstances)
    behind = clock_is_behind(moment, rules, issued=issued)
    return Renewal(
        state=State.CLOCK_BEHIND if behind else _state(end, opens, moment),
        end=end,
        opens=opens,
        days_left=None if behind else (end.day - day_in_japan(moment)).days,
        circumstances=circumstances,
    )


def _state(end: End, opens: date | None, moment: datetime) -> State:
    today = day_in_japan(moment)
    # A certificate is good through the whole second of notAfter (RFC 5280, 4.1.2.5).
    over = isinstance(end, Established) and moment.replace(microsecond=0) > end.not_after
    if over or today > end.day:
        return State.EXPIRED
    if today == end.day:
        return State.LAST_DAY
    if opens is None:
        return State.STAY_LIMITED
    return State.NOT_YET if today < opens else State.RENEW


class NextStep(StrEnum):
    """The one thing to do now."""

    NOTHING = "nothing"
    RENEW = "renew"
    RENEW_TODAY = "renew-today"
    ISSUE_ANEW = "issue-anew"
    ASK_FOR_ISSUE = "ask-for-issue"  # no signature certificate on the card
    RESET_PASSWORD = "reset-password"  # noqa: S105 - the name of a step
    EXTEND_WITH_STAY = "extend-with-stay"
    SET_CLOCK = "set-clock"
    USE_MY_NUMBER_CARD = "use-my-number-card"  # this is a phone or an old resident card


@dataclass(frozen=True, slots=True)
class CardLife:
    """Everything about the dates of one card. `next_step` is None where too little is known to tell."""

    signature: Renewal
    authentication: Renewal
    next_step: NextStep | None


def life_of_card(
    facts: CardFacts,
    rules: RenewalRules,
    *,
    moment: datetime,
    authentication: CertificateFacts | None = None,
    signature: CertificateFacts | None = None,
) -> CardLife:
    """What the card says of its certificates, and what to do about it.

    `authentication` is readable without a PIN (`facts.authentication_certificate`); `signature` only with the
    password, or from a document signed with it. Without it the end of the signature certificate is a Forecast.
    """
    circumstances = _circumstances(facts, signature)
    bound = _running(authentication, rules, moment) if authentication else None
    own = Renewal(State.UNKNOWN, circumstances=circumstances)
    if facts.has_signature_certificate is False:
        own = Renewal(State.NOT_ON_CARD, circumstances=circumstances, possible_reasons=tuple(AbsenceReason))
    elif signature:
        own = _running(signature, rules, moment, circumstances)
    elif authentication and bound and bound.end:
        forecast = Forecast(bound.end.day, Basis.AT_THE_LATEST)
        issued = authentication.not_before
        own = renewal(forecast, rules, moment=moment, issued=issued, circumstances=circumstances)
    absent = State.NOT_ON_CARD if facts.has_authentication_certificate is False else State.UNKNOWN
    return CardLife(own, bound or Renewal(absent), _next_step(facts, own))


def _running(
    certificate: CertificateFacts,
    rules: RenewalRules,
    moment: datetime,
    circumstances: frozenset[Circumstance] = frozenset(),
) -> Renewal:
    end, issued = Established(certificate.not_after), certificate.not_before
    return renewal(end, rules, moment=moment, issued=issued, circumstances=circumstances)


def _circumstances(facts: CardFacts, signature: CertificateFacts | None) -> frozenset[Circumstance]:
    found = set()
    if facts.practice or (signature and signature.issuer_class is IssuerClass.PRACTICE):
        found.add(Circumstance.PRACTICE)
    if facts.generation is Generation.NEXT:
        found.add(Circumstance.ANNOUNCED)
    if signature and signature.holder:
        four = BasicFour.of(signature.holder)
        if four.moved_abroad:
            found.add(Circumstance.ABROAD)
        if four.birth.date and is_stay_limited(day_in_japan(signature.not_after), four.birth.date):
            found.add(Circumstance.STAY_LIMITED)
    return frozenset(found)


def is_stay_limited(end: date, birth: date) -> bool:
    """Whether the end falls on no birthday, as it does where a period of stay, or something rarer, ends it."""
    birthdays = {(birth.month, birth.day)}
    if (2, 29) in birthdays:
        birthdays |= {(2, 28), (3, 1)}  # which of the two is not settled
    return (end.month, end.day) not in birthdays


_STEPS: Final = {
    State.UNKNOWN: None,
    State.NOT_ON_CARD: NextStep.ASK_FOR_ISSUE,
    State.EXPIRED: NextStep.ISSUE_ANEW,
    State.LAST_DAY: NextStep.RENEW_TODAY,
    State.RENEW: NextStep.RENEW,
    State.STAY_LIMITED: NextStep.EXTEND_WITH_STAY,
    State.CLOCK_BEHIND: NextStep.SET_CLOCK,
}


def _next_step(facts: CardFacts, own: Renewal) -> NextStep | None:
    if facts.token is not TokenKind.MY_NUMBER_CARD:
        return NextStep.USE_MY_NUMBER_CARD
    if own.state is State.LAST_DAY and Circumstance.STAY_LIMITED in own.circumstances:
        return NextStep.EXTEND_WITH_STAY  # tomorrow the card is void as well
    step = _STEPS.get(own.state, NextStep.NOTHING)
    # At the counter both are done in one visit; until there is a certificate, no password is of use.
    first = step in (NextStep.ASK_FOR_ISSUE, NextStep.ISSUE_ANEW, NextStep.RENEW_TODAY, NextStep.SET_CLOCK)
    return NextStep.RESET_PASSWORD if facts.signature_tries == 0 and not first else step
