"""What each revision of a PDF changed, compared with the one before and told by the part of the document it belongs to.

Every object that a revision writes anew is owned by the parts from which the document reaches it, and is what they
say it is. Few changes are harmless; what is not among them, or could be seen in two ways, is unclassified. Objects
that are new are of no interest in themselves: the document comes to them only by a change in an old one.
"""

from collections.abc import Callable, Set
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.pdf.history import History, UnclassifiableError, same
from signing.pdf.structure import Owner, Structure
from signing.pdf.tagging import only_enters_fields
from signing.pdf.update_syntax import has_one_reading

# A code, and what it is about: the name of a field, the number of a page, or nothing.
Finding = tuple[str, str | int | None]

SIGNED = "signed"  # a field, by its name
STAMPED = "stamped"
NEW_AND_VISIBLE = "new-and-visible"  # a field that is to be seen and was not there before
SHOWN = "signature-shown"  # on a page, by its number: whatever the later signer wished to be seen there
FILLED = "form-filled"
PAGE_CHANGED = "page-changed"
ANNOTATED = "annotated"
UNCLASSIFIED = "unclassified"
METADATA = "metadata"
VALIDATION_DATA = "validation-data"

_UNCLASSIFIED: Finding = (UNCLASSIFIED, None)
_UNSETTLING = frozenset({_UNCLASSIFIED})  # after this, what was a field or a page may be one no longer
_METADATA: Finding = (METADATA, None)
_NOT_SHOWN = {  # entries of the catalogue that no page draws upon
    "/Metadata": METADATA,
    "/Extensions": METADATA,
    "/MarkInfo": METADATA,
    "/PieceInfo": METADATA,
    "/Version": METADATA,
    "/DSS": VALIDATION_DATA,
}
_VALUE_OF_FIELD = frozenset({"/V", "/AP", "/AS", "/F", "/DA", "/Q", "/Ff"})
_ASIDE_OF_FIELD = frozenset({"/M", "/NM", "/P", "/Type"})
_ASIDE_OF_PAGE = frozenset({"/Annots", "/Tabs", "/LastModified"})
_READ_ONLY_REQUIRED_NO_EXPORT = 0b111  # flags of a field that say nothing of its look (ISO 32000-2, table 227)
_USES_OF_FIELD = {
    "form": ("/Fields", "/CO"),
    "field": ("/Kids", "/Parent", "/A", "/AA", "/V"),
    "page": ("/Annots",),
    "catalog": ("/StructTreeRoot",),
}


def differences(reader: PdfFileReader, first: int) -> dict[int, frozenset[Finding]]:
    """What each revision after the `first` changed in the one before it. Never raises for what the file is."""
    found: dict[int, frozenset[Finding]] = {}
    structure = None
    history = History(reader)
    for revision in range(first + 1, reader.xrefs.total_revisions):
        try:
            structure = structure or Structure(history, revision - 1)
            comparison = _Comparison(structure, revision)
            found[revision] = frozenset(comparison.findings())
            if not has_one_reading(reader, history, revision):
                found[revision] |= _UNSETTLING
            structure.advance(comparison.written.keys())
            if found[revision] & _UNSETTLING:
                structure.find_parts()
        except Exception:  # the library raises whatever it stumbles over; the revision after this is looked at anew
            found[revision] = frozenset({_UNCLASSIFIED})
            structure = None
    return found


