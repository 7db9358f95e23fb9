"""Incremental saving attacks: an update that is harmless by the letter, and in which some readers find another page."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.report import ChangesAfter, Indication

OTHER_PAGE = b"4 0 obj\n<< /Length 22 >>\nstream\n9 9 m 100 100 l S % XX\nendstream\nendobj\n"
HARMLESS = {50: b"(nothing)"}


def update(workshop, *, unlisted: bytes = b"", objects: dict[int, bytes] | None = None) -> tuple[bytes, bytes]:
    """The signed file, and a revision that comes after it, with an object that its cross references do not name."""
    whole = workshop.write_pdf(objects or HARMLESS, before=workshop.signed)
    added = whole[len(workshop.signed) :]
    place, start = added.rindex(b"xref\n50"), workshop.start_of_references(whole)
    added = added[:place] + unlisted + added[place:]
    return workshop.signed, added.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(unlisted)))


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(added: bytes) -> bytes:
        changed, count = re.subn(old, new, added, count=1)
        assert count == 1
        return changed

    return change


def moved(by: int) -> Callable[[bytes], bytes]:
    return lambda added: re.sub(rb"(?<=startxref\n)\d+", lambda found: b"%d" % (int(found[0]) + by), added)


# Each makes one reader or another search the file for objects, or leaves it without what came before.
TRAPS = {
    "nothing but an object that is not named": lambda added: added,
    "entries of nineteen bytes": replaced(rb"n \n", rb"n\n"),
    "entries of twenty-one bytes": replaced(rb"n \n", rb"n  \n"),
    "no end of line": replaced(rb"n \n", rb"n"),
    "an entry that leads beyond the file": replaced(rb"\d{10} 00000 n", b"9999999999 00000 n"),
    "an entry that leads to the beginning": replaced(rb"\d{10} 00000 n", b"0000000000 00000 n"),
    "an entry too many": replaced(rb"xref\n50 1", b"xref\n50 2"),
    "an entry too few": replaced(rb"xref\n50 1", b"xref\n50 0"),
    "entries of other numbers": replaced(rb"xref\n50 1", b"xref\n49 1"),
    "a comment": replaced(rb"xref\n", b"xref %\n"),
    "a blank before": replaced(rb"xref\n", b" xref\n"),
    "two that came before": replaced(rb"/Prev", b"/Prev 0 /Prev"),
    "none that came before": replaced(rb"/Prev \d+", b""),
    "one before that is near": replaced(rb"/Prev (\d+)", rb"/Prev \g<1>.0"),
    "a hidden stream": replaced(rb"/Prev", b"/XRefStm 0 /Prev"),
    "a size that is too small": replaced(rb"/Size \d+", b"/Size 4"),
    "a size below zero": replaced(rb"/Size \d+", b"/Size -1"),
    "no size": replaced(rb"/Size \d+", b""),
    "a size elsewhere": replaced(rb"/Size \d+", b"/Size 50 0 R"),
    "a start with a sign": replaced(rb"startxref\n", b"startxref\n+"),
    "a start behind a comment": replaced(rb"startxref\n", b"startxref %x\n"),
    "two starts": replaced(rb"startxref\n", b"startxref\n9\nstartxref\n"),
    "no start": replaced(rb"startxref\n\d+", b""),
    "no end": replaced(rb"%%EOF", b""),
    "an end too early": replaced(rb"startxref\n", b"%%EOF\nstartxref\n"),
    **{f"a start that is off by {by}": moved(by) for by in (-3, -2, -1, 1, 2, 3, 5)},
}

HARMLESS_ALONE = {"nothing but an object that is not named", "a start that is off by -1"}


def assert_told(workshop, data: bytes) -> None:
    report = workshop.judge(data)
    for signature in report.signatures:
        assert signature.changes_after is ChangesAfter.SUSPICIOUS or not signature.intact
        assert signature.indication is not Indication.TOTAL_PASSED
    assert report.signatures or report.problems


def test_update_that_is_written_well_is_harmless(workshop) -> None:
    signature = workshop.only(b"".join(update(workshop)))
    assert (signature.indication, signature.changes_after) == (Indication.TOTAL_PASSED, ChangesAfter.ALLOWED)


@pytest.mark.parametrize(
    "change",
    [
        replaced(rb"n \n", b"n\r\n"),
        replaced(rb"n \n", b"n \r"),
        replaced(rb"trailer\n", b"trailer\n\n"),
        replaced(rb"trailer\n", b"trailer "),
        replaced(rb"startxref\n", b"startxref\r\n"),
        moved(-1),
    ],
)
def test_what_signing_programs_write_is_harmless(workshop, change: Callable[[bytes], bytes]) -> None:
    signed, added = update(workshop)
    signature = workshop.only(signed + change(added))
    assert (signature.indication, signature.changes_after) == (Indication.TOTAL_PASSED, ChangesAfter.ALLOWED)


@pytest.mark.parametrize("trap", TRAPS)
def test_object_that_readers_find_while_they_repair_is_told(workshop, trap: str) -> None:
    signed, added = update(workshop, unlisted=OTHER_PAGE)
    assert_told(workshop, signed + TRAPS[trap](added))


@pytest.mark.parametrize("trap", sorted(TRAPS.keys() - HARMLESS_ALONE))
def test_trap_without_an_object_is_told(workshop, trap: str) -> None:
    """A shadow attack: what readers then find may lie in the signed part, where nothing leads to it."""
    signed, added = update(workshop)
    assert_told(workshop, signed + TRAPS[trap](added))


@pytest.mark.parametrize(
    "body",
    [
        b"<< /Type /Metadata /Length %d >>\nstream\n%s\nendstream" % (len(OTHER_PAGE), OTHER_PAGE),
        b"(nothing) endobj\n" + OTHER_PAGE.removesuffix(b"endobj\n"),
        b"(nothing)\n" + OTHER_PAGE,
        b"<< /Length 0 >>\nstream\n\nendstream\ntrailer\n<< /Root 51 0 R >>",
        b"(%s)" % OTHER_PAGE,
        b"(startxref 9 %%EOF)",
    ],
)
def test_object_within_another_one_is_told(workshop, body: bytes) -> None:
    assert_told(workshop, b"".join(update(workshop, objects={50: body})))


@pytest.mark.parametrize("more", [b"\n9 9 m 100 100 l S", b"\nendstream\n9 9 m 100 100 l S"])
def test_stream_that_is_longer_than_it_says_is_told(workshop, more: bytes) -> None:
    content = workshop.page[4].replace(b"\nendstream", more + b"\nendstream")
    data = workshop.write_pdf({4: content}, before=workshop.signed)
    assert_told(workshop, data)


@settings(max_examples=80)
@given(
    traps=st.lists(st.sampled_from(sorted(TRAPS)), min_size=1, max_size=3),
    before=st.sampled_from([b"", b"\n", b"% a remark\n", b"xref\n0 0\n", OTHER_PAGE, b"trailer << >>\n"]),
    blank=st.sampled_from([b"4 0 obj", b"4  0 obj", b"4\n0\tobj", b"04 0 obj", b"4 00 obj"]),
)
def test_traps_together_are_told(workshop, traps: list[str], before: bytes, blank: bytes) -> None:
    signed, added = update(workshop, unlisted=before + OTHER_PAGE.replace(b"4 0 obj", blank))
    for trap in traps:
        try:
            added = TRAPS[trap](added)
        except AssertionError:
            continue  # another trap took away what this one changes
    assert_told(workshop, signed + added)
