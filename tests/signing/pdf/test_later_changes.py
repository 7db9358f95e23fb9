"""What came after a signature is told by what it changed; no way to change what one sees is told as harmless."""

import io
import re
import subprocess
import zlib

import pytest

from signing.report import Change, ChangesAfter, Indication, Verdict

CONTENT = b"<< /Length 22 >>\nstream\n9 9 m 100 100 l S % XX\nendstream"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents %s /Resources << %s >> %s >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> %s >>"
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
    b"<!--%s--></x:xmpmeta>"
)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def told(signature) -> dict[str, Change]:
    return {change.code: change for change in signature.changes}


def first(workshop, data: bytes):
    return next(each for each in workshop.judge(data).signatures if each.name == "Signature1")


def latest(data: bytes, number: int) -> bytes:
    """The last version of an object, as it stands there."""
    return re.findall(rb"\n%d 0 obj\s*(.*?)\s*endobj" % number, data, re.DOTALL)[-1]


@pytest.fixture(scope="module")
def signed(workshop):
    """Sign the usual page with these objects in place of, or besides, its own."""

    def make(objects: dict[int, bytes] | None = None, **how: object) -> bytes:
        return workshop.sign_with_pyhanko(
            workshop.write_pdf({**workshop.page, **(objects or {})}), workshop.signer, **how
        )

    return make


def assert_suspicious(workshop, data: bytes, *codes: str) -> None:
    signature = first(workshop, data)
    assert signature.intact is True  # otherwise this would prove nothing
    assert signature.changes_after is ChangesAfter.SUSPICIOUS
    assert signature.indication is Indication.INDETERMINATE
    assert set(codes) <= told(signature).keys()


# --- the content of a page


def two_pages() -> dict[int, bytes]:
    return {
        2: b"<< /Type /Pages /Kids [3 0 R 20 0 R] /Count 2 >>",
        20: PAGE % (b"21 0 R", b"/Font << /F 22 0 R >>", b""),
        21: stream(b"BT /F 9 Tf (second) Tj ET"),
        22: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }


@pytest.mark.parametrize(
    "change",
    [
        {21: stream(b"BT /F 9 Tf (another) Tj ET")},
        {22: b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"},
        {20: PAGE % (b"50 0 R", b"/Font << /F 22 0 R >>", b""), 50: stream(b"other")},
        {20: PAGE % (b"21 0 R", b"/Font << /F 22 0 R >>", b"/Rotate 180")},
    ],
)
def test_page_is_named_by_its_number(workshop, signed, change: dict[int, bytes]) -> None:
    signature = first(workshop, workshop.write_pdf(change, before=signed(two_pages())))
    assert signature.changes == (Change("page-changed", 1, (2,)),)
    assert signature.changes_after is ChangesAfter.SUSPICIOUS


def test_content_that_two_pages_share_concerns_both(workshop, signed) -> None:
    shared = {**two_pages(), 20: PAGE % (b"4 0 R", b"", b"")}
    assert first(workshop, workshop.write_pdf({4: CONTENT}, before=signed(shared))).changes == (
        Change("page-changed", 2, (1, 2)),
    )


def test_page_changed_for_a_while_and_changed_back_is_told(workshop) -> None:
    swapped = workshop.write_pdf({4: CONTENT}, before=workshop.signed)
    between = workshop.sign_with_pyhanko(swapped, workshop.signer, "Second")
    back = workshop.write_pdf({4: workshop.page[4]}, before=between)
    for data in (between, back):
        assert_suspicious(workshop, data, "page-changed", "signed-again")
    assert_suspicious(workshop, workshop.write_pdf({4: workshop.page[4]}, before=swapped), "page-changed")


def test_length_that_stands_apart_is_part_of_the_content(workshop, signed) -> None:
    content = workshop.page[4].replace(b"/Length 22", b"/Length 30 0 R")
    data = signed({4: content, 30: b"22"})
    assert_suspicious(workshop, workshop.write_pdf({30: b"9"}, before=data))


# --- shadow attacks: what is shown later was prepared before


def test_content_that_the_signer_could_not_see_yet_is_told(workshop, signed) -> None:
    """A reference to nothing, which a later revision fills."""
    data = signed({3: PAGE % (b"[4 0 R 900 0 R]", b"", b"")})
    assert_suspicious(workshop, workshop.write_pdf({900: CONTENT}, before=data), "page-changed")


def test_number_beyond_what_a_later_revision_declares_is_not_new(workshop) -> None:
    """A size that shrinks makes an old object look as if it had not been there."""
    data = workshop.write_pdf({60: b"(nothing)"}, before=workshop.signed)
    start, end = data.rindex(b"/Size"), data.rindex(b"/Root")
    shrunk = data[:start] + b"/Size 1".ljust(end - start) + data[end:]
    assert_suspicious(workshop, workshop.write_pdf({4: CONTENT}, before=shrunk), "page-changed")


def test_pages_that_were_prepared_unseen_are_told(workshop, signed) -> None:
    """Hide and replace: both documents are signed, a new catalogue or a new trailer chooses the other."""
    other = {
        41: b"<< /Type /Pages /Kids [42 0 R] /Count 1 >>",
        42: PAGE % (b"43 0 R", b"", b""),
        43: CONTENT,
    }
    data = signed(other)
    catalog = latest(data, 1).replace(b"/Pages 2 0 R", b"/Pages 41 0 R")
    assert_suspicious(workshop, workshop.write_pdf({1: catalog}, before=data))
    moved = workshop.write_pdf({80: catalog}, before=data)
    assert_suspicious(workshop, data + moved[len(data) :].replace(b"/Root 1 0 R", b"/Root 80 0 R"))


def test_freed_object_is_told(workshop) -> None:
    """Hide: what lay over the content is taken away."""
    data = workshop.write_pdf({60: b"(nothing)"}, before=workshop.signed)
    table = data.rindex(b"xref\n60 1")
    assert_suspicious(
        workshop, data[:table] + re.sub(rb"60 1\n.{18}", b"4 1\n0000000000 00001 f", data[table:], count=1)
    )


# --- tricks with cross references


def test_other_generation_of_a_number_is_told(workshop) -> None:
    data = workshop.write_pdf({4: CONTENT}, before=workshop.signed)
    update = data[len(workshop.signed) :].replace(b"4 0 obj", b"4 1 obj").replace(b" 00000 n", b" 00001 n")
    assert_suspicious(workshop, workshop.signed + update)


def test_second_entry_for_a_number_is_told(workshop) -> None:
    """Of two entries, some readers take the first and some the last, which here is the same as before."""
    data = workshop.write_pdf({4: CONTENT}, before=workshop.signed)
    old = workshop.signed.index(b"\n4 0 obj") + 1
    table = data.rindex(b"trailer")
    twice = data[:table] + b"4 1\n%010d 00000 n \n" % old + data[table:]
    assert_suspicious(workshop, twice)


def test_hybrid_update_is_told(workshop) -> None:
    data = workshop.signed
    entries = b"\x01" + (len(data) + 1).to_bytes(4, "big") + b"\x00"
    content = b"\n4 0 obj\n%s\nendobj\n" % CONTENT
    hidden = len(data) + len(content)
    body = b"/Type /XRef /Size 61 /Index [4 1] /W [1 4 1] /Root 1 0 R"
    content += b"60 0 obj\n%s\nendobj\n" % stream(entries, body)
    table = workshop.cross_references(
        {}, 61, previous=workshop.start_of_references(data), trailer=b"/XRefStm %d" % hidden
    ).replace(b"xref\n", b"xref\n0 0\n")
    start = len(data) + len(content)
    assert_suspicious(workshop, data + content + table + b"startxref\n%d\n%%%%EOF\n" % start)


@pytest.fixture(scope="module")
def packed(workshop) -> bytes:
    """Signed, with its objects in an object stream."""
    source, output = workshop.directory / "source.pdf", workshop.directory / "packed.pdf"
    source.write_bytes(workshop.unsigned)
    options = ["--object-streams=generate", "--compress-streams=n", "--stream-data=preserve"]
    subprocess.run(["qpdf", *options, source, output], check=True)
    return workshop.sign_with_pyhanko(output.read_bytes(), workshop.signer)


def rewritten(workshop, data: bytes, number: int, body: bytes) -> bytes:
    """One more revision, with a cross-reference stream, that writes this object."""
    start = len(data) + 1
    content = b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    end = len(data) + len(content)
    entries = b"".join(b"\x01" + place.to_bytes(4, "big") + b"\x00" for place in (start, end))
    keys = b"/Type /XRef /Size 91 /Index [%d 1 90 1] /W [1 4 1] /Root %s /Prev %d" % (
        number,
        re.findall(rb"/Root (\d+ 0 R)", data)[-1],
        workshop.start_of_references(data),
    )
    content += b"90 0 obj\n%s\nendobj\n" % stream(entries, keys)
    return data + content + b"startxref\n%d\n%%%%EOF\n" % end


def content_of_object_stream(data: bytes) -> tuple[int, int, int, bytes]:
    found = re.search(
        rb"(\d+) 0 obj\s*<<[^>]*/ObjStm[^>]*/N (\d+) /First (\d+) >>\s*stream\n(.*?)endstream", data, re.DOTALL
    )
    return int(found[1]), int(found[2]), int(found[3]), zlib.decompressobj().decompress(found[4])


def test_object_stream_written_anew_is_told(workshop, packed: bytes) -> None:
    """What lies in it changes although no cross reference names it."""
    number, count, start, content = content_of_object_stream(packed)
    changed = content.replace(b"[ 0 0 300 300 ]", b"[ 0 0 100 100 ]")
    assert changed != content
    body = stream(changed, b"/Type /ObjStm /N %d /First %d" % (count, start))
    assert_suspicious(workshop, rewritten(workshop, packed, number, body))


def test_object_taken_out_of_an_object_stream_is_compared_too(workshop, packed: bytes) -> None:
    numbers = content_of_object_stream(packed)[3]
    content = int(re.search(rb"/Contents (\d+) 0 R", numbers)[1])
    page = int(re.search(rb"/Kids \[ (\d+) 0 R", numbers)[1])
    assert_suspicious(workshop, rewritten(workshop, packed, content, CONTENT), "page-changed")
    other = PAGE % (b"%d 0 R" % content, b"", b"/Rotate 90")
    assert_suspicious(workshop, rewritten(workshop, packed, page, other), "page-changed")


def test_number_of_an_old_cross_reference_stream_may_be_used_again(workshop, packed: bytes) -> None:
    """Nothing leads there by number."""
    once = rewritten(workshop, packed, 80, b"(nothing)")
    again = rewritten(workshop, once, 81, b"(nothing)")
    assert first(workshop, again).changes_after is ChangesAfter.ALLOWED
    shown = rewritten(workshop, once, 80, b"(something)")
    assert first(workshop, shown).changes_after is ChangesAfter.SUSPICIOUS


def test_trailer_that_leaves_out_what_readers_need_is_told(workshop) -> None:
    data = workshop.write_pdf({60: b"(nothing)"}, before=workshop.signed)
    update = data[len(workshop.signed) :]
    assert_suspicious(workshop, workshop.signed + update.replace(b"/Root 1 0 R", b"/Info 1 0 R"))
    encrypted = workshop.judge(workshop.signed + update.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 60 0 R"))
    assert encrypted.verdict is Verdict.UNREADABLE


def test_two_values_for_one_key_are_told(workshop, signed) -> None:
    """Some readers take the first, some the last: what the last leads to must not count as unreached."""
    data = signed({3: (PAGE % (b"4 0 R", b"", b"/Contents 30 0 R")), 30: b"null"})
    assert_suspicious(workshop, workshop.write_pdf({30: CONTENT}, before=data))


# --- one object in two parts: what is harmless in one changes the other


@pytest.mark.parametrize(
    ("objects", "change"),
    [
        ({1: CATALOG % b"/Metadata 4 0 R", 4: stream(XMP % b"")}, {4: stream(XMP % b"x")}),
        ({1: CATALOG % b"/DSS << /Certs [4 0 R] >>"}, {4: CONTENT}),
        ({1: CATALOG % b"/PieceInfo << /X 4 0 R >>"}, {4: CONTENT}),
        (
            {1: CATALOG % b"/Metadata 30 0 R", 3: PAGE % (b"4 0 R", b"/XObject 1 0 R", b""), 30: stream(XMP % b"")},
            {30: stream(XMP % b"y")},
        ),
        (
            {5: b"<< /FT /Tx /T (a) /V (b) /Subtype /Widget /Rect [0 0 9 9] /AP << /N 4 0 R >> >>"},
            {4: CONTENT},
        ),
        ({3: PAGE % (b"4 0 R", b"/XObject 5 0 R", b"")}, {5: b"<< /FT /Tx /T (amount) /V (999) /Subtype /Widget >>"}),
        ({3: PAGE % (b"4 0 R", b"/Properties << /P 30 0 R >>", b""), 30: b"<< /X 1 >>"}, {30: b"<< /X 2 >>"}),
    ],
)
def test_object_that_a_page_uses_too_is_told(workshop, signed, objects: dict, change: dict) -> None:
    assert_suspicious(workshop, workshop.write_pdf(change, before=signed(objects)))


# --- what is laid over a page


def test_annotation_is_told_with_its_page(workshop, signed) -> None:
    note = {
        20: PAGE % (b"21 0 R", b"/Font << /F 22 0 R >>", b"/Annots [50 0 R]"),
        50: b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 300 300] /Contents (999 yen) >>",
    }
    assert first(workshop, workshop.write_pdf(note, before=signed(two_pages()))).changes == (
        Change("annotated", 1, (2,)),
    )


def test_annotation_taken_away_or_drawn_anew_is_told(workshop, signed) -> None:
    annotated = {
        3: PAGE % (b"4 0 R", b"", b"/Annots [30 0 R]"),
        30: b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 31 0 R >> >>",
        31: stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"),
    }
    data = signed(annotated)
    page = latest(data, 3)
    assert_suspicious(workshop, workshop.write_pdf({3: page.replace(b"30 0 R", b"")}, before=data), "page-changed")
    drawn = {31: stream(b"0 0 300 300 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 300 300]")}
    assert_suspicious(workshop, workshop.write_pdf(drawn, before=data), "annotated")
    hidden = {30: annotated[30].replace(b"/Rect", b"/F 2 /Rect")}
    assert_suspicious(workshop, workshop.write_pdf(hidden, before=data), "annotated")


# --- the form


def new_field(entries: bytes, data: bytes, page: bytes = b"") -> dict[int, bytes]:
    """A field 50 in the form, and on the page."""
    catalog = re.sub(rb"/Fields \[", b"/Fields [50 0 R ", latest(data, 1))
    objects = {1: catalog, 50: entries, 51: stream(b"0 0 300 300 re f", b"/Type /XObject /Subtype /Form")}
    return {**objects, 3: latest(data, 3).replace(b"/Annots [", b"/Annots [50 0 R ")} if page else objects


@pytest.mark.parametrize(
    "entries",
    [
        b"<< /FT /Sig /T (New) /Subtype /Widget /Rect [0 0 300 300] /AP << /N 51 0 R >> /P 3 0 R >>",
        b"<< /FT /Sig /T (New) /Kids [52 0 R] >>",
        b"<< /FT /Tx /T (New) /V (999 yen) /Subtype /Widget /Rect [0 0 300 300] >>",
        b"<< /FT /Sig /T (Signature1) /Subtype /Widget /Rect [0 0 0 0] >>",
        b"<< /FT /Sig /T (New) /Subtype /Widget /Rect [0 0 0 0] /AA << /O << /S /JavaScript /JS (x) >> >> >>",
        b"<< /FT /Sig /T (New) /V 4 0 R /Subtype /Widget /Rect [0 0 0 0] >>",
        b"<< /T (amount) /Kids [5 0 R] >>",
        b"(no field)",
    ],
)
def test_field_that_is_no_mere_place_for_a_signature_is_told(workshop, entries: bytes) -> None:
    data = workshop.signed
    assert_suspicious(workshop, workshop.write_pdf(new_field(entries, data), before=data))


def test_picture_by_nobody_is_told_with_its_page(workshop) -> None:
    """A sneaky signature: a field with an appearance and no signature lies over the page."""
    entries = b"<< /FT /Sig /T (New) /Subtype /Widget /Rect [0 0 300 300] /AP << /N 51 0 R >> /P 3 0 R >>"
    data = workshop.write_pdf(new_field(entries, workshop.signed, b"3"), before=workshop.signed)
    assert told(first(workshop, data))["annotated"].pages == (1,)


def test_empty_invisible_place_for_a_signature_is_harmless(workshop) -> None:
    entries = b"<< /FT /Sig /T (New) /Subtype /Widget /Rect [0 0 0 0] >>"
    data = workshop.write_pdf(new_field(entries, workshop.signed), before=workshop.signed)
    assert first(workshop, data).changes_after is ChangesAfter.ALLOWED


def test_garbage_in_place_of_a_signature_is_an_alteration(workshop) -> None:
    entries = b"<< /FT /Sig /T (New) /V 53 0 R /Subtype /Widget /Rect [0 0 300 300] /AP << /N 51 0 R >> /P 3 0 R >>"
    objects = new_field(entries, workshop.signed, b"3")
    objects[53] = b"<< /Type /Sig /Filter /X /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>"
    signature = first(workshop, workshop.write_pdf(objects, before=workshop.signed))
    assert signature.indication is Indication.INDETERMINATE
    assert "form-filled" in told(signature)


def on_the_page_only(workshop, entries: bytes) -> bytes:
    """A field that the form does not know, as some programs leave their signatures."""
    page = latest(workshop.signed, 3).replace(b"/Annots [", b"/Annots [50 0 R ")
    assert b"50 0 R" in page
    value = b"<< /Type /Sig /Filter /X /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>"
    return workshop.write_pdf({3: page, 50: entries, 53: value}, before=workshop.signed)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (b"<< /FT /Sig /T (New) /V 53 0 R /Subtype /Widget /Rect [0 0 300 300] >>", "form-filled"),
        (b"<< /FT /Sig /T (New) /Subtype /Widget /Rect [0 0 300 300] >>", "annotated"),
        (b"<< /FT /Sig /T (Signature1) /V 53 0 R /Subtype /Widget /Rect [0 0 300 300] >>", "unclassified"),
        (b"<< /FT /Sig /T (New) /V 53 0 R /AA << >> /Subtype /Widget /Rect [0 0 300 300] >>", "unclassified"),
        (b"<< /FT /Sig /T (New) /V 4 0 R /Subtype /Widget /Rect [0 0 300 300] >>", "unclassified"),
        (b"<< /FT /Tx /T (New) /V (999) /Subtype /Widget /Rect [0 0 300 300] >>", "annotated"),
    ],
)
def test_what_only_looks_like_a_signature_on_a_page_is_an_alteration(workshop, entries: bytes, code: str) -> None:
    signature = first(workshop, on_the_page_only(workshop, entries))
    assert signature.indication is Indication.INDETERMINATE
    assert code in told(signature)


