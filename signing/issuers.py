"""Whose certificate it claims to be, by the names and policies in it: a claim, never a proof.

The table is data: a row that turns out otherwise is replaced here, and nowhere else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from signing.report import IssuerClass

# Policies of the signature certificates of JPKI (J-LIS certificate profile). The one of smartphones is known from a
# single report; a practice card carries that of the test hierarchy, so the issuer's name is looked at first.
_TEST_POLICY = "1.2.392.200149.8.5.1.0.20"
_SMARTPHONE_POLICY = "1.2.392.200149.8.5.1.1.40"
_GOVERNMENT = ("Japanese Government", "日本国政府")


class Evidence(Enum):
    """Where a spelling comes from."""

    SEEN = "in certificates of published documents"
    TOLD = "by the authority or its customers, about it"
    TRADE_NAME = "the name that it trades under; how it stands in certificates was not seen"


@dataclass(frozen=True, slots=True)
class _Row:
    """`organizations`: one of them must be an O, exactly (any where empty). `word`, in lower case: must be in the
    organizational units or common names of `party` (everything is where empty)."""

    kind: IssuerClass
    organizations: tuple[str, ...] = ()
    word: str = ""
    party: str = "issuer"
    evidence: Evidence = Evidence.TRADE_NAME


# The first row that fits decides.
_ROWS = (
    # Trials of the government's authority (DemoOfficialStatusCA, in published samples of e-Gov) are not genuine.
    _Row(IssuerClass.OTHER, _GOVERNMENT, "demo", evidence=Evidence.SEEN),
    # The registrar (電子認証登記所登記官) stands in the name space of the government, below the Ministry of Justice.
    _Row(IssuerClass.COMMERCIAL_REGISTRY, _GOVERNMENT, "registrar", evidence=Evidence.TOLD),
    _Row(IssuerClass.COMMERCIAL_REGISTRY, _GOVERNMENT, "登記官", evidence=Evidence.TOLD),
    _Row(IssuerClass.GPKI, _GOVERNMENT, evidence=Evidence.SEEN),  # OU=OfficialStatusCA in those of ministries
    _Row(IssuerClass.LGPKI, ("LGPKI", "Local Governments"), evidence=Evidence.TOLD),
    # Services accredited under the Electronic Signature Act (認定認証業務).
    _Row(IssuerClass.ACCREDITED, word="aosign"),
    _Row(IssuerClass.ACCREDITED, word="tdb ca typea"),
    _Row(IssuerClass.ACCREDITED, word="e-probatio"),
    _Row(IssuerClass.ACCREDITED, word="diacert"),
    _Row(IssuerClass.ACCREDITED, word="passport for g-id"),
    # Contract services sign with a key of their own, in a certificate from a commercial authority.
    _Row(IssuerClass.CONTRACT_SERVICE, word="cloudsign", party="subject"),
    _Row(IssuerClass.CONTRACT_SERVICE, word="クラウドサイン", party="subject"),
    _Row(IssuerClass.CONTRACT_SERVICE, word="gmo sign", party="subject"),
    _Row(IssuerClass.CONTRACT_SERVICE, word="gmosign", party="subject"),
    _Row(IssuerClass.CONTRACT_SERVICE, word="gmoサイン", party="subject"),
)


def issuer_class(values: Callable[[str, str], list[str]], policies: tuple[str, ...]) -> IssuerClass:
    """The kind of issuer. `values(party, attribute)`: those of O, OU or CN in the name of "issuer" or "subject"."""
    organizations = values("issuer", "O")
    organization = organizations[0] if organizations else ""
    if organization.startswith("JPKI"):
        return _of_jpki(organization, policies)
    for row in _ROWS:
        named = not row.organizations or organization in row.organizations
        if named and any(row.word in each for each in _words(values, row.party)):
            return row.kind
    return IssuerClass.OTHER


def _words(values: Callable[[str, str], list[str]], party: str) -> Iterator[str]:
    yield ""
    for attribute in ("OU", "CN", "O"):
        yield from (value.lower() for value in values(party, attribute))


def _of_jpki(organization: str, policies: tuple[str, ...]) -> IssuerClass:
    if "PRACTICE" in organization.upper():
        return IssuerClass.PRACTICE
    if organization != "JPKI" or _TEST_POLICY in policies:
        return IssuerClass.JPKI_TEST
    return IssuerClass.JPKI_SMARTPHONE if _SMARTPHONE_POLICY in policies else IssuerClass.JPKI
