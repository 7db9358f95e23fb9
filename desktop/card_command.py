"""`jitsuin card` and `jitsuin doctor`: what can be known without a PIN, and why a card is not seen."""

import importlib.util
import platform
import re
import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from desktop.card_choice import choose_card, readers_for
from desktop.messages import _, day_in_japan, plain, shown_date, tries_left
from desktop.terminal import as_json, print_json, say, say_failure
from signing.card import CardFacts, Readers
from signing.errors import CardError, CardLibraryMissing, NoCard, NoReader, UserFacingError
from signing.report import CertificateFacts

SEEN, NOT_SEEN = 0, 5  # exit status


def card(arguments: Namespace) -> int:
    """Tell what the card says of itself. Returns the exit status."""
    facts, certificate, error = None, None, None
    try:
        facts = choose_card(readers_for(practice=arguments.practice), arguments.reader)
        certificate = _authentication_certificate(facts)
    except UserFacingError as caught:
        error = caught
        say_failure(error)
    if arguments.json:
        print_json(_card_json(facts, certificate) | {"error": as_json(error) if error else None})
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
        "renewal": {"opens": None, "next_step": None},
    }


def _tell_card(facts: CardFacts, certificate: CertificateFacts | None) -> None:
    if facts.practice:
        say(_("【PRACTICE】 This is the practice card. What it signs proves nothing."))
    say(_("Reader: {reader}").format(reader=plain(facts.reader)))
    say(_("Signature certificate: {presence}").format(presence=_presence(facts.has_signature_certificate)))
    say(f"  {tries_left(facts.signature_tries)}")
    presence = _presence(facts.has_authentication_certificate)
    say(_("User-authentication certificate: {presence}").format(presence=presence))
    say(f"  {tries_left(facts.authentication_tries)}")
    if certificate:
        day = shown_date(day_in_japan(certificate.not_after))
        say(_("  Can be used until {day}. The signature certificate ends on that day at the latest.").format(day=day))


def _presence(known: bool | None) -> str:
    return {True: _("on the card"), False: _("not on the card"), None: _("not known")}[known]


# --- doctor


@dataclass(slots=True)
class _Findings:
    library: bool
    service: bool | None = None
    readers: tuple[tuple[str, bool], ...] = ()  # name, and whether a card is in it
    facts: CardFacts | None = None
    error: UserFacingError | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "python": platform.python_version(),
            "system": platform.platform(),
            "pyscard": self.library,
            "service": self.service,
            "readers": [{"name": name, "card": present} for name, present in self.readers],
            "token": self.facts.token if self.facts else None,
            "error": as_json(self.error) if self.error else None,
        }


def doctor(arguments: Namespace) -> int:
    """Tell how far the way to the card is open, and the next thing to do. Nothing in it is personal."""
    findings = _examine()
    if arguments.json:
        print_json(findings.as_json())
    else:
        _tell_findings(findings)
    return NOT_SEEN if findings.error else SEEN


def _examine() -> _Findings:
    findings = _Findings(library=importlib.util.find_spec("smartcard") is not None)
    try:
        if not findings.library:
            raise CardLibraryMissing
        _look(readers_for(practice=False), findings)
    except CardError as error:
        findings.error = error
    return findings


def _look(readers: Readers, findings: _Findings) -> None:
    findings.service = False
    states = readers.states()
    findings.service = True
    findings.readers = tuple((_without_serial(state.name), state.atr is not None) for state in states)
    if not states:
        raise NoReader
    if not any(present for _name, present in findings.readers):
        raise NoCard
    findings.facts = choose_card(readers)


def _without_serial(reader: str) -> str:
    """PC/SC puts the serial number of a reader into its name, in brackets; people send this text to others."""
    return " ".join(re.sub(r"[(\[][0-9A-Za-z.:-]*\d[0-9A-Za-z.:-]*[)\]]", "", plain(reader)).split())


def _tell_findings(findings: _Findings) -> None:
    say(f"Python {platform.python_version()}, {platform.platform()}")
    say(_("Card library (pyscard): {state}").format(state=_yes_no(findings.library)))
    say(_("Smart card service: {state}").format(state=_yes_no(findings.service)))
    for name, present in findings.readers:
        say(_("Reader: {reader}").format(reader=name))
        say("  " + (_("a card is in it") if present else _("no card in it")))
    if findings.facts:
        say(_("A My Number Card was found. It can be used."))
    if findings.error:
        say_failure(findings.error)
        if isinstance(findings.error, CardLibraryMissing) and sys.platform == "linux":
            say(_("On Debian and Ubuntu this line brings what is needed to build it; then start the program again:"))
            say("  sudo apt-get install gcc swig libpcsclite-dev python3-dev pcscd")


def _yes_no(state: bool | None) -> str:
    return {True: _("there"), False: _("missing"), None: _("not looked at")}[state]
