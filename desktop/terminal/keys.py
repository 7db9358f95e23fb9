"""What `jitsuin sign` can sign with: a card, a certificate file, a token; each tells of itself, then opens."""

import signal
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.card.choice import choose_card, readers_for
from desktop.messages import _, disclosure, plain, tries_left
from desktop.terminal.anchors import wrong_file
from desktop.terminal.console import WrongUsage, choose, is_interactive, read_password, require_yes, say
from desktop.words.card import experimental_phone, reader_name
from desktop.words.keys import (
    certificate_disclosure,
    certificate_line,
    keypad_words,
    missing_issuer_words,
    pin_words,
    token_lines,
)
from signing.card import PHONES, CardFacts, Readers
from signing.credential import Credential, OtherCredential
from signing.document import content_of
from signing.errors import DocumentError, PinLocked, TokenMissing, TokenPinLocked

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import FrameType

    from desktop.keys.conversation import KeySession, OpenFile, OpenToken
    from signing.keys.pkcs11 import TokenFacts


class Key(Protocol):
    """Something to sign with that was found, and is not opened yet."""

    def told(self) -> Iterator[str]:
        """What is to be known before its password."""
        ...

    def opened(self) -> "AbstractContextManager[Credential]":
        """Have the person agree, ask for the password, and open it once. Raises what the key raises, Cancelled."""
        ...


def wanted_key(arguments: Namespace) -> Key:
    """The one that the options name. Raises WrongUsage, CardError, KeySourceError."""
    chosen = [each for each in (arguments.p12, arguments.pkcs11, arguments.practice) if each]
    if len(chosen) > 1:
        raise WrongUsage(_("One key signs: --p12, --pkcs11 and --practice do not go together."))
    if arguments.p12:
        try:
            content_of(arguments.p12, 0)
        except DocumentError as error:
            raise wrong_file("--p12", arguments.p12, error) from error
        return _FileKey(arguments.p12, _Consent(arguments))
    if arguments.pkcs11:
        return _TokenKey(arguments.pkcs11, _wanted_token(arguments), _Consent(arguments))
    readers = readers_for(practice=arguments.practice, state=arguments.practice_state)
    facts = choose_card(readers, arguments.reader, phones=arguments.phone)
    if facts.signature_tries == 0:
        raise PinLocked
    return _CardKey(readers, facts, _Consent(arguments))


class _Consent:
    """What the person has to agree to, and the answers that the options give already."""

    def __init__(self, arguments: Namespace) -> None:
        self._yes, self._from_stdin, self._number = arguments.yes, arguments.pin_stdin, arguments.key

    def to_sign(self, *, last_try: bool = False) -> None:
        if not self._yes:
            require_yes(_("Sign?"))
        if last_try and (not self._yes or is_interactive()):
            require_yes(_("This is the last try. Are you sure of the password?"))

    def password(self, prompt: str) -> str:
        return read_password(prompt, from_stdin=self._from_stdin)

    def choice(self, credentials: Sequence[OtherCredential]) -> Credential:
        """One of them, and what is to be known of it."""
        lines = [certificate_line(each.certification_path[0]) for each in credentials]
        if self._number is None and len(credentials) > 1 and not is_interactive():
            raise WrongUsage(_("There are several keys: name one with --key NUMBER.") + "\n" + _numbered(lines))
        place = self._number - 1 if self._number is not None else choose(_("Which key?"), lines)
        if not 0 <= place < len(credentials):
            raise WrongUsage(_("There is no key of this number.") + "\n" + _numbered(lines))
        chosen = credentials[place]
        say(_("Certificate: {certificate}").format(certificate=lines[place]))
        say(certificate_disclosure(chosen.certification_path[0]))
        if words := missing_issuer_words(chosen):
            say(words)
        return chosen


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, start=1))


