"""Files that are no XML, broken, too much or made to overload: each is told as what it is, and costs little."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from signing import Document, Kind
from signing.report import Verdict

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTRIBUTES = " ".join(f'a{n}=">"' for n in range(300))
NAMESPACES = " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(300))
NESTED = "".join(f'<a xmlns:a{n}="a" xmlns:b{n}="b" xmlns:c{n}="c">' for n in range(100))
MEBIBYTE = 1 << 20


def problems(report) -> list[str]:
    return [problem.code for problem in report.problems]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<a>", "xml.not-well-formed"),
        (b"<a></b>", "xml.not-well-formed"),
        (b"<a/><b/>", "xml.not-well-formed"),
        (b"<a b=c/>", "xml.not-well-formed"),
        (b"<a>\0</a>", "xml.encoding-wrong"),
        (b"< a/>", "xml.not-well-formed"),
        (b"<", "xml.not-well-formed"),
        (b"<?xml version='1.0' encoding='UTF-8'?><a>\xff</a>", "xml.encoding-wrong"),
        ("<?xml version='1.0' encoding='UTF-8'?><a>署名</a>".encode("shift_jis"), "xml.encoding-wrong"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><a>署名</a>".encode(), "xml.encoding-wrong"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "xml.encoding-wrong"),
        (b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>", "xml.encoding-unsupported"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "xml.entities"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "xml.entities"),
        (b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1/x.dtd">%e;]><a/>', "xml.entities"),
        (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(), "xml.entities"),
        (f'<!DOCTYPE a [<!ENTITY x "{"A" * 100_000}">]><a>{"&x;" * 1000}</a>'.encode(), "xml.entities"),
        (b'<!DOCTYPE a [<!ATTLIST a id CDATA "x">]><a/>', "xml.entities"),
        (b'<!DOCTYPE a SYSTEM "<!--"><a>&e;</a><!-- -->', "xml.entities"),
        (b'<!DOCTYPE a SYSTEM "<!--" [<!ATTLIST a b CDATA "x"><!-- -->]><a/>', "xml.entities"),
        (b"<!DOCTYPE a [" + b"<!--" * 300_000 + b"]><a/>", "xml.not-well-formed"),
        (b"<!DOCTYPE a [" + b"<?" * 300_000 + b"]><a/>", "xml.not-well-formed"),
        (b"<!DOCTYPE a><a>&amp" + b"<!--" * 300_000, "xml.entities"),
        (b'<?x <!DOCTYPE a SYSTEM "<!--"> ?><!DOCTYPE a SYSTEM "<!--"><a>&e;</a><!-- -->', "xml.entities"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "xml.too-deep"),
        (b"<a>" * 100_000, "xml.too-deep"),
        (f"<a {ATTRIBUTES}/>".encode(), "xml.crowded"),
        (b"<?a?>" * 3000 + b"<a/>" + b"<!--b-->" * 3000, "xml.crowded"),
        (f"<a><!--<--><b {ATTRIBUTES.replace('=', ' = ')}></b></a>".encode(), "xml.crowded"),
        (f"<a {NAMESPACES}/>".encode(), "xml.crowded"),
        (f"{NESTED}{'</a>' * 100}".encode(), "xml.crowded"),
        (b"<a>" + b"<b/>" * 12_000_000 + b"</a>", "xml.crowded"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:24].decode("latin-1"),
)
def test_what_cannot_be_read_is_told_as_what_it_is(workshop, content: bytes, code: str) -> None:
    report = workshop.judge(content)
    assert (report.verdict, problems(report), report.signatures) == (Verdict.UNREADABLE, [code], ())


def test_text_and_pages_are_no_xml(workshop) -> None:
    for content in (b"just text", b"<!DOCTYPE html><html></html>", b"\x89PNG\r\n"):
        assert problems(workshop.judge(content, "a.bin")) == ["document.unsupported"]


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/x.dtd", "file://{}/broken.dtd", "{}/broken.dtd", "missing.dtd"])
def test_external_dtd_is_not_even_looked_for(workshop, tmp_path: Path, place: str) -> None:
    (tmp_path / "broken.dtd").write_text("<!ELEMENT a (")  # who reads it stumbles
    report = workshop.judge(f'<!DOCTYPE a PUBLIC "-//x" "{place.format(tmp_path)}"><a/>')
    assert (report.verdict, problems(report)) == (Verdict.UNSIGNED, [])


XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>通知</p>@</body></html>'
STRICT = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'


@pytest.mark.parametrize("head", ["", "\n ", "\ufeff", HEAD, f"{STRICT}\n"])
@pytest.mark.parametrize("name", ["page.xml", "page.xhtml", "page"])
def test_page_that_says_that_it_is_xhtml_is_xml(workshop, head: str, name: str) -> None:
    page = head + XHTML
    if head.strip() == head:
        template = re.search("<ds:Signature .*</ds:Signature>", workshop.generic(), re.DOTALL)[0]
        signed = workshop.by_hand(page.replace("@", template))
        assert (report := workshop.judge(signed, name)).verdict is Verdict.PASSED, problems(report)
    unsigned = workshop.judge(page.replace("@", ""), name)
    assert (unsigned.verdict, problems(unsigned)) == (Verdict.UNSIGNED, [])


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (XHTML, "page.html", Kind.OTHER),  # browsers read it as HTML, and so may others
        (XHTML.replace("</p>", ""), "PAGE.HTM", Kind.OTHER),
        ("<!doctype HTML><html><body><br></body></html>", "page", Kind.OTHER),
        ("<HTML\n><body/></HTML>", "page", Kind.OTHER),
        ("<html-report/>", "a.xml", Kind.XML),
        ("<htmlAntrag/>", "a.xml", Kind.XML),
        (f"{HEAD}<html/>", "a.html", Kind.XML),
    ],
)
def test_page_or_xml(tmp_path: Path, content: str, name: str, kind: Kind) -> None:
    (tmp_path / name).write_text(content)
    assert Document.open(tmp_path / name).kind is kind


def test_many_signatures_are_all_named(workshop) -> None:
    signed = workshop.by_hand(workshop.e_tax())
    more = "".join(f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="s{n}"/>' for n in range(100))
    report = workshop.judge(signed.replace("</DATA>", f"{more}</DATA>"))
    assert len(report.signatures) == 101
    assert report.verdict is Verdict.FAILED
    assert not any(each.intact for each in report.signatures[1:])


NO_MEMORY = """
import resource, sys
from signing import errors
from signing.xml import parse
parse.read(b"<a/>")
resource.setrlimit(resource.RLIMIT_DATA, (200 << 20, 200 << 20))
try:
    parse.read(b"<a>" + b"<b/>" * 2_000_000 + b"</a>")
