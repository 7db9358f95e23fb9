"""The practice card through OpenSC's PKCS#11 library, which knows nothing of us: whatever the way, the rules hold."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import Document, FailedFile, Profile, SigningBatch, SigningJob, errors, rehearse
from signing.card.practice_card import PRACTICE_AUTHENTICATION_PIN, PRACTICE_PIN, PracticeCard
from signing.keys.pkcs11 import TokenFacts, token_session, tokens
from signing.purpose import signing_ones

InsertCard = Callable[..., PracticeCard]


@pytest.fixture
def module() -> Path:
    found = sorted(Path("/usr/lib").glob("*/opensc-pkcs11.so"))
    if not found:
        pytest.skip("OpenSC is not installed")
    return found[0]


def token(module: Path, word: str) -> TokenFacts:
    """OpenSC shows the card as two tokens, one for each PIN."""
    (found,) = [each for each in tokens(module) if word in each.label]
    return found


def test_the_user_authentication_key_signs_no_document(insert_card: InsertCard, module: Path, make_pdf) -> None:
    card, source = insert_card(), make_pdf()
    job = rehearse(SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=True))
    clock = lambda: datetime.now(UTC).astimezone()  # noqa: E731 - shorter than its name
    slot = token(module, "Authentication").slot
    with token_session(module, slot, PRACTICE_AUTHENTICATION_PIN) as credentials:
        with pytest.raises(errors.CertificateNotForSigning) as refused:
            signing_ones(credentials)
        with SigningBatch([job], refuge=source.parent / "refuge", clock=clock) as batch:
            (outcome,) = batch.sign(credentials[0])
    assert refused.value.kind == "user-authentication"
    assert isinstance(outcome, FailedFile)
    assert isinstance(outcome.error, errors.CertificateNotForSigning)
    assert [each.name for each in source.parent.iterdir()] == [source.name]
    assert not any(heard.header[1] == 0x2A for heard in card.heard)  # the card was never asked to sign


def test_the_signature_key_wants_its_pin_each_time_and_is_refused_for_that(
    insert_card: InsertCard, module: Path
) -> None:
    card = insert_card()
    slot = token(module, "Signature").slot
    with pytest.raises(errors.KeyUnsupported), token_session(module, slot, PRACTICE_PIN):
        pass
    assert card.tries_left == 5
    assert card.pins_used == 1
