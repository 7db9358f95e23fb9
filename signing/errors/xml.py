"""Failures of XML, of what is packed around it, and of its stylesheets."""

from dataclasses import dataclass, field

from signing.errors.document import DocumentError


@dataclass(eq=False)
class XmlNotWellFormed(DocumentError):
    """It starts like XML, and breaks the rules of XML in this line."""

    code = "xml.not-well-formed"
    line: int


class XmlEncodingWrong(DocumentError):
    """Its bytes are not text in the encoding that it declares."""

    code = "xml.encoding-wrong"


class XmlEncodingUnsupported(DocumentError):
    """It declares an encoding that is not read here."""

    code = "xml.encoding-unsupported"


class XmlEncodingDisputed(DocumentError):
    """It has bytes that libxmlsec1 reads as other characters than most programs do, by the letter of its encoding."""

    code = "xml.encoding-disputed"


class XmlEntities(DocumentError):
    """Its document type declares or uses content (entities, default attributes); readers differ on it."""

    code = "xml.entities"


class XmlNotCanonical(DocumentError):
    """It has no canonical form, because it names a namespace relatively (C14N 1.0, 1.3)."""

    code = "xml.not-canonical"


class XmlTooDeep(DocumentError):
    """Its elements are nested deeper than any real document's."""

    code = "xml.too-deep"


class XmlCrowded(DocumentError):
    """There are more elements, attributes of one, or namespaces in scope than in any real document."""

    code = "xml.crowded"


@dataclass(eq=False)
class XmlTooLarge(DocumentError):
    """It is larger than what is read as XML; `limit` is in bytes."""

    code = "xml.too-large"
    limit: int


class XmlDuplicateId(DocumentError):
    """Two elements bear the identifier that a signature would point to."""

    code = "xml.duplicate-id"


@dataclass(eq=False)
class DocumentNotOfProfile(DocumentError):
    """The document is not what this profile signs. `profile` is a value of `Profile`."""

    code = "document.not-of-profile"
    profile: str


@dataclass(eq=False)
class XmlFileMissing(DocumentError):
    """Files that the document lists, and that must be signed with it, are not beside it. `names` are those of a few."""

    code = "xml.file-missing"
    count: int
    names: tuple[str, ...] = field(repr=False)


class XmlFileNameUnsuitable(DocumentError):
    """The name of the file cannot stand in a signature beside it in a way that leads back to the file."""

    code = "xml.file-name"


class XmlReadDifferently(DocumentError):
    """libxmlsec1 does not compute from it what we do: what one signs, another might not verify. No key was used."""

    code = "xml.read-differently"


class XmlSignedAlready(DocumentError):
    """This key has signed exactly this in the same file: a further signature would be a copy. The key was not used."""

    code = "xml.signed-already"


class XmlSignatureWouldBreak(DocumentError):
    """There is a signature that a further one in the same file would break."""

    code = "xml.would-break-signature"


class PackageRefused(DocumentError):
    """A ZIP file whose size, names or structure are not those of an honest package."""

    code = "package.refused"


class StylesheetFailed(DocumentError):
    """The stylesheet of a document makes nothing of it, or wants what it may not have."""

    code = "stylesheet.failed"
