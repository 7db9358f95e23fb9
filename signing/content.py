"""What a document says, for people, before it is signed and when it is verified: XML, and ZIP packages with XML."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from signing import errors
from signing.document import Document, Kind
from signing.profile import Profile

# The libraries come with the first document: those who only pass the dataclasses on stay light.
if TYPE_CHECKING:
    from signing.xml.neighbours import Neighbours


@dataclass(frozen=True, slots=True)
class Node:
    """An element. `signed_by` are the numbers (from 1, in the order of the document) of the signatures that point to
    this very element; whether they hold is for the report to say. `to_sign`: the profile asked for signs it, with all
    that is in it; `takes_signature`: it puts its signature here. `omitted` children are not shown."""

    name: str
    namespace: str | None
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""  # all that stands directly in it
    children: tuple["Node", ...] = ()
    signed_by: tuple[int, ...] = ()
    omitted: int = 0
    to_sign: bool = False
    takes_signature: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """`stylesheet` is the name of the file that shows the document as a form, beside it; None where there is none."""

    root: Node
    stylesheet: str | None = None


def parts(document: Document) -> tuple[str, ...]:
    """The XML documents of a package by their names in it; "" stands for a file that is XML itself.

    Raises DocumentUnsupported where there is no XML, and DocumentError.
    """
    if document.kind is Kind.XML:
        return ("",)
    found: tuple[str, ...] = ()
    if document.kind is Kind.OTHER:
        from signing.xml.package import xml_documents
        from signing.zip_package import is_package, opened_package

        with document.opened() as file:
            if is_package(file):
                with opened_package(file) as package:
                    found = xml_documents(package)
    if not found:
        raise errors.DocumentUnsupported
    return found


def content_of(document: Document, part: str = "", profile: Profile | None = None) -> Content:
    """The tree of one of its parts; with a profile, of the document that this is to sign. Raises DocumentError."""
    from signing.xml.content import content

    with _opened(document, part) as (file, neighbours):
        return content(file, neighbours, profile)


def form_of(document: Document, part: str = "") -> str:
    """One of its parts as a page of HTML, as its maker meant it. Raises DocumentError, StylesheetFailed among them."""
    from signing.xml.content import form

    with _opened(document, part) as (file, neighbours):
        return form(file, neighbours)


@contextmanager
def _opened(document: Document, part: str) -> "Iterator[tuple[BinaryIO, Neighbours]]":
    from signing.xml.neighbours import Folder
    from signing.xml.package import beside
    from signing.zip_package import opened_package

    with document.opened() as file:
        if not part:
            yield file, Folder(document.path.parent)
            return
        with opened_package(file) as package:
            yield io.BytesIO(package.content(part)), beside(package, part)
