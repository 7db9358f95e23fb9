"""The structure tree of a tagged PDF (ISO 32000-2, 14.7): whether a revision only entered its new signature fields.

Assistive software reads aloud what stands here. So nothing else may come in, and nothing may be said in other words.
"""

from collections.abc import Set
from typing import Any

from pyhanko.pdf_utils import generic

from signing.pdf.history import History, UnclassifiableError, same
from signing.pdf.structure import Structure

_OF_ELEMENT = frozenset(
    {"/Type", "/S", "/P", "/K", "/Pg"}
)  # neither /Alt, /ActualText nor /E: words in place of others
_OF_REFERENCE = frozenset({"/Type", "/Obj", "/Pg"})
_OF_NUMBERS = frozenset({"/Nums", "/Kids", "/Limits"})


def only_enters_fields(structure: Structure, number: int, revision: int, widgets: Set[int]) -> bool:
    """Whether what the revision changed in this object of the tree is that `widgets`, which are new, have their place.

    Raises UnclassifiableError, and whatever the library raises on what is malformed.
    """
    return _Tagging(structure, revision, widgets).allows(number)


class _Tagging:
    """One revision against the one before it."""

    def __init__(self, structure: Structure, revision: int, widgets: Set[int]) -> None:
        self._structure = structure
        self._history: History = structure.history
        self._before, self._now = revision - 1, revision
        self._widgets = widgets

    def allows(self, number: int) -> bool:
        reference = generic.IndirectObject(number, self._structure.generation(number), self._history)
        old, new = (self._history.dictionary(reference, each) for each in (self._before, self._now))
        changed = {key for key in old.keys() | new.keys() if not same(old.get(key), new.get(key))}
        if "/S" in old:
            return changed <= {"/K"} and self._adds_elements(old.get("/K"), new.get("/K"))
        if old.get("/Type") == "/StructTreeRoot":
            return (
                changed <= {"/K", "/ParentTree", "/ParentTreeNextKey"}
                and self._adds_elements(old.get("/K"), new.get("/K"))
                and self._same_or_longer_numbers(old.get("/ParentTree"), new.get("/ParentTree"))
            )
        return bool(old) and old.keys() <= _OF_NUMBERS and self._adds_numbers(old, new)

    def _adds_elements(self, before: Any, now: Any) -> bool:
        old, new = self._elements(before, self._before), self._elements(now, self._now)
        kept = len(old) <= len(new) and all(map(same, old, new))
        return kept and all(map(self._is_place_of_field, new[len(old) :]))

    def _elements(self, value: Any, revision: int) -> list[Any]:
        """One child stands there by itself, several in an array (table 355)."""
        if value is None or isinstance(self._history.value(value, revision), generic.ArrayObject):
            return self._history.array(value, revision)
        return [value]

    def _same_or_longer_numbers(self, before: Any, now: Any) -> bool:
        if same(before, now):
            return True  # if it is an object of its own, that is looked at by itself
        old, new = self._history.dictionary(before, self._before), self._history.dictionary(now, self._now)
        return isinstance(before, generic.DictionaryObject) and self._adds_numbers(old, new)

    def _adds_numbers(self, old: dict[str, Any], new: dict[str, Any]) -> bool:
        """A number tree (7.9.7): every number keeps what it stood for, and a new one stands for a new element."""
        pairs, others = self._pairs(old, self._before), self._pairs(new, self._now)
        kids, more = (
            self._history.array(each.get("/Kids"), at) for each, at in ((old, self._before), (new, self._now))
        )
        return (
            new.keys() <= _OF_NUMBERS
            and len(kids) == len(more)
            and all(map(same, kids, more))
            and all(number in others and same(pairs[number], others[number]) for number in pairs)
            and all(self._is_place_of_field(others[number]) for number in others.keys() - pairs.keys())
        )

    def _pairs(self, node: dict[str, Any], revision: int) -> dict[int, Any]:
        flat = self._history.array(node.get("/Nums"), revision)
        pairs = dict(zip(map(int, flat[::2]), flat[1::2], strict=True))
        if 2 * len(pairs) < len(flat):
            raise UnclassifiableError  # of two values for one number, readers take either
        return pairs

    def _is_place_of_field(self, element: Any) -> bool:
        """A new element that does nothing but lead to new fields."""
        if not isinstance(element, generic.IndirectObject) or element.idnum in self._structure:
            return False
        entries = self._history.dictionary(element, self._now)
        kids = self._elements(entries.get("/K"), self._now)
        form = entries.keys() <= _OF_ELEMENT and entries.get("/S") == "/Form"
        return form and bool(kids) and all(map(self._is_reference_to_field, kids))

    def _is_reference_to_field(self, kid: Any) -> bool:
        entries = self._history.dictionary(kid, self._now)
        target = entries.get("/Obj")
        return (
            entries.keys() <= _OF_REFERENCE
            and entries.get("/Type") == "/OBJR"
            and isinstance(target, generic.IndirectObject)
            and target.idnum in self._widgets
        )
