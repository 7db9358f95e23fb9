"""The forms of signature that a destination asks for, as data."""

from enum import StrEnum


class Profile(StrEnum):
    """Chosen by where the document goes; each format knows how to make the ones that concern it."""

    PADES_B_B = "pades-b-b"  # contracts, private use: ETSI EN 319 142-1
    REGISTRY = "registry"  # 登記・電子定款: adbe.pkcs7.detached with the fewest attributes
