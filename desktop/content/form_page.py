"""A form as its maker meant it: a page by a stranger, shown without asking anything for anything."""

import os
import sys
import time

from PyQt6.QtCore import QBuffer, QByteArray, QUrl
from PyQt6.QtGui import QColor, QGuiApplication, QImage, QImageReader, QTextDocument

_WIDE = 800.0  # pixels
_PICTURES = {"image/png": b"png", "image/jpeg": b"jpeg", "image/gif": b"gif"}
_PICTURE = QTextDocument.ResourceType.ImageResource.value


class FormDocument(QTextDocument):
    """Loads nothing but pictures that stand in the page itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.setDefaultFont(QGuiApplication.font())
        self.setHtml(page)

    def loadResource(self, kind: int, name: QUrl) -> QImage:
        # A picture in any case: where Qt is given nothing, it looks for a file of that name.
        return _picture(name) if kind == _PICTURE else _nothing()


def _picture(name: QUrl) -> QImage:
    media, _, data = name.toString().removeprefix("data:").partition(";base64,")
    if name.scheme() != "data" or media not in _PICTURES:
        return _nothing()
    buffer = QBuffer()
    buffer.setData(QByteArray.fromBase64(data.encode()))
    reader = QImageReader(buffer, QByteArray(_PICTURES[media]))
    reader.setAutoDetectImageFormat(False)  # what says that it is a picture of one kind is read as no other
    image = reader.read()
    return _nothing() if image.isNull() else image


def _nothing() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    return image


def seconds_to_lay_out(page: str) -> float:
    """Runs in a process of its own."""
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication(["form"])
    begun = time.monotonic()
    document = FormDocument(page)
    document.setTextWidth(_WIDE)
    document.size()
    passed = time.monotonic() - begun
    del document, application
    return passed