@pytest.mark.parametrize(
    "change",
    [
        (rb"/Fields \[.*?\]", b"/Fields [5 0 R]"),
        (rb"/Fields \[.*?\]", b"/Fields []"),
        (rb"/SigFlags 3", b"/SigFlags 3 /NeedAppearances true"),
        (rb"/SigFlags 3", b"/SigFlags 3 /XFA (x)"),
        (rb"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>"),
        (rb"/Type /Catalog", b"/Type /Catalog /Names << /JavaScript << /Names [(x) 60 0 R] >> >>"),
        (rb"/Type /Catalog", b"/Type /Catalog /OCProperties << /OCGs [] /D << >> >>"),
        (rb"/Pages 2 0 R", b"/Pages 3 0 R"),
    ],
)
def test_entry_of_the_catalogue_that_can_change_what_one_sees_is_told(workshop, change: tuple[bytes, bytes]) -> None:
    data = workshop.signed
    catalog = re.sub(*change, latest(data, 1), flags=re.DOTALL)
    assert catalog != latest(data, 1)
    assert_suspicious(workshop, workshop.write_pdf({1: catalog}, before=data), "unclassified")


def test_pages_put_in_or_taken_away_are_told(workshop, signed) -> None:
    data = signed(two_pages())
    fewer = {2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}
    more = {2: b"<< /Type /Pages /Kids [3 0 R 20 0 R 50 0 R] /Count 3 >>", 50: PAGE % (b"4 0 R", b"", b"")}
    for change in (fewer, more):
        assert_suspicious(workshop, workshop.write_pdf(change, before=data), "unclassified")


