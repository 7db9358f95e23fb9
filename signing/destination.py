"""Where a signed document goes: the form that is asked for there, and what would be refused, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from signing.document import Document, Kind
from signing.profile import Profile, default_profile

_ROOM_FOR_SIGNATURE = 40_000  # bytes that a PDF grows by


class Confidence(StrEnum):
    OFFICIAL = "official"  # it stands in a text of the authority itself
    QUOTED = "quoted"  # others quote such a text


class Limit(StrEnum):
    """What a rule is about; its number is of bytes, of files or of bits."""

    FILE_SIZE = "file-size"
    TOTAL_SIZE = "total-size"  # of all the files of one submission
    FILES = "files"  # in one submission
    NO_PASSWORD = "no-password"  # noqa: S105 - it says that there must be none
    RSA_BITS = "rsa-bits"
    NO_TIMESTAMP = "no-timestamp"
    SCAN = "scan"  # resolution, in dots per inch


@dataclass(frozen=True, slots=True)
class Rule:
    limit: Limit
    source: str  # who says it, and where
    confidence: Confidence
    number: int = 0


@dataclass(frozen=True, slots=True)
class Destination:
    """`name` is that of its form, and of itself where two destinations have the same form."""

    name: str
    profile: Profile
    rules: tuple[Rule, ...] = ()

    @property
    def is_pdf(self) -> bool:
        """Whether the signature is inside of a PDF, where it can have a seal."""
        return self.profile.kinds == {Kind.PDF}

    def takes(self, kind: Kind) -> bool:
        return kind in self.profile.kinds


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a destination would refuse. `measured` is what was found, in the unit of the rule."""

    rule: Rule
    measured: int


_NOTARIES = "www.moj.go.jp/MINJI/DENSHIKOSHO/denshikosho4.html (2025-10-01)"
_SIGNED_PDF = "www.touki-kyoutaku-online.moj.go.jp/cautions/append/sign_pdf.html"
_ATTACHMENTS = "www.e-tax.nta.go.jp/tetsuzuki/tetsuzuki_unsupported.htm"

REGISTRY = Destination(
    "registry",
    Profile.REGISTRY,
    (
        Rule(Limit.FILE_SIZE, _NOTARIES, Confidence.OFFICIAL, 10_000_000),
        Rule(Limit.RSA_BITS, _NOTARIES, Confidence.OFFICIAL, 2048),
        Rule(Limit.NO_TIMESTAMP, _SIGNED_PDF, Confidence.QUOTED),
    ),
)
E_TAX_ATTACHMENT = Destination(
    "e-tax-attachment",
    Profile.PADES_B_B,
    (
        Rule(Limit.TOTAL_SIZE, _ATTACHMENTS, Confidence.OFFICIAL, 14_000_000),
        Rule(Limit.FILES, _ATTACHMENTS, Confidence.OFFICIAL, 136),
        Rule(Limit.NO_PASSWORD, _ATTACHMENTS, Confidence.OFFICIAL),
        Rule(Limit.SCAN, _ATTACHMENTS, Confidence.OFFICIAL, 200),
    ),
)
DESTINATIONS: tuple[Destination, ...] = (
    Destination("pades-b-b", Profile.PADES_B_B),
    REGISTRY,
    E_TAX_ATTACHMENT,
    *(Destination(each, each) for each in Profile if each not in (Profile.PADES_B_B, Profile.REGISTRY)),
)


def destination_named(name: str) -> Destination:
    """Raises KeyError."""
    return {each.name: each for each in DESTINATIONS}[name]


def default_destination(document: Document) -> Destination:
    """What suits the document by its content."""
    return destination_named(default_profile(document))


def destinations_for(document: Document) -> list[Destination]:
    """Those that take a document of its kind."""
    return [each for each in DESTINATIONS if each.takes(document.kind)]


def refusals(destination: Destination, document: Document) -> list[Refusal]:
    """What would be refused of this document. What cannot be told before the card signs is not among it."""
    found = {
        Limit.FILE_SIZE: document.size + _ROOM_FOR_SIGNATURE,
        Limit.NO_PASSWORD: int(bool(document.password)),
    }
    return _broken(destination, found)


def takes_key(profile: Profile, key: str) -> bool:
    """Whether the destinations of this form take signatures by a key of this kind, such as `RSA-2048`."""
    rules = [rule for each in DESTINATIONS if each.profile is profile for rule in each.rules]
    return all(key == f"RSA-{rule.number}" for rule in rules if rule.limit is Limit.RSA_BITS)


def refusals_together(destination: Destination, documents: Sequence[Document]) -> list[Refusal]:
    """What would be refused of these documents in one submission."""
    total = sum(document.size + _ROOM_FOR_SIGNATURE for document in documents)
    return _broken(destination, {Limit.TOTAL_SIZE: total, Limit.FILES: len(documents)})


def _broken(destination: Destination, found: dict[Limit, int]) -> list[Refusal]:
    return [
        Refusal(rule, found[rule.limit])
        for rule in destination.rules
        if rule.limit in found and found[rule.limit] > rule.number
    ]
