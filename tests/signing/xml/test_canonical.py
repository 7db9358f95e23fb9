"""Our canonical forms against those of libxmlsec1: where one differs, a signature is worth nothing."""

import base64

import pytest
import xmlsec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from signing import errors
from signing.xml import canonical, parse
from signing.xml.canonical import Canonicalization

DSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS = [C14N, C14N11, EXCLUSIVE]

TRAPS = {
    "inherited default namespace": '<D xmlns="urn:a"><S id="s"><x><y><z/></y></x></S></D>',
    "instruction before the root": '<?p x?><!--c--><D xmlns="urn:a"><S id="s"><x><y/></x></S></D><?q?><!-- after -->',
    "genuine empty namespace": '<D xmlns="urn:a"><S id="s"><x><y xmlns=""><z/><w xmlns="urn:a"/></y></x></S></D>',
    "empty namespace on an ancestor": '<D xmlns="urn:a"><E xmlns=""><S id="s"><x><y xmlns="urn:a"/></x></S></E></D>',
    "empty namespace on the element": '<D xmlns="urn:a"><S xmlns="" id="s"><x><y xmlns="urn:a"/></x></S></D>',
    "xml attributes of ancestors": '<D xml:lang="ja" xml:space="preserve"><E xml:lang="en"><S b="1" id="s"/></E></D>',
    "xml:id and xml:base of ancestors": '<D xml:id="q" xml:base="http://x/y/"><S xml:base="z/" id="s"/></D>',
    "carriage returns": '<D><S id="s">a&#13;b\r\nc\rd<x t="a&#13;&#10;&#9;b\r\nc\td"/></S></D>',
    "prefix declared anew": '<D xmlns:p="urn:1"><S id="s"><p:x xmlns:p="urn:2"><p:y xmlns:p="urn:1"/></p:x></S></D>',
    "prefix declared again": '<D xmlns:p="urn:1"><S id="s"><p:x xmlns:p="urn:1"/><x xmlns:p="urn:1"/></S></D>',
    "two prefixes of one namespace": '<D xmlns:p="urn:1" xmlns:q="urn:1"><S q:z="1" p:a="2" id="s"/></D>',
    "four bytes": '<D><S id="s" a="𠮷">𠮷😀<x y="&#x20BB7;">&#134071;</x></S></D>',
    "comments": '<D><!--a--><S id="s"><!--b-->x<!--c-->y</S><!--d--></D>',
    "character data": '<D><S id="s">a<![CDATA[<x>&amp;]]><![CDATA[]]>b]]&gt;</S></D>',
    "order of attributes": '<D xmlns:b="urn:a" xmlns:a="urn:b"><S b:z="" a:z="" z="" b:a="" id="s" xml:lang="ja"/></D>',
    "special characters": """<D><S id="s" a='"&lt;&gt;&amp;"' b=">">&lt;&gt;&amp;"'></S></D>""",
    "text behind": '<D>a<S id="s">b<x/>c</S>d<E/>e</D>',
    "instructions inside": '<D><S id="s"><?p?><?p  data ?>\n<?p a\r\nb?></S></D>',
    "document type": "<!DOCTYPE D [<!ELEMENT D ANY><!ATTLIST S id ID #REQUIRED>]><D><S id='s'>x</S></D>",
}


def judged(
    root: etree._Element, method: str, prefixes: tuple[str, ...], identifier: str
) -> tuple[bytes, etree._Element]:
    """The digest as libxmlsec1 computes it while it signs, and the signature that it put into the document."""
    listed = f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{" ".join(prefixes)}"/>' if prefixes else ""
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{C14N}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>'
        f'<ds:Reference URI="{"#" * bool(identifier)}{identifier}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{DSIG}enveloped-signature"/>'
        f'<ds:Transform Algorithm="{method}">{listed}</ds:Transform>'
        '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/>'
        "</ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
    root.append(signature)
    signature.tail = "behind the signature\n"
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, bytes(32))
    if identifier:
        context.register_id(root.find(f".//*[@id='{identifier}']"), "id")
    context.sign(signature)
    return base64.b64decode(signature.findtext(f".//{{{DSIG}}}DigestValue")), signature


def assert_same(text: str, method: str, prefixes: tuple[str, ...] = (), identifier: str = "") -> None:
    root = parse.read(text.encode()).root
    expected, signature = judged(root, method, prefixes, identifier)
    before = etree.tostring(root.getroottree())
    target = root.find(f".//*[@id='{identifier}']") if identifier else root.getroottree()
    named = Canonicalization.named(method, prefixes)
    assert named is not None
    ours = canonical.digest(target, named.without_comments, "sha256", without=signature)
    assert ours == expected, canonical.canonical(target, named.without_comments, without=signature)
    assert etree.tostring(root.getroottree()) == before


