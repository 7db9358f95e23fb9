"""What a document says, for people: the tree, and the form of its maker; a stranger's stylesheet gets nowhere."""

import contextlib
import io
import multiprocessing
import re
import socket
from pathlib import Path

import pytest

from signing import errors
from signing.content import Node
from signing.profile import Profile
from signing.xml import rendering
from signing.xml.content import content, form
from signing.xml.neighbours import Folder
from signing.xml.sanitising import sanitised

XSL = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" {extra}>{body}</xsl:stylesheet>'
NOTICE = """
<xsl:output method="html" encoding="UTF-8"/><xsl:template match="/">
<html><head><title>通知</title><style>td {color: red}</style></head>
<body><h1><xsl:value-of select="//TITLE"/></h1><table border="1"><xsl:for-each select="//P">
<tr><td class="p" style="text-align: left"><xsl:value-of select="."/></td></tr>
</xsl:for-each></table></body></html></xsl:template>
"""
ENDLESS = """
<xsl:template match="/"><xsl:call-template name="r"/></xsl:template>
<xsl:template name="r"><xsl:call-template name="r"/><xsl:call-template name="r"/></xsl:template>
"""
GROWING = """
<xsl:template match="/"><x><xsl:call-template name="g"><xsl:with-param name="s" select="'aaaaaaaaaa'"/>
</xsl:call-template></x></xsl:template><xsl:template name="g"><xsl:param name="s"/><xsl:value-of select="$s"/>
<xsl:call-template name="g"><xsl:with-param name="s" select="concat($s, $s)"/></xsl:call-template></xsl:template>
"""


def shown(workshop, tmp_path: Path, body: str, *, extra: str = "", name: str = "kagami.xsl") -> str:
    """The official document through a stylesheet."""
    (tmp_path / name).write_text(XSL.format(body=body, extra=extra))
    return form(io.BytesIO(workshop.by_hand(workshop.official()).encode()), Folder(tmp_path))


def every(node: Node) -> list[Node]:
    return [node, *(each for child in node.children for each in every(child))]


# --- the tree


def test_tree_marks_what_is_signed(workshop, tmp_path: Path) -> None:
    signed = workshop.by_hand(workshop.official())
    found = content(io.BytesIO(signed.encode()), Folder(tmp_path))
    assert found.stylesheet == "kagami.xsl"
    marked = [(node.name, node.signed_by) for node in every(found.root) if node.signed_by]
    assert marked == [("BODY", (1,))]
    assert [node.text for node in every(found.root) if node.name == "P"] == ["給付を決定する。"]
    assert dict(found.root.attributes) == {"VERSION": "1.0"}
    assert not [node for node in every(found.root) if node.to_sign or node.takes_signature]


@pytest.mark.parametrize(
    ("form", "profile", "expected"),
    [
        ("e_tax", Profile.E_TAX, {"DATA": "home", "RKO0010": "target"}),
        ("kousei", Profile.E_GOV, {"構成情報": "target", "署名情報": "home"}),
        ("e_tax", Profile.XADES_ENVELOPED, {"DATA": "home target"}),
        ("e_tax", Profile.XML_DETACHED, {"DATA": "target"}),
        ("e_tax", Profile.CADES_B_B, {"DATA": "target"}),
        ("e_tax", Profile.TEG, {}),  # it cannot be put on this document
    ],
)
def test_tree_tells_what_a_profile_would_sign(workshop, tmp_path: Path, form: str, profile: Profile, expected) -> None:
    unsigned = re.sub(r"<(ds\w*:)?Signature.*?</(ds\w*:)?Signature>", "", getattr(workshop, form)(), flags=re.DOTALL)
    found = content(io.BytesIO(unsigned.encode()), Folder(tmp_path), profile)
    told = {
        node.name: " ".join(filter(None, ["home" * node.takes_signature, "target" * node.to_sign]))
        for node in every(found.root)
    }
    assert {name: what for name, what in told.items() if what} == expected