def test_fields_are_counted_once_however_often_they_are_filled(workshop, signed) -> None:
    form = {1: CATALOG.replace(b"[5 0 R]", b"[5 0 R 30 0 R]") % b"", 30: workshop.page[5].replace(b"amount", b"name")}
    data = signed(form)
    for value in (b"1", b"2", b"100 yen"):
        data = workshop.write_pdf({5: workshop.page[5].replace(b"100 yen", value)}, before=data)
    signature = first(workshop, workshop.write_pdf({30: form[30].replace(b"100 yen", b"Taro")}, before=data))
    assert (signature.changes, signature.changes_after) == ((Change("form-filled", 2),), ChangesAfter.ALLOWED)
    assert signature.indication is Indication.INDETERMINATE


def test_appearance_of_a_field_drawn_anew_is_a_filled_field(workshop, signed) -> None:
    field = b"<< /FT /Tx /T (amount) /V (100 yen) /Subtype /Widget /Rect [0 0 90 20] /AP << /N 30 0 R >> >>"
    data = signed({5: field, 30: stream(b"(100 yen) Tj", b"/Subtype /Form")})
    drawn = workshop.write_pdf({30: stream(b"(999 yen) Tj", b"/Subtype /Form")}, before=data)
    assert first(workshop, drawn).changes == (Change("form-filled", 1),)