class _Comparison:
    """One revision with the one before it, whose structure is known."""

    def __init__(self, structure: Structure, revision: int) -> None:
        self._structure = structure
        self._history = structure.history
        self._now, self._before = revision, revision - 1
        self._found: set[Finding] = set()
        self._new_widgets: set[int] = set()  # of signatures that this revision brought
        self._new_pictures: set[int] = set()  # those of them that are to be seen
        self._done: set[Any] = set()
        self.written = self._history.written(revision)

    def findings(self) -> set[Finding]:
        self._trailer()
        changed = [number for number, generation in self.written.items() if self._is_changed(number, generation)]
        # First what says which fields are new: pages may show those, and no others.
        for number in sorted(changed, key=self._order):
            self._part(number)()
        return self._found

    def _is_changed(self, number: int, generation: int) -> bool:
        """Whether the revision made something else of an object that was there, or to which something referred."""
        if number in self._structure:
            if generation != self._structure.generation(number):
                raise UnclassifiableError  # a reader that minds no generations sees another object
            return not self._same(number, generation)
        for earlier, place in self._history.places(number, self._before).items():
            if self._history.is_cross_references(place) or (earlier == generation and self._same(number, generation)):
                continue
            self._found.add(_UNCLASSIFIED)  # nothing leads to it for us; a container of objects is such a thing
        return False

    def _same(self, number: int, generation: int) -> bool:
        return same(*(self._history.object(number, generation, each) for each in (self._before, self._now)))

    def _order(self, number: int) -> int:
        structure = self._structure
        if number in (structure.catalog, structure.form):
            return 0
        if number in structure.fields:
            return 2
        return 3 if structure.field_of(number) else 4 if number in structure.pages else 1

    def _part(self, number: int) -> Callable[[], None]:
        structure = self._structure
        if number == structure.catalog:
            return self._catalog
        if number == structure.form:
            return self._form
        if structure.field_of(number):
            return lambda: self._field(number)
        if number in structure.pages:
            return lambda: self._page(number)
        return lambda: self._owned(number, structure.uses(number))

    # --- the trailer and the catalogue

    def _trailer(self) -> None:
        before, now = (self._history.trailer(each) for each in (self._before, self._now))
        own = self._history.own_trailer(self._now)
        changed = _changed(before, now)
        kept = {"/Root", "/Encrypt"} & before.keys()
        if (
            "/Encrypt" in changed
            or not kept <= own.keys()
            or ("/Encrypt" in before and _first_id(before) != _first_id(now))
        ):
            self._found.add(_UNCLASSIFIED)
        if "/Info" in changed:
            self._found.add(_METADATA)
        if "/Root" in changed:
            self._catalog()

    def _catalog(self) -> None:
        if not self._first_time("catalog"):
            return
        roots = ((self._history.trailer(each)["/Root"], each) for each in (self._before, self._now))
        before, now = (self._history.dictionary(*root) for root in roots)
        for key in _changed(before, now):
            if key == "/AcroForm":
                self._form()
            elif key in _NOT_SHOWN and (key in now or key != "/DSS"):
                self._found.add((_NOT_SHOWN[key], None))
            else:
                self._found.add(_UNCLASSIFIED)
        uses = self._structure.uses(self._structure.catalog)
        if any(use.kind != "trailer" and (use.kind, use.path[0]) != ("field", "/V") for use in uses):
            self._found.add(_UNCLASSIFIED)  # a catalogue that is also something that is drawn upon

    # --- the form

    def _form(self) -> None:
        if not self._first_time("form"):
            return
        if any((use.kind, use.path) != ("catalog", ("/AcroForm",)) for use in self._uses_of_form()):
            self._found.add(_UNCLASSIFIED)
        before, now = (self._entries_of_form(each) for each in (self._before, self._now))
        for key in _changed(before, now):
            if key not in ("/Fields", "/SigFlags") and not self._is_harmless_in_form(key, before, now):
                self._found.add(_UNCLASSIFIED)
        self._fields(before.get("/Fields"), now.get("/Fields"))
        if not self._only_adds_resources(before.get("/DR"), now.get("/DR")):
            self._found.add(_UNCLASSIFIED)

    def _uses_of_form(self) -> set[Owner]:
        return self._structure.uses(self._structure.form) if self._structure.form else set()

    def _entries_of_form(self, revision: int) -> dict[str, Any]:
        catalog = self._history.dictionary(self._history.trailer(revision)["/Root"], revision)
        return self._history.dictionary(catalog["/AcroForm"], revision) if "/AcroForm" in catalog else {}

    def _is_harmless_in_form(self, key: str, before: dict[str, Any], now: dict[str, Any]) -> bool:
        if key == "/DR":
            return True  # looked into below
        # How the text of fields is set; where it is said anew, a reader may draw what was never drawn.
        all_signatures = all(field.kind == "/Sig" for field in self._structure.fields.values())
        if key == "/NeedAppearances":
            return all_signatures or now.get(key) is None or not bool(self._history.value(now[key], self._now))
        return key in ("/DA", "/Q") and (all_signatures or (key not in before and "/NeedAppearances" not in now))

    def _only_adds_resources(self, before: Any, now: Any) -> bool:
        """Whether the fonts and the like for fields keep all that was there; new names cannot have been used."""
        old = {} if before is None else self._history.dictionary(before, self._before)
        new = {} if now is None else self._history.dictionary(now, self._now)
        return all(key in new and self._is_kept(old[key], new[key]) for key in old)

    def _is_kept(self, before: Any, now: Any) -> bool:
        before, now = self._history.value(before, self._before), self._history.value(now, self._now)
        if not isinstance(before, generic.DictionaryObject) or not isinstance(now, generic.DictionaryObject):
            return same(before, now)
        old, new = self._history.dictionary(before, self._before), self._history.dictionary(now, self._now)
        return all(key in new and same(old[key], new[key]) for key in old)

    def _fields(self, before: Any, now: Any) -> None:
        old, new = self._history.array(before, self._before), self._history.array(now, self._now)
        numbers = [getattr(each, "idnum", 0) for each in new]
        known = {getattr(each, "idnum", 0) for each in old}
        if not known <= set(numbers) or len(set(numbers)) < len(numbers) or 0 in numbers:
            self._found.add(_UNCLASSIFIED)  # a field was taken away, or stands there twice
        for reference in new:
            if reference.idnum not in known:
                self._enter(reference)

    def _enter(self, reference: Any) -> None:
        """A field that was not there before."""
        structure = self._structure
        if reference.idnum in structure:
            raise UnclassifiableError  # what was something else becomes a field
        names = {field.name for field in structure.fields.values()}
        structure.add_fields([reference], self._now)
        if structure.fields[reference.idnum].name in names:
            self._found.add(_UNCLASSIFIED)  # readers show the value of one in the other
        self._new_field(reference.idnum)

    def _new_field(self, number: int) -> None:
        field = self._structure.fields[number]
        entries = [self._history.dictionary(self._reference(each), self._now) for each in (number, *field.widgets)]
        plain_signature = field.kind == "/Sig" and field.name and field.widgets
        if not plain_signature or any({"/A", "/AA"} & each.keys() for each in entries):
            self._found.add(_UNCLASSIFIED)
            return
        if any(widget in self._structure for widget in field.widgets):
            raise UnclassifiableError
        visible = any(map(self._is_visible, entries))
        if visible:
            self._found.add((NEW_AND_VISIBLE, field.name))
        if "/V" in entries[0]:
            self._signing(number, entries[0]["/V"], visible=visible)
        elif visible:
            page = entries[-1].get("/P")  # a picture on a page, by nobody
            self._found.add((ANNOTATED, self._structure.pages.get(getattr(page, "idnum", 0))))
        else:
            self._new_widgets.update(field.widgets)

    def _signing(self, number: int, value: Any, *, visible: bool) -> None:
        """A field got its signature, which must be an object of its own that was nothing before."""
        field = self._structure.fields[number]
        if not isinstance(value, generic.IndirectObject) or value.idnum in self._structure:
            raise UnclassifiableError
        stamp = self._history.dictionary(value, self._now).get("/Type") == "/DocTimeStamp" and not visible
        self._found.add((STAMPED if stamp else SIGNED, field.name))
        self._new_widgets.update(field.widgets)
        if visible:
            self._new_pictures.update(field.widgets)
            owners = set().union(*map(self._structure.uses, field.widgets))  # pages, if its place was prepared
            self._found.update((SHOWN, self._structure.pages[each.number]) for each in owners if each.kind == "page")

    def _reference(self, number: int) -> Any:
        return generic.IndirectObject(number, self._structure.generation(number), self._history)

    def _is_visible(self, entries: dict[str, Any]) -> bool:
        rectangle = self._history.array(entries.get("/Rect"), self._now)
        corners = [self._history.value(each, self._now) for each in rectangle]
        return len(corners) != 4 or bool((corners[2] - corners[0]) * (corners[3] - corners[1])) if corners else False

    # --- one field

    def _field(self, number: int) -> None:
        structure = self._structure
        field = structure.field_of(number)
        before, now = (self._history.dictionary(self._reference(number), each) for each in (self._before, self._now))
        changed = _changed(before, now)
        type_kept = "/Type" not in changed or ("/Type" not in before and now["/Type"] == "/Annot")
        uses = structure.uses(number)
        if (
            field is None
            or not changed <= _VALUE_OF_FIELD | _ASIDE_OF_FIELD
            or not type_kept
            or any(use.path[0] not in _USES_OF_FIELD.get(use.kind, ()) for use in uses)
            or not _is_dictionary_or_nothing(self._history.value(now.get("/AP"), self._now))
        ):
            self._found.add(_UNCLASSIFIED)
        elif changed <= _ASIDE_OF_FIELD or (changed <= {"/Ff", *_ASIDE_OF_FIELD} and self._same_look(before, now)):
            return
        elif field.kind != "/Sig":
            self._found.add((FILLED, field.name))
        elif self._was_signed(number):
            self._found.add(_UNCLASSIFIED)
        elif "/V" in changed and "/V" in now:
            widgets = [self._history.dictionary(self._reference(each), self._now) for each in field.widgets]
            self._signing(structure.widgets.get(number, number), now["/V"], visible=any(map(self._is_visible, widgets)))
        elif number not in self._new_widgets:
            self._found.add((FILLED, field.name))

    def _same_look(self, before: dict[str, Any], now: dict[str, Any]) -> bool:
        old, new = (int(entries.get("/Ff", 0)) for entries in (before, now))
        return (old ^ new) & ~_READ_ONLY_REQUIRED_NO_EXPORT == 0

    def _was_signed(self, number: int) -> bool:
        owner = self._reference(self._structure.widgets.get(number, number))
        return "/V" in self._history.dictionary(owner, self._before)

    # --- one page

    def _page(self, number: int) -> None:
        if not self._first_time(number):
            return
        page = self._structure.pages[number]
        before, now = (self._history.dictionary(self._reference(number), each) for each in (self._before, self._now))
        if not _changed(before, now) <= _ASIDE_OF_PAGE:
            self._found.add((PAGE_CHANGED, page))
        shown = self._annotations(before.get("/Annots"), self._before)
        shows = self._annotations(now.get("/Annots"), self._now)
        if not shown.keys() <= shows.keys() or any(not same(shown[each], shows[each]) for each in shown):
            self._found.add((PAGE_CHANGED, page))
        for added in shows.keys() - shown.keys() - self._new_widgets:
            if self._is_signature_outside_the_form(shows[added]):
                self._enter(shows[added])
        if not shows.keys() <= shown.keys() | self._new_widgets:
            self._found.add((ANNOTATED, page))
        if not self._new_pictures.isdisjoint(shows.keys() - shown.keys()):
            self._found.add((SHOWN, page))

    def _is_signature_outside_the_form(self, annotation: Any) -> bool:
        """Some programs (pdfsig of poppler 22) put a further signature on the page and forget to tell the form."""
        if not isinstance(annotation, generic.IndirectObject) or annotation.idnum in self._structure:
            return False
        entries = self._history.dictionary(annotation, self._now)
        return entries.get("/FT") == "/Sig" and "/V" in entries and not {"/Parent", "/Kids"} & entries.keys()

    def _annotations(self, value: Any, revision: int) -> dict[object, Any]:
        """By their numbers, and those without one by their places."""
        elements = self._history.array(value, revision)
        return {getattr(each, "idnum", ("direct", place)): each for place, each in enumerate(elements)}

    # --- whatever belongs to these

    def _owned(self, number: int, owners: Set[Owner]) -> None:
        if not owners:
            self._found.add(_UNCLASSIFIED)
        for owner in owners:
            self._owned_by(owner, number)

    def _owned_by(self, owner: Owner, number: int) -> None:
        key = owner.path[0]
        if owner.kind == "trailer" and key == "/Info":
            self._found.add(_METADATA)
        elif owner.kind == "catalog" and key in _NOT_SHOWN:
            self._found.add((_NOT_SHOWN[str(key)], None))
            self._catalog()
        elif owner.kind == "catalog" and key == "/StructTreeRoot":
            if not only_enters_fields(self._structure, number, self._now, self._new_widgets):
                self._found.add(_UNCLASSIFIED)
        elif owner.kind == "form" and owner.directly and (owner.path == ("/Fields",) or _is_resources(owner.path)):
            self._form()
        elif owner.kind == "field" and key in ("/AP", "/V"):
            self._field_value(owner.number)
        elif owner.kind == "page" and owner.directly and owner.path == ("/Annots",):
            self._page(owner.number)
        elif owner.kind == "page":
            page = self._structure.pages[owner.number]
            self._found.add((ANNOTATED if key == "/Annots" else PAGE_CHANGED, page))
        else:
            self._found.add(_UNCLASSIFIED)

    def _field_value(self, number: int) -> None:
        field = self._structure.field_of(number)
        if field is None or (field.kind == "/Sig" and self._was_signed(number)):
            self._found.add(_UNCLASSIFIED)
        elif field.kind != "/Sig" or (SIGNED, field.name) not in self._found:
            self._found.add((FILLED, field.name))

    def _first_time(self, subject: str | int) -> bool:
        return subject not in self._done and not self._done.add(subject)  # type: ignore[func-returns-value]


def _changed(before: dict[str, Any], now: dict[str, Any]) -> Set[str]:
    return {key for key in before.keys() | now.keys() if not same(before.get(key), now.get(key))}


def _is_resources(path: tuple[str | int, ...]) -> bool:
    return path[0] == "/DR" and len(path) <= 2


def _is_dictionary_or_nothing(value: Any) -> bool:
    dictionary = isinstance(value, generic.DictionaryObject) and not isinstance(value, generic.StreamObject)
    return value is None or dictionary


def _first_id(trailer: dict[str, Any]) -> Any:
    identifier = trailer.get("/ID")
    return identifier[0].original_bytes if isinstance(identifier, list) and identifier else None
