"""What a destination asks for: told by the document alone, from a table in which each rule has its source."""

from pathlib import Path

import pytest

from signing import Document, Kind, Profile
from signing.destination import (
    DESTINATIONS,
    E_TAX_ATTACHMENT,
    REGISTRY,
    Limit,
    default_destination,
    destination_named,
    destinations_for,
    refusals,
    refusals_together,
)


@pytest.fixture
def sparse(tmp_path: Path):
    """A PDF of so many bytes that take no room."""

    def make(size: int, name: str = "a.pdf") -> Document:
        path = tmp_path / name
        with path.open("wb") as file:
            file.write(b"%PDF-1.7\n")
            file.truncate(size)
        return Document.open(path)

    return make


def test_every_form_can_be_reached_by_one_name_and_names_are_those_of_the_forms() -> None:
    names = [each.name for each in DESTINATIONS]
    assert len(set(names)) == len(names)
    assert {each.profile for each in DESTINATIONS} == set(Profile)
    assert all(destination_named(profile).profile is profile for profile in Profile)
    with pytest.raises(KeyError):
        destination_named("elsewhere")


def test_every_rule_has_a_source() -> None:
    rules = [rule for each in DESTINATIONS for rule in each.rules]
    assert rules
    assert all("." in rule.source.split("/")[0] for rule in rules)  # the host of a page


def test_the_registry_takes_ten_megabytes_with_the_signature(sparse) -> None:
    assert refusals(REGISTRY, sparse(9_900_000)) == []
    (refusal,) = refusals(REGISTRY, sparse(9_990_000, "b.pdf"))
    assert (refusal.rule.limit, refusal.rule.number) == (Limit.FILE_SIZE, 10_000_000)
    assert refusal.measured > 10_000_000


def test_attachments_are_counted_together(sparse) -> None:
    seven, eight = sparse(6_900_000), sparse(7_200_000, "b.pdf")
    assert refusals_together(E_TAX_ATTACHMENT, [seven]) == []
    (refusal,) = refusals_together(E_TAX_ATTACHMENT, [seven, eight])
    assert refusal.rule.limit is Limit.TOTAL_SIZE
    small = sparse(100, "c.pdf")
    assert refusals_together(E_TAX_ATTACHMENT, [small] * 136) == []
    (refusal,) = refusals_together(E_TAX_ATTACHMENT, [small] * 137)
    assert (refusal.rule.limit, refusal.measured) == (Limit.FILES, 137)


def test_an_attachment_has_no_password(sparse) -> None:
    locked = sparse(100).unlocked_with("secret")
    assert [each.rule.limit for each in refusals(E_TAX_ATTACHMENT, locked)] == [Limit.NO_PASSWORD]
    assert refusals(destination_named("pades-b-b"), locked) == []


def test_only_those_are_offered_that_take_the_kind(sparse, tmp_path: Path) -> None:
    pdf = sparse(100)
    assert default_destination(pdf).name == "pades-b-b"
    assert {REGISTRY, E_TAX_ATTACHMENT, destination_named("cades-b-b")} <= set(destinations_for(pdf))
    other = tmp_path / "a.bin"
    other.write_bytes(b"\0")
    assert not any(each.is_pdf for each in destinations_for(Document.open(other)))
    assert all(each.takes(Kind.OTHER) for each in destinations_for(Document.open(other)))
