"""Documents and updates put together at random: never more lenient than pyHanko, but by the rules that are named here.

And what is shown as clean looks the same as what was signed, in two renderers.
"""

import io
import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from signing.report import ChangesAfter, Verdict


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 300 300]"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>%s</x:xmpmeta>"
DRAW = b"q /X Do Q BT /F 20 Tf 10 200 Td (AB) Tj ET /OC /MC BDC 50 50 80 80 re f EMC /G gs 150 150 20 20 re f"
ALL_BLACK = b"0 0 300 300 re f"
# For each number the bodies that an object can have; the first is that of the document that is signed.
BODIES: dict[int, list[bytes]] = {
    1: [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /OCProperties 8 0 R /Metadata 20 0 R /PieceInfo 21 0 R >>",
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /OCProperties 8 0 R /Metadata 15 0 R >>",
    ],
    2: [b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Pages /Kids [23 0 R] /Count 1 >>"],
    3: [
        b"<< /Type /Page /Parent 2 0 R /MediaBox 22 0 R /Contents 4 0 R /Resources 11 0 R /Annots 27 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox 22 0 R /Contents [4 0 R 24 0 R] /Resources 11 0 R /Annots 27 0 R >>",
    ],
    4: [stream(DRAW), stream(ALL_BLACK)],
    5: [
        b"<< /FT /Tx /T (amount) /V (100) /Subtype /Widget /Rect [10 10 90 40] /AP << /N 14 0 R >> >>",
        b"<< /FT /Tx /T (amount) /V (999) /Subtype /Widget /Rect [10 10 90 40] /AP << /N 15 0 R >> >>",
        b"<< /FT /Tx /T (amount) /V (100) /Subtype /Widget /Rect [10 10 90 40] /AP << /N 14 0 R >> /NM (x) >>",
    ],
    6: [
        b"<< /FT /Sig /T (Empty) /Subtype /Widget /Rect [100 10 180 40] /AP << /N 16 0 R >> /P 3 0 R >>",
        b"<< /FT /Sig /T (Empty) /Subtype /Widget /Rect [100 10 180 40] /AP << /N 15 0 R >> /P 3 0 R >>",
    ],
    7: [
        b"<< /Fields [5 0 R 6 0 R] /SigFlags 3 /DR << /Font << /F 13 0 R >> >> >>",
        b"<< /Fields [5 0 R] /SigFlags 3 >>",
        b"<< /Fields [5 0 R 6 0 R] /SigFlags 3 /NeedAppearances true >>",
    ],
    8: [b"<< /OCGs [9 0 R] /D << /ON [9 0 R] >> >>", b"<< /OCGs [9 0 R] /D << /OFF [9 0 R] >> >>"],
    9: [b"<< /Type /OCG /Name (Layer) >>", b"<< /Type /OCMD /OCGs [] >>"],
    10: [
        b"<< /Type /Annot /Subtype /Stamp /Rect [200 200 290 290] /AP << /N 14 0 R >> /F 4 >>",
        b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 290 290] /AP << /N 15 0 R >> /F 4 >>",
    ],
    11: [b"<< /XObject 12 0 R /Font << /F 13 0 R >> /ExtGState << /G 26 0 R >> /Properties << /MC 9 0 R >> >>"],
    12: [b"<< /X 14 0 R >>", b"<< /X 15 0 R >>"],
    13: [b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>" % name for name in (b"Helvetica", b"Courier")],
    14: [stream(b"1 0 0 rg 0 0 80 30 re f", FORM), stream(ALL_BLACK, FORM)],
    15: [stream(ALL_BLACK, FORM)],
    16: [stream(b"0.5 g 0 0 40 30 re f", FORM), stream(ALL_BLACK, FORM)],
    20: [stream(XMP % each, b"/Type /Metadata /Subtype /XML") for each in (b"", b"<!-- another -->")],
    21: [b"<< /X 15 0 R >>", b"<< >>"],
    22: [b"[0 0 300 300]", b"[0 0 100 100]"],
    23: [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 24 0 R /Resources 11 0 R >>"],
    24: [stream(ALL_BLACK)],
    26: [b"<< /Type /ExtGState /ca 1 >>", b"<< /Type /ExtGState /ca 0.1 >>"],
    27: [b"[5 0 R 6 0 R 10 0 R]", b"[5 0 R 6 0 R]", b"[10 0 R 6 0 R 5 0 R]"],
    50: [b"(new)", stream(ALL_BLACK, FORM)],
}
EVERY_BODY = sorted({body for bodies in BODIES.values() for body in bodies})


@st.composite
def updates(draw: st.DrawFn) -> list[dict[int, bytes]]:
    """One or two revisions; mostly what an object could be, sometimes what another one is."""

    def body(number: int) -> bytes:
        own = BODIES[number]
        return draw(st.sampled_from(own) if draw(st.integers(0, 4)) else st.sampled_from(EVERY_BODY))

    numbers = st.lists(st.sampled_from(sorted(BODIES)), min_size=1, max_size=3, unique=True)
    return [{number: body(number) for number in draw(numbers)} for _ in range(draw(st.integers(1, 2)))]


@pytest.fixture(scope="module")
def signed(workshop) -> bytes:
    return workshop.sign_with_pyhanko(
        workshop.write_pdf({number: bodies[0] for number, bodies in BODIES.items() if number < 50}), workshop.signer
    )


def updated(workshop, signed: bytes, revisions: list[dict[int, bytes]]) -> bytes:
    for objects in revisions:
        kept = {number: rewritten(signed, number, body) for number, body in objects.items()}
        signed = workshop.write_pdf(kept, before=signed)
    return signed


def rewritten(signed: bytes, number: int, body: bytes) -> bytes:
    """What the signer wrote into form and page stays in them, as an honest program would leave it."""
    latest = re.findall(rb"\n%d 0 obj\s*(.*?)\s*endobj" % number, signed, re.DOTALL)
    return latest[-1] if latest and number in (1, 3, 7, 27) and body == BODIES[number][0] else body


def pyhanko_is_content(workshop, data: bytes) -> bool:
    """Whether its default policy finds nothing wrong with what came after."""
    from asn1crypto import x509

    reader = PdfFileReader(io.BytesIO(data), strict=False)
    context = ValidationContext(trust_roots=[x509.Certificate.load(workshop.root.der)], moment=workshop.now)
    status = validate_pdf_signature(reader.embedded_signatures[0], context)
    return bool(status.intact and status.valid and not isinstance(status.diff_result, SuspiciousModification))


def shown(workshop, data: bytes) -> tuple[bytes, bytes]:
    """The first page in two renderers."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    path = workshop.directory / "shown.pdf"
    path.write_bytes(data)
    poppler = subprocess.run(["pdftoppm", "-r", "36", path], capture_output=True, check=True).stdout
    return bytes(document[0].render(scale=0.5).buffer), poppler


# What is harmless here and not for pyHanko: no page draws upon it.
NAMED_RULES = {
    "an object to which nothing leads": {50, 23, 24},
    "what programs keep for themselves (/PieceInfo, and what only that leads to)": {15, 21},
    "a name or a date of a field, or the order in which fields are said": {5},
    "metadata of the document": {20, 1},
}


@settings(max_examples=100, derandomize=True)
@given(revisions=updates())
def test_what_is_clean_looks_as_it_did_and_is_clean_for_pyhanko_too(workshop, signed: bytes, revisions) -> None:
    data = updated(workshop, signed, revisions)
    report = workshop.judge(data)
    if report.verdict is not Verdict.PASSED:
        return
    (signature,) = report.signatures
    assert signature.changes_after is ChangesAfter.ALLOWED
    assert shown(workshop, data) == shown(workshop, signed)
    if not pyhanko_is_content(workshop, data):
        changed = {number for objects in revisions for number, body in objects.items() if body != BODIES[number][0]}
        assert changed <= set().union(*NAMED_RULES.values())
