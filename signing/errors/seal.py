"""Failures of the seal."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


class SealError(UserFacingError):
    """The seal cannot be made, or has no place on the page."""


class SealTextUnsuitable(SealError):
    """Nothing to cut, or more than a seal has room for."""

    code = "seal.text"


@dataclass(eq=False)
class SealGlyphMissing(SealError):
    """No font here has these characters."""

    code = "seal.glyph-missing"
    characters: str


class SealFontMissing(SealError):
    """There is no Japanese font that may be embedded."""

    code = "seal.no-font"


class SealPictureUnusable(SealError):
    """The picture cannot be read, or is far too long for its width."""

    code = "seal.picture"


class SealNotPermitted(SealError):
    """The document is certified, and what may be changed is no new picture on a page (ISO 32000-2, table 257)."""

    code = "seal.not-permitted"


class SealTooLarge(SealError):
    """The page is smaller than the seal, or its field cannot be seen."""

    code = "seal.too-large"
