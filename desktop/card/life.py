"""What is known of the dates of the card on the reader, and the one way to its exact date: the password, sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from desktop.card.desk import CardDesk, CardState
from desktop.midnight import Midnight
from desktop.places import renewal_rules_file
from signing.card import CardFacts, Readers
from signing.card.pin import SignaturePin
from signing.errors import CardRemoved, UserFacingError
from signing.renewal import CardLife, Established, RenewalRules, life_of_card
from signing.report import CertificateFacts


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card and its certificates, read; `signature` only once the password was given. Nothing of it is kept."""

    facts: CardFacts
    rules: RenewalRules
    authentication: CertificateFacts | None
    signature: CertificateFacts | None

    def life(self, moment: datetime) -> CardLife:
        return life_of_card(
            self.facts, self.rules, moment=moment, authentication=self.authentication, signature=self.signature
        )

    @property
    def issued(self) -> datetime | None:
        """When the certificate was issued whose end is shown."""
        shown = self.signature or self.authentication
        return shown.not_before if shown else None


class CardLifeDesk(QObject):
    """Follows the card desk. `known` is None while no card is there that says anything."""

    changed = pyqtSignal()
    refused = pyqtSignal(object)  # UserFacingError: the password did not lead to the date

    def __init__(self, cards: CardDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cards = cards
        self.known: KnownCard | None = None
        self.reading = False  # the exact date, with the password
        self.view = ""  # what the page shows; outlives the page, which is built anew for another language
        self._midnight = Midnight(self)
        self._midnight.passed.connect(self.changed)
        cards.changed.connect(self._on_card)
        self._on_card()

    @property
    def life(self) -> CardLife | None:
        """As it is at this moment."""
        return self.known.life(now()) if self.known else None

    @property
    def can_read(self) -> bool:
        """Whether the exact date is still to be read, and a password may be tried for it."""
        life, facts = self.life, self.cards.facts
        exact = life is not None and isinstance(life.signature.end, Established)
        return facts is not None and not exact and facts.signature_tries != 0 and not self.reading

    def read_exactly(self, pin: SignaturePin) -> None:
        """Read the signature certificate with its password, by exactly one VERIFY. `pin` is wiped."""
        readers, facts = self.cards.readers, self.cards.facts
        if not (readers and facts):  # the card went at this very moment
            pin.wipe()
            self.refused.emit(CardRemoved())
            return
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
        self._set_reading(True)
        work = partial(_signature_certificate, readers, pin, facts, issuers)
        self.cards.submit(work, done=self._on_certificate, failed=self._on_refused)

    def _on_certificate(self, certificate: bytes) -> None:
        self.cards.know_certificate(certificate)
        self._set_reading(False)
        self.cards.read()

    def _on_refused(self, error: UserFacingError) -> None:
        self._set_reading(False)
        self.cards.read()  # the counter may have changed
        self.refused.emit(error)

    def _set_reading(self, reading: bool) -> None:
        self.reading = reading
        self.changed.emit()

    def _on_card(self) -> None:
        if seen := self.cards.seen:
            work = partial(_know, seen, self.cards.signature_certificate)
            self.cards.submit(work, done=self._on_known, failed=self._on_unknown)
            return
        again = self.cards.state is CardState.READING and self.known and self.known.facts.reader == self.cards.reader
        if not again:  # while a card is read again, what was known still holds
            self._forget()
            self.changed.emit()

    def _forget(self) -> None:
        if self.known:
            from signing.certificate import certificate_facts

            certificate_facts.cache_clear()  # it holds name and address
        self.known = None

    def _on_known(self, known: KnownCard) -> None:
        if known.facts is self.cards.seen:
            self.known = known
            self.changed.emit()

    def _on_unknown(self, _error: UserFacingError) -> None:
        self.known = None
        self.changed.emit()


# These run in the card's thread.


def _know(facts: CardFacts, signature: bytes | None) -> KnownCard:
    rules = RenewalRules.load(renewal_rules_file(), facts.generation)
    return KnownCard(facts, rules, _facts(facts.authentication_certificate), _facts(signature))


def _facts(certificate: bytes | None) -> CertificateFacts | None:
    if certificate is None:
        return None
    from signing.certificate import certificate_facts
    from signing.errors import CertificateUnreadable

    try:
        return certificate_facts(certificate)
    except CertificateUnreadable:  # as good as not there
        return None


def _signature_certificate(readers: Readers, pin: SignaturePin, facts: CardFacts, issuers: Sequence[bytes]) -> bytes:
    from signing.card.jpki import signing_session

    with signing_session(readers, facts.reader, pin, issuers=issuers, generation=facts.generation) as credential:
        return credential.certification_path[0]
