"""The forms of XML signature that we make, as data, and which of them a document asks for.

e-Tax: DATA and its signatures side by side, each over the procedure element alone. Certificates of deduction (TEG):
in the root and over it, one only. e-Gov: in 署名情報, over 構成情報 and the bytes of the files beside, one for each
signer. The others are those of the W3C and of ETSI.
"""

import re
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from signing.document import Document
from signing.profile import Profile
from signing.report import DocumentForm
from signing.xml import parse
from signing.xml.canonical import IMPLICIT, Canonicalization
from signing.xml.forms import form_of
from signing.xml.signature import DSIG, SIGNATURE

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DSIG}enveloped-signature"

COMPOSITION = "構成情報"
SIGNATURES = "署名情報"
_APPLICATIONS = "申請書ファイル名称"
_ATTACHMENTS = "添付書類ファイル名称"


class Target(Enum):
    """What the first reference points to."""

    PROCEDURE = "the procedure element of an e-Tax file"
    ROOT = "the root, by its id"
    COMPOSITION = "構成情報"
    DOCUMENT = "the whole document"
    FILE = "the file, byte by byte"
    OBJECT = "a ds:Object in the signature"


@dataclass(frozen=True, slots=True)
class XmlForm:
    """`prefix` of the elements; `method` canonicalises SignedInfo; `transforms` are those of the first reference.

    `files`: elements of the target that name files which are signed with it. `timestamp_id`: Id is the moment in
    Japan, 14 digits, as e-Gov writes it, and not a name. `once`: no second signature may be there.
    """

    target: Target
    transforms: tuple[str, ...]
    prefix: str = "ds"
    method: str = C14N
    files: tuple[str, ...] = ()
    timestamp_id: bool = False
    once: bool = False
    xades: bool = False

    @property
    def reference_method(self) -> Canonicalization:
        """What turns the target of the first reference into octets."""
        return next((each for name in self.transforms if (each := Canonicalization.named(name))), IMPLICIT)


FORMS = {
    Profile.E_TAX: XmlForm(Target.PROCEDURE, (C14N,), prefix="dsig"),
    Profile.TEG: XmlForm(Target.ROOT, (ENVELOPED, C14N), prefix="dsig", once=True),
    Profile.E_GOV: XmlForm(Target.COMPOSITION, (C14N,), prefix="", files=(_APPLICATIONS,), timestamp_id=True),
    Profile.E_GOV_FILE: XmlForm(
        Target.COMPOSITION, (), prefix="", files=(_APPLICATIONS, _ATTACHMENTS), timestamp_id=True
    ),
    Profile.XML_ENVELOPED: XmlForm(Target.DOCUMENT, (ENVELOPED, EXCLUSIVE), method=EXCLUSIVE),
    Profile.XML_DETACHED: XmlForm(Target.FILE, ()),
    Profile.XML_ENVELOPING: XmlForm(Target.OBJECT, (C14N,)),
    Profile.XADES_ENVELOPED: XmlForm(Target.DOCUMENT, (ENVELOPED, EXCLUSIVE), method=EXCLUSIVE, xades=True),
    Profile.XADES_DETACHED: XmlForm(Target.FILE, (), method=EXCLUSIVE, xades=True),
}

# 個別ファイル署名形式: kousei, then a moment in milliseconds; what follows tells a copy that was signed already.
_OF_ONE_FILE = re.compile(r"kousei\d{17}(?!\d).*\.xml", re.IGNORECASE | re.DOTALL)
_BY_FORM = {DocumentForm.E_TAX: Profile.E_TAX, DocumentForm.TEG: Profile.TEG}
# Signed by who made them; what another adds belongs beside them.
_OF_OTHERS = (DocumentForm.OFFICIAL_DOCUMENT, DocumentForm.PRESCRIPTION)


def suitable_profile(document: Document) -> Profile:
    """The profile for an XML document. Raises DocumentError."""
    root = parse.read_document(document).root
    if root.tag == "DataRoot" and composition(root) is not None:
        return Profile.E_GOV_FILE if _OF_ONE_FILE.fullmatch(document.path.name) else Profile.E_GOV
    kind = form_of(root).kind
    if kind is DocumentForm.GENERIC or kind in _OF_OTHERS:
        signed = next(root.iter(SIGNATURE), None) is not None
        return Profile.XML_DETACHED if signed or kind in _OF_OTHERS else Profile.XML_ENVELOPED
    return _BY_FORM.get(kind, Profile.XML_DETACHED)


def composition(root: etree._Element) -> etree._Element | None:
    """構成情報 of a 構成管理XML, by its ID; None where there is none, or more than one."""
    found = [each for each in root.iterchildren(COMPOSITION) if each.get("ID") == COMPOSITION]
    return found[0] if len(found) == 1 else None
