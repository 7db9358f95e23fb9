"""The page for people: whatever stands in a file or a certificate, it stays text, and nothing is fetched."""

from lxml import html

from signing.export.page import FileSection, Page, SignatureSection, Statement, to_html

EVIL = '<script>alert(1)</script><img src="http://a.invalid/">"&'
SIGNATURE = SignatureSection(EVIL, (Statement("署名した人", EVIL, "caution"),), (EVIL,), ((EVIL, EVIL),))
FILE = FileSection(EVIL, EVIL, (EVIL,), ((EVIL, EVIL),), (SIGNATURE,))


def test_what_comes_from_files_is_text() -> None:
    text = to_html(Page(EVIL, "ja", EVIL, (FILE, FILE), (EVIL,)))
    document = html.document_fromstring(text)
    assert not list(document.iter("script", "img", "link", "a", "iframe", "object"))
    assert not [each for each in document.iter() for name in each.attrib if name in ("src", "href", "onload")]
    assert document.get("lang") == "ja"
    assert document.findtext(".//h1") == EVIL


def test_each_tone_has_a_mark_beside_its_colour() -> None:
    statements = tuple(Statement(tone, tone, tone) for tone in ("good", "caution", "bad"))
    section = FileSection("a", "b", (), (), (SignatureSection("s", statements, (), ()),))
    document = html.document_fromstring(to_html(Page("t", "en", "i", (section,), ())))
    marks = [document.find(f".//td[@class='{tone}']").text for tone in ("good", "caution", "bad")]
    assert marks == ["✓", "–", "✕"]
