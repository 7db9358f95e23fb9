"""A PDF from a stranger: opened with care, its signatures found even where the form around them is broken."""

import contextlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import errors
from signing.pdf.bounds import bound_cross_references
from signing.pdf.hexadecimal import read_hexadecimal_in_one_go

bound_cross_references()
read_hexadecimal_in_one_go()

_MOST_FIELDS = 200_000


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A filled signature field; `signature` is the value of its /V, whatever that is."""

    name: str
    dictionary: DictionaryObject
    signature: Any


class _Reader(PdfFileReader):
    """Looks once for what encrypts the file: the library looks through all trailers for each object that it reads."""

    @cached_property
    def encrypt_dict(self) -> DictionaryObject | None:
        return super().encrypt_dict


def open_reader(file: BinaryIO, password: str = "") -> PdfFileReader:
    """Read cross references and the catalogue, with the password where the file is encrypted.

    Many files are encrypted with an empty password. Raises DocumentDamaged, DocumentTooComplex and DocumentEncrypted.
    """
    try:
        reader = _Reader(file, strict=False)
        encrypted = reader.encrypted
    except errors.DocumentTooComplex:
        raise
    except Exception as error:  # OSError too: the library goes where broken files tell it to
        raise errors.DocumentDamaged from error
    if encrypted:
        _decrypt(reader, password)
    try:
        reader.root["/Pages"]
    except Exception as error:  # as above
        raise errors.DocumentDamaged from error
    return reader


@contextlib.contextmanager
def damage_told() -> Iterator[None]:
    """Raises DocumentDamaged for whatever the library raises on broken files: some twenty kinds, builtins included.

    OSError passes: of what is written, and a full disk is no damage.
    """
    try:
        yield
    except (errors.UserFacingError, OSError):
        raise
    except Exception as error:  # see above: there is no class that these kinds share
        raise errors.DocumentDamaged from error


def _decrypt(reader: PdfFileReader, password: str) -> None:
    try:
        status = reader.decrypt(password).status
    except Exception as error:  # also where a certificate, not a password, opens the file
        raise errors.DocumentEncrypted from error
    if status == AuthStatus.FAILED:
        raise errors.DocumentEncrypted


def signature_fields(reader: PdfFileReader) -> Iterator[SignatureField]:
    """The filled signature fields of the form; what cannot be read is passed over. Raises DocumentTooComplex."""
    return _fields(_items(entry(reader.root, "/AcroForm"), "/Fields"))


def stray_signature_fields(reader: PdfFileReader, known: list[SignatureField]) -> Iterator[SignatureField]:
    """Those that only a page knows: some programs forget to enter a signature in the form. Reads every page."""
    references = {field.dictionary.container_ref for field in known}
    return (field for field in _fields(_annotations(reader)) if field.dictionary.container_ref not in references)


def form_values(reader: PdfFileReader) -> Iterator[tuple[str, str]]:
    """Name and text of each field of the form that is filled with text or a choice. Raises DocumentTooComplex."""
    for field in _every_field(_items(entry(reader.root, "/AcroForm"), "/Fields")):
        if isinstance(field.value, str):
            yield field.name, str(field.value)


def _fields(roots: Iterable[Any]) -> Iterator[SignatureField]:
    for field in _every_field(roots):
        if _is_signature(field.kind, field.value):
            yield SignatureField(field.name, field.dictionary, field.value)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: Any
    dictionary: DictionaryObject
    value: Any


def _every_field(roots: Iterable[Any]) -> Iterator[_Field]:
    pending: deque[tuple[Any, str, Any]] = deque((root, "", None) for root in roots)
    seen: set[object] = set()
    for number in range(_MOST_FIELDS):
        if not pending:
            return
        item, parent, inherited = pending.popleft()
        reference = getattr(item, "reference", number)
        field = _resolved(item)
        if reference in seen or not isinstance(field, DictionaryObject):
            continue
        seen.add(reference)
        name = ".".join(part for part in (parent, str(entry(field, "/T") or "")) if part)
        kind = entry(field, "/FT") or inherited
        yield _Field(name or f"#{number + 1}", kind, field, entry(field, "/V"))
        pending.extend((kid, name, kind) for kid in _items(field, "/Kids"))
    raise errors.DocumentTooComplex


def _annotations(reader: PdfFileReader) -> Iterator[Any]:
    pending = deque([entry(reader.root, "/Pages")])
    for _ in range(_MOST_FIELDS):  # a page tree can be a circle
        if not pending:
            return
        node = pending.popleft()
        yield from _items(node, "/Annots")
        pending.extend(map(_resolved, _items(node, "/Kids")))


def _is_signature(kind: object, value: object) -> bool:
    if isinstance(value, DictionaryObject):
        return kind == "/Sig" or "/ByteRange" in value or "/Contents" in value
    return kind == "/Sig" and value is not None


def entry(dictionary: object, key: str) -> Any:
    """The value, with references followed; None where there is none or where it cannot be read."""
    if not isinstance(dictionary, DictionaryObject):
        return None
    try:
        return dictionary[key]  # null is the same as absent (ISO 32000-2, 7.3.9), and the library keeps to that
    except Exception:  # the library raises whatever it stumbles over
        return None


def _items(dictionary: object, key: str) -> list[Any]:
    value = entry(dictionary, key)
    return list(value) if isinstance(value, list) else []


def _resolved(item: Any) -> object:
    try:
        return item.get_object()
    except Exception:
        return None


def usage_rights(reader: PdfFileReader) -> int:
    """How many signatures say only that a reader may do more with the file (ISO 32000-1, 12.8.2.3)."""
    return 0 if entry(entry(reader.root, "/Perms"), "/UR3") is None else 1
