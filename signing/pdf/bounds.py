"""How much of a PDF from a stranger is read: its cross references can claim more than any machine holds."""

from collections.abc import Sequence
from typing import Any

from pyhanko.pdf_utils import generic, reader
from pyhanko.pdf_utils.xref import XRefBuilder

from signing import errors

_MOST_REVISIONS = 1_000
# Each object that a table names costs a quarter of a kilobyte of memory; a compressed table names a thousand in the
# space of one. Real files spend more than four bytes on an object, however well they are compressed.
_MOST_OBJECTS = 600_000
_FEWEST_OBJECTS = 65_536
_LEAST_SIZE_OF_OBJECT = 4
_WIDEST = 8  # bytes of one number; the library takes hours over one of a million


class _BoundedXRefBuilder(XRefBuilder):
    """Counts before it reads. Raises DocumentTooComplex."""

    _objects = 0

    def _read_xref_table(self, declared_startxref: int) -> Any:
        self._count_revision()
        return super()._read_xref_table(declared_startxref)

    def _read_xref_stream(self, declared_startxref: int) -> Any:
        self._count_revision()
        return super()._read_xref_stream(declared_startxref)

    def _count_revision(self) -> None:
        if len(self.sections) >= _MOST_REVISIONS:
            raise errors.DocumentTooComplex

    def _read_xref_stream_object(self) -> tuple[Any, generic.StreamObject]:
        reference, stream = super()._read_xref_stream_object()
        self._objects += _entries(stream.get("/Index") or [0, stream.get("/Size")])
        if any(int(width) > _WIDEST for width in stream.get("/W")):
            raise errors.DocumentTooComplex
        position = self.stream.tell()
        largest = self.stream.seek(0, 2) // _LEAST_SIZE_OF_OBJECT
        self.stream.seek(position)
        if self._objects > min(_MOST_OBJECTS, max(_FEWEST_OBJECTS, largest)):
            raise errors.DocumentTooComplex
        return reference, stream


def _entries(pairs: Sequence[Any]) -> int:
    return sum(max(0, int(count)) for count in list(pairs)[1::2])


def bound_cross_references() -> None:
    """Let the library read them so."""
    reader.XRefBuilder = _BoundedXRefBuilder  # type: ignore[attr-defined]  # it looks there for what to make
