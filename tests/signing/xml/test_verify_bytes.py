"""Any byte of any document: within the signed part a change is found, outside of it the place is told as outside."""

import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from signing.report import Coverage, Indication, Verdict

ALONE = settings(max_examples=150)
_names = st.text(string.ascii_lowercase, min_size=1, max_size=3)
_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=8).map(
    lambda text: (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\ufffe", "").replace("\uffff", "")
    )
)
_namespaces = st.sampled_from(["", ' xmlns="urn:a"', ' xmlns=""', ' xmlns:p="urn:p"', ' xmlns:p="urn:q" xmlns="urn:b"'])
_attributes = st.dictionaries(_names.filter(lambda name: name != "id"), _texts, max_size=2).map(
    lambda given: "".join(f' {name}="{value.replace(chr(34), "")}"' for name, value in given.items())
)
_others = st.sampled_from(["", "<!--c-->", "<?p d?>", "<![CDATA[<x>]]>", "&#13;", "\r\n", "\t"])


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, namespaces, attributes, other, text, inner: (
            f"<{name}{namespaces}{attributes}>{other}{text}{''.join(inner)}{other}</{name}>"
        ),
        _names, _namespaces, _attributes, _others, _texts, st.lists(children, max_size=3),
    )  # fmt: skip


trees = st.recursive(_element(st.just("")), _element, max_leaves=6)
prologs = st.sampled_from(["", "<?xml version='1.0'?>", "<!--before-->", '<?xml-stylesheet href="a.xsl"?>\n'])


@ALONE
@given(tree=trees, prolog=prologs, whole=st.booleans(), exclusive=st.booleans())
@example(tree="<a/>", prolog="<!--before-->", whole=False, exclusive=False)
def test_xmlsec1_and_we_agree_about_any_document(workshop, tmp_path_factory, tree, prolog, whole, exclusive) -> None:
    """Signed by xmlsec1: no canonical form that it writes is another one here."""
    template = workshop.around(tree, whole=whole, exclusive=exclusive)
    folder = tmp_path_factory.mktemp("any")
    signed = workshop.by_xmlsec1(prolog + template, workshop.signer, folder, identifiers=["id urn:root:part"])
    (signature,) = workshop.judge(signed).signatures
    assert signature.intact


@ALONE
@given(tree=trees, whole=st.booleans(), data=st.data())
def test_changed_byte_is_found_or_lies_outside(workshop, tree: str, whole: bool, data: st.DataObject) -> None:
    signed = workshop.by_hand(workshop.around(tree, whole=whole, exclusive=False)).encode()
    part = slice(signed.index(b"<part "), signed.index(b"</part>"))
    at = data.draw(st.integers(0, len(signed) - 1))
    new = data.draw(st.integers(32, 126).filter(lambda value: value != signed[at]))
    changed = signed[:at] + bytes([new]) + signed[at + 1 :]
    report = workshop.judge(changed)
    after = next(iter(report.signatures), None)
    if after is None or not after.intact:  # found: it does not match, or is no document any more, or no signature
        assert report.verdict is not Verdict.PASSED
        return
    inside_signature = signed.index(b"<ds:Signature") <= at <= signed.index(b"</ds:Signature>") + 15
    if inside_signature:
        return  # of a signature itself only what it says is covered, not how it says it
    if part.start <= at < part.stop or whole:
        assert same_information(signed, changed)
    else:
        assert after.covers is Coverage.PART
        assert after.indication is not Indication.TOTAL_PASSED


def same_information(one: bytes, other: bytes) -> bool:
    """Whether two documents differ in nothing but comments, which these references leave out, and in what XML does not
    tell apart: kinds of quotes and of white space in tags."""
    forms = [etree.tostring(etree.fromstring(each), method="c14n", with_comments=False) for each in (one, other)]
    return forms[0] == forms[1]


def test_every_byte_of_a_return(workshop) -> None:
    signed = workshop.by_hand(workshop.e_tax()).encode()
    start, end = re.search(b"<RKO0010 ", signed).start(), re.search(b"</RKO0010>", signed).end()
    signature = range(signed.index(b"<dsig:Signature"), signed.index(b"</dsig:Signature>") + 17)
    for at in [*range(0, len(signed), 5), *range(start, end, 3)]:
        if at in signature or signed[at : at + 1].isspace():
            continue
        new = b"x" if signed[at : at + 1] != b"x" else b"y"
        report = workshop.judge(signed[:at] + new + signed[at + 1 :])
        declaration = at < signed.index(b"?>")
        assert declaration or report.verdict is not Verdict.PASSED, at
        if start <= at < end:  # found: never "only a part", which would mean that the signed part is as it was
            assert not any(each.intact for each in report.signatures), at
