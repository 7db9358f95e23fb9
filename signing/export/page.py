"""Validation reports as a page for people (HTML 5). The words come from outside; nothing is fetched by the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# A mark beside the words of each tone: colour never speaks alone.
_MARKS = {"good": "✓", "caution": "–", "bad": "✕"}
# Points, because pixels are nothing on paper.
_STYLE = """
body { font-family: "Noto Sans CJK JP", "Yu Gothic UI", "Hiragino Sans", sans-serif; font-size: 11pt;
  color: #1F2328; max-width: 50em; margin: 24px auto; padding: 0 16px; line-height: 1.5; }
h1 { font-size: 16pt; font-weight: 600; } h2 { font-size: 12pt; font-weight: 600; }
h3 { font-size: 11pt; font-weight: 600; } .soft { color: #5B6169; font-size: 9.5pt; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid #E4E1DA; }
th { font-weight: 600; } .good { color: #22624A; } .caution { color: #7A4B00; } .bad { color: #A4161A; }
.facts td, .facts th { font-size: 9pt; color: #5B6169; font-weight: 400; word-break: break-all; }
@media print { section { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """A subject, what is said of it, and in which tone: good, caution, bad."""

    subject: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class SignatureSection:
    title: str
    statements: tuple[Statement, ...]
    problems: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileSection:
    title: str
    sentence: str
    problems: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    signatures: tuple[SignatureSection, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`language` is a tag of BCP 47; `notes` stand at the end."""

    title: str
    language: str
    introduction: str
    files: tuple[FileSection, ...]
    notes: tuple[str, ...]


def to_html(page: Page) -> str:
    """A whole document. Where there are several files, a list of them with their sentences comes first."""
    body = [f"<h1>{escape(page.title)}</h1>", _paragraph(page.introduction, "soft")]
    if len(page.files) > 1:
        body.append(_table([(each.title, each.sentence) for each in page.files]))
    body += (part for each in page.files for part in _file(each))
    body += (_paragraph(note, "soft") for note in page.notes)
    head = (
        '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style>"
    )
    content = "\n".join(body)
    document = f'<html lang="{escape(page.language)}"><head>{head}</head>\n<body>\n{content}\n</body></html>'
    text = f"<!DOCTYPE html>\n{document}\n"
    return text.encode("utf-8", "backslashreplace").decode()  # file names that are no UTF-8


def _file(section: FileSection) -> Iterable[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    yield _paragraph(section.sentence, "sentence")
    yield from map(_paragraph, section.problems)
    for signature in section.signatures:
        yield f"<section><h3>{escape(signature.title)}</h3>"
        yield _statements(signature.statements)
        yield from map(_paragraph, signature.problems)
        yield _table(signature.facts, "facts")
        yield "</section>"
    yield _table(section.facts, "facts")


def _statements(statements: Sequence[Statement]) -> str:
    rows = (
        f'<tr><th>{escape(each.subject)}</th><td class="{escape(each.tone)}">{_MARKS[each.tone]}</td>'
        f"<td>{escape(each.text)}</td></tr>"
        for each in statements
    )
    return f"<table>{''.join(rows)}</table>"


def _table(rows: Sequence[tuple[str, str]], kind: str = "") -> str:
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f'<table class="{kind}">{"".join(cells)}</table>' if rows else ""


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>'
