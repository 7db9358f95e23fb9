"""A page with a seal on it that is put in its place by mouse, by arrow keys, or from outside by numbers."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PyQt6.QtWidgets import QWidget

from desktop.look import theme
from desktop.words.translation import _
from signing.pdf.options import Frame, Sheet

if TYPE_CHECKING:
    from signing.pdf.pages import Picture

_STEP, _LEAP = 0.5, 5.0  # millimetres
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class SealSheet(QWidget):
    """All lengths are millimetres from the left and the upper edge of the page."""

    moved = pyqtSignal(float, float)
    turned = pyqtSignal(int)  # so many pages on

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._page: QPixmap | None = None
        self._seal: QPixmap | None = None
        self._size = (0.0, 0.0)
        self._at = QPointF()
        self._held: QPointF | None = None  # where in the seal it was taken
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 240)
        self.setAccessibleName(_("Page with the seal"))

    def show_page(self, sheet: Sheet | None) -> None:
        """A field that was prepared on it takes the seal, which then cannot be moved."""
        self._sheet = sheet
        self._describe()
        self._page = pixmap(sheet.picture, QImage.Format.Format_RGB32) if sheet else None
        self.update()

    def show_seal(self, picture: "Picture | None", width: float, height: float) -> None:
        self._seal = pixmap(picture, QImage.Format.Format_ARGB32) if picture else None
        self._size = (width, height)
        self.update()

    def put(self, left: float, top: float) -> None:
        """Show the seal there; nothing is told."""
        self._at = QPointF(left, top)
        self._describe()
        self.update()

    def _describe(self) -> None:
        words = _("{left} mm from the left, {top} mm from the top")
        if self._sheet and self._sheet.field:
            words = _("In the field that was prepared")
        self.setAccessibleDescription(words.format(left=f"{self._at.x():.1f}", top=f"{self._at.y():.1f}"))

    # --- by mouse and by keyboard

    def _move(self, to: QPointF) -> None:
        """Within the page."""
        if not (self._sheet and self._seal) or self._sheet.field:
            return
        left = min(max(to.x(), 0.0), max(self._sheet.width - self._size[0], 0.0))
        top = min(max(to.y(), 0.0), max(self._sheet.height - self._size[1], 0.0))
        self.put(left, top)
        self.moved.emit(left, top)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if (
            not (event and self._sheet and self._seal)
            or self._sheet.field
            or event.button() is not Qt.MouseButton.LeftButton
        ):
            return
        if self._place().contains(event.position()):
            self._held = self._millimetres(event.position()) - self._at
        else:  # the seal comes to where one points
            self._held = QPointF(self._size[0] / 2, self._size[1] / 2)
            self._move(self._millimetres(event.position()) - self._held)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event and self._held is not None:
            self._move(self._millimetres(event.position()) - self._held)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._held = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key = Qt.Key(event.key())
        if key in _STEPS:
            step = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            across, down = _STEPS[key]
            self._move(self._at + QPointF(across * step, down * step))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(1 if key is Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    # --- where it is on the screen

    def _scale(self) -> float:
        """Pixels in a millimetre."""
        if not self._sheet:
            return 1.0
        return min((self.width() - 8) / self._sheet.width, (self.height() - 8) / self._sheet.height)

    def _paper(self) -> QRectF:
        if not self._sheet:
            return QRectF()
        width, height = self._sheet.width * self._scale(), self._sheet.height * self._scale()
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _place(self) -> QRectF:
        width, height = self._size
        if self._sheet and self._sheet.field and width:
            return self._shown(self._sheet.field.centred(width, height / width))
        return self._shown(Frame(self._at.x(), self._at.y(), width, height))

    def _shown(self, frame: Frame) -> QRectF:
        scale, corner = self._scale(), self._paper().topLeft()
        return QRectF(corner + QPointF(frame.left, frame.top) * scale, QSizeF(frame.width, frame.height) * scale)

    def _millimetres(self, point: QPointF) -> QPointF:
        return (point - self._paper().topLeft()) / self._scale()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, colours = QPainter(self), theme.colours()
        if self._page:
            draw_smoothly(painter, self._paper(), self._page)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawRect(self._paper())
        painter.setPen(QPen(QColor(theme.LIGHT.seal), 1.5, Qt.PenStyle.DashLine))  # on paper, which is light
        if self._sheet and self._sheet.field:
            painter.drawRect(self._shown(self._sheet.field))
        if self._page and self._seal:
            draw_smoothly(painter, self._place(), self._seal)
            if (self.hasFocus() or self._held is not None) and not (self._sheet and self._sheet.field):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawRect(self._place().adjusted(-3, -3, 3, 3))


def pixmap(picture: "Picture", form: QImage.Format) -> QPixmap:
    """Of four bytes a pixel."""
    image = QImage(picture.pixels, picture.width, picture.height, picture.width * 4, form)
    return QPixmap.fromImage(image)


def draw_smoothly(painter: QPainter, place: QRectF, image: QPixmap) -> None:
    """Small without jagged edges: the painter alone looks at four pixels for each that it draws."""
    device = painter.device()
    density = device.devicePixelRatioF() if device else 1.0
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled((place.size() * density).toSize(), keep, smooth)
    small.setDevicePixelRatio(density)
    left = place.x() + (place.width() - small.width() / density) / 2
    painter.drawPixmap(QPointF(left, place.y() + (place.height() - small.height() / density) / 2), small)
