"""What a seal will look like, and the page it goes onto, drawn by PDFium; the seal from its very appearance."""

import io

import pypdfium2
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing import errors
from signing.document import Document
from signing.pdf.appearance import box_of, drawing, page_number, resources
from signing.pdf.options import Place, Seal, Sheet
from signing.pdf.pages import Picture, opened_pages
from signing.pdf.reader import open_reader


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


def sheet(document: Document, place: Place, width: int) -> Sheet:
    """The page on which a seal at this place would stand, `width` pixels wide. Raises DocumentError."""
    with document.opened() as file:
        reader = open_reader(file, document.password)
        try:
            pages = int(reader.root["/Pages"]["/Count"])
            number = page_number(place, pages)
            across, down = box_of(reader, number).size
        except Exception as error:  # the library raises whatever it stumbles over
            raise errors.DocumentDamaged from error
    with opened_pages(document) as drawn:
        return Sheet(pages, number, across, down, drawn.picture(number, width))
