"""Where elements stand in a text: a position that is wrong by one puts a signature into the middle of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from signing.xml import markup

_ODDITIES = st.sampled_from(
    [
        "text",
        "<!-- <a> </b> -->",
        "<?p <a> ?>",
        "<![CDATA[</a><b>]]>",
        "&lt;a>",
        "\n",
        "<a/>",
        "<b\n/>",
        "<x:a x='/>'/>",
    ]
)
_ATTRIBUTES = st.sampled_from(["", ' k="1"', " k='>'", " k='<'.", '\n\tk = "a/>b"  ', " k='</a>'"]).map(
    lambda text: text.replace("<", "&lt;").rstrip(".")
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(st.sampled_from(["a", "b", "x:a", "ab", "実"]))
    inside = st.one_of(_ODDITIES, trees(depth + 1)) if depth < 4 else _ODDITIES
    content = "".join(draw(st.lists(inside, max_size=4)))
    end = draw(st.sampled_from(["", " ", "\n"]))
    return f"<{name}{draw(_ATTRIBUTES)}>{content}</{name}{end}>"


@given(trees(), st.sampled_from(["", "<!DOCTYPE a [<!ELEMENT b (#PCDATA)> <!-- ' ]> --> ]>", "<!-- <a> --><?a <b>?>"]))
def test_every_element_is_found_where_it_stands(tree: str, before: str) -> None:
    text = f"{before}<root xmlns:x='urn:x'>{tree}</root>\n<!-- </root> -->".encode()
    root = etree.fromstring(text)
    for element in root.iter("*"):
        found = markup.place(text, element)
        alone = text[found.start : found.end]
        assert alone.startswith(b"<" + found.name)
        (reread,) = etree.fromstring(b"<root xmlns:x='urn:x'>" + alone + b"</root>")
        assert etree.tostring(reread, method="c14n", exclusive=True, with_tail=False) == etree.tostring(
            element, method="c14n", exclusive=True, with_tail=False
        )
        if found.content is not None:
            assert text[found.content[1] :].startswith(b"</" + found.name)


@pytest.mark.parametrize(
    "text",
    [
        "<a/>",
        "<a></a >",
        "<a></a><!-- </a> --><?p </a><?q ?>",
        "<a><![CDATA[</a><?q ]]></a><?p ?>",
        "<a><?p </a><?q ?></a>\n<?p ?>",
        "<a><a></a></a>",
        "<a>" + "<a></a>" * 40 + "</a>\n",
    ],
)
def test_end_of_the_root_is_not_mistaken(text: str) -> None:
    root = etree.fromstring(text)
    found = markup.place(text.encode(), root)
    if found.content is not None:
        expected = text[: found.content[1]] + "<end/>" + text[found.content[1] :]
        assert [child.tag for child in etree.fromstring(expected).iterchildren("end")] == ["end"]
        assert etree.fromstring(expected)[-1].tag == "end"
    assert etree.fromstring(text[found.start : found.end]).tag == "a"
