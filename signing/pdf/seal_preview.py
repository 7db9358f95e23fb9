"""What a seal will look like, drawn by PDFium from the very appearance that goes into the document."""

import io

import pypdfium2
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing.pdf.appearance import drawing, resources
from signing.pdf.options import Seal
from signing.pdf.pages import Picture


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
