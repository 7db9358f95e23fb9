"""Seals on pages of every kind: seen by poppler where they were put, in real size, and nothing of the file touched."""

import re
import subprocess
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from signing import Document, Profile, SignedFile, SigningBatch, SigningJob, Trust, errors, rehearse, verify
from signing.pdf.options import AS_USUAL, PdfOptions, Permission, Picture, Place, Seal
from signing.pdf.page_box import PageBox
from signing.pdf.seal import Shape, cut_name, cut_picture
from signing.pdf.seal_preview import seal_picture
from signing.pdf.typeface import FontFile, Typeface

NOW = datetime.fromisoformat("2026-11-22T21:00:00+09:00")
MINCHO = FontFile(Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"))
LATIN = FontFile(Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"))
RESOLUTION = 100  # pixels in an inch
VERMILION = (195, 51, 45)


@pytest.fixture(scope="module")
def yamada() -> Seal:
    return cut_name("山田", Shape.ROUND, [MINCHO])


def sign(path: Path, credential, options: PdfOptions, *, profile: Profile = Profile.PADES_B_B) -> Path:
    job = SigningJob.beside(Document.open(path), profile, practice=False, options=options)
    with SigningBatch([rehearse(job)], refuge=path.parent / "refuge", clock=lambda: NOW) as batch:
        (result,) = batch.sign(credential)
    assert isinstance(result, SignedFile), result
    return result.path


def inked(path: Path, page: int = 1) -> tuple[int, int, int, int] | None:
    """The rectangle, in pixels from the upper left corner, that holds all of the vermilion on a page."""
    command = ["pdftoppm", "-r", str(RESOLUTION), "-cropbox", "-f", str(page), "-l", str(page), path]
    header, pixels = re.fullmatch(rb"(P6\s+\d+ \d+\s+255\s)(.*)", subprocess.check_output(command), re.DOTALL).groups()
    width = int(header.split()[1])
    places = [
        divmod(place // 3, width)[::-1]
        for place in range(0, len(pixels), 3)
        if pixels[place] > 150 and pixels[place + 1] < 120 and pixels[place + 2] < 120
    ]
    if not places:
        return None
    across, down = zip(*places, strict=True)
    return min(across), min(down), max(across) + 1, max(down) + 1


def pixels(millimetres: float) -> float:
    return millimetres / 25.4 * RESOLUTION


def is_accepted(path: Path) -> bool:
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode
    report = verify(path, trust=Trust.default(), moment=NOW)
    ours = [(each.intact, each.changes_after.value) for each in report.signatures]
    return "Signature is Valid." in said and checked == 0 and set(ours) == {(True, "none")} and not report.problems


# --- where it stands


@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("crop", ["", "/CropBox [30 40 250 320]"])
def test_seal_is_upright_and_where_it_was_put_on_a_turned_or_cropped_page(
    make_pdf, credential, yamada: Seal, rotation: int, crop: str
) -> None:
    source = make_pdf(page=f"/MediaBox [10 10 290 400] {crop} /Rotate {rotation}")
    signed = sign(source, credential, PdfOptions(seal=yamada.sized(12), place=Place(0, 20, 30)))
    found = inked(signed)
    wanted = [pixels(each) for each in (20, 30, 32, 42)]
    assert found == pytest.approx(wanted, abs=1.6)
    assert signed.read_bytes().startswith(source.read_bytes())
    assert is_accepted(signed)


def test_real_size_on_a_page_with_a_unit_of_its_own(make_pdf, credential, yamada: Seal) -> None:
    signed = sign(
        make_pdf(page="/MediaBox [0 0 300 300] /UserUnit 2"),
        credential,
        PdfOptions(seal=yamada.sized(18), place=Place(0, 40, 60)),
    )
    (corners,) = re.findall(rb"/Rect \[\s*([^\]]+)\]", signed.read_bytes())
    x, y, far_x, far_y = (float(each) * 2 / 72 * 25.4 for each in corners.split())
    assert (x, far_x - x, far_y - y) == pytest.approx((40, 18, 18), abs=0.01)
    assert 300 * 2 / 72 * 25.4 - far_y == pytest.approx(60, abs=0.01)


@pytest.mark.parametrize(
    "page",
    ["", "/MediaBox [0 0 0 0]", "/MediaBox [null 1 2 (x)]", "/MediaBox [0 0 612 792] /CropBox [900 900 950 950]"],
)
def test_a_page_that_has_no_size_that_makes_sense(make_pdf, credential, yamada: Seal, page: str) -> None:
    signed = sign(make_pdf(page=page), credential, PdfOptions(seal=yamada, place=Place(0, 10, 10)))
    assert is_accepted(signed)


def test_beyond_the_edge_it_is_moved_in_and_told(make_pdf, yamada: Seal) -> None:
    options = PdfOptions(seal=yamada, place=Place(7, 500, 500))
    job = SigningJob.beside(Document.open(make_pdf(pages=2)), Profile.PADES_B_B, practice=False, options=options)
    assert [note.code for note in rehearse(job).notes] == ["seal-moved"]


def test_a_page_after_the_last_means_the_last(make_pdf, credential, yamada: Seal) -> None:
    for page in (-1, 9):
        signed = sign(make_pdf(pages=3), credential, PdfOptions(seal=yamada, place=Place(page, 10, 10)))
        assert (inked(signed, 1), inked(signed, 3) is not None) == (None, True)


def test_a_page_smaller_than_the_seal_is_refused_before_the_card(make_pdf, yamada: Seal) -> None:
    job = SigningJob.beside(
        Document.open(make_pdf(page="/MediaBox [0 0 40 40]")),
        Profile.PADES_B_B,
        practice=False,
        options=PdfOptions(seal=yamada),
    )
    with pytest.raises(errors.SealTooLarge):
        rehearse(job)


@pytest.mark.parametrize("annotations", ["(x)", "100 0 R", "42"])
def test_a_page_that_takes_no_widget_is_found_before_the_card(make_pdf, annotations: str) -> None:
    source = make_pdf(page=f"/MediaBox [0 0 300 300] /Annots {annotations}")
    with pytest.raises(errors.DocumentDamaged):
        rehearse(SigningJob.beside(Document.open(source), Profile.PADES_B_B, practice=False))


# --- what is on it


def test_the_font_is_embedded_as_a_subset_and_tells_what_it_says(make_pdf, credential, yamada: Seal) -> None:
    signed = sign(make_pdf(), credential, PdfOptions(seal=yamada))
    fonts = subprocess.run(["pdffonts", signed], capture_output=True, text=True, check=True).stdout
    assert re.search(r"[A-Z]{6}\+NotoSerifCJKjp-Bold +CID Type 0C +Identity-H +yes yes yes", fonts)
    assert len(signed.read_bytes()) < 60_000


def test_a_truetype_font_is_embedded_too(make_pdf, credential) -> None:
    with Typeface(LATIN) as face:
        glyphs, codes = face.embedded({face.glyph("S") or "": "S"})
    drawing = f"0.765 0.2 0.176 rg BT /S 1 Tf 1 0 0 1 0.1 0.1 Tm <{next(iter(codes.values())):04X}> Tj ET".encode()
    seal = Seal(18, 1, "S", drawing, b"", glyphs)
    signed = sign(make_pdf(), credential, PdfOptions(seal=seal))
    fonts = subprocess.run(["pdffonts", signed], capture_output=True, text=True, check=True).stdout
    assert re.search(r"[A-Z]{6}\+DejaVuSerif +CID TrueType +Identity-H +yes yes yes", fonts)
    assert inked(signed) is not None


def test_a_picture_lets_the_page_through_where_it_is_transparent(make_pdf, credential) -> None:
    red, half = bytes((195, 51, 45)) * 4, b"\xff\xff\0\0"
    seal = cut_picture(Picture(2, 2, zlib.compress(red), zlib.compress(half)), [MINCHO]).sized(20)
    left, top, right, bottom = inked(sign(make_pdf(), credential, PdfOptions(seal=seal, place=Place(0, 50, 50))))
    assert right - left == pytest.approx(pixels(20), abs=2)
    assert bottom - top == pytest.approx(pixels(10), abs=2)


@pytest.mark.parametrize(
    "text", ["佐々木", "勅使河原", "山田 太郎", "スーザン", "髙﨑 﨟", "SMITH", "J Smith", "葛\U000e0100城"]
)
def test_names_of_every_kind_can_be_cut(text: str) -> None:
    seal = cut_name(text, Shape.SQUARE, [MINCHO])
    said = {character for _, character in seal.glyphs.characters}
    assert set("".join(text.split())) <= {each for character in said for each in character}
    assert 0 not in {code for code, _ in seal.glyphs.characters}  # the empty box


def test_columns_go_from_right_to_left_and_signs_stand_upright() -> None:
    with Typeface(MINCHO) as face:
        assert face.glyph("ー") != face.glyph("ー", upright=True)
        assert face.glyph("ッ") != face.glyph("ッ", upright=True)
    seal = cut_name("山田 太郎", Shape.SQUARE, [MINCHO])
    places = re.findall(r"([\d.]+) ([\d.]+) Tm <(\w+)>", seal.drawing.decode())
    said = {f"{code:04X}": character for code, character in seal.glyphs.characters}
    where = {said[code]: (float(left), float(up)) for left, up, code in places}
    assert where["山"][0] > where["太"][0]
    assert where["山"][1] > where["田"][1]


def test_no_form_of_a_character_is_made_into_another(yamada: Seal) -> None:
    """U+FA19 is another form of U+795E: Unicode's normalisation would take it away from its owner."""
    seal = cut_name("\ufa19", Shape.ROUND, [MINCHO])
    assert "\ufa19" in {character for _, character in seal.glyphs.characters}
    assert cut_name("か\u3099", Shape.ROUND, [MINCHO]).text == "が"


@pytest.mark.parametrize("text", ["", "   ", "あ" * 11, "一二三四五六 七", "a b c d", "山\u202e田", "x" * 40])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(errors.SealTextUnsuitable):
        cut_name(text, Shape.ROUND, [MINCHO])


def test_a_missing_character_is_told_and_never_an_empty_box(tmp_path: Path) -> None:
    with pytest.raises(errors.SealGlyphMissing) as raised:
        cut_name("山\U0001f600", Shape.ROUND, [LATIN, MINCHO])
    assert raised.value.characters == "\U0001f600"
    with pytest.raises(errors.SealGlyphMissing):  # a form of the character that the font does not have
        cut_name("山\U000e01ef", Shape.ROUND, [MINCHO])
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0" + bytes(200))
    with pytest.raises(errors.SealFontMissing):
        cut_name("山", Shape.ROUND, [FontFile(broken), FontFile(tmp_path / "none.otf")])
    assert cut_name("山", Shape.ROUND, [FontFile(broken), LATIN, MINCHO]).text == "山"


# --- together with other things


def test_second_signer_puts_a_seal_beside_the_first(make_pdf, credential, issue, yamada: Seal) -> None:
    first = sign(make_pdf(), credential, PdfOptions(seal=yamada, place=Place(0, 20, 20)))
    second = sign(first, issue(), PdfOptions(seal=yamada, place=Place(0, 60, 20)))
    said = subprocess.run(["pdfsig", "-nocert", second], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 2
    left, _, right, _ = inked(second)
    assert right - left == pytest.approx(pixels(58), abs=2)
    report = verify(second, trust=Trust.default(), moment=NOW)
    assert [each.intact for each in report.signatures] == [True, True]
    assert "page-changed" not in {change.code for each in report.signatures for change in each.changes}


@pytest.mark.parametrize("permission", list(Permission))
def test_a_certification_forbids_what_it_says(
    make_pdf, credential, issue, yamada: Seal, permission: Permission
) -> None:
    certified = sign(make_pdf(), credential, PdfOptions(permission=permission, seal=yamada))
    assert is_accepted(certified)
    catalogue = certified.read_bytes()
    assert b"/DocMDP" in catalogue
    assert b"/P %d" % permission in catalogue
    again = SigningJob.beside(Document.open(certified), Profile.PADES_B_B, practice=False)
    if permission is Permission.NO_CHANGES:
        with pytest.raises(errors.ChangesNotPermitted):
            rehearse(again)
        return
    with pytest.raises(errors.SealNotPermitted):  # the verdict on the certification would suffer
        rehearse(replace(again, options=PdfOptions(seal=yamada)))
    second = sign(certified, issue(), AS_USUAL)
    report = verify(second, trust=Trust.default(), moment=NOW)
    assert [each.intact for each in report.signatures] == [True, True]
    assert "suspicious" not in {each.changes_after.value for each in report.signatures}


def test_only_the_first_signature_certifies(make_pdf, credential) -> None:
    signed = sign(make_pdf(), credential, AS_USUAL)
    options = PdfOptions(permission=Permission.FILL_FORMS)
    with pytest.raises(errors.CertificationNotFirst):
        rehearse(SigningJob.beside(Document.open(signed), Profile.PADES_B_B, practice=False, options=options))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_rectangle_is_seen_where_it_was_put(rotation: int) -> None:
    page = PageBox((10, 20, 605, 862), rotation, 0.7)
    seen = page.frame(page.rectangle(30, 40, 18, 12))
    assert (seen.left, seen.top, seen.width, seen.height) == pytest.approx((30, 40, 18, 12))


@pytest.mark.parametrize("height", [10, 100, 300])
def test_practice_is_written_beside_the_seal_and_hides_nothing_of_it(height: int) -> None:
    def ink(*, practice: bool) -> int:
        pixels = seal_picture(seal, 400, practice=practice).pixels  # blue, green, red and how much of it hides
        return sum(b < 60 and g < 60 and r > 180 and a > 200 for b, g, r, a in zip(*[iter(pixels)] * 4, strict=True))

    alpha = zlib.compress(b"\xff" * 100 * height)
    seal = cut_picture(Picture(100, height, zlib.compress(bytes([220, 30, 30]) * 100 * height), alpha), [MINCHO])
    size = 0.75 if height == 10 else 1 - 0.28 / (height / 100)
    assert ink(practice=True) == pytest.approx(ink(practice=False) * size**2, rel=0.05)
