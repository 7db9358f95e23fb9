"""A guide on paper: the same text, with boxes to tick by hand."""

from collections.abc import Iterator
from html import escape

from PyQt6.QtGui import QFont, QTextDocument
from PyQt6.QtPrintSupport import QPrinter

from desktop.guides.chapters import Block, BlockKind, Guide
from desktop.look import theme

_PAPER_POINTS = 11.0


def print_guide(guide: Guide, printer: QPrinter) -> None:
    """Lay it out for the paper of the printer, and print it."""
    document = QTextDocument()
    font = QFont(theme.font(theme.TEXT))
    for feature in ("liga", "locl"):  # of their glyphs Qt keeps no text: where one prints to a file, digits would lack
        font.setFeature(QFont.Tag(feature), 0)
    font.setPointSizeF(_PAPER_POINTS)
    document.setDefaultFont(font)
    document.setHtml(guide_html(guide))
    document.print(printer)


def guide_html(guide: Guide) -> str:
    """The guide in the few tags that a QTextDocument knows."""
    parts = [f"<h1>{escape(guide.title)}</h1>", f"<p>{escape(guide.summary)}</p>"]
    for section in guide.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += _blocks(section.blocks)
    return "".join(parts)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        text = escape(block.text)
        match block.kind:
            case BlockKind.ITEM:
                yield f"<p style='margin-left: 16px; text-indent: -12px'>• {text}</p>"
            case BlockKind.CHECK:
                yield f"<p style='margin-left: 20px; text-indent: -20px'>☐ {text}</p>"
            case BlockKind.UNSETTLED:
                yield f"<p><i>{text}</i></p>"
            case BlockKind.PICTURE:
                continue  # the text beside it says the same
            case BlockKind.LINK:
                yield f"<p>{text}<br>{escape(block.address or '')}</p>"
            case _:
                yield f"<p>{text}</p>"
