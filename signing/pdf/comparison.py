"""Two revisions of a PDF compared as one sees them: page by page, and where on the page they differ."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from signing import errors
from signing.document import Document
from signing.pdf.pages import Pages, Picture, opened_pages

_TILE = 16  # pixels: the smallest mark
_BYTES = 4  # of a pixel
_WIDTH = 900  # pixels in which pages are compared
_BATCH = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Revisions:
    """The two that are compared, each by its length in bytes; None is the whole file."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a page where something differs, in fractions of its width and its height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageComparison:
    """A page in both revisions. Where one has no such page, or it cannot be drawn, there is no picture."""

    number: int
    before: Picture | None
    after: Picture | None
    marks: tuple[Mark, ...]

    @property
    def differs(self) -> bool:
        return bool(self.marks) or (self.before is None) is not (self.after is None)


@dataclass(frozen=True, slots=True)
class Search:
    """What has been found so far: the pages that differ, from 0; `next` is None when all were compared."""

    found: tuple[int, ...]
    pages: int
    next: int | None


def compare_page(document: Document, revisions: Revisions, number: int, *, width: int = _WIDTH) -> PageComparison:
    """Both pictures of a page, and where they differ. Raises DocumentError."""
    with ExitStack() as stack:
        before, after = _opened(document, revisions, stack)
        return _compared(before, after, number, width)


def search_differences(document: Document, revisions: Revisions, start: int) -> Search:
    """Compare pages from `start` on, for about half a second. Raises DocumentError."""
    with ExitStack() as stack:
        before, after = _opened(document, revisions, stack)
        pages = max(len(before), len(after))
        found: list[int] = []
        end = time.monotonic() + _BATCH
        for number in range(start, pages):
            if _compared(before, after, number, _WIDTH).differs:
                found.append(number)
            if time.monotonic() > end:
                return Search(tuple(found), pages, number + 1 if number + 1 < pages else None)
        return Search(tuple(found), pages, None)


def _opened(document: Document, revisions: Revisions, stack: ExitStack) -> tuple[Pages, Pages]:
    before, after = (
        stack.enter_context(opened_pages(document, length=length)) for length in (revisions.before, revisions.after)
    )
    return before, after


def _compared(before: Pages, after: Pages, number: int, width: int) -> PageComparison:
    old, new = (_picture(pages, number, width) for pages in (before, after))
    return PageComparison(number, old, new, tuple(_marks(old, new)) if old and new else ())


def _picture(pages: Pages, number: int, width: int) -> Picture | None:
    if number >= len(pages):
        return None
    try:
        return pages.picture(number, width)
    except errors.DocumentDamaged:
        return None


def _marks(old: Picture, new: Picture) -> Iterator[Mark]:
    if (old.width, old.height) != (new.width, new.height):
        yield Mark(0, 0, 1, 1)
        return
    for left, top, right, bottom in _boxes(set(_different_tiles(old, new))):
        x, y = left * _TILE / old.width, top * _TILE / old.height
        yield Mark(x, y, min(1.0, right * _TILE / old.width) - x, min(1.0, bottom * _TILE / old.height) - y)


def _different_tiles(old: Picture, new: Picture) -> Iterator[tuple[int, int]]:
    """Column and row of each tile in which a pixel differs."""
    line, tile = old.width * _BYTES, _TILE * _BYTES
    before, after = old.pixels, new.pixels
    for top in range(0, old.height, _TILE):
        lines = range(top, min(top + _TILE, old.height))
        if before[top * line : lines[-1] * line + line] == after[top * line : lines[-1] * line + line]:
            continue
        for left in range(0, line, tile):
            end = min(left + tile, line)
            if any(before[y * line + left : y * line + end] != after[y * line + left : y * line + end] for y in lines):
                yield left // tile, top // _TILE


def _boxes(tiles: set[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each group of tiles that touch, or nearly do."""
    reach = range(-2, 3)
    while tiles:
        pending, group = [tiles.pop()], []
        while pending:
            column, row = pending.pop()
            group.append((column, row))
            near = {(column + right, row + down) for right in reach for down in reach} & tiles
            tiles -= near
            pending += near
        columns, rows = [column for column, _ in group], [row for _, row in group]
        yield min(columns), min(rows), max(columns) + 1, max(rows) + 1
