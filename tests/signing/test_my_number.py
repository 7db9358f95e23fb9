"""A My Number in a document is pointed out before it is signed, and its digits go nowhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.document import Document
from signing.my_number import Finding, Suspicion, find_my_numbers, has_check_digit, suspicion_in

# The examples of the ordinance's formula; the second is printed on a test card of the registry.
NUMBERS = ("123456789018", "537686677188", "200000000000", "987654321093")


@pytest.mark.parametrize("digits", NUMBERS)
def test_check_digits_that_are_right(digits: str) -> None:
    assert has_check_digit(digits)


def _remainder(digits: str) -> int:
    """The ordinance's own way of counting: from the right, and the factor by the place."""
    return sum(int(digits[11 - n]) * (n + 1 if n <= 6 else n - 5) for n in range(1, 12)) % 11


def _expected(digits: str) -> str:
    remainder = _remainder(digits)
    return "0" if remainder <= 1 else str(11 - remainder)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_check_digit_is_that_of_the_ordinance(digits: str) -> None:
    assert has_check_digit(digits) == (digits[11] == _expected(digits) and len(set(digits)) > 1)


@pytest.mark.parametrize(
    ("text", "suspicion"),
    [
        ("マイナンバー 1234 5678 9018", Suspicion.LIKELY),
        ("個人番号:1234-5678-9018", Suspicion.LIKELY),
        ("個人番号 １２３４５６７８９０１８", Suspicion.LIKELY),
        ("My Number: 123456789018", Suspicion.LIKELY),
        ("ﾏｲﾅﾝﾊﾞｰ 1234\u20105678\u20109018", Suspicion.LIKELY),
        ("受付番号 123456789018", Suspicion.POSSIBLE),
        ("個人番号" + "・" * 200 + "123456789018", Suspicion.POSSIBLE),
        ("個人番号 123456789012", None),  # the check digit is wrong
        ("個人番号 000000000000", None),
        ("法人番号 4011001098993", None),  # thirteen digits
        ("個人番号 1234 5678 9018 1", None),
        ("個人番号 1234-5678 9018", None),
        ("個人番号は別紙のとおり", None),
    ],
)
def test_what_is_taken_for_a_my_number(text: str, suspicion: Suspicion | None) -> None:
    assert suspicion_in(text) == suspicion


def test_the_page_is_told(make_pdf: Callable[..., Path]) -> None:
    path = make_pdf(pages=3, text="Page {} of three")
    assert find_my_numbers(Document.open(path)) == ()
    path = make_pdf("notice.pdf", pages=2, text="My Number 1234 5678 9018, page {}")
    assert find_my_numbers(Document.open(path)) == (Finding(Suspicion.LIKELY, 1), Finding(Suspicion.LIKELY, 2))


def test_a_form_field_is_read_with_its_name(make_pdf: Callable[..., Path]) -> None:
    form = "/AcroForm << /Fields [10 0 R] >>"
    field = "<< /FT /Tx /T (My Number) /V (123456789018) >>"
    path = make_pdf(catalog=form, extra=(field,))
    assert find_my_numbers(Document.open(path)) == (Finding(Suspicion.LIKELY, None),)


def test_an_element_of_xml_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "return.xtx"
    path.write_text("<?xml version='1.0'?><DATA><個人番号>123456789018</個人番号></DATA>", encoding="utf-8")
    assert find_my_numbers(Document.open(path)) == (Finding(Suspicion.LIKELY, None),)
    path.write_text("<?xml version='1.0'?><DATA><a>1234</a><a>5678</a></DATA>", encoding="utf-8")
    assert find_my_numbers(Document.open(path)) == ()


def test_a_damaged_file_has_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nMy Number 123456789018")
    assert find_my_numbers(Document.open(path)) == ()
