"""The seal in the widget of a signature (ISO 32000-2, 12.5.5): upright and in real size on any page."""

import zlib

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing import errors
from signing.pdf.options import Frame, Glyphs, Picture, Place, Seal
from signing.pdf.page_box import Box, PageBox, page_box
from signing.pdf.reader import entry

_UPRIGHT = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
_TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfchar
{lines}
endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"""


def page_number(place: Place, pages: int) -> int:
    """Which page is meant in a document of so many: the last one where there are fewer."""
    return min(place.page, pages - 1) if place.page >= 0 else max(pages + place.page, 0)


def box_of(document: PdfHandler, number: int) -> PageBox:
    """The page of this number, from 0, as it is shown."""
    reference, _ = document.find_page_for_modification(number)
    return page_box(reference.get_object())


def page_of(document: PdfHandler, widget: generic.DictionaryObject, number: int) -> PageBox:
    """The page on which a widget stands, as it says; where it does not, the one of this number."""
    page = entry(widget, "/P")
    return page_box(page) if isinstance(page, generic.DictionaryObject) else box_of(document, number)


def seal_rectangle(page: PageBox, seal: Seal, place: Place) -> tuple[Box, bool]:
    """Where the seal stands on the page, and whether that is where it was put: else it was moved in from beyond the
    edge. Raises SealTooLarge."""
    room = page.size[0] - seal.width, page.size[1] - seal.height
    if min(room) < 0:
        raise errors.SealTooLarge
    left, top = min(max(place.left, 0.0), room[0]), min(max(place.top, 0.0), room[1])
    as_put = abs(left - place.left) < 0.05 and abs(top - place.top) < 0.05
    return page.rectangle(left, top, seal.width, seal.height), as_put


def draw_seal(
    writer: BasePdfFileWriter, widget: generic.DictionaryObject, seal: Seal, page: PageBox, *, practice: bool
) -> None:
    """Give the widget the seal for its look: as large as the seal is, in the middle of the rectangle of the widget."""
    corners = [float(each) for each in widget["/Rect"]]
    across, up = abs(corners[2] - corners[0]), abs(corners[3] - corners[1])
    if page.rotation % 180:
        across, up = up, across
    seen = Frame(0, 0, across, up).centred(seal.width / page.unit, seal.aspect)
    side = seen.width
    content = b"q %.4f 0 0 %.4f %.4f %.4f cm %s Q" % (side, side, seen.left, seen.top, drawing(seal, practice=practice))
    form = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): _numbers(0, 0, across, up),
            pdf_name("/Matrix"): _numbers(*_UPRIGHT[page.rotation], 0, 0),
            pdf_name("/Resources"): resources(writer, seal, practice=practice),
        },
        stream_data=content,
    )
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    if page.rotation:
        widget[pdf_name("/MK")] = generic.DictionaryObject({pdf_name("/R"): generic.NumberObject(page.rotation)})


def drawing(seal: Seal, *, practice: bool) -> bytes:
    """The content stream; with `practice` it says that the practice card signed."""
    return seal.practice_drawing if practice else seal.drawing


def resources(writer: BasePdfFileWriter, seal: Seal, *, practice: bool) -> generic.DictionaryObject:
    """The font and the picture that the content stream names."""
    resources = generic.DictionaryObject()
    if seal.glyphs and (practice or seal.text):
        font = writer.add_object(_font(writer, seal.glyphs))
        resources[pdf_name("/Font")] = generic.DictionaryObject({pdf_name("/S"): font})
    elif practice:
        plain = _dictionary(Type="/Font", Subtype="/Type1", BaseFont="/Helvetica-Bold")
        resources[pdf_name("/Font")] = generic.DictionaryObject({pdf_name("/H"): plain})
    if seal.picture:
        picture = writer.add_object(_picture(writer, seal.picture))
        resources[pdf_name("/XObject")] = generic.DictionaryObject({pdf_name("/P"): picture})
    return resources


# --- a composite font (ISO 32000-2, 9.7): each code is a CID


def _font(writer: BasePdfFileWriter, glyphs: Glyphs) -> generic.DictionaryObject:
    program = generic.StreamObject(stream_data=glyphs.program)
    program.compress()
    if glyphs.is_cff:
        program[pdf_name("/Subtype")] = pdf_name("/CIDFontType0C")
    else:
        program[pdf_name("/Length1")] = generic.NumberObject(len(glyphs.program))
    descriptor = _dictionary(Type="/FontDescriptor", FontName="/" + glyphs.name, Flags=4, ItalicAngle=0, StemV=80)
    descriptor |= _dictionary(Ascent=880, Descent=-120, CapHeight=700)
    descriptor[pdf_name("/FontBBox")] = _numbers(*glyphs.box)
    descriptor[pdf_name("/FontFile3" if glyphs.is_cff else "/FontFile2")] = writer.add_object(program)
    inner = _dictionary(Type="/Font", BaseFont="/" + glyphs.name, DW=1000)
    inner[pdf_name("/Subtype")] = pdf_name("/CIDFontType0" if glyphs.is_cff else "/CIDFontType2")
    inner[pdf_name("/FontDescriptor")] = writer.add_object(descriptor)
    inner[pdf_name("/CIDSystemInfo")] = generic.DictionaryObject(
        {
            pdf_name("/Registry"): pdf_string("Adobe"),
            pdf_name("/Ordering"): pdf_string("Identity"),
            pdf_name("/Supplement"): generic.NumberObject(0),
        }
    )
    if not glyphs.is_cff:
        inner[pdf_name("/CIDToGIDMap")] = pdf_name("/Identity")
    outer = _dictionary(Type="/Font", Subtype="/Type0", BaseFont="/" + glyphs.name, Encoding="/Identity-H")
    outer[pdf_name("/DescendantFonts")] = generic.ArrayObject([writer.add_object(inner)])
    outer[pdf_name("/ToUnicode")] = writer.add_object(_to_unicode(glyphs))
    return outer


def _to_unicode(glyphs: Glyphs) -> generic.StreamObject:
    lines = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in glyphs.characters]
    return generic.StreamObject(
        stream_data=_TO_UNICODE.format(count=len(lines), lines="\n".join(lines)).encode("ascii")
    )


# --- a picture (8.9.5)


def _picture(writer: BasePdfFileWriter, picture: Picture) -> generic.StreamObject:
    image = _image(picture, picture.rgb, "/DeviceRGB")
    if zlib.decompress(picture.alpha).strip(b"\xff"):  # somewhere it lets the page through
        image[pdf_name("/SMask")] = writer.add_object(_image(picture, picture.alpha, "/DeviceGray"))
    return image


def _image(picture: Picture, data: bytes, colours: str) -> generic.StreamObject:
    image = generic.StreamObject(encoded_data=data)
    image |= _dictionary(Type="/XObject", Subtype="/Image", Width=picture.width, Height=picture.height)
    image |= _dictionary(ColorSpace=colours, BitsPerComponent=8, Filter="/FlateDecode")
    return image


def _dictionary(**entries: str | int) -> generic.DictionaryObject:
    made = generic.DictionaryObject()
    for name, value in entries.items():
        made[pdf_name("/" + name)] = pdf_name(value) if isinstance(value, str) else generic.NumberObject(value)
    return made


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 4)) for value in values)
