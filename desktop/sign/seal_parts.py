"""The groups of choices beside the page: which seal, where, and what else."""

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PyQt6.QtWidgets import QDoubleSpinBox, QFileDialog, QLineEdit, QSpinBox, QWidget

from desktop.look import theme
from desktop.look.choices import Choices
from desktop.look.widgets import ChoiceBox, ElidedLabel, button, column, label, row
from desktop.messages import plain
from desktop.sign.seal_sheet import draw_smoothly, pixmap
from desktop.sign.seal_work import SealWish
from desktop.words.seal import PERMISSION_WORDS, size_words
from desktop.words.translation import _
from signing.pdf.options import PdfOptions, Permission, Place

if TYPE_CHECKING:
    from signing.pdf.pages import Picture

_NONE, _NAME, _PICTURE = range(3)
_CUSTOMARY = (10.5, 12.0, 13.5, 15.0, 16.5, 18.0)  # millimetres
_SAMPLE = 80  # pixels
_SMALLEST, _LARGEST = 5.0, 60.0
_PERMISSIONS = (None, Permission.ANNOTATE, Permission.FILL_FORMS, Permission.NO_CHANGES)


class SealChoice(QWidget):
    """None, a name, or a picture; and how large."""

    wish_changed = pyqtSignal()
    width_changed = pyqtSignal()

    def __init__(self, wish: SealWish, width: float, *, chosen: bool) -> None:
        super().__init__()
        self._picture = wish.picture
        kinds = {_NONE: _("No seal"), _NAME: _("Name"), _PICTURE: _("Own picture")}
        self._kinds = Choices(kinds, (_PICTURE if wish.picture else _NAME) if chosen else _NONE)
        self._shapes = Choices({"round": _("Round"), "square": _("Square")}, wish.shape)
        self._text = QLineEdit(wish.text)
        self._text.setMaxLength(60)
        self._text.setPlaceholderText(_("For example 山田, or 山田 花子"))
        self._text.setAccessibleName(_("Name in the seal"))
        self._file = ElidedLabel("")
        self._width = _millimetres(_SMALLEST, _LARGEST, width, _("Width of the seal"))
        self._size = ChoiceBox()
        self._size.setAccessibleName(_("Customary sizes"))
        self._make_sizes()
        self._samples = (_Sample(), _Sample())
        self._name = _group(self._text, row(self._shapes, None, self._samples[0]))
        choose = button(_("Choose a picture"), self._choose, icon="open")
        self._own = _group(row(choose, None, self._samples[1]), self._file)
        self._large = _group(label(_("Size"), "small"), row(self._size, self._width, None, gap=8))
        self._drawing = label(_("The seal is being drawn."), "small")
        self._drawing.hide()
        self.setLayout(column(self._kinds, self._name, self._own, self._large, self._drawing, gap=12))
        self._text.textChanged.connect(self._on_change)
        self._width.valueChanged.connect(self._on_width)
        self._kinds.chosen.connect(self._on_change)
        self._shapes.chosen.connect(self._on_change)
        self._show()

    def wants_none(self) -> bool:
        return self._kinds.value == _NONE

    def wish(self) -> SealWish | None:
        """None where no seal is wanted, or it is not said yet which one."""
        kind = self._kinds.value
        if kind == _NONE or (kind == _PICTURE and self._picture is None) or (kind == _NAME and not self._name_typed()):
            return None
        return SealWish(self._name_typed() if kind == _NAME else "", str(self._shapes.value), self._own_picture())

    def width_in_millimetres(self) -> float:
        return self._width.value()

    def wait_for_sample(self) -> None:
        """Say why there is no seal to be used yet."""
        self._drawing.show()

    def stop_waiting(self) -> None:
        self._drawing.hide()

    def show_sample(self, picture: "Picture | None") -> None:
        """How the seal looks."""
        for each in self._samples:
            each.show_picture(picture)

    def _name_typed(self) -> str:
        return self._text.text().strip()

    def _own_picture(self) -> Path | None:
        return self._picture if self._kinds.value == _PICTURE else None

    def _make_sizes(self) -> None:
        self._size.addItems([size_words(each) for each in _CUSTOMARY] + [_("Another size")])
        self._size.activated.connect(self._on_size)
        self._follow_width()

    def _on_size(self, index: int) -> None:
        if index < len(_CUSTOMARY):
            self._width.setValue(_CUSTOMARY[index])
        else:
            self._width.setFocus()

    def _on_width(self) -> None:
        self._follow_width()
        self.width_changed.emit()

    def _follow_width(self) -> None:
        width = self._width.value()
        place = _CUSTOMARY.index(width) if width in _CUSTOMARY else len(_CUSTOMARY)
        with QSignalBlocker(self._size):
            self._size.setCurrentIndex(place)

    def _choose(self) -> None:
        dialog = QFileDialog(self.window(), _("Choose a picture"), "", _("Pictures (*.png *.jpg *.jpeg)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_file(self, name: str) -> None:
        self._picture = Path(name)
        self._on_change()

    def _on_change(self) -> None:
        self._show()
        self.wish_changed.emit()

    def _show(self) -> None:
        kind = self._kinds.value
        self._name.setVisible(kind == _NAME)
        self._own.setVisible(kind == _PICTURE)
        self._large.setVisible(kind != _NONE)
        name = plain(self._picture.name) if self._picture else ""
        self._file.setText(name)
        self._file.setToolTip(name)
        self._file.setAccessibleName(name)


class PlaceChoice(QWidget):
    """The page and the place as numbers."""

    moved = pyqtSignal(float, float)
    page_changed = pyqtSignal()

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._wanted = place.page
        self._page = _PageNumber()
        self._page.setRange(1, max(1, place.page + 1))
        self._page.setValue(max(1, place.page + 1))
        self._page.setAccessibleName(_("Page"))
        self._page.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._of = label("", "small")
        self._left = _millimetres(0, 2000, place.left, _("From the left"))
        self._top = _millimetres(0, 2000, place.top, _("From the top"))
        page = row(label(_("Page"), "small"), self._page, self._of, None, gap=8)
        across = row(label(_("From the left"), "small"), None, self._left, gap=8)
        down = row(label(_("From the top"), "small"), None, self._top, gap=8)
        self.setLayout(column(page, across, down, gap=8))
        self._page.valueChanged.connect(self._on_page)
        for box in (self._left, self._top):
            box.valueChanged.connect(self._on_number)

    def page(self) -> int:
        """From 0, or -1 for the last one."""
        return self._wanted

    def at(self) -> tuple[float, float]:
        return self._left.value(), self._top.value()

    def place(self) -> Place:
        return Place(self._wanted, *self.at())

    def know(self, pages: int, number: int) -> None:
        """What the page is that is shown: `number` from 0."""
        with QSignalBlocker(self._page):
            self._page.setRange(1, pages)
            self._page.setValue(number + 1)
        self._of.setText(_("of {pages}").format(pages=pages))

    def limit(self, left: float, top: float) -> None:
        """The furthest that it can be put on this page; nothing is told."""
        for box, most in ((self._left, left), (self._top, top)):
            with QSignalBlocker(box):
                box.setMaximum(max(most, 0.0))

    def put(self, left: float, top: float) -> None:
        """Show these numbers; nothing is told."""
        for box, value in ((self._left, left), (self._top, top)):
            with QSignalBlocker(box):
                box.setValue(value)

    def set(self, left: float, top: float) -> None:
        """The same, and tell it."""
        self.put(left, top)
        self._on_number()

    def turn(self, pages: int) -> None:
        self._page.setValue(self._page.value() + pages)

    def _on_page(self, number: int) -> None:
        # The last page stays the last one in documents with another number of pages.
        self._wanted = -1 if number == self._page.maximum() and number > 1 else number - 1
        self.page_changed.emit()

    def _on_number(self) -> None:
        self.moved.emit(*self.at())


class FurtherChoice(QWidget):
    """For those who need it: what may change afterwards, and a field that was prepared."""

    changed = pyqtSignal()

    def __init__(self, options: PdfOptions, fields: tuple[str, ...]) -> None:
        super().__init__()
        self._fields = ("", *fields)
        self._permission, self._field = ChoiceBox(), ChoiceBox()
        self._permission.setAccessibleName(_("After the signature"))
        self._permission.addItems([_(PERMISSION_WORDS[each]) for each in _PERMISSIONS])
        self._permission.setCurrentIndex(_PERMISSIONS.index(options.permission))
        self._field.setAccessibleName(_("Field for the signature"))
        self._field.addItems([_("A new one"), *map(plain, fields)])
        self._field.setCurrentIndex(self._fields.index(options.field) if options.field in self._fields else 0)
        self._more = button(_("More choices"), self._open, "link", icon="right")
        permission = column(label(_("After the signature"), "small"), self._permission, gap=4)
        self._inside = _group(permission, self._field_part(bool(fields)))
        self.setLayout(column(row(self._more, None), self._inside, gap=8))
        self._inside.setVisible(bool(fields) or options.permission is not None)
        self._more.setVisible(self._inside.isHidden())
        self._field.activated.connect(self.changed)

    def permission(self) -> Permission | None:
        return _PERMISSIONS[self._permission.currentIndex()]

    def field(self) -> str:
        """The name of the field that was prepared; empty for a new one."""
        return self._fields[self._field.currentIndex()]

    def _field_part(self, there_are: bool) -> QWidget:
        part = _group(label(_("Field for the signature"), "small"), self._field)
        part.setVisible(there_are)
        return part

    def _open(self) -> None:
        self._more.hide()
        self._inside.show()
        self._permission.setFocus()


class _Sample(QWidget):
    """A seal, larger than it will be, on paper."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self.setFixedSize(_SAMPLE, _SAMPLE)

    def show_picture(self, picture: "Picture | None") -> None:
        self._picture = pixmap(picture, QImage.Format.Format_ARGB32) if picture else None
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.LIGHT.surface))
        if self._picture:
            draw_smoothly(painter, QRectF(self.rect()).adjusted(6, 6, -6, -6), self._picture)


def _group(*parts: object) -> QWidget:
    made = QWidget()
    made.setLayout(column(*parts, gap=8))  # type: ignore[arg-type]  # widgets and layouts, as column takes them
    return made


class _PageNumber(QSpinBox):
    """A wheel turned to scroll what is beside the page must not change it, nor where the seal is."""

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event:
            event.ignore()


class _Millimetres(QDoubleSpinBox):
    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event:
            event.ignore()


def _millimetres(low: float, high: float, value: float, name: str) -> QDoubleSpinBox:
    made = _Millimetres()
    made.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    made.setRange(low, high)
    made.setDecimals(1)
    made.setSingleStep(0.5)
    made.setValue(value)
    made.setSuffix(" mm")
    made.setAccessibleName(name)
    return made
