"""The words of the card page. One short sentence answers: must I do something, and by when? Free of Qt."""

from desktop.messages import Words, tries_left
from desktop.words.formatting import gregorian_date, joined, plain, shown_date
from desktop.words.renewal import end_words
from desktop.words.translation import _, mark
from signing.card import PHONES, CardFacts, TokenKind
from signing.renewal import Basis, CardLife, Circumstance, Forecast, NextStep, Renewal, State

_TOKENS = {
    TokenKind.RESIDENT_CARD: mark("This is an old resident card: it cannot sign any more"),
    TokenKind.ANDROID: mark("This is a phone: signing with it is switched off"),
    TokenKind.IPHONE: mark("This is a phone: signing with it is switched off"),
    TokenKind.UNKNOWN: mark("This is not a My Number Card"),
}
_KINDS = {
    TokenKind.MY_NUMBER_CARD: mark("My Number Card"),
    TokenKind.RESIDENT_CARD: mark("Basic Resident Registration Card"),
    TokenKind.ANDROID: mark("certificates on an Android phone (experimental)"),
    TokenKind.IPHONE: mark("certificates on an iPhone (experimental)"),
    TokenKind.UNKNOWN: mark("not known"),
}
_PRACTICE_READER = mark("Practice card")  # as signing.card.practice names it, which is not loaded for a word


def reader_name(reader: str) -> str:
    """What a reader is called: the system names it, save for that of the practice card."""
    return _(reader) if reader == _PRACTICE_READER else plain(reader)


def headline(life: CardLife, facts: CardFacts) -> str:
    """Must I do something, and by when? Short enough to be set large."""
    if facts.token in PHONES and facts.signature_tries is not None:
        return _("This is a phone: signing with it is an experiment")
    if life.next_step is NextStep.USE_MY_NUMBER_CARD:
        return _(_TOKENS.get(facts.token, _TOKENS[TokenKind.UNKNOWN]))
    if life.next_step is NextStep.RESET_PASSWORD:
        return _("The signature password is locked: have it reset")
    return _of_signature(life.signature)


def experimental_phone() -> str:
    """What to know before one signs with a phone."""
    return _(
        "Its certificate is another one than that of the card. Nobody is known to take signatures made in this way."
    )


def _of_signature(own: Renewal) -> str:
    forecast, limited = isinstance(own.end, Forecast), Circumstance.STAY_LIMITED in own.circumstances
    match own.state:
        case State.NOT_YET if forecast:
            words = _("Probably nothing to do until {opens}")
        case State.NOT_YET:
            words = _("Nothing to do until {opens}")
        case State.RENEW if forecast:
            words = _("Renew it by {end} at the latest")
        case State.RENEW if own.days_left == 1:
            words = _("Renew it by tomorrow, {end}")
        case State.RENEW:
            words = _("Renew it by {end}: {days} more days")
        case State.LAST_DAY if limited:
            words = _("Today is the last day: extend it today")
        case State.LAST_DAY:
            words = _("Today is the last day: renew it today")
        case State.EXPIRED if limited:
            words = _("It has ended, it seems with your period of stay")
        case State.EXPIRED:
            words = _("It has ended: you can have a new one issued, free of charge")
        case State.STAY_LIMITED:
            words = _("Extend it together with your stay, by {end}")
        case State.CLOCK_BEHIND:
            words = _("The clock of this computer is behind: set it first")
        case State.NOT_ON_CARD:
            words = _("This card has no signature certificate")
        case _:
            words = _("Until when you can sign is not known")
    opens = gregorian_date(own.opens) if own.opens else ""
    end = gregorian_date(own.end.day) if own.end else ""
    return words.format(opens=opens, end=end, days=own.days_left)


def tone(life: CardLife) -> str:
    """The icon beside the headline: nothing to do, something to do, too late."""
    if life.next_step is NextStep.NOTHING:
        return "good"
    return "bad" if life.signature.state is State.EXPIRED or life.next_step is NextStep.RESET_PASSWORD else "care"


def certificate_rows(life: CardLife, facts: CardFacts) -> tuple[Words, Words]:
    """Signature certificate and user-authentication certificate: title, until when, and the tries of the PIN."""
    signature = Words(
        _("Signature certificate"),
        _until(life.signature),
        _tries(_("Signature password"), facts.signature_tries) if _present(facts.has_signature_certificate) else "",
    )
    authentication = Words(
        _("User-authentication certificate"),
        _until(life.authentication),
        _tries(_("4-digit PIN"), facts.authentication_tries) if _present(facts.has_authentication_certificate) else "",
    )
    return signature, authentication


def _present(known: bool | None) -> bool:
    return known is not False


def _until(own: Renewal) -> str:
    if own.state is State.NOT_ON_CARD:
        return _("It is not on this card.")
    if own.end is None:
        return _("It is on the card; until when it runs is not known.")
    if isinstance(own.end, Forecast) and own.end.basis is Basis.AT_THE_LATEST:
        return _("Until {end} at the latest (estimate)").format(end=shown_date(own.end.day))
    return _("Until {end}").format(end=end_words(own.end))


def _tries(name: str, tries: int | None) -> str:
    return _("{name}: {tries}").format(name=name, tries=tries_left(tries))


def printed_date() -> str:
    """Why the date on the card is another one."""
    return joined(
        _("Look at the front of the card: that date is the end of the card itself, and is not in its chip."),
        _("For signing, the date of the certificate counts, and it mostly comes first."),
    )


def token_words(kind: TokenKind) -> str:
    """What kind of thing is on the reader."""
    return _(_KINDS[kind])