def test_font_of_the_fields_exchanged_is_told_and_one_more_is_not(workshop, signed) -> None:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>"
    form = b"/DR << /Font 31 0 R >> /SigFlags"
    data = signed({1: CATALOG.replace(b"/SigFlags", form) % b"", 30: font % b"Courier", 31: b"<< /F 30 0 R >>"})
    assert_suspicious(workshop, workshop.write_pdf({30: font % b"Symbol"}, before=data))
    assert_suspicious(workshop, workshop.write_pdf({31: b"<< /F 50 0 R >>", 50: font % b"Symbol"}, before=data))
    more = workshop.write_pdf({31: b"<< /F 30 0 R /G 50 0 R >>", 50: font % b"Symbol"}, before=data)
    assert first(workshop, more).changes_after is ChangesAfter.ALLOWED


def test_value_of_an_earlier_signature_exchanged_is_told(workshop) -> None:
    twice = workshop.sign_with_pyhanko(workshop.signed, workshop.signer, "Second")
    number = int(re.findall(rb"/V (\d+) 0 R", twice)[-1])
    copied = latest(twice, number).replace(b"/Reason", b"/Other") + b"\n"
    report = workshop.judge(workshop.write_pdf({number: copied.replace(b"/M (", b"/M  (x")}, before=twice))
    assert {signature.changes_after for signature in report.signatures} == {ChangesAfter.SUSPICIOUS}


