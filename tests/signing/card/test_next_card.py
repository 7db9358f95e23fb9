"""The card to come, played by the practice card: P-384 with SHA-384 through the whole program."""

import base64
import dataclasses
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from lxml import etree

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, Trust, rehearse, verify
from signing.card import Generation, TokenKind
from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders
from signing.card.practice_states import PracticeState, practice_readers
from signing.card.profiles import PROFILES, CardProfile, password_rule, recognised
from signing.certificate import certificate_facts
from signing.errors import PinFormat, PinIncorrect
from signing.renewal import Circumstance, RenewalRules, State, life_of_card

TABLE = Path(__file__).parents[3] / "resources" / "rules" / "renewal.toml"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def next_card(practice_directory: Path) -> PracticeReaders:
    return practice_readers(practice_directory, PracticeState.NEXT, RenewalRules.load(TABLE), moment=NOW)


def sign(readers: PracticeReaders, path: Path, profile: Profile) -> SignedFile:
    job = SigningJob.beside(Document.open(path), profile, practice=True)
    facts = read_facts(readers, PRACTICE_READER)
    pin = SignaturePin.parse(PRACTICE_PIN, password_rule(facts))
    session = signing_session(readers, PRACTICE_READER, pin, generation=facts.generation)
    with (
        SigningBatch([rehearse(job)], refuge=path.parent / "refuge", clock=lambda: NOW) as batch,
        session as credential,
    ):
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile), result
    assert result.practice
    return result


def ca_file(readers: PracticeReaders, folder: Path) -> Path:
    certificate = read_facts(readers, PRACTICE_READER).signature_ca_certificate
    assert certificate
    path = folder / "ca.pem"
    path.write_bytes(load_der_x509_certificate(certificate).public_bytes(Encoding.PEM))
    return path


def said(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_pdf_is_valid_for_poppler_and_for_us(next_card, make_pdf) -> None:
    result = sign(next_card, make_pdf(), Profile.PADES_B_B)
    text = said("pdfsig", "-nocert", result.path)
    assert "Signature is Valid." in text
    assert "Signing Hash Algorithm: SHA-384" in text
    (report,) = verify(result.path, trust=Trust.default(), moment=NOW).signatures
    assert (report.intact, report.signature_algorithm, report.trusted) == (True, "ECDSA-SHA384", False)
    assert report.signer == "実印　花子"


def test_any_file_is_accepted_by_openssl(next_card, tmp_path: Path) -> None:
    source = tmp_path / "drawing.tif"
    source.write_bytes(b"II*\0" * 1000)
    result = sign(next_card, source, Profile.CADES_B_B)
    arguments = ("-binary", "-inform", "DER", "-in", result.path, "-content", source, "-out", tmp_path / "out")
    trusted = ("-CAfile", ca_file(next_card, tmp_path), "-purpose", "any", "-attime", int(NOW.timestamp()))
    assert "successful" in said("openssl", "cms", "-verify", "-cades", *arguments, *trusted)


def test_xml_has_r_and_s_side_by_side_and_xmlsec1_accepts_it(next_card, tmp_path: Path) -> None:
    source = tmp_path / "order.xml"
    source.write_text("<order><item/></order>")
    result = sign(next_card, source, Profile.XML_ENVELOPED)
    (value,) = etree.parse(result.path).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue")
    assert len(base64.b64decode(value.text)) == 96
    trusted = ("--trusted-pem", ca_file(next_card, tmp_path), "--verification-gmt-time", f"{NOW:%Y-%m-%d+%H:%M:%S}")
    assert "OK" in said("xmlsec1", "--verify", *trusted, result.path)


def test_its_life_is_ten_birthdays_with_a_window_of_a_year(next_card) -> None:
    facts = read_facts(next_card, PRACTICE_READER)
    assert (facts.token, facts.generation) == (TokenKind.MY_NUMBER_CARD, Generation.NEXT)
    assert facts.authentication_certificate
    rules = RenewalRules.load(TABLE, facts.generation)
    known = certificate_facts(facts.authentication_certificate)
    own = life_of_card(facts, rules, moment=NOW, authentication=known).signature
    assert own.end
    assert (own.state, own.end.day, own.opens) == (State.NOT_YET, date(2036, 4, 1), date(2035, 4, 2))
    assert Circumstance.ANNOUNCED in own.circumstances


def test_its_password_follows_its_own_rule_and_a_wrong_one_costs_one_try(next_card) -> None:
    facts = read_facts(next_card, PRACTICE_READER)
    longer = "A1" * 12
    with pytest.raises(PinFormat):
        SignaturePin.parse(longer)
    pin = SignaturePin.parse(longer, password_rule(facts))
    with pytest.raises(PinIncorrect), signing_session(next_card, PRACTICE_READER, pin, generation=facts.generation):
        pass
    assert next_card.card.pins_used == 1
    assert next_card.card.tries_left == password_rule(facts).tries - 1


def test_each_field_of_its_row_says_whether_it_is_announced_or_guessed() -> None:
    fields = {field.name for field in dataclasses.fields(CardProfile)} - {"announced", "guessed"}
    row = PROFILES[Generation.NEXT]
    assert row.announced | row.guessed == fields
    assert not row.announced & row.guessed
    assert not PROFILES[Generation.MY_NUMBER_CARD].guessed
    rules, today = RenewalRules.load(TABLE, Generation.NEXT), RenewalRules.load(TABLE)
    own = {name for name, source in rules.sources.items() if source != today.sources[name]}
    assert {name for name in own if rules.sources[name].announced} == {"birthdays", "window_months"}
    assert not any(rules.sources[name].settled for name in own)
    assert all(rules.sources[name].announced or rules.sources[name].text.startswith("guess") for name in own)


def test_no_card_of_today_is_taken_for_it() -> None:
    for token in (b"JPKIAPICCTOKEN2", b"JPKIAPICCTOKEN3", b"JPKIAPICCTOKEN", b"", b"JPKIAPNEXTTOKEN2"):
        assert recognised(token)[1] is Generation.MY_NUMBER_CARD
