"""Finds what may be a My Number (個人番号) in a document that is about to be signed, so that one can be warned.

The digits are looked at and forgotten: nothing here returns, keeps or logs them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from signing import errors
from signing.document import Document, Kind
from signing.note import Note

# Four, four and four digits with a blank or a hyphen between them, or twelve in one; never part of a longer number,
# such as the 13 digits of a corporate number or of an article code.
_GAP = r"[ \-‐‑‒–—―−ー]"  # after NFKC
_CANDIDATE = re.compile(rf"(?<![0-9])(?<![0-9]{_GAP})[0-9]{{4}}({_GAP}?)[0-9]{{4}}\1[0-9]{{4}}(?![0-9])(?!{_GAP}[0-9])")
_NAMES = re.compile(r"マイナンバー|個人番号|my ?number|individual number|kojin_?bango", re.IGNORECASE)
_NEAR = 80  # characters between the name and the number: a line or two of a form
# Ordinance of the Ministry of Internal Affairs and Communications on individual numbers, article 5
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_MOST_PAGES = 2000
_MOST_CHARACTERS = 20_000_000


class Suspicion(IntEnum):
    """How much speaks for it."""

    POSSIBLE = 1  # the check digit is right, which one number in ten is by chance
    LIKELY = 2  # and the words My Number stand near it


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something was found: the page of a PDF from 1, or None in a form field and in other documents."""

    suspicion: Suspicion
    page: int | None


def find_my_numbers(document: Document) -> tuple[Finding, ...]:
    """One finding for each page (or the whole) that may hold a My Number; of pictures nothing can be said.

    The first 2,000 pages of a PDF, its form fields, and an XML document are looked through. What cannot be read has no
    finding: telling that is the matter of the rehearsal. PDFium reads a PDF here: call this in a helper process.
    """
    found: dict[int | None, Suspicion] = {}
    try:
        for page, text in _texts(document):
            suspicion = suspicion_in(text)
            if suspicion and suspicion > found.get(page, 0):
                found[page] = suspicion
    except errors.UserFacingError:
        pass  # what was found before stays true
    return tuple(Finding(suspicion, page) for page, suspicion in found.items())


def my_number_notes(document: Document) -> tuple[Note, ...]:
    """What a signer should know of it: my-number-likely and my-number-possible, each with the pages that are known."""
    notes, findings = [], find_my_numbers(document)
    for suspicion, code in ((Suspicion.LIKELY, "my-number-likely"), (Suspicion.POSSIBLE, "my-number-possible")):
        found = [each for each in findings if each.suspicion is suspicion]
        if found:
            notes.append(Note(code, {"pages": tuple(each.page for each in found if each.page is not None)}))
    return tuple(notes)


def suspicion_in(text: str) -> Suspicion | None:
    """The strongest suspicion in a text, of whatever width its characters are."""
    text = unicodedata.normalize("NFKC", text)
    strongest: Suspicion | None = None
    for match in _CANDIDATE.finditer(text):
        if not has_check_digit(re.sub(_GAP, "", match.group())):
            continue
        around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if _NAMES.search(around):
            return Suspicion.LIKELY
        strongest = Suspicion.POSSIBLE
    return strongest


def has_check_digit(digits: str) -> bool:
    """Whether twelve ASCII digits can be a My Number; twelve times the same digit is none."""
    remainder = sum(int(digit) * weight for digit, weight in zip(digits[:11], _WEIGHTS, strict=True)) % 11
    return len(set(digits)) > 1 and int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def _texts(document: Document) -> Iterator[tuple[int | None, str]]:
    if document.kind is Kind.PDF:
        yield from ((None, text) for text in _form_texts(document))
        yield from _page_texts(document)
    elif document.kind is Kind.XML:
        yield None, _xml_text(document)


def _page_texts(document: Document) -> Iterator[tuple[int, str]]:
    from signing.pdf.pages import opened_pages

    with opened_pages(document) as pages:
        for number in range(min(len(pages), _MOST_PAGES)):
            try:
                yield number + 1, pages.text(number)
            except errors.DocumentDamaged:
                continue  # one page; the others can be read


def _form_texts(document: Document) -> Iterator[str]:
    """Name and value of each field, together: the name may be what tells the meaning of the value."""
    from signing.pdf.reader import form_values, open_reader

    with document.opened() as file:
        for name, value in form_values(open_reader(file, document.password)):
            yield f"{name} {value}"


def _xml_text(document: Document) -> str:
    from signing.xml import parse

    with document.opened() as file:
        root = parse.read_file(file).root
    pieces: list[str] = []
    room = _MOST_CHARACTERS
    for piece in _pieces(root.iter()):
        room -= len(piece)
        if room < 0:
            break
        pieces.append(piece)
    return "\n".join(pieces)


def _pieces(elements: Iterable[Any]) -> Iterator[str]:
    for element in elements:
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2]
            yield from map(str, element.attrib.values())
        yield from (text.strip() for text in (element.text, element.tail) if text and text.strip())