# --- prepared in one revision, used in the next


def test_what_nothing_leads_to_is_looked_at_once_something_does(workshop) -> None:
    prepared = workshop.write_pdf({50: CONTENT}, before=workshop.signed)
    assert first(workshop, prepared).changes_after is ChangesAfter.ALLOWED
    page = latest(workshop.signed, 3).replace(b"/Contents 4 0 R", b"/Contents 50 0 R")
    assert_suspicious(workshop, workshop.write_pdf({3: page}, before=prepared), "page-changed")
    assert_suspicious(workshop, workshop.write_pdf({50: stream(b"x")}, before=prepared))


# --- certified, locked


def test_certification_and_lock_are_held_against_what_came(workshop, signed) -> None:
    from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec

    certified = signed(certify=True)
    again = workshop.sign_with_pyhanko(certified, workshop.signer, "Second")
    assert first(workshop, again).changes_after is ChangesAfter.ALLOWED
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, ["amount"])
    locked = visibly_signed(workshop, workshop.unsigned, SigFieldSpec("Signature1", field_mdp_spec=lock))
    filled = {5: workshop.page[5].replace(b"100 yen", b"999 yen")}
    assert_suspicious(workshop, workshop.write_pdf(filled, before=locked), "not-permitted", "form-filled")


def test_visible_field_after_a_certification_is_not_permitted(workshop, signed) -> None:
    from pyhanko.sign.fields import SigFieldSpec

    certified = signed(certify=True)
    again = visibly_signed(workshop, certified, SigFieldSpec("Seen", box=(10, 10, 200, 200)))
    assert_suspicious(workshop, again, "not-permitted", "signed-again")


