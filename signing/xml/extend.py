"""A time stamp put into XAdES signatures that are there (ETSI EN 319 132-1, 5.3); all else stays byte for byte."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from signing import errors
from signing.xml import markup, parse
from signing.xml.canonical import Canonicalization, digest
from signing.xml.parse import XmlDocument
from signing.xml.profiles import EXCLUSIVE
from signing.xml.signature import DSIG, SIGNATURE, Malformed, read_signature

if TYPE_CHECKING:
    from signing.timestamping import Timestamper

_QUALIFYING = "QualifyingProperties"
_LEVELS = ("UnsignedProperties", "UnsignedSignatureProperties")
_STAMP = "SignatureTimeStamp"


def add_timestamps(content: bytes, timestamper: "Timestamper") -> bytes:
    """The file with a time stamp in each XAdES signature that has none; each costs one request.

    Raises NothingToExtend where there is no such signature, TimestampError, DocumentError.
    """
    document = parse.read(content)
    waiting = list(unstamped(document))
    if not waiting:
        raise errors.NothingToExtend
    insertions = [_insertion(document, properties, _stamp(value, timestamper)) for properties, value in waiting]
    return _with(document, content, insertions)


def unstamped(document: XmlDocument) -> Iterator[tuple[etree._Element, etree._Element]]:
    """The qualifying properties and the signature value of each XAdES signature that has no time stamp."""
    for element in document.root.iter(SIGNATURE):
        try:
            signature = read_signature(element)
        except Malformed:
            continue
        for properties in (each for part in signature.objects for each in part.iterfind(f"{{*}}{_QUALIFYING}")):
            if properties.find(f".//{{*}}{_STAMP}") is None:
                yield properties, signature.value_element


def _stamp(value: etree._Element, timestamper: "Timestamper") -> str:
    token = timestamper.stamp(digest(value, Canonicalization(EXCLUSIVE), "sha256")).der
    return (
        f"<xades:{_STAMP}>"
        f'<ds:CanonicalizationMethod xmlns:ds="{DSIG}" Algorithm="{EXCLUSIVE}"/>'
        f"<xades:EncapsulatedTimeStamp>{base64.b64encode(token).decode('ascii')}</xades:EncapsulatedTimeStamp>"
        f"</xades:{_STAMP}>"
    )


@dataclass(frozen=True, slots=True)
class _Insertion:
    """What replaces the text between two positions."""

    start: int
    end: int
    text: bytes


def _insertion(document: XmlDocument, properties: etree._Element, stamp: str) -> _Insertion:
    """Where the stamp goes: into the innermost of the elements for it that are there; those that lack are made."""
    namespace = etree.QName(properties).namespace
    home, missing = properties, list(_LEVELS)
    while missing and (inner := home.find(f"{{{namespace}}}{missing[0]}")) is not None:
        home = inner
        missing.pop(0)
    text = "".join(f"<xades:{name}>" for name in missing) + stamp
    text += "".join(f"</xades:{name}>" for name in reversed(missing))
    first = text.index(">")  # the outermost new element declares the namespace
    text = f'{text[:first]} xmlns:xades="{namespace}"{text[first:]}'
    place = markup.place(document.utf8, home)
    if place.content is None:
        return _Insertion(place.end - 2, place.end, b">" + text.encode() + b"</" + place.name + b">")
    return _Insertion(place.content[1], place.content[1], text.encode())


def _with(document: XmlDocument, content: bytes, insertions: list[_Insertion]) -> bytes:
    if document.mark + document.encoded(document.utf8) != content:
        raise errors.XmlEncodingUnsupported  # characters that can be written in two ways
    text = document.utf8
    for each in sorted(insertions, key=lambda insertion: insertion.start, reverse=True):
        text = text[: each.start] + each.text + text[each.end :]
    return document.mark + document.encoded(text)