@pytest.fixture(params=["made a document of its own", "cut from the stream"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "cut from the stream":
        monkeypatch.setattr(canonical, "_MANY", 0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("identifier", ["", "s"])
@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.usefixtures("both_ways")
def test_traps(trap: str, identifier: str, method: str) -> None:
    assert_same(TRAPS[trap], method, identifier=identifier)


@pytest.mark.parametrize("prefixes", [("p",), ("#default",), ("p", "q", "#default")])
@pytest.mark.parametrize("trap", TRAPS)
def test_inclusive_prefixes_of_exclusive_canonicalisation(trap: str, prefixes: tuple[str, ...]) -> None:
    for identifier in ("", "s"):
        assert_same(TRAPS[trap], EXCLUSIVE, prefixes, identifier)


def test_comments_stay_where_they_are_asked_for() -> None:
    root = parse.read(b"<!--a--><D><!--b--><S><!--c--></S></D><!--d-->").root
    for uri in (f"{C14N}#WithComments", f"{C14N11}#WithComments", f"{EXCLUSIVE}WithComments"):
        method = Canonicalization.named(uri)
        assert method is not None
        assert canonical.canonical(root.getroottree(), method).count(b"<!--") == 4
        assert canonical.canonical(root, method) == b"<D><!--b--><S><!--c--></S></D>"
        assert canonical.canonical(root, method.without_comments) == b"<D><S></S></D>"


def test_other_uris_name_no_canonicalisation() -> None:
    for uri in ("", f"{C14N}WithComments", f"{EXCLUSIVE}#WithComments", f"{C14N}#", f"{DSIG}enveloped-signature"):
        assert Canonicalization.named(uri) is None


def test_relative_namespace_has_no_canonical_form() -> None:
    with pytest.raises(errors.XmlNotCanonical):
        canonical.digest(parse.read(b'<a xmlns="relative"/>').root, canonical.IMPLICIT, "sha256")


def test_a_signature_elsewhere_takes_nothing_away() -> None:
    root = parse.read(b"<a><b>x</b><c/></a>").root
    assert canonical.canonical(root[0], canonical.IMPLICIT, without=root[1]) == b"<b>x</b>"


# Random documents: three prefixes over three namespaces, everything that can stand between two tags.
_URIS = st.sampled_from(["urn:1", "urn:2", "urn:3"])
_TEXT = st.text(st.sampled_from("a<>&\"'\r\n\t 実𠮷"), max_size=6).map(
    lambda text: "".join(f"&#{ord(c)};" if c in "<&\r" else c for c in text).replace("]]>", "")
)
_VALUE = _TEXT.map(lambda text: text.replace('"', "&quot;").replace(">", "&gt;"))


@st.composite
def elements(draw: st.DrawFn, depth: int = 0, scope: tuple[str, ...] = ()) -> str:
    declared = draw(st.dictionaries(st.sampled_from(["", "p", "q", "r"]), _URIS, max_size=2))
    if draw(st.booleans()) and "" not in declared:
        declared[""] = ""
    scope = tuple(sorted({*scope, *(prefix for prefix in declared if prefix)}))
    prefix = draw(st.sampled_from(["", *scope]))
    name = f"{prefix}:e" if prefix else draw(st.sampled_from(["e", "f"]))
    namespaces = "".join(f' xmlns{":" if p else ""}{p}="{uri}"' for p, uri in declared.items())
    attributes = draw(st.dictionaries(st.sampled_from(["a", "b", "xml:lang", "xml:space"]), _VALUE, max_size=3))
    if scope and draw(st.booleans()):
        attributes[f"{draw(st.sampled_from(scope))}:c"] = draw(_VALUE)
    if "xml:space" in attributes:
        attributes["xml:space"] = "preserve"
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    between = st.one_of(
        _TEXT, st.just("<!-- <e> -->"), st.just("<?pi <e>?>"), st.just("<![CDATA[<e>&]]>"), elements(depth + 1, scope)
    )
    content = "".join(draw(st.lists(between, max_size=0 if depth > 4 else 4)))
    return f"<{name}{namespaces}{written}>{content}</{name}>" if content else f"<{name}{namespaces}{written}/>"


@settings(max_examples=150)
@given(elements(), elements(2, ("p",)), _TEXT, st.sampled_from(METHODS), st.booleans())
def test_random_documents(before: str, target: str, behind: str, method: str, whole: bool) -> None:
    head = target.partition(">")[0].rstrip("/")
    marked = f'{head} id="s"{target[len(head) :]}'
    text = f'<?i?><D xmlns="urn:0" xmlns:p="urn:p" xml:lang="ja">{before}<E xmlns:q="urn:q">{marked}{behind}</E></D>'
    for many in (0, 2000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(canonical, "_MANY", many)
            assert_same(text, method, identifier="" if whole else "s")
