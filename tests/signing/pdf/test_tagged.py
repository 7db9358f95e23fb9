"""A tagged document that is signed again: the new field gets its place in the structure tree, and nothing else does."""

import re

import pytest

from signing.report import ChangesAfter, Indication

TREE = {
    1: b"<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 30 0 R "
    b"/AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << >> /StructParents 0 >>",
    30: b"<< /Type /StructTreeRoot /K 31 0 R /ParentTree 32 0 R /ParentTreeNextKey 1 >>",
    31: b"<< /Type /StructElem /S /Document /P 30 0 R /K [33 0 R] >>",
    32: b"<< /Nums [0 [33 0 R]] >>",
    33: b"<< /Type /StructElem /S /P /P 31 0 R /Pg 3 0 R /K 0 >>",
}
# What a signing program writes that enters its field, 70, as the element 71.
ENTERED = {
    30: TREE[30].replace(b"NextKey 1", b"NextKey 2"),
    31: TREE[31].replace(b"[33 0 R]", b"[33 0 R 71 0 R]"),
    32: b"<< /Nums [0 [33 0 R] 1 71 0 R] >>",
    70: b"<< /Type /Annot /FT /Sig /T (Second) /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /StructParent 1 >>",
    71: b"<< /Type /StructElem /S /Form /P 31 0 R /K << /Type /OBJR /Obj 70 0 R /Pg 3 0 R >> >>",
}


@pytest.fixture(scope="module")
def signed(workshop) -> bytes:
    return workshop.sign_with_pyhanko(workshop.write_pdf({**workshop.page, **TREE}), workshop.signer)


def later(workshop, signed: bytes, changed: dict[int, bytes]):
    """The first signature, after one more field came with these objects."""
    catalog, page = (re.findall(rb"\n%d 0 obj\s*(.*?)\s*endobj" % each, signed, re.DOTALL)[-1] for each in (1, 3))
    objects = {
        1: re.sub(rb"/Fields \[", b"/Fields [70 0 R ", catalog),
        3: re.sub(rb"/Annots \[", b"/Annots [70 0 R ", page),
        **ENTERED,
        **changed,
    }
    (signature,) = workshop.judge(workshop.write_pdf(objects, before=signed)).signatures
    assert signature.intact is True
    return signature


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {30: TREE[30].replace(b"/K 31 0 R", b"/K [31 0 R 71 0 R]"), 31: TREE[31]},
        {71: b"<< /S /Form /P 31 0 R /Pg 3 0 R /K [<< /Type /OBJR /Obj 70 0 R >>] >>"},
    ],
    ids=["as a child", "below the root", "in an array"],
)
def test_new_field_that_has_its_place_in_the_tree_is_harmless(workshop, signed: bytes, changed) -> None:
    signature = later(workshop, signed, changed)
    assert (signature.changes_after, signature.indication) == (ChangesAfter.ALLOWED, Indication.TOTAL_PASSED)


OTHER_WORDS = TREE[33].replace(b"/K 0", b"/K 0 /ActualText (999 yen)")
ATTACKS = {
    "other words for old text": {33: OTHER_WORDS},
    "words for the whole document": {31: ENTERED[31].replace(b"/K", b"/Alt (999 yen) /K")},
    "an element taken away": {31: TREE[31].replace(b"[33 0 R]", b"[71 0 R]")},
    "another order": {31: TREE[31].replace(b"[33 0 R]", b"[71 0 R 33 0 R]")},
    "words in the new element": {71: ENTERED[71].replace(b"/K", b"/ActualText (999 yen) /K")},
    "a description in the new element": {71: ENTERED[71].replace(b"/K", b"/Alt (999 yen) /K")},
    "old content read once more": {71: b"<< /Type /StructElem /S /Form /P 31 0 R /Pg 3 0 R /K 0 >>"},
    "old content beside the field": {
        71: ENTERED[71].replace(
            b"/K << /Type /OBJR /Obj 70 0 R /Pg 3 0 R >>", b"/Pg 3 0 R /K [0 << /Type /OBJR /Obj 70 0 R >>]"
        )
    },
    "a new paragraph": {71: ENTERED[71].replace(b"/S /Form", b"/S /P")},
    "another object than the field": {71: ENTERED[71].replace(b"/Obj 70", b"/Obj 5")},
    "an old element once more": {31: TREE[31].replace(b"[33 0 R]", b"[33 0 R 71 0 R 33 0 R]")},
    "an element that means nothing": {71: b"<< /Type /StructElem /S /Form /P 31 0 R >>"},
    "an old number for the new element": {32: b"<< /Nums [0 71 0 R 1 71 0 R] >>"},
    "a number twice": {32: b"<< /Nums [0 [33 0 R] 0 71 0 R] >>"},
    "a number for an old element": {32: b"<< /Nums [0 [33 0 R] 1 33 0 R] >>"},
    "a number without an element": {32: b"<< /Nums [0 [33 0 R] 1] >>"},
    "another meaning of elements": {30: ENTERED[30].replace(b"/K", b"/RoleMap << /P /Artifact >> /K")},
    "classes of attributes": {30: ENTERED[30].replace(b"/K", b"/ClassMap << >> /K")},
    "another tree": {
        30: ENTERED[30].replace(b"/ParentTree 32 0 R", b"/ParentTree 72 0 R"),
        72: b"<< /Nums [0 [71 0 R]] >>",
    },
    "no tree": {30: b"null"},
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_else_comes_in_with_it(workshop, signed: bytes, attack: str) -> None:
    signature = later(workshop, signed, ATTACKS[attack])
    assert (signature.changes_after, signature.indication) == (ChangesAfter.SUSPICIOUS, Indication.INDETERMINATE)


def test_tree_may_not_change_without_a_new_field(workshop, signed: bytes) -> None:
    objects = {number: ENTERED[number] for number in (31, 71)}
    objects[71] = objects[71].replace(b"/Obj 70", b"/Obj 5")
    (signature,) = workshop.judge(workshop.write_pdf(objects, before=signed)).signatures
    assert signature.changes_after is ChangesAfter.SUSPICIOUS


def test_element_of_the_tree_that_a_page_draws_upon_is_a_changed_page(workshop) -> None:
    page = TREE[3].replace(b"/Resources << >>", b"/Resources << /Properties << /P 31 0 R >> >>")
    data = workshop.sign_with_pyhanko(workshop.write_pdf({**workshop.page, **TREE, 3: page}), workshop.signer)
    signature = later(workshop, data, {})
    assert "page-changed" in {change.code for change in signature.changes}
