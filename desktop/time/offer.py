"""What can be added to a signed file so that it lasts, and why not the rest; asked of the helper process."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from signing.document import Document, Kind
from signing.errors import UserFacingError
from signing.extension import Extension, rehearse_extension
from signing.report import SignatureLevel

_LEVELS = (SignatureLevel.B_T, SignatureLevel.B_LT)


@dataclass(frozen=True, slots=True)
class Offer:
    """For each level what would be done, or what stands against it. Other formats than PDF have B-T alone."""

    levels: dict[SignatureLevel, Extension | UserFacingError]


def offer_for(path: Path, password: str) -> Offer:
    """Rehearse every level that there is for the file; contacts nobody. Raises DocumentError, ExtensionError."""
    document = Document.open(path).unlocked_with(password)
    wanted = _LEVELS if document.kind is Kind.PDF else _LEVELS[:1]
    offered = {level: _rehearsed(document, level) for level in wanted}
    first = offered[SignatureLevel.B_T]
    if isinstance(first, UserFacingError):
        raise first
    if lasting := offered.get(SignatureLevel.B_LT):  # what it needs is what an archive time stamp needs beneath it
        archive = SignatureLevel.B_LTA
        offered[archive] = lasting if isinstance(lasting, UserFacingError) else replace(lasting, level=archive)
    return Offer(offered)


def _rehearsed(document: Document, level: SignatureLevel) -> Extension | UserFacingError:
    from desktop.trust.store import known_trust

    try:
        return rehearse_extension(document, level, trust=known_trust(), moment=datetime.now(UTC).astimezone())
    except UserFacingError as error:
        return error
