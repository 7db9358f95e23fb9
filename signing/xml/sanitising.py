"""HTML made by a stranger, reduced to what can be shown: text, tables, looks. What is not known to be harmless goes."""

import re

from lxml import etree


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEPT = _words(
    "html head title style body div span p br hr table caption colgroup col thead tbody tfoot tr th td ul ol li dl dt "
    "dd h1 h2 h3 h4 h5 h6 b i u s em strong small big sub sup font center pre code blockquote nobr ruby rb rt rp img"
)
# Dropped with all that is in them. Other unknown elements leave their text behind.
_DROPPED = _words(
    "script noscript iframe frame frameset noframes object embed applet audio video source track canvas svg math "
    "template link meta base param dialog portal slot xml"
)
_ATTRIBUTES = _words(
    "align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang nowrap "
    "noshade rowspan rules scope size span start style summary title type valign value vspace width"
)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg);base64,[A-Za-z0-9+/=\s]*")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
# Whatever can load something, run something, or hide such a word from this list.
_ACTIVE = re.compile(r"url|image|import|src|expression|behavior|binding|script|attr\s*\(|@|\\|<|&", re.IGNORECASE)
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def sanitised(html: str) -> str:
    """A whole page in HTML. Raises ValueError where there is nothing to show."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    root = etree.fromstring(html, parser)
    if root is None:
        raise ValueError("no element")
    for element in list(root.iter()):
        _reduce(element)
    body = str(etree.tostring(root, encoding="unicode", method="html"))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return f'<!DOCTYPE html>\n<meta charset="utf-8">{policy}\n{body}'


def _reduce(element: etree._Element) -> None:
    name = element.tag if isinstance(element.tag, str) else None
    if name == "input":
        element.text = _entered(element)
    if name is None or name in _DROPPED:
        _remove(element)
    elif name not in _KEPT:
        element.tag = "span"
        element.attrib.clear()
    elif name == "style":
        element.attrib.clear()
        element.text = _css(element.text or "")
    else:
        for key, value in element.attrib.items():
            if not _harmless(name, key, value):
                del element.attrib[key]


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        raise ValueError("nothing to show")
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _entered(field: etree._Element) -> str:
    """What stands in a field of a form: a form is filled in with such, and nobody shall fill it in here."""
    match field.get("type", "text").lower():
        case "hidden":
            return ""
        case "checkbox" | "radio":
            return "☑" if "checked" in field.attrib else "☐"
        case _:
            return str(field.get("value", ""))


def _harmless(element: str, name: str, value: str) -> bool:
    if element == "img" and name == "src":
        return _PICTURE.fullmatch(value) is not None
    if name == "style":
        return bool(value) and _css(value) == value
    return name in _ATTRIBUTES


def _css(text: str) -> str:
    """The same, or nothing where something in it could be active: half a stylesheet would show half a form."""
    plain = _COMMENT.sub("", text)
    return "" if _ACTIVE.search(plain) else plain
