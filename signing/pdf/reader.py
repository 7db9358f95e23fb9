"""A PDF from a stranger: opened with care, its signatures found even where the form around them is broken."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.generic import DictionaryObject, NullObject
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import errors

_MOST_FIELDS = 50_000
_MARK = b"/ByteRange"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A filled signature field; `signature` is the value of its /V, whatever that is."""

    name: str
    dictionary: DictionaryObject
    signature: Any


def open_reader(file: BinaryIO) -> PdfFileReader:
    """Read cross references and the catalogue, with the empty password where the file is encrypted.

    Raises DocumentDamaged and DocumentEncrypted.
    """
    try:
        reader = PdfFileReader(file, strict=False)
        encrypted = reader.encrypted
    except Exception as error:  # the library raises whatever it stumbles over
        raise errors.DocumentDamaged from error
    if encrypted:
        _decrypt(reader)
    try:
        reader.root["/Pages"]
    except Exception as error:
        raise errors.DocumentDamaged from error
    return reader


def _decrypt(reader: PdfFileReader) -> None:
    try:
        status = reader.decrypt(b"").status
    except Exception as error:  # also where a certificate, not a password, opens the file
        raise errors.DocumentEncrypted from error
    if status == AuthStatus.FAILED:
        raise errors.DocumentEncrypted


def signature_fields(reader: PdfFileReader) -> Iterator[SignatureField]:
    """The filled signature fields of the form, in its order; what cannot be read is passed over."""
    form = entry(reader.root, "/AcroForm")
    pending = deque((field, "", None) for field in _items(form, "/Fields"))
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
        value = entry(field, "/V")
        if _is_signature(kind, value):
            yield SignatureField(name or f"#{number + 1}", field, value)
        pending.extend((kid, name, kind) for kid in _items(field, "/Kids"))


def _is_signature(kind: object, value: object) -> bool:
    if isinstance(value, DictionaryObject):
        return kind == "/Sig" or "/ByteRange" in value or "/Contents" in value
    return kind == "/Sig" and value is not None


def entry(dictionary: object, key: str) -> Any:
    """The value, with references followed; None where there is none or where it cannot be read."""
    if not isinstance(dictionary, DictionaryObject):
        return None
    try:
        value = dictionary[key]
    except Exception:  # the library raises whatever it stumbles over
        return None
    return None if isinstance(value, NullObject) else value


def _items(dictionary: object, key: str) -> list[Any]:
    value = entry(dictionary, key)
    return list(value) if isinstance(value, list) else []


def _resolved(item: Any) -> object:
    try:
        return item.get_object()
    except Exception:
        return None


def holds_unreached_signature(reader: PdfFileReader | None, file: BinaryIO) -> bool:
    """Whether signature data stands in the bytes that no form and no usage right accounts for."""
    usage_rights = entry(entry(reader.root, "/Perms"), "/UR3") if reader else None  # ISO 32000-1, 12.8.2.3
    return _occurrences(file) > (1 if usage_rights is not None else 0)


def _occurrences(file: BinaryIO) -> int:
    file.seek(0)
    count, rest = 0, b""
    while piece := file.read(_PIECE):
        window = rest + piece
        count += window.count(_MARK)
        rest = window[-(len(_MARK) - 1) :]
    return count
