"""The words of renewal: one sentence that answers whether something must be done, and those of the reminders.

A forecast is always said to be one. Nothing says that a certificate is valid: whether it was revoked is not known.
"""

from datetime import date

from desktop.reminders.memory import CertificateKind, Due, Milestone
from desktop.words.formatting import enumerated, joined, shown_date
from desktop.words.translation import _, mark
from signing.renewal import (
    AbsenceReason,
    Basis,
    CardLife,
    Circumstance,
    End,
    Established,
    Forecast,
    NextStep,
    Renewal,
    State,
)

REASON_WORDS = {
    AbsenceReason.UNDER_AGE: mark("the holder is under 15 (in principle none is issued then)"),
    AbsenceReason.ADULT_WARD: mark("the holder is an adult ward (in principle none is issued then)"),
    AbsenceReason.FACE_AUTHENTICATION_CARD: mark("it is a card without PINs (face authentication only)"),
    AbsenceReason.SUSPENDED: mark("the card was reported lost, and the certificate was not issued anew afterwards"),
    AbsenceReason.NOT_ASKED_FOR: mark("it was not asked for when the card was made"),
}

STEP_WORDS = {
    NextStep.NOTHING: mark("Nothing has to be done now."),
    NextStep.RENEW: mark("Renew it at the counter of your municipality. It is free."),
    NextStep.RENEW_TODAY: mark(
        "Renew it today at the counter of your municipality, or have a new one issued later. Both are free."
    ),
    NextStep.ISSUE_ANEW: mark("Have a new one issued at the counter of your municipality. It is free."),
    NextStep.ASK_FOR_ISSUE: mark("Ask at the counter of your municipality whether one can be issued. It is free."),
    NextStep.RESET_PASSWORD: mark("Have the signature password reset, at the counter or at a kiosk."),
    NextStep.EXTEND_WITH_STAY: mark(
        "When you have your new residence card, take both cards to your municipality, on that day at the latest."
    ),
    NextStep.SET_CLOCK: mark("Set the date and the time of this computer first."),
    NextStep.USE_MY_NUMBER_CARD: mark("Put the My Number Card itself on the reader."),
}

_BASIS_WORDS = {
    Basis.AT_THE_LATEST: mark("{day} at the latest (the exact day can be read with the password)"),
    Basis.BIRTHDAYS: mark("{day} (an estimate; the certificate itself is right)"),
    Basis.AFTER_MOVE: mark("{day} (an estimate; a new issue after a move does not extend it)"),
    Basis.AFTER_RENEWAL: mark("{day} (an estimate, if it is renewed in time)"),
}


def end_words(end: End) -> str:
    """The last day in both calendars, and what it rests on where it is not the certificate's own."""
    day = shown_date(end.day)
    return day if isinstance(end, Established) else _(_BASIS_WORDS[end.basis]).format(day=day)


def answer(life: CardLife) -> str:
    """Must I do something? In one paragraph."""
    own = life.signature
    step = _(STEP_WORDS[life.next_step]) if life.next_step else ""
    return joined(_state(own), _certainty(own), step, *_circumstances(own))


def advice(life: CardLife) -> str:
    """How certain the end is, what to do, and what must be said beside it; without the state itself."""
    own = life.signature
    step = "" if life.next_step in (None, NextStep.NOTHING) else _(STEP_WORDS[life.next_step])
    reasons = ""
    if own.state is State.NOT_ON_CARD:
        reasons = _("A possible reason: {reasons}.").format(reasons=_reasons(own))
    return joined(reasons, _certainty(own), step, *_circumstances(own))


def caveat() -> str:
    """What no card tells; to stand beside every date."""
    return _(
        "A signature certificate also ends, without a word, when name, address, sex or date of birth changes. "
        "Whether that happened cannot be seen here."
    )


