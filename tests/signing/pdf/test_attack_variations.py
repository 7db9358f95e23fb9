"""The published attacks, each with variations that nobody wrote down one by one; none is ever shown as clean.

What is prepared before the signature, how it is brought in afterwards, and among how many harmless revisions, is drawn.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.report import ChangesAfter, Coverage, Indication, Verdict

few = settings(max_examples=15)
BIG = b"/Rect [0 0 300 300]"
OTHER = b"<< /Length 22 >>\nstream\n9 9 m 100 100 l S % XX\nendstream"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents %s /Resources << >> %s >>"
LOOK = b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 300] /Length 14 >>\nstream\n0 0 300 300 re\nendstream"


def assert_never_clean(report) -> None:
    assert report.verdict not in (Verdict.PASSED, Verdict.UNSIGNED)
    for signature in report.signatures:
        if signature.name == "Signature1":
            assert signature.indication is not Indication.TOTAL_PASSED
            assert (
                signature.changes_after is not ChangesAfter.NONE
                or not signature.intact
                or (signature.covers is Coverage.PART)
            )


_MADE: dict[object, bytes] = {}


def once(key: object, make: Callable[[], bytes]) -> bytes:
    """Signing takes time: what was made for one example serves the next."""
    if key not in _MADE:
        _MADE[key] = make()
    return _MADE[key]


def harmless(workshop, data: bytes, revisions: list[str]) -> bytes:
    """What anybody may do to a signed document, so that an attack can hide among it."""
    return once((data, *revisions), lambda: _harmless(workshop, data, revisions))


def _harmless(workshop, data: bytes, revisions: list[str]) -> bytes:
    for place, each in enumerate(revisions):
        match each:
            case "nothing":
                data = workshop.write_pdf({200 + place: b"(nothing)"}, before=data)
            case "signature":
                data = workshop.sign_with_pyhanko(data, workshop.signer, f"More{place}-{len(data)}")
    return data


revisions = st.lists(st.sampled_from(["nothing", "signature"]), max_size=2)


@dataclass(frozen=True)
class Prepared:
    """Objects that are there before the signature, and those that bring them to light afterwards."""

    before: dict[int, bytes]
    after: dict[int, bytes]


FIELD = b"<< /FT /Tx /T (amount) /V (100 yen) /Subtype /Widget /Rect [0 0 90 20] >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>"
SHADOWS = {
    "replace: the value of a field": Prepared({}, {5: FIELD.replace(b"100", b"999")}),
    "replace: the look of a field": Prepared(
        {5: FIELD.replace(b">>", b"/AP << /N 60 0 R >> >>"), 60: LOOK},
        {60: LOOK.replace(b"0 0 300 300 re", b"9 9 300 300 re")},
    ),
    "replace: the font of a field": Prepared(
        {
            61: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            3: PAGE % (b"4 0 R", b"/PieceInfo << /X 61 0 R >>"),
        },
        {61: b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"},
    ),
    "hide: an annotation that covers": Prepared(
        {3: PAGE % (b"4 0 R", b"/Annots [62 0 R]"), 62: b"<< /Type /Annot /Subtype /Square %s >>" % BIG},
        {62: b"<< /Type /Annot /Subtype /Square /F 2 %s >>" % BIG},
    ),
    "hide: a picture that covers": Prepared(
        {3: PAGE % (b"[4 0 R 63 0 R]", b""), 63: OTHER}, {63: b"<< /Length 0 >>\nstream\n\nendstream"}
    ),
    "hide and replace: another page tree": Prepared(
        {
            41: b"<< /Type /Pages /Kids [42 0 R] /Count 1 >>",
            42: PAGE.replace(b"2 0 R", b"41 0 R") % (b"43 0 R", b""),
            43: OTHER,
        },
        {2: b"<< /Type /Pages /Kids [42 0 R] /Count 1 >>"},
    ),
    "hide and replace: another content": Prepared({43: OTHER}, {3: PAGE % (b"43 0 R", b"")}),
    "hide and replace: a content that was missing": Prepared({3: PAGE % (b"[4 0 R 900 0 R]", b"")}, {900: OTHER}),
}


def signed(workshop, attack: str, *, certify: bool) -> bytes:
    document = workshop.write_pdf({**workshop.page, **SHADOWS[attack].before})
    return once((attack, certify), lambda: workshop.sign_with_pyhanko(document, workshop.signer, certify=certify))


@pytest.mark.parametrize("attack", SHADOWS)
@settings(few, max_examples=3)
@given(certify=st.booleans(), first=revisions, then=revisions)
def test_shadow(workshop, attack: str, certify: bool, first: list[str], then: list[str]) -> None:
    data = harmless(workshop, signed(workshop, attack, certify=certify), first)
    page = re.findall(rb"\n3 0 obj\s*(.*?)\s*endobj", data, re.DOTALL)[-1]
    kept = re.search(rb"/Annots \[.*?\]", page, re.DOTALL)
    after = dict(SHADOWS[attack].after)
    if 3 in after and kept:  # the places of the signatures stay, so that nothing but the attack is to be seen
        after[3] = after[3].replace(b"/Resources", kept[0] + b" /Resources")
    data = workshop.write_pdf(after, before=data)
    assert_never_clean(workshop.judge(harmless(workshop, data, then)))


ANNOTATIONS = [
    "FreeText",
    "Stamp",
    "Square",
    "Text",
    "Ink",
    "Highlight",
    "Redact",
    "Watermark",
    "Link",
    "Widget",
    "Odd",
]


@few
@given(
    kind=st.sampled_from(ANNOTATIONS),
    level=st.sampled_from([1, 2, 3]),
    corners=st.lists(st.integers(-50, 600), min_size=4, max_size=4),
    direct=st.booleans(),
    then=revisions,
)
def test_annotation_on_a_certified_document(
    workshop, kind: str, level: int, corners: list[int], direct: bool, then: list[str]
) -> None:
    data = certified(workshop, level)
    rectangle = b" ".join(b"%d" % each for each in corners)
    annotation = b"<< /Type /Annot /Subtype /%s /Rect [%s] /Contents (999 yen) /AP << /N 71 0 R >> >>"
    annotation %= (kind.encode(), rectangle)
    page = re.findall(rb"\n3 0 obj\s*(.*?)\s*endobj", data, re.DOTALL)[-1]
    added = re.sub(rb"/Annots \[", b"/Annots [" + (annotation if direct else b"70 0 R "), page)
    assert added != page
    data = workshop.write_pdf({3: added, 70: annotation, 71: LOOK}, before=data)
    report = workshop.judge(harmless(workshop, data, then if level > 1 else []))
    assert_never_clean(report)
    assert report.signatures[0].changes_after is ChangesAfter.SUSPICIOUS


def certified(workshop, level: int) -> bytes:
    from pyhanko.sign.fields import MDPPerm

    how = {"certify": True, "docmdp_permissions": MDPPerm(level)}
    return once(("certified", level), lambda: workshop.sign_with_pyhanko(workshop.unsigned, workshop.signer, **how))


numbers = st.one_of(st.integers(-5, 20_000), st.sampled_from([-(2**31), 2**31, 2**63, 10**12]))


@few
@given(values=st.lists(numbers, max_size=6))
def test_forged_byte_range(workshop, values: list[int]) -> None:
    data = workshop.by_hand.data
    start = data.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = data.index(b"]", start)
    text = b" ".join(b"%d" % each for each in values)[: end - start].ljust(end - start)
    if text.split() == data[start:end].split():
        return
    report = workshop.judge(data[:start] + text + data[end:])
    assert_never_clean(report)
    assert not any(signature.intact for signature in report.signatures)


@few
@given(
    contents=st.one_of(
        st.binary(max_size=80).map(lambda each: b"<" + each.hex().encode() + b">"),
        st.sampled_from(
            [b"null", b"()", b"<>", b"[]", b"<< >>", b"true", b"5 0 R", b"7 0 R", b"99 0 R", b"-1", b"/Name"]
        ),
    ),
    key=st.sampled_from([b"/Contents", b"/ByteRange", b"/SubFilter", b"/Filter"]),
)
def test_forged_entry_of_a_signature(workshop, contents: bytes, key: bytes) -> None:
    """Universal signature forgery: an entry that is missing, null or odd."""
    signature = re.search(rb"\n7 0 obj\n(.*?)\nendobj", workshop.by_hand.data, re.DOTALL)[1]
    forged = re.sub(key + rb" (\[.*?\]|<[0-9a-f]*>|/[^ /]+)", lambda _found: key + b" " + contents, signature, count=1)
    assert forged != signature
    whole = workshop.by_hand.data.replace(signature, forged)  # in place, its cross references off
    later = workshop.write_pdf({7: forged}, before=workshop.by_hand.data)
    for data in (whole, later):
        assert_never_clean(workshop.judge(data))


@few
@given(tail=st.binary(min_size=1, max_size=200), blanks=st.sampled_from([b"", b"\n", b"\0" * 50]), then=revisions)
def test_bytes_behind(workshop, tail: bytes, blanks: bytes, then: list[str]) -> None:
    if not tail.strip(b"\0\t\n\f\r "):
        return
    data = harmless(workshop, workshop.signed, then) + blanks + tail
    report = workshop.judge(data)
    assert report.verdict not in (Verdict.PASSED, Verdict.UNSIGNED)


@few
@given(
    body=st.sampled_from([OTHER, b"null", b"<< /Length 0 >>\nstream\n\nendstream", b"[ ]", b"5 0 R"]),
    number=st.sampled_from([2, 3, 4]),
    first=revisions,
    then=revisions,
)
def test_incremental_saving(workshop, body: bytes, number: int, first: list[str], then: list[str]) -> None:
    data = workshop.write_pdf({number: body}, before=harmless(workshop, workshop.signed, first))
    report = workshop.judge(harmless_if_possible(workshop, data, then))
    assert_never_clean(report)


def harmless_if_possible(workshop, data: bytes, revisions: list[str]) -> bytes:
    """What a signing program still opens is signed on."""
    try:
        return harmless(workshop, data, revisions)
    except Exception:
        return data


@few
@given(more=st.integers(1, 3), place=st.integers(0, 3))
def test_one_bad_signature_among_good_ones_is_not_covered_up(workshop, more: int, place: int) -> None:
    data = harmless(workshop, workshop.signed, ["signature"] * more)
    holes = [found.span(1) for found in re.finditer(rb"/Contents <([0-9a-fA-F]{200,})>", data)]
    start, _end = holes[min(place, len(holes) - 1)]
    digit = b"1" if data[start + 600 : start + 601] != b"1" else b"2"
    report = workshop.judge(data[: start + 600] + digit + data[start + 601 :])
    assert len(report.signatures) == len(holes)
    assert report.verdict is not Verdict.PASSED