def test_tree_of_a_huge_document_is_cut_and_counted(tmp_path: Path) -> None:
    wide = f"<a>{'<b>x</b>' * 3000}{'<c><d/></c>' * 10}</a>"
    root = content(io.BytesIO(wide.encode()), Folder(tmp_path)).root
    assert len(root.children) + root.omitted == 3010
    assert len(every(root)) < 1000
    deep = "<a>" * 200 + "</a>" * 200
    assert len(every(content(io.BytesIO(deep.encode()), Folder(tmp_path)).root)) <= 102
    bushy = "<a>" + ("<b>" + "<c/>" * 400 + "</b>") * 400 + "</a>"
    assert len(every(content(io.BytesIO(bushy.encode()), Folder(tmp_path)).root)) <= 20_001


def test_text_is_not_parted_by_comments(tmp_path: Path) -> None:
    root = content(io.BytesIO("<a>100<!-- -->000円<b/>税込</a>".encode()), Folder(tmp_path)).root
    assert root.text == "100000円税込"


@pytest.mark.parametrize("href", ["https://xml.e-tax.nta.go.jp/a.xsl", "../a.xsl", "/a.xsl", "file:a.xsl", ""])
def test_stylesheet_elsewhere_is_none(tmp_path: Path, href: str) -> None:
    (tmp_path.parent / "a.xsl").write_text(XSL.format(body=NOTICE, extra=""))
    data = f'<?xml-stylesheet type="text/xsl" href="{href}"?><DOC/>'.encode()
    assert content(io.BytesIO(data), Folder(tmp_path)).stylesheet is None
    with pytest.raises(errors.StylesheetFailed):
        form(io.BytesIO(data), Folder(tmp_path))


# --- the form


def test_form_as_its_maker_meant_it(workshop, tmp_path: Path) -> None:
    page = shown(workshop, tmp_path, NOTICE)
    assert "<h1>決定通知書</h1>" in page
    assert '<td class="p" style="text-align: left">給付を決定する。</td>' in page
    assert "<style>td {color: red}" in page
    assert "default-src 'none'" in page


def test_stylesheet_with_a_byte_order_mark(workshop, tmp_path: Path) -> None:
    (tmp_path / "kagami.xsl").write_text(XSL.format(body=NOTICE, extra=""), encoding="utf-8-sig")
    assert "決定通知書" in form(io.BytesIO(workshop.by_hand(workshop.official()).encode()), Folder(tmp_path))


def template(body: str) -> str:
    return f'<xsl:template match="/"><html><body>{body}</body></html></xsl:template>'


