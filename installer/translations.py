"""Brings resources/locale up to date with the source: extracts the texts, updates ja.po, compiles the .mo.

    .venv/bin/python -m installer.translations

New texts stand in the .po with an empty translation: fill it in, and run the command once more. Needs Babel.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "resources" / "locale" / "ja" / "LC_MESSAGES" / "jitsuin.po"
# A constant, so that the same source gives the same bytes.
_CREATED = datetime(2026, 11, 22, tzinfo=UTC)


def extract() -> Catalog:
    """Every text in the source that is written `_("…")` or `mark("…")`."""
    template = _empty()
    for path in [*sorted((ROOT / "desktop").rglob("*.py")), ROOT / "installer" / "bootstrap.py"]:
        for _line, text, _comments, _context in extract_from_file("python", path, keywords={"_": None, "mark": None}):
            template.add(text)
    return template


def updated() -> Catalog:
    """The committed catalogue with today's texts; those that left the source leave the catalogue."""
    catalogue = read()
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = _CREATED
    # Babel would ask there for people and addresses that the catalogue does not need.
    catalogue.version = catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    return catalogue


def read() -> Catalog:
    """The committed catalogue."""
    if not CATALOGUE.exists():
        return _empty()
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ja", domain="jitsuin")


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as text, by the alphabet and without places: a text that moves changes no line of it."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, no_location=True)
    return buffer.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue compiled."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _empty() -> Catalog:
    return Catalog(
        locale="ja",
        domain="jitsuin",
        header_comment="# Japanese words of Jitsuin.",
        project="Jitsuin",
        creation_date=_CREATED,
        revision_date=_CREATED,
        fuzzy=False,
    )


def main() -> int:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(as_po(updated()))
    catalogue = read()
    CATALOGUE.with_suffix(".mo").write_bytes(as_mo(catalogue))
    missing = [message.id for message in catalogue if message.id and not message.string]
    for text in missing:
        print(f"no translation: {text}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
