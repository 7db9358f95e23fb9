"""The forms of signature that a destination asks for, as data."""

from enum import StrEnum

from signing import errors
from signing.document import Document, Kind


class Profile(StrEnum):
    """Chosen by where the document goes; each format knows how to make the ones that concern it."""

    PADES_B_B = "pades-b-b"  # contracts, private use: ETSI EN 319 142-1
    REGISTRY = "registry"  # 登記・電子定款: adbe.pkcs7.detached with the fewest attributes
    E_TAX = "e-tax"  # the form that e-Tax files (.xtx) have
    TEG = "teg"  # certificates of deduction and the like, 電子的控除証明書等, for those who issue them
    E_GOV = "e-gov"  # 構成管理XML (kousei.xml), with the application files beside it
    E_GOV_FILE = "e-gov-file"  # the same for one file: 個別ファイル署名形式
    XML_ENVELOPED = "xml-enveloped"  # XML Signature inside of the document
    XML_DETACHED = "xml-detached"  # XML Signature beside any file
    XML_ENVELOPING = "xml-enveloping"  # XML Signature that contains any file
    XADES_ENVELOPED = "xades-enveloped"  # ETSI EN 319 132-1, B-B
    XADES_DETACHED = "xades-detached"
    CADES_B_B = "cades-b-b"  # any file: ETSI EN 319 122-1 in a .p7s beside it

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of document that it can be put on."""
        if self in _PDF:
            return frozenset({Kind.PDF})
        return frozenset(Kind) if self.sidecar else frozenset({Kind.XML})

    @property
    def sidecar(self) -> bool:
        """Whether the signature is a file of its own."""
        return self in _SIDECARS

    @property
    def takes_timestamp(self) -> bool:
        """Whether its signature has a place for a time stamp, and its destination does not forbid one."""
        return self in _STAMPED

    @property
    def ending(self) -> str:
        """What the name of the signature adds to the name of the document, where it is a file of its own."""
        return ".p7s" if self is Profile.CADES_B_B else ".sig.xml"


_PDF = frozenset({Profile.PADES_B_B, Profile.REGISTRY})
_SIDECARS = frozenset({Profile.XML_DETACHED, Profile.XML_ENVELOPING, Profile.XADES_DETACHED, Profile.CADES_B_B})
_STAMPED = frozenset({Profile.PADES_B_B, Profile.XADES_ENVELOPED, Profile.XADES_DETACHED, Profile.CADES_B_B})


def default_profile(document: Document) -> Profile:
    """What suits the document by its content. XML is read for that; if it cannot be, rehearsing will tell why."""
    if document.kind is Kind.PDF:
        return Profile.PADES_B_B
    if document.kind is not Kind.XML:
        return Profile.CADES_B_B
    from signing.xml.profiles import suitable_profile

    try:
        return suitable_profile(document)
    except errors.XmlTooLarge:
        return Profile.XML_DETACHED
    except errors.DocumentError:
        return Profile.XML_ENVELOPED