def _state(own: Renewal) -> str:
    end = shown_date(own.end.day) if own.end else ""
    if isinstance(own.end, Forecast):
        end = _("{day} at the latest").format(day=end)
    opens = shown_date(own.opens) if own.opens else ""
    match own.state:
        case State.NOT_YET:
            words = _("The signature certificate runs until {end}. It can be renewed from {opens}.")
        case State.RENEW if own.days_left == 1:
            words = _("The signature certificate runs until {end}: tomorrow. It can be renewed now.")
        case State.RENEW:
            words = _("The signature certificate runs until {end}: {days} more days. It can be renewed now.")
        case State.LAST_DAY:
            words = _("Today, {end}, is the last day of the signature certificate.")
        case State.EXPIRED:
            words = _("The signature certificate ended on {end}.")
        case State.STAY_LIMITED:
            words = _("The signature certificate runs until {end}, it seems with your period of stay.")
        case State.NOT_ON_CARD:
            words = _("This card has no signature certificate. A possible reason: {reasons}.")
        case State.CLOCK_BEHIND:
            words = _(
                "The clock of this computer is behind, so what is due today is not known. "
                "The signature certificate runs until {end}."
            )
        case State.UNKNOWN:
            words = _("Until when the signature certificate runs is not known.")
    return words.format(end=end, opens=opens, days=own.days_left, reasons=_reasons(own))


def _certainty(own: Renewal) -> str:
    if not isinstance(own.end, Forecast) or own.state in (State.EXPIRED, State.CLOCK_BEHIND):
        return ""
    return _(
        "This is an estimate from the user-authentication certificate; the exact day can be read with the "
        "password. If your stay in Japan is limited, it ends with the period of stay."
    )


def _reasons(own: Renewal) -> str:
    return enumerated(_(REASON_WORDS[reason]) for reason in own.possible_reasons)


def _circumstances(own: Renewal) -> list[str]:
    found = []
    if Circumstance.ABROAD in own.circumstances:
        found.append(
            _("You live abroad: a Japanese embassy or consulate, or your registered domicile, does this as well.")
        )
    if Circumstance.STAY_LIMITED in own.circumstances:
        if own.state is State.EXPIRED:
            found.append(
                _("The card itself may have ended with the period of stay: then a new card costs up to 1,000 yen.")
            )
    elif own.state in (State.RENEW, State.LAST_DAY, State.EXPIRED):
        found.append(
            _(
                "If the same day is printed on the front of the card, the card itself ends too: renewing it takes an "
                "application with a photo, and about a month."
            )
        )
    if Circumstance.ANNOUNCED in own.circumstances:
        found.append(
            _(
                "This card is of the kind announced for the fiscal year 2028. Its rules are announced and not settled: "
                "the day from which it can be renewed is an estimate."
            )
        )
    if Circumstance.PRACTICE in own.circumstances:
        found.append(_("This is the practice card: its dates are not yours."))
    return found


def reminder_title(due: Due) -> str:
    """The title of a notification."""
    if Milestone.WINDOW_OPENS in due.milestones and due.days_left > 30:
        return _("Your certificate can be renewed now")
    if due.days_left == 0:
        return _("Your certificate ends today")
    if due.days_left == 1:
        return _("Your certificate ends tomorrow")
    return _("Your certificate ends in {days} days").format(days=due.days_left)


def reminder_body(due: Due) -> str:
    """The text of a notification; it names no person and no number."""
    return joined(
        runs_until(due.reminder.kind, due.reminder.expires),
        _("Where it is renewed is told on the page My card. No one will ask you for your PIN by phone or mail."),
    )


def runs_until(kind: CertificateKind, expires: date) -> str:
    """Until when the certificate runs, where it is not at hand."""
    words = {
        CertificateKind.SIGNATURE: _("The signature certificate of a My Number Card runs until {end}."),
        CertificateKind.AUTHENTICATION: _("The user-authentication certificate of a My Number Card runs until {end}."),
    }
    return words[kind].format(end=shown_date(expires))


def reminder_actions() -> dict[str, str]:
    """The buttons of a notification. `default` is a click on the notification itself."""
    return {"default": _("Open"), "renewed": _("I renewed"), "never": _("Never again")}