except errors.XmlCrowded:
    print("told")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it needs a limit of memory")
def test_a_tree_that_memory_does_not_suffice_for_is_told_as_such() -> None:
    done = subprocess.run([sys.executable, "-c", NO_MEMORY], capture_output=True, text=True, check=True)
    assert done.stdout == "told\n"


# --- memory: what verifying takes above the tree of the file, which every program builds that checks XML

VERIFY = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from signing import Trust, verify
import signing.xml.package, signing.pdf.verify
usage = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
path = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
before = usage()
report = verify(path, trust=Trust.default(), moment=datetime.now(UTC))
print(usage() - before, *(problem.code for problem in report.problems))
"""
TREE = """
import resource, sys
from lxml import etree
from pathlib import Path
usage = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = usage()
etree.fromstring(Path(sys.argv[1]).read_bytes(), etree.XMLParser(huge_tree=True))
print(usage() - before)
"""


def kib_and_words(program: str, path: Path) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    kib, *words = done.stdout.split()
    return int(kib), words


def test_too_large_a_file_is_refused_before_it_is_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.write(b"<a>")
        file.truncate(200 * MEBIBYTE)
    kib, words = kib_and_words(VERIFY, path)
    assert words == ["xml.too-large"]
    assert kib * 1024 < 50 * MEBIBYTE


@pytest.mark.parametrize("kind", ["elements", "text", "attributes"])
def test_memory_above_the_tree(workshop, tmp_path: Path, kind: str) -> None:
    filling = {
        "elements": "<row><a>1</a><b>two</b></row>" * 200_000,
        "text": f"<data>{'QUJD' * 3_000_000}</data>",
        "attributes": "".join(f'<r a{n % 7}="{n}" b="x"/>' for n in range(200_000)),
    }[kind]
    path = tmp_path / "large.xml"
    path.write_text(workshop.by_hand(workshop.generic()).replace("<price>", f"{filling}<price>"))
    ours, _ = kib_and_words(VERIFY, path)
    tree, _ = kib_and_words(TREE, path)
    assert (ours - tree) * 1024 < 200 * MEBIBYTE


def test_long_namespaces_that_an_exclusive_form_repeats(workshop) -> None:
    """A megabyte of name, a thousand uses: a gigabyte to be hashed, if nobody counts."""
    many = "<q:a/>" * 1000
    text = (
        workshop.generic()
        .replace("<order ", f'<order xmlns:q="urn:{"x" * MEBIBYTE}" ')
        .replace("<price>", f"{many}<price>")
    )
    (signature,) = workshop.judge(workshop.by_xmlsec1(text, workshop.signer, workshop.folder)).signatures
    assert [(each.code, signature.intact) for each in signature.problems] == [("xml.crowded", False)]


def test_many_attributes_that_are_just_not_too_many(workshop) -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(250))
    row = f"<r {attributes}/>"
    namespaces = "".join(f'<n xmlns:p="urn:{n}"/>' for n in range(1000))
    signed = workshop.by_hand(workshop.generic().replace("<price>", f"{row}{namespaces}<price>"))
    assert workshop.judge(signed).verdict is Verdict.PASSED


def test_bombs_take_no_memory(tmp_path: Path) -> None:
    bombs = {
        "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
        "blow-up": f'<!DOCTYPE a [<!ENTITY x "{"A" * 100_000}">]><a>{"&x;" * 20_000}</a>',
        "deep": "<a>" * 1_000_000,
    }
    for name, content in bombs.items():
        path = tmp_path / f"{name}.xml"
        path.write_text(content)
        kib, words = kib_and_words(VERIFY, path)
        assert words in (["xml.entities"], ["xml.too-deep"])
        assert kib * 1024 < 200 * MEBIBYTE, name