@pytest.mark.parametrize("uri", ["{folder}/secret.xml", "file://{folder}/secret.xml", "secret.xml", "http://{host}/x"])
@pytest.mark.parametrize(
    "body",
    [
        template("<xsl:copy-of select=\"document('{uri}')\"/>seen"),
        '<xsl:import href="{uri}"/>' + template("seen"),
        '<xsl:include href="{uri}"/>' + template("seen"),
        template("<xsl:value-of select=\"document('{uri}')//text()\"/>seen"),
    ],
)
def test_nothing_else_is_read(workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, uri: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.xml").write_text(XSL.format(body="<xsl:variable name='s'>geheim</xsl:variable>", extra=""))
    with socket.create_server(("127.0.0.1", 0)) as server:
        where = uri.format(folder=tmp_path, host=f"127.0.0.1:{server.getsockname()[1]}")
        with contextlib.suppress(errors.StylesheetFailed):
            assert "geheim" not in shown(workshop, tmp_path, body.replace("{uri}", where))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/passwd"', '"geheim"'])
def test_entities_of_a_stylesheet_are_not_expanded(workshop, tmp_path: Path, entity: str) -> None:
    program = XSL.format(body=template("<p>&e;</p>seen"), extra="")
    (tmp_path / "kagami.xsl").write_text(f"<!DOCTYPE x [<!ENTITY e {entity}>]>{program}")
    try:
        page = form(io.BytesIO(workshop.by_hand(workshop.official()).encode()), Folder(tmp_path))
    except errors.StylesheetFailed:
        return
    assert "geheim" not in page
    assert "root:" not in page


def test_nothing_is_written(workshop, tmp_path: Path) -> None:
    extra = 'xmlns:exsl="http://exslt.org/common" extension-element-prefixes="exsl saxon" {}'
    extra = extra.format('xmlns:saxon="http://icl.com/saxon"')
    for element in ("exsl:document", "saxon:output"):
        body = template(
            f'<{element} href="{tmp_path}/written.txt" method="text" file="{tmp_path}/w2">x</{element}>seen'
        )
        with contextlib.suppress(errors.StylesheetFailed):
            shown(workshop, tmp_path, body, extra=extra)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kagami.xsl"]


@pytest.mark.parametrize(
    "body",
    [
        ENDLESS,
        GROWING,
        '<xsl:template match="/"><xsl:message terminate="yes">no</xsl:message></xsl:template>',
        "<not-a-template/>",
        '<xsl:template match="[">x</xsl:template>',
    ],
)
def test_stylesheets_that_do_not_end_or_do_not_work(workshop, tmp_path: Path, body: str) -> None:
    with pytest.raises(errors.StylesheetFailed):
        shown(workshop, tmp_path, body)


def test_time_runs_out_for_a_stylesheet(workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two to the power of forty steps, and none of them deep."""
    monkeypatch.setattr(rendering, "_PATIENCE", 3.0)
    call = '<xsl:call-template name="l{0}"/>'
    levels = "".join(f'<xsl:template name="l{n}">{call.format(n + 1) * 2}</xsl:template>' for n in range(40))
    body = f'<xsl:template match="/">{call.format(0)}</xsl:template>{levels}<xsl:template name="l40"/>'
    with pytest.raises(errors.StylesheetFailed):
        shown(workshop, tmp_path, body)
    assert multiprocessing.active_children() == []


# --- what is left of HTML


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=http://example.invalid/a.png>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<img srcset='http://example.invalid/a.png 2x'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='https://example.invalid/'>x</a>",
        "<iframe src='file:///etc/passwd'></iframe>",
        "<object data='file:///etc/passwd'></object>",
        "<embed src='x.swf'>",
        "<form action='https://example.invalid/'><input name=a><button>ok</button></form>",
        "<meta http-equiv=refresh content='0;url=https://example.invalid/'>",
        "<base href='https://example.invalid/'>",
        "<link rel=stylesheet href='https://example.invalid/a.css'>",
        "<style>@import 'https://example.invalid/a.css';</style>",
        "<style>body{background:url(https://example.invalid/a.png)}</style>",
        "<style>body{background:u\\72l(https://example.invalid/a.png)}</style>",
        "<style></style><script>alert(1)</script>",
        "<p style='background:url(https://example.invalid/a.png)'>x</p>",
        "<p style='background:image-set(\"https://example.invalid/a.png\" 1x)'>x</p>",
        "<p style='width:expression(alert(1))'>x</p>",
        "<p onclick='alert(1)'>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<body background='https://example.invalid/a.png'>",
        "<table background='https://example.invalid/a.png'><tr><td>x</td></tr></table>",
        "<video poster='https://example.invalid/a.png'></video>",
        "<xmp><script>alert(1)</script></xmp>",
        "<template><script>alert(1)</script></template>",
        "<textarea></textarea><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<?xml-stylesheet href='https://example.invalid/a.css'?>",
        "<title></title><script>alert(1)</script>",
    ],
)
def test_nothing_active_is_left(attack: str) -> None:
    page = sanitised(f"<html><body><p>before</p>{attack}<p>after</p></body></html>")
    body = page.partition("\n")[2].partition("\n")[2]
    tags = " ".join(re.findall(r"<[^>]*>", body))
    assert not re.search(
        r"(?i)script|iframe|object|embed|meta|base|link|svg|\bon\w+=|https?:|javascript:|file:|url", tags
    )
    assert not re.search(r"(?i)<style>[^<]*(@|url|example)", body)
    assert "before" in body


def test_what_a_form_shows_stays() -> None:
    page = sanitised(
        "<body><font color=red size=2>赤</font><input type=checkbox checked><input value='山田'>"
        "<input type=hidden value=geheim><select><option>東京</option></select><textarea>備考</textarea>"
        "<img src='data:image/png;base64,iVBORw0KGgo=' width=10></body>"
    )
    for text in ("赤", "☑", "山田", "東京", "備考", "data:image/png;base64,iVBORw0KGgo="):
        assert text in page
    assert "geheim" not in page
    assert '<font color="red" size="2">' in page
