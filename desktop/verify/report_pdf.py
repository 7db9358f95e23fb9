"""The page of a validation report as PDF, drawn by Qt without a screen; the only part of the terminal that needs Qt."""

import os

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PyQt6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

_MARGIN = 15.0  # millimetres


def to_pdf(html: str, title: str) -> bytes:
    """On A4, with the fonts that it needs in it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # where there is no window yet, none is needed
    application = QGuiApplication.instance() or QGuiApplication(["jitsuin"])
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)
    writer.setTitle(title)
    writer.setCreator("Jitsuin")
    document = QTextDocument()
    document.setHtml(html)
    document.print(writer)
    del application  # it had to live until here
    return bytes(content.data())