@dataclass(frozen=True, slots=True)
class _CardKey:
    readers: Readers
    facts: CardFacts
    consent: _Consent

    def told(self) -> Iterator[str]:
        if self.facts.practice:
            yield _("【PRACTICE】 This is the practice card. What it signs proves nothing.")
        yield _("Reader: {reader}").format(reader=reader_name(self.facts.reader))
        if self.facts.token in PHONES:
            yield _("This is a phone: signing with it is an experiment")
            yield experimental_phone()
        yield tries_left(self.facts.signature_tries)
        yield disclosure(practice=self.facts.practice)

    @contextmanager
    def opened(self) -> Iterator[Credential]:
        from signing.card.jpki import signing_session
        from signing.card.pin import SignaturePin
        from signing.card.profiles import password_rule

        facts = self.facts
        self.consent.to_sign(last_try=facts.signature_tries == 1)
        pin = SignaturePin.parse(self.consent.password(_("Signature password: ")), password_rule(facts))
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
        session = signing_session(self.readers, facts.reader, pin, issuers=issuers, generation=facts.generation)
        with session as credential:
            yield credential


@dataclass(frozen=True, slots=True)
class _FileKey:
    path: Path
    consent: _Consent

    def told(self) -> Iterator[str]:
        yield _("Certificate file: {name}").format(name=plain(self.path.name))

    @contextmanager
    def opened(self) -> Iterator[Credential]:
        """What the certificate reveals is known only once the file is open; so that is agreed to after its password."""
        from desktop.keys.conversation import OpenFile

        password = self.consent.password(_("Password of the certificate file: "))
        with _session(OpenFile(self.path), password, self.consent) as credential:
            yield credential


@dataclass(frozen=True, slots=True)
class _TokenKey:
    module: Path
    token: "TokenFacts"
    consent: _Consent

    def told(self) -> Iterator[str]:
        yield _("Token: {label}").format(label=plain(self.token.label))
        yield from filter(None, [pin_words(self.token)])

    @contextmanager
    def opened(self) -> Iterator[Credential]:
        """Logged in once; what the certificate reveals is agreed to before a key is used."""
        from desktop.keys.conversation import OpenToken
        from signing.keys.pkcs11 import Remaining

        if self.token.remaining is Remaining.ONE:
            self.consent.to_sign(last_try=True)
        if self.token.has_keypad:
            say(keypad_words())
        pin = "" if self.token.has_keypad else self.consent.password(_("PIN of the token: "))
        wanted = OpenToken(self.module, self.token.slot, self.token.has_keypad)
        with _session(wanted, pin, self.consent) as credential:
            yield credential


@contextmanager
def _session(wanted: "OpenFile | OpenToken", password: str, consent: _Consent) -> Iterator[Credential]:
    """In a helper process, as from the window: a library that fails ends that one, and no signature is lost by it."""
    from desktop.keys.conversation import KeySession

    with closing(KeySession(wanted)) as session, _stopped_by_interrupt(session):
        session.open(bytearray(password.encode()))
        credential = consent.choice(session.credentials)
        consent.to_sign()
        yield credential


@contextmanager
def _stopped_by_interrupt(session: "KeySession") -> Iterator[None]:
    """Ctrl-C ends the helper process first: whoever waits for a library that never comes back waits no longer."""

    def interrupt(number: int, frame: "FrameType | None") -> None:
        session.stop()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _wanted_token(arguments: Namespace) -> "TokenFacts":
    """The token of the library whose label or slot is meant by --reader, or the one that the person chooses."""
    from desktop.keys.conversation import tokens_behind
    from signing.keys.pkcs11 import Remaining

    found, wanted = tokens_behind(arguments.pkcs11), arguments.reader or ""
    exact = [each for each in found if wanted in (each.label, str(each.slot))]
    named = exact or [each for each in found if wanted in each.label]
    if not named:
        raise TokenMissing
    lines = token_lines(named)
    if len(named) > 1 and not is_interactive():
        raise WrongUsage(
            _("There are several tokens: name one with --reader, by its label or slot.") + "\n" + _numbered(lines)
        )
    token = named[choose(_("Which token?"), lines)]
    if token.remaining is Remaining.NONE:
        raise TokenPinLocked
    return token
