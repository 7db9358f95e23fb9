"""The practice hierarchy against the profile of the real one, seen by a parser that did not make it."""

import multiprocessing
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from asn1crypto import x509

from signing.card.practice import PracticeReaders, practice_root
from signing.card.practice_pki import Practice, fifth_birthday, load_practice
from signing.errors import PracticeCardUnavailable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def extensions(der: bytes) -> dict[str, x509.Extension]:
    return {each["extn_id"].native: each for each in x509.Certificate.load(der)["tbs_certificate"]["extensions"]}


def distribution_point(der: bytes) -> str:
    point = extensions(der)["crl_distribution_points"]["extn_value"].parsed[0]
    name = point["distribution_point"].chosen[0]
    assert name.name == "directory_name"
    return name.chosen.human_friendly


def test_signature_certificate_tells_the_basic_four_in_the_order_of_real_cards(practice: Practice) -> None:
    names = extensions(practice.signature_certificate)["subject_alt_name"]["extn_value"].parsed
    told = [(each.chosen["type_id"].dotted.rsplit(".", 1)[1], each.chosen["value"].native) for each in names]
    assert [arc for arc, _ in told] == ["1", "4", "3", "5", "2", "6"]
    values = dict(told)
    assert values["1"] == "実印　花子"
    assert values["4"] == "419900401"
    assert values["2"] == "0" * len(values["1"])
    assert values["6"] == "0" * len(values["5"])


def test_signature_certificate_has_the_usage_policy_and_names_of_the_profile(practice: Practice) -> None:
    found = extensions(practice.signature_certificate)
    assert found["key_usage"]["critical"].native
    assert found["key_usage"]["extn_value"].parsed.native == {"digital_signature", "non_repudiation"}
    assert found["certificate_policies"]["critical"].native
    policy = found["certificate_policies"]["extn_value"].parsed[0]
    assert policy["policy_identifier"].dotted == "1.2.392.200149.8.5.1.0.20"
    assert policy["policy_qualifiers"][0]["policy_qualifier_id"].native == "certification_practice_statement"
    assert not found["subject_alt_name"]["critical"].native
    assert found["issuer_alt_name"]["extn_value"].parsed[0].name == "directory_name"
    certificate = x509.Certificate.load(practice.signature_certificate)
    assert [type(rdn[0]["value"].chosen).__name__ for rdn in certificate.subject.chosen] == [
        "PrintableString",
        *["UTF8String"] * 3,
    ]
    assert [rdn[0]["type"].native for rdn in certificate.subject.chosen] == [
        "country_name",
        "locality_name",
        "locality_name",
        "common_name",
    ]
    assert certificate.hash_algo == "sha256"
    assert certificate.public_key.bit_size == 2048


def test_no_name_of_the_hierarchy_can_be_taken_for_the_real_authority(practice: Practice) -> None:
    for der in (practice.signature_certificate, practice.signature_ca_certificate):
        issuer = x509.Certificate.load(der).issuer.native
        assert issuer["organization_name"] == "JPKI-PRACTICE"


def test_revocation_pointer_is_a_directory_name(practice: Practice) -> None:
    assert "CRL Distribution Points" in distribution_point(practice.signature_certificate)
    assert "JPKI-PRACTICE" in distribution_point(practice.signature_ca_certificate)


@pytest.mark.parametrize("kind", ["signature", "authentication"])
def test_authority_is_told_by_its_key_identifier(practice: Practice, kind: str) -> None:
    holder = x509.Certificate.load(getattr(practice, f"{kind}_certificate"))
    authority = x509.Certificate.load(getattr(practice, f"{kind}_ca_certificate"))
    assert holder.authority_key_identifier == authority.key_identifier
    assert authority.authority_key_identifier is None
    assert authority.ca
    assert authority.key_usage_value.native == {"key_cert_sign", "crl_sign"}


def test_authentication_certificate_tells_nothing_personal(practice: Practice) -> None:
    found = extensions(practice.authentication_certificate)
    assert "subject_alt_name" not in found
    assert found["key_usage"]["extn_value"].parsed.native == {"digital_signature"}


@pytest.mark.parametrize("name", ["signature", "signature_ca", "authentication", "authentication_ca"])
def test_certificates_end_with_a_day_in_japan(practice: Practice, name: str) -> None:
    certificate = x509.Certificate.load(getattr(practice, f"{name}_certificate"))
    assert certificate.not_valid_after.strftime("%H:%M:%S") == "14:59:59"
    assert certificate.not_valid_before <= NOW < certificate.not_valid_after


def test_expired_certificate_has_expired_and_its_authority_has_not(practice: Practice) -> None:
    expired = x509.Certificate.load(practice.expired_signature_certificate)
    assert expired.not_valid_before < expired.not_valid_after < NOW
    assert x509.Certificate.load(practice.signature_ca_certificate).not_valid_before < expired.not_valid_before


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), date(2030, 4, 1)),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), date(2031, 4, 1)),  # April in Japan: the birthday itself
        (datetime(2026, 10, 23, 0, 0, tzinfo=UTC), date(2031, 4, 1)),
    ],
)
def test_certificate_lasts_to_the_fifth_birthday_after_issue(issued: datetime, expected: date) -> None:
    assert fifth_birthday(issued) == expected


def test_keys_are_for_their_owner_only(practice_directory: Path, practice: Practice) -> None:
    folder = practice_directory / "practice-card"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_hierarchy_is_made_once_and_kept(practice_directory: Path, practice: Practice) -> None:
    assert load_practice(practice_directory, NOW).signature_certificate == practice.signature_certificate
    assert practice_root(practice_directory) == practice.signature_ca_certificate


def _root(directory: Path, start: "multiprocessing.synchronize.Barrier") -> bytes:
    start.wait()
    return practice_root(directory)


def test_two_processes_at_once_get_the_same_hierarchy(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(2) as pool:
        start = manager.Barrier(2)
        roots = pool.starmap(_root, [(tmp_path / "new", start)] * 2)
    assert roots[0] == roots[1] == practice_root(tmp_path / "new")
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["practice-card"]


def test_folder_that_cannot_be_made_is_the_persons_to_know(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    readers = PracticeReaders(tmp_path / "file")
    with readers.connect("Practice card") as connection:
        connection.transmit(bytes.fromhex("00A4040C0AD392F000260100000001"))
        with pytest.raises(PracticeCardUnavailable):
            connection.transmit(bytes.fromhex("00A4020C020006"))


def test_damaged_key_is_told_as_what_it_is(tmp_path: Path) -> None:
    practice_root(tmp_path)
    (tmp_path / "practice-card" / "signature.key").write_bytes(b"-----BEGIN")
    with pytest.raises(PracticeCardUnavailable):
        practice_root(tmp_path)
