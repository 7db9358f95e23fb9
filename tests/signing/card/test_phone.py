"""Certificates on a phone at the reader: recognised, left alone, and tried only where that is wanted."""

import pytest

from signing import errors
from signing.card import PHONES, TokenKind
from signing.card.jpki import read_facts, require_my_number_card
from signing.card.practice import PRACTICE_READER

PHONE = "JPKIAPGPSETOKEN"


def test_a_phone_is_asked_for_nothing_and_refused_unless_it_is_to_be_tried(make_readers) -> None:
    readers = make_readers(token=PHONE)
    facts = read_facts(readers, PRACTICE_READER)
    assert facts.token is TokenKind.ANDROID
    assert facts.signature_tries is None
    with pytest.raises(errors.UnsupportedToken):
        require_my_number_card(facts)
    tried = read_facts(readers, PRACTICE_READER, phones=True)
    assert tried.signature_tries == 5
    assert tried.authentication_certificate is None
    require_my_number_card(tried, phones=True)


@pytest.mark.parametrize("token", ["JPKIAPICCTOKEN", "SOMETHING"])
def test_the_experiment_lets_nothing_else_in(make_readers, token: str) -> None:
    facts = read_facts(make_readers(token=token), PRACTICE_READER, phones=True)
    assert facts.token not in PHONES
    with pytest.raises(errors.UnsupportedToken):
        require_my_number_card(facts, phones=True)
