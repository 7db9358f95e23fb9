"""From where in a PDF each object is reached, and which objects are its pages and its form fields."""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic

from signing.pdf.history import History, UnclassifiableError, references

Path = tuple[str | int, ...]
_TRAILER = 0  # no object has this number
_TRAILER_KEYS = ("/Root", "/Info", "/Encrypt")
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Field:
    """A form field as it was when it was found; `widgets` are the numbers of what stands for it on the pages."""

    name: str
    kind: object
    widgets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """A part of the document that knows what may become of what it refers to: by its kind, number and the way down.

    `directly`: nothing stands between it and what it owns.
    """

    kind: str  # trailer, catalog, form, field, page, pages
    number: int
    path: Path
    directly: bool


class Structure:
    """The graph of one revision, which is then brought forward revision by revision.

    What was reached once counts as reached from then on: that can only make a judgement stricter.
    """

    def __init__(self, history: History, revision: int) -> None:
        self.history = history
        self.revision = revision
        self._references: dict[int, list[tuple[Path, int]]] = {}
        self._users: dict[int, dict[int, list[Path]]] = defaultdict(dict)
        self._generations: dict[int, int] = {}
        self._read_again(())
        self.find_parts()

    # --- which object refers to which

    def advance(self, written: Set[int]) -> None:
        """Take over what the next revision wrote."""
        self.revision += 1
        self._read_again(written & self._references.keys())

    def _read_again(self, numbers: Iterable[int]) -> None:
        trailer = self.history.trailer(self.revision)
        entries = generic.DictionaryObject({key: trailer[key] for key in _TRAILER_KEYS if key in trailer})
        pending = [_TRAILER, *numbers]
        self._replace(_TRAILER, entries)
        while pending:
            number = pending.pop()
            if number != _TRAILER:
                self._replace(number, self.history.object(number, self._generations[number], self.revision))
            pending.extend({each for _, each in self._references[number] if each not in self._references})

    def _replace(self, number: int, value: Any) -> None:
        for _, target in self._references.get(number, ()):
            self._users[target].pop(number, None)
        found = []
        for path, reference in references(value):
            target = reference.idnum
            if self._generations.setdefault(target, reference.generation) != reference.generation:
                raise UnclassifiableError  # one object under two names
            found.append((path, target))
            self._users[target].setdefault(number, []).append(path)
        self._references[number] = found

    def __contains__(self, number: int) -> bool:
        """Whether the document leads to this object, be there one or not."""
        return number in self._references

    def generation(self, number: int) -> int:
        return self._generations.get(number, 0)

    # --- what the objects are

    def find_parts(self) -> None:
        """Tell catalog, form, fields and pages of this revision anew."""
        history, now = self.history, self.revision
        root = history.trailer(now)["/Root"]
        self.catalog: int = root.idnum
        entries = history.dictionary(root, now)
        form = entries.get("/AcroForm")
        self.form = form.idnum if isinstance(form, generic.IndirectObject) else None
        self.fields: dict[int, Field] = {}
        self.widgets: dict[int, int] = {}  # of each, its field
        if form is not None:
            self.add_fields(history.array(history.dictionary(form, now).get("/Fields"), now), now)
        self.pages: dict[int, int] = {}  # of each, which page it is, from 1
        self.page_tree: set[int] = set()
        self._add_pages(entries.get("/Pages"), _DEEPEST)
        parts = (
            {self.catalog},
            {self.form},
            self.fields.keys() | self.widgets.keys(),
            self.pages.keys(),
            self.page_tree,
        )
        if len(set().union(*parts)) < sum(map(len, parts)):
            raise UnclassifiableError  # one object in two parts

    def _add_pages(self, node: Any, depth: int) -> None:
        if depth == 0 or not isinstance(node, generic.IndirectObject):
            raise UnclassifiableError
        entries = self.history.dictionary(node, self.revision)
        if node.idnum in self.pages or node.idnum in self.page_tree:
            raise UnclassifiableError  # a page that stands in two places, or a circle
        if "/Kids" not in entries:
            self.pages[node.idnum] = len(self.pages) + 1
            return
        self.page_tree.add(node.idnum)
        for kid in self.history.array(entries["/Kids"], self.revision):
            self._add_pages(kid, depth - 1)

    def add_fields(
        self, roots: list[Any], revision: int, parent: str = "", kind: object = None, depth: int = _DEEPEST
    ) -> None:
        """Enter the fields that these refer to, and those below them."""
        for root in roots:
            if depth == 0 or not isinstance(root, generic.IndirectObject) or root.idnum in self.fields:
                raise UnclassifiableError
            entries = self.history.dictionary(root, revision)
            name = ".".join(filter(None, (parent, str(self.history.value(entries.get("/T", ""), revision)))))
            own = self.history.value(entries.get("/FT", kind), revision) if "/FT" in entries or kind else None
            kids = self.history.array(entries.get("/Kids"), revision)
            parts = {kid.idnum: self.history.dictionary(kid, revision) for kid in kids if hasattr(kid, "idnum")}
            widgets = [kid for kid in kids if "/T" not in parts.get(getattr(kid, "idnum", None), {"/T": None})]
            numbers = tuple(kid.idnum for kid in widgets) if kids else (root.idnum,)
            self.fields[root.idnum] = Field(name, own, numbers)
            self.widgets.update(dict.fromkeys(numbers, root.idnum))
            self.add_fields([kid for kid in kids if kid not in widgets], revision, name, own, depth - 1)

    def field_of(self, number: int) -> Field | None:
        """The field that this is, or that this stands for on a page."""
        return self.fields.get(self.widgets.get(number, number))

    # --- who owns what

    def uses(self, number: int) -> set[Owner]:
        """The parts from which the document comes to this object."""
        owners: set[Owner] = set()
        seen = {number}
        pending = [(number, True)]
        while pending:
            each, directly = pending.pop()
            for user, paths in self._users[each].items():
                parts = {self._part(user, path, directly=directly) for path in paths}
                owners.update(part for part in parts if part)
                if None in parts and user not in seen:
                    seen.add(user)
                    pending.append((user, False))
        return owners

    def _part(self, user: int, path: Path, *, directly: bool) -> Owner | None:
        if user == _TRAILER:
            return Owner("trailer", user, path, directly)
        if user == self.catalog:
            if path[0] == "/AcroForm" and len(path) > 1:  # a form that has no number of its own
                return Owner("form", user, path[1:], directly)
            return Owner("catalog", user, path, directly)
        kinds = (("form", (self.form,)), ("pages", self.page_tree), ("page", self.pages))
        for kind, numbers in kinds:
            if user in numbers:
                return Owner(kind, user, path, directly)
        return Owner("field", user, path, directly) if self.field_of(user) else None
