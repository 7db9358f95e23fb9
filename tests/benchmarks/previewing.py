"""The first page of a PDF on the window's side, asked of the helper process, against PDFium alone in this process.

Run: python tests/benchmarks/previewing.py. The goal is a difference of 50 ms at most. The helper process runs already,
as it does in the window once a document was looked at.
"""

import statistics
import tempfile
from pathlib import Path

import pypdfium2
from documents import pdf
from measure import in_turn

from desktop.content.pages import look_first
from desktop.work.pool import Pool

WIDTH = 900  # pixels
SIZES = {"10 kB": (10_000, 1), "200 MB, 2,000 pages": (210_000_000, 2000)}


def main() -> None:
    pool = Pool()
    with tempfile.TemporaryDirectory() as name:
        for label, (size, pages) in SIZES.items():
            source = pdf(Path(name) / "source.pdf", size, pages=pages)

            def in_window(path: Path = source) -> None:
                pool.call(look_first, path, None)

            def bare(path: Path = source) -> None:
                document = pypdfium2.PdfDocument(path)
                page = document[0]
                page.render(scale=WIDTH / page.get_width())
                document.close()

            in_window()  # warm
            times = in_turn(9, in_window=in_window, bare=bare)
            more = [1000 * (a - b) for a, b in zip(*times.values(), strict=True)]
            print(
                f"{label}: {statistics.median(more):.1f} ms more ({min(more):.1f} to {max(more):.1f}), goal 50; "
                f"bare {1000 * statistics.median(times['bare']):.1f} ms"
            )
    pool.close()


if __name__ == "__main__":
    main()
