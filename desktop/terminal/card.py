"""`jitsuin card` and `jitsuin doctor`: what can be known without a PIN, and why a card is not seen."""

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from desktop.card.choice import choose_card, readers_for
from desktop.card.doctor import Diagnosis, diagnose, look_at_computer
from desktop.messages import _, day_in_japan, shown_date, tries_left
from desktop.places import renewal_rules_file
from desktop.terminal.console import as_json, print_json, say, say_failure
from desktop.words.card import reader_name
from desktop.words.doctor import describe_finding, doctor_report
from desktop.words.renewal import answer, caveat
from signing.card import CardFacts
from signing.errors import UnsupportedToken, UserFacingError
from signing.renewal import CardLife, Forecast, RenewalRules, life_of_card
from signing.report import CertificateFacts

SEEN, NOT_SEEN = 0, 5  # exit status


def card(arguments: Namespace) -> int:
    """Tell what the card says of itself. Returns the exit status."""
    readers, facts, certificate, error = None, None, None, None
    try:
        readers = readers_for(practice=arguments.practice, state=arguments.practice_state)
        if readers.practice and not arguments.json:
            _tell_practice()
        facts = choose_card(readers, arguments.reader)
        certificate = _authentication_certificate(facts)
    except UserFacingError as caught:
        error = caught
        say_failure(error)
    if arguments.json:
        renewal = _renewal_json(_life(facts, certificate) if facts else None)
        known = _card_json(facts, certificate)
        known["practice"] = readers.practice if readers else None
        if isinstance(error, UnsupportedToken):
            known["token"] = error.token
        print_json(known | renewal | {"error": as_json(error) if error else None})
    elif facts:
        _tell_card(facts, certificate)
    return NOT_SEEN if error else SEEN


def _authentication_certificate(facts: CardFacts) -> CertificateFacts | None:
    if facts.authentication_certificate is None:
        return None
    from signing.certificate import certificate_facts

    return certificate_facts(facts.authentication_certificate)


def _card_json(facts: CardFacts | None, certificate: CertificateFacts | None) -> dict[str, Any]:
    """Every fact, null where it is not known; the signature certificate is readable only with its password."""
    return {
        "reader": facts.reader if facts else None,
        "practice": facts.practice if facts else None,
        "token": facts.token if facts else None,
        "generation": facts.generation if facts else None,
        "signature": {
            "certificate": facts.has_signature_certificate if facts else None,
            "tries_left": facts.signature_tries if facts else None,
            "not_before": None,
            "not_after": None,
        },
        "authentication": {
            "certificate": facts.has_authentication_certificate if facts else None,
            "tries_left": facts.authentication_tries if facts else None,
            "not_before": certificate.not_before.isoformat() if certificate else None,
            "not_after": certificate.not_after.isoformat() if certificate else None,
        },
    }


def _life(facts: CardFacts, certificate: CertificateFacts | None) -> CardLife:
    rules = RenewalRules.load(renewal_rules_file(), facts.generation)
    return life_of_card(facts, rules, moment=datetime.now(UTC), authentication=certificate)


def _renewal_json(life: CardLife | None) -> dict[str, Any]:
    """Of the signature certificate. `forecast` is true where its end is not read from the certificate itself."""
    own = life.signature if life else None
    end = own.end if own else None
    return {
        "renewal": {
            "state": own.state if own else None,
            "ends": end.day.isoformat() if end else None,
            "forecast": isinstance(end, Forecast) if end else None,
            "opens": own.opens.isoformat() if own and own.opens else None,
            "days_left": own.days_left if own else None,
            "next_step": life.next_step if life else None,
        }
    }


def _tell_practice() -> None:
    say(_("【PRACTICE】 This is the practice card. What it signs proves nothing."))


def _tell_card(facts: CardFacts, certificate: CertificateFacts | None) -> None:
    say(_("Reader: {reader}").format(reader=reader_name(facts.reader)))
    say(_("Signature certificate: {presence}").format(presence=_presence(facts.has_signature_certificate)))
    if facts.has_signature_certificate is not False:
        say(f"  {tries_left(facts.signature_tries)}")
    presence = _presence(facts.has_authentication_certificate)
    say(_("User-authentication certificate: {presence}").format(presence=presence))
    if facts.has_authentication_certificate is not False:
        say(f"  {tries_left(facts.authentication_tries)}")
    if certificate:
        day = shown_date(day_in_japan(certificate.not_after))
        say(_("  Can be used until {day}.").format(day=day))
    say()
    say(answer(_life(facts, certificate)))
    if facts.has_signature_certificate:
        say(caveat())


def _presence(known: bool | None) -> str:
    return {True: _("on the card"), False: _("not on the card"), None: _("not known")}[known]


# --- doctor


def doctor(arguments: Namespace) -> int:
    """Tell how far the way to the card is open, and the next thing to do. Nothing in it is personal."""
    computer = look_at_computer()
    readers = readers_for(practice=arguments.practice, state=arguments.practice_state)
    diagnosis = diagnose(readers, replace(computer, library=computer.library or readers.practice))
    if readers.practice and not arguments.json:
        _tell_practice()
    if arguments.json:
        print_json(diagnosis.as_json() | {"error": _doctor_error(diagnosis)})
    else:
        for line in doctor_report(diagnosis):
            say(line)
    return SEEN if diagnosis.usable else NOT_SEEN


def _doctor_error(diagnosis: Diagnosis) -> dict[str, str] | None:
    if diagnosis.usable:
        return None
    first = diagnosis.findings[0]
    return {"code": first.code, "text": describe_finding(first).text}