def visibly_signed(workshop, data: bytes, spec: object) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    meta = signers.PdfSignatureMetadata(field_name=spec.sig_field_name)
    signer = signers.PdfSigner(meta, signer=workshop.signer.signer(), new_field_spec=spec)
    return signer.sign_pdf(writer).getvalue()


# --- harmless


def test_visible_second_signature_is_no_alteration(workshop) -> None:
    from pyhanko.sign.fields import SigFieldSpec

    signature = first(workshop, visibly_signed(workshop, workshop.signed, SigFieldSpec("Seen", box=(10, 10, 200, 200))))
    changes = (Change("signed-again"), Change("signature-shown", pages=(1,)))
    assert (signature.indication, signature.changes) == (Indication.TOTAL_PASSED, changes)


def test_picture_that_fills_a_prepared_place_is_told_with_its_page(workshop) -> None:
    """A sneaky signature: the place was there, empty; what a later signer shows in it was not."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    place = SigFieldSpec("Seen", box=(10, 10, 200, 200))
    writer = IncrementalPdfFileWriter(io.BytesIO(workshop.unsigned), strict=False)
    append_signature_field(writer, place)
    prepared = io.BytesIO()
    writer.write(prepared)
    signed = workshop.sign_with_pyhanko(prepared.getvalue(), workshop.signer, "Signature1")
    assert first(workshop, signed).changes == ()
    again = workshop.sign_with_pyhanko(signed, workshop.signer, "Seen")
    changes = (Change("signed-again"), Change("signature-shown", pages=(1,)))
    assert first(workshop, again).changes == changes


@pytest.mark.parametrize(
    ("objects", "change"),
    [
        ({1: CATALOG % b"/Metadata 30 0 R", 30: stream(XMP % b"a")}, {30: stream(XMP % b"b")}),
        ({1: CATALOG % b"/DSS << /Certs [30 0 R] >>", 30: stream(b"1")}, {30: stream(b"2")}),
        ({}, {4: b"<< /Length 22 >>\nstream\n0 0 m 100 100 l S % AB\nendstream"}),
        ({}, {60: CONTENT}),
    ],
)
def test_what_no_page_shows_is_harmless(workshop, signed, objects: dict, change: dict) -> None:
    signature = first(workshop, workshop.write_pdf(change, before=signed(objects)))
    assert (signature.changes_after, signature.indication) == (ChangesAfter.ALLOWED, Indication.TOTAL_PASSED)


@pytest.mark.parametrize(
    "change",
    [
        (rb"/SigFlags 3", b"/SigFlags 1"),
        (rb"/SigFlags 3", b"/SigFlags 3 /DA (/Helv 0 Tf) /DR << /Font << /Helv 50 0 R >> >>"),
        (rb"/SigFlags 3", b"/SigFlags 3 /NeedAppearances false"),
        (rb"/Type /Catalog", b"/Type /Catalog /MarkInfo << /Marked false >> /PieceInfo << /X << >> >>"),
    ],
)
def test_what_signing_programs_add_is_harmless(workshop, change: tuple[bytes, bytes]) -> None:
    data = workshop.signed
    catalog = re.sub(*change, latest(data, 1))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    signature = first(workshop, workshop.write_pdf({1: catalog, 50: font}, before=data))
    assert (signature.changes_after, signature.indication) == (ChangesAfter.ALLOWED, Indication.TOTAL_PASSED)
