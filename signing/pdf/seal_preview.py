"""What a seal will look like, and the page it goes onto, drawn by PDFium; the seal from its very appearance."""

import io

import pypdfium2
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing import errors
from signing.document import Document
from signing.pdf.appearance import box_of, drawing, page_number, resources
from signing.pdf.field import empty_fields
from signing.pdf.options import Place, Seal, Sheet
from signing.pdf.page_box import Box, box_in
from signing.pdf.pages import Picture, opened_pages
from signing.pdf.reader import entry, open_reader


def seal_picture(seal: Seal, width: int, *, practice: bool) -> Picture:
    """The seal `width` pixels wide; the last of the four bytes of a pixel tells how much of it hides the page."""
    with pypdfium2.PdfDocument(_page(seal, practice=practice)) as pdf:
        page = pdf[0]
        bitmap = page.render(scale=width / page.get_width(), fill_color=(255, 255, 255, 0), prefer_bgrx=False)
        return Picture(bitmap.width, bitmap.height, bytes(bitmap.buffer))


def _page(seal: Seal, *, practice: bool) -> bytes:
    writer = PdfFileWriter()
    side = 100.0
    content = StreamObject(stream_data=b"q %.1f 0 0 %.1f 0 0 cm %s Q" % (side, side, drawing(seal, practice=practice)))
    box = (0, 0, side, side * seal.aspect)
    page = PageObject(contents=writer.add_object(content), media_box=box)
    page[pdf_name("/Resources")] = resources(writer, seal, practice=practice)
    writer.insert_page(page)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def sheet(document: Document, place: Place, width: int, *, field: str = "") -> Sheet:
    """The page on which a seal at this place, or in the empty field of this name, would stand, `width` pixels wide.
    Raises DocumentError."""
    with document.opened() as file:
        reader = open_reader(file, document.password)
        try:
            pages = int(reader.root["/Pages"]["/Count"])
            number, rectangle = page_number(place, pages), None
            if field and (found := _widget(reader, field, pages)):
                number, rectangle = found
            box = box_of(reader, number)
        except Exception as error:  # the library raises whatever it stumbles over
            raise errors.DocumentDamaged from error
    with opened_pages(document) as drawn:
        frame = box.frame(rectangle) if rectangle else None
        return Sheet(pages, number, *box.size, drawn.picture(number, width), frame)


def _widget(reader: PdfFileReader, name: str, pages: int) -> tuple[int, Box] | None:
    """The page among whose annotations the one of the field is, and its rectangle; None where it is on none."""
    widgets = [get_single_field_annot(field) for found, field in empty_fields(reader) if found == name]
    if not widgets or (rectangle := box_in(entry(widgets[0], "/Rect"))) is None:
        return None
    for number in range(pages):
        annotations = entry(reader.find_page_for_modification(number)[0].get_object(), "/Annots") or ()
        if any(annotations[place] is widgets[0] for place in range(len(annotations))):  # references are followed
            return number, rectangle
    return None
