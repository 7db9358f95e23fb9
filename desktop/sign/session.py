"""A batch signed in one session of a card, or with a key that is open; runs in the card's thread."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

# Light at import, because a window opens with it.
if TYPE_CHECKING:
    from desktop.work.worker import RemoteBatch
    from signing.card import CardFacts, Readers
    from signing.card.pin import SignaturePin
    from signing.credential import Credential


def card_session(
    readers: "Readers",
    facts: "CardFacts",
    pin: "SignaturePin",
    issuers: list[bytes],
    batch: "RemoteBatch",
    cancelled: Callable[[], bool],
    told_certificate: Callable[[bytes], object],
) -> Iterator[object]:
    """One card session for the whole batch: one PIN, one VERIFY."""
    from signing.card.jpki import signing_session

    if cancelled():
        pin.wipe()
        return
    with signing_session(readers, facts.reader, pin, issuers=issuers, generation=facts.generation) as credential:
        told_certificate(credential.certification_path[0])
        yield from batch.sign(credential, cancelled)


def key_session(
    credential: "Credential",
    batch: "RemoteBatch",
    cancelled: Callable[[], bool],
    told_certificate: Callable[[bytes], object],
) -> Iterator[object]:
    """The same with a key that was opened before; of its certificate no card knows."""
    if not cancelled():
        yield from batch.sign(credential, cancelled)
