"""A PDF read once for everything that needs all of its bytes: its own digest, those of its signatures, a search."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from signing.pdf.revisions import SignedRange

_MARK = b"/ByteRange"
_PIECE = 1 << 20


class SinglePass:
    """`sha256` is that of the file, `marks` how often signature data stands in it, reached by the document or not.

    The digest of what a signature covers begins like that of the file, up to the hole in which the signature lies:
    the state there is kept, and only what stands behind the hole is read again.
    """

    def __init__(self, file: BinaryIO, ranges: Iterable[SignedRange] = (), algorithms: Iterable[str] = ()) -> None:
        """`ranges` are those whose digests will be asked for, by `algorithms` of hashlib; others cost more."""
        self._file = file
        self._holes = sorted({each.hole_start for each in ranges if each.start == 0})
        self._running = {name: hashlib.new(name) for name in {"sha256", *algorithms} & hashlib.algorithms_available}
        self._kept: dict[tuple[str, int], hashlib._Hash] = {}
        self.marks = self._read()
        self.sha256 = self._running["sha256"].hexdigest()

    def _read(self) -> int:
        if self._file.seek(0, 2) > _PIECE:
            return self._read_in_pieces()
        self._file.seek(0)
        content = self._file.read()
        self._hash(content, 0)
        return content.count(_MARK)

    def _read_in_pieces(self) -> int:
        """Search, while another thread hashes: hashlib works without the interpreter's lock."""
        self._file.seek(0)
        position, rest, marks = 0, b"", 0
        with ThreadPoolExecutor(1) as thread:
            hashed = thread.submit(self._hash, b"", 0)
            while piece := self._file.read(_PIECE):
                before, hashed = hashed, thread.submit(self._hash, piece, position)
                marks += piece.count(_MARK) + (rest + piece[: len(_MARK) - 1]).count(_MARK)
                position += len(piece)
                rest = (rest + piece)[1 - len(_MARK) :] if len(piece) < len(_MARK) else piece[1 - len(_MARK) :]
                before.result()  # so that no more than two pieces wait
            hashed.result()
        return marks

    def _hash(self, piece: bytes, position: int) -> None:
        end = position + len(piece)
        first, last = bisect_left(self._holes, position), bisect_right(self._holes, end)
        content = memoryview(piece)
        for name, running in self._running.items():
            done = position
            for hole in self._holes[first:last]:
                running.update(content[done - position : hole - position])
                self._kept[name, hole] = running.copy()
                done = hole
            running.update(content[done - position :])

    def digest(self, signed: SignedRange, algorithm: str) -> bytes:
        """Of both stretches of a range. Raises ValueError where there is no such algorithm."""
        kept = self._kept.get((algorithm, signed.hole_start)) if signed.start == 0 else None
        digest = kept.copy() if kept else self._fed(hashlib.new(algorithm), signed.start, signed.hole_start)
        return self._fed(digest, signed.second_start, signed.end).digest()

    def _fed(self, digest: "hashlib._Hash", start: int, end: int) -> "hashlib._Hash":
        self._file.seek(start)
        while start < end and (piece := self._file.read(min(_PIECE, end - start))):
            digest.update(piece)
            start += len(piece)
        return digest
