"""The one door through which XML is read: nothing is fetched, nothing is expanded, everything has a limit."""

import codecs
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from signing import errors
from signing.document import Document
from signing.xml import markup
from signing.xml.limits import (
    crowded_beside_root,
    crowded_with_attributes,
    crowded_with_elements,
    crowded_with_namespaces,
    declares_many_namespaces,
)

# A tree takes some twelve times the size of its file.
MAXIMUM_SIZE = 128 << 20

# libxml2 needs no Python while it parses a large document, which takes a second and more.
MEANWHILE = ThreadPoolExecutor(1, "xml")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # XML 1.0, appendix F
_DECLARED = re.compile(rb"<\?xml\s[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']")
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "latin1"), "latin-1"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "shift_jis"),
    **dict.fromkeys(("windows-31j", "cp932", "ms932", "csshiftjis"), "cp932"),
    **dict.fromkeys(("euc-jp", "eucjp"), "euc_jp"),
    "iso-2022-jp": "iso2022_jp",
}
# Where the tables of the encodings that systems come with differ: U+301C or U+FF5E, U+2212 or U+FF0D, and so on.
_DISPUTED = re.compile("[〜‖−¢£¬―]")
_DISPUTED_IN = {
    "shift_jis": re.compile(r"[〜‖−¢£¬―\\~]"),  # 0x5C and 0x7E are "\" and "~", or a yen sign and an overline
    "euc_jp": _DISPUTED,
    "iso2022_jp": _DISPUTED,
}
READ_OTHERWISE = frozenset("\\~")  # by libxmlsec1, where it reads the file itself
# 0x80, 0xA0 and 0xFD to 0xFF of Windows-31J, in which no program but Python reads anything.
_UNASSIGNED = re.compile("[\x80\uf8f0-\uf8f3]")
_DECLARATION = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|" + markup.VALUE + rb"|(?P<entity><!ENTITY)|<!ATTLIST[^>\"']*+(?P<default>[\"'])?",
    re.DOTALL,
)
_UNDECLARED = rb"&(?!(?:amp|lt|gt|quot|apos);|#)"
_REFERENCE = re.compile(_UNDECLARED)
# In comments, CDATA sections and instructions "&" is just a character.
_REFERENCE_OR_PASSED = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|(" + _UNDECLARED + rb")", re.DOTALL
)
_TOO_DEEP = "Excessive depth"


@dataclass(frozen=True, slots=True, eq=False)
class XmlDocument:
    """A well-formed document, as text and as a tree of the same.

    `utf8` is what the file says in UTF-8, without a byte order mark; `encoding` is Python's name for the encoding of
    the file, `mark` the byte order mark with which that begins, `sha256` that of its bytes. Where `comments` or
    `instructions` is false there are none; where it is true, there may be.
    """

    utf8: bytes
    root: etree._Element
    encoding: str
    mark: bytes
    sha256: str
    comments: bool
    instructions: bool

    def encoded(self, utf8: bytes) -> bytes:
        """Text in the encoding of the file."""
        return utf8 if self.encoding == "utf-8" else utf8.decode().encode(self.encoding)

    @property
    def disputed(self) -> str:
        """The characters in it that other programs read as others from the same bytes, each once."""
        differing = _DISPUTED_IN.get(self.encoding)
        return "".join(sorted(set(differing.findall(self.utf8.decode())))) if differing else ""


def read(data: bytes) -> XmlDocument:
    """Parse a whole file.

    Raises XmlTooLarge, XmlEncodingWrong, XmlEncodingUnsupported, XmlEntities, XmlTooDeep, XmlCrowded and
    XmlNotWellFormed.
    """
    text, encoding, mark = decoded(data)
    _refuse_declared_content(text)
    if crowded_with_elements(text):
        raise errors.XmlCrowded
    scanning = MEANWHILE.submit(_scanned, data, text)
    root = _parsed(text)
    sha256, comments, instructions, crowded, many = scanning.result()
    if crowded or crowded_beside_root(root) or (many and crowded_with_namespaces(root)):
        raise errors.XmlCrowded
    return XmlDocument(text, root, encoding, mark, sha256, comments, instructions)


def decoded(data: bytes) -> tuple[bytes, str, bytes]:
    """What a whole file says in UTF-8, Python's name for its encoding, its byte order mark.

    Raises XmlTooLarge, XmlEncodingWrong, XmlEncodingUnsupported.
    """
    if len(data) > MAXIMUM_SIZE:
        raise errors.XmlTooLarge(limit=MAXIMUM_SIZE)
    encoding, mark = _encoding(data)
    if encoding == "utf-8":  # libxml2 finds what is wrong in it
        return data[len(mark) :], encoding, mark
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeError as error:
        raise errors.XmlEncodingWrong from error
    if encoding == "cp932" and _UNASSIGNED.search(text):
        raise errors.XmlEncodingWrong
    return text.encode(), encoding, mark


def read_file(file: BinaryIO) -> XmlDocument:
    """Parse a file from its beginning. Raises as `read` does; what is too large is told before it is in memory."""
    return read(whole(file))


def whole(file: BinaryIO) -> bytes:
    """All of a file. Raises XmlTooLarge before it is in memory."""
    if file.seek(0, 2) > MAXIMUM_SIZE:
        raise errors.XmlTooLarge(limit=MAXIMUM_SIZE)
    file.seek(0)
    return file.read()


def read_document(document: Document) -> XmlDocument:
    """Parse a file, of which no more is read than may be. Raises DocumentError."""
    with document.opened() as file:
        return read_file(file)


def _scanned(data: bytes, text: bytes) -> tuple[str, bool, bool, bool, bool]:
    """The SHA-256 of the file; whether there may be comments, instructions, crowds of attributes, many namespaces."""
    instructions = text.find(b"<?", 1) > 0  # an XML declaration stands at 0
    crowded, many = crowded_with_attributes(text), declares_many_namespaces(text)
    return hashlib.sha256(data).hexdigest(), b"<!--" in text, instructions, crowded, many


def _parsed(text: bytes) -> etree._Element:
    try:
        return _tree(text)
    except MemoryError as error:
        raise errors.XmlCrowded from error
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise errors.XmlCrowded from error
        if _TOO_DEEP in (error.msg or ""):
            raise errors.XmlTooDeep from error
        if error.code == etree.ErrorTypes.ERR_INVALID_ENCODING or error.code == etree.ErrorTypes.ERR_INVALID_CHAR:
            raise errors.XmlEncodingWrong from error
        raise errors.XmlNotWellFormed(line=error.lineno or 1) from error


def _tree(text: bytes) -> etree._Element:
    # Not with collect_ids=False: libxml2 would then load an external DTD, whatever else it is told.
    parser = etree.XMLParser(
        encoding="utf-8",
        huge_tree=True,  # attachments stand in text nodes of more than 10 MB; the size is limited above
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        remove_blank_text=False,
    )
    # Exclusive C14N is given those prefixes only that lxml has met as names, and the empty one it must have met too.
    etree.fromstring(b'<any xmlns=""/>', parser)
    return etree.fromstring(text, parser)


def _encoding(data: bytes) -> tuple[str, bytes]:
    """Python's name of the encoding, and the byte order mark. What mark and declaration say must agree."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", None))
    if encoding is None:
        encoding = next((name for head, name in _UNMARKED if data.startswith(head)), None)
    head = data[len(mark) : len(mark) + 400]
    if encoding is not None and encoding != "utf-8":
        head = head.decode(encoding, "replace").encode()
    declared = _DECLARED.match(head)
    if declared is None:
        return encoding or "utf-8", mark
    name = declared[1].decode().lower()
    if (
        encoding is not None
        and encoding.startswith("utf-16")
        and name in ("utf-16", encoding, encoding.replace("16-", "16"))
    ):
        return encoding, mark
    if name not in _CODECS and name not in ("utf-16", "utf-16le", "utf-16be"):
        raise errors.XmlEncodingUnsupported
    stated = _CODECS.get(name)
    if stated is None or encoding not in (None, stated):
        raise errors.XmlEncodingWrong
    return stated, mark


def _refuse_declared_content(text: bytes) -> None:
    """Entities and default attributes put into the document what its text does not show."""
    document_type = markup.document_type(text)
    for declaration in _DECLARATION.finditer(document_type):
        if declaration["entity"] or declaration["default"]:
            raise errors.XmlEntities
    # Without a declaration that is read, such a reference is an error anyway; with one that is not, it is a question.
    start = markup.behind_document_type(text) if document_type and _REFERENCE.search(text) else len(text)
    if any(each[1] for each in _REFERENCE_OR_PASSED.finditer(text, start)):
        raise errors.XmlEntities
