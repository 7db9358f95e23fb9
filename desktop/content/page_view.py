"""The pages of a PDF as one looks at them: one at a time, with small ones beside it, by mouse and by keyboard."""

from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QIcon,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QListView, QScrollArea, QSpinBox, QWidget

from desktop.content.pages import FirstLook, PageSource
from desktop.look import theme
from desktop.look.said import Said
from desktop.look.widgets import column, icon_button, label, row
from desktop.messages import describe
from desktop.words.translation import _
from signing.errors import UserFacingError
from signing.pdf.comparison import Mark
from signing.pdf.pages import Picture

_A4 = 297 / 210
_THUMBNAIL = 96  # pixels wide
_MOST_THUMBNAILS = 400  # kept
_NARROW = 640  # pixels; below, the small pages have no room
_STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)  # times the width of the view


class PageView(QWidget):
    """Shows the pages that a source draws, and takes the source with it when it goes."""

    def __init__(self, source: PageSource) -> None:
        super().__init__()
        self._source = source
        source.setParent(self)
        self._pages = 0
        self._sheet = Sheet()
        self._area = _Area(self._turn)
        self._area.setWidget(self._sheet)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._small = _SmallPages(source)
        self._controls, self._said = row(gap=4), Said()
        self._step = _STEPS.index(1.0)
        self._number = QSpinBox()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        middle = row(self._small, self._area, gap=12)
        middle.setStretch(1, 1)
        body = column(self._controls, self._said, gap=8)
        body.addLayout(middle, 1)
        self.setLayout(body)
        self._make_controls()
        source.opened.connect(self._on_open)
        source.drawn.connect(self._on_drawn)
        source.undrawn.connect(lambda _number, error: self._fail(error))
        source.failed.connect(self._fail)
        self._small.chosen.connect(self._number.setValue)

    def _make_controls(self) -> None:
        self._number.setRange(1, 1)
        self._number.setKeyboardTracking(False)
        self._number.setAccessibleName(_("Page"))
        self._number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._number.valueChanged.connect(self._show_page)
        self._of = label("", "soft")
        self._of.setWordWrap(False)
        for each in (
            icon_button("back", _("Previous page"), partial(self._turn, -1)),
            self._number,
            self._of,
            icon_button("right", _("Next page"), partial(self._turn, 1)),
            None,
            icon_button("less", _("Smaller"), partial(self._zoom, -1)),
            icon_button("add", _("Larger"), partial(self._zoom, 1)),
        ):
            self._controls.addStretch(1) if each is None else self._controls.addWidget(each)

    # --- turning

    def _on_open(self, look: FirstLook) -> None:
        self._pages = look.pages
        self._number.setMaximum(look.pages)
        self._of.setText(_("of {count}").format(count=look.pages))
        self._small.set_count(look)
        self._arrange()
        self._show_page()
        if look.picture:
            self._sheet.put(look.picture)  # about as wide; the one that fits follows

    def _turn(self, pages: int) -> None:
        self._number.setValue(self._number.value() + pages)

    def _show_page(self) -> None:
        if not self._pages:
            return
        self._said.unsay()
        number = self._number.value()
        self._sheet.show_page(number, width=self._width())
        self._area.ensureVisible(0, 0)
        self._small.mark(number - 1)
        self._source.forget()
        self._source.want(number - 1, self._pixels())

    def _on_drawn(self, number: int, width: int, picture: Picture) -> None:
        if number == self._number.value() - 1 and width == self._pixels():
            self._sheet.put(picture)
        elif width == self._small.pixels():
            self._small.put(number, picture)

    def _fail(self, error: UserFacingError) -> None:
        self._said.say("bad", f"{describe(error).text} [{error.code}]")

    # --- size

    def _zoom(self, steps: int) -> None:
        self._step = max(0, min(len(_STEPS) - 1, self._step + steps))
        self._show_page()

    def _width(self) -> int:
        room = self._area.viewport()
        return max(64, round((room.width() if room else 64) * _STEPS[self._step]) - 2)

    def _pixels(self) -> int:
        return round(self._width() * self.devicePixelRatioF())

    def _arrange(self) -> None:
        self._small.setVisible(self._pages > 1 and self.width() >= _NARROW)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._show_page()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        key = event.key()
        turns: dict[int, int] = {
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Home: -self._pages,
            Qt.Key.Key_End: self._pages,
        }
        zooms: dict[int, int] = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if key in turns:
            self._turn(turns[key])
        elif key in zooms:
            self._zoom(zooms[key])
        else:
            super().keyPressEvent(event)


class Sheet(QWidget):
    """One page on paper, whatever the colours in force; blank until it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.shape = _A4  # height by width
        self._picture: QImage | None = None
        self._marks: Sequence[Mark] = ()

    def show_page(self, number: int, *, width: int) -> None:
        """Make room for a page `width` wide, in the pixels of widgets; `number` counts from 1."""
        self._picture, self._marks = None, ()
        self.setAccessibleName(_("Page {number}").format(number=number))
        self.setFixedSize(width, round(width * self.shape))
        self.update()

    def put(self, picture: Picture, marks: Sequence[Mark] = ()) -> None:
        """Show the picture, with marks on it."""
        self._picture, self._marks = as_image(picture), marks
        self.shape = picture.height / picture.width
        self.setFixedSize(self.width(), round(self.width() * self.shape))
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._picture)
        self._draw_marks(painter)
        painter.setPen(QColor(theme.colours().line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw_marks(self, painter: QPainter) -> None:
        ink = QColor(theme.LIGHT.care)  # on paper, which is white in every theme
        wash = QColor(ink)
        wash.setAlphaF(0.15)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(wash)
        for mark in self._marks:
            left, top = mark.left * self.width(), mark.top * self.height()
            place = QRectF(left, top, mark.width * self.width(), mark.height * self.height())
            painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)


class _Area(QScrollArea):
    """At the end of a page the wheel turns it."""

    def __init__(self, turn: Callable[[int], None]) -> None:
        super().__init__()
        self._turn = turn
        self.setProperty("role", "page")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or the width of the page would jump

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        bar = self.verticalScrollBar()
        if event is None or bar is None:
            return
        down = event.angleDelta().y() < 0
        if event.angleDelta().y() and bar.value() == (bar.maximum() if down else bar.minimum()):
            self._turn(1 if down else -1)
            event.accept()
            return
        super().wheelEvent(event)


class _SmallPages(QListView):
    """The pages in small, drawn as they come into view."""

    chosen = pyqtSignal(int)  # from 1

    def __init__(self, source: PageSource) -> None:
        super().__init__()
        self._model = _Thumbnails(source, round(_THUMBNAIL * self.devicePixelRatioF()))
        self.setModel(self._model)
        self.setProperty("role", "thumbnails")
        self.setAccessibleName(_("Pages"))
        self.setViewMode(QListView.ViewMode.IconMode)  # the number stands below
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setFixedWidth(_THUMBNAIL + 48)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.chosen.emit(index.row() + 1))
        self.activated.connect(lambda index: self.chosen.emit(index.row() + 1))

    def pixels(self) -> int:
        return self._model.width

    def set_count(self, look: FirstLook) -> None:
        shape = look.picture.height / look.picture.width if look.picture else _A4
        self.setIconSize(QSize(_THUMBNAIL, round(_THUMBNAIL * shape)))
        self._model.set_count(look.pages, shape)

    def mark(self, number: int) -> None:
        """Select a page and bring it into view."""
        index = self._model.index(number)
        if model := self.selectionModel():
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if view := self.viewport():
            view.update()  # what was wished for and forgotten is wished for again

    def put(self, number: int, picture: Picture) -> None:
        self._model.put(number, picture)


class _Thumbnails(QAbstractListModel):
    def __init__(self, source: PageSource, width: int) -> None:
        super().__init__()
        self.width = width
        self._source = source
        self._count, self._shape = 0, _A4
        self._drawn: dict[int, QIcon] = {}

    def set_count(self, pages: int, shape: float) -> None:
        self.beginResetModel()
        self._count, self._shape = pages, shape
        self.endResetModel()

    def put(self, number: int, picture: Picture) -> None:
        self._drawn[number] = _icon(QPixmap.fromImage(as_image(picture)))
        while len(self._drawn) > _MOST_THUMBNAILS:
            del self._drawn[next(iter(self._drawn))]
        self.dataChanged.emit(self.index(number), self.index(number), [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._count

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        number = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return str(number + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Page {number} of {count}").format(number=number + 1, count=self._count)
        if role != Qt.ItemDataRole.DecorationRole:
            return None
        if number not in self._drawn:
            self._source.want_later(number, self.width)
            return _icon(self._blank())
        return self._drawn[number]

    def _blank(self) -> QPixmap:
        made = QPixmap(self.width, round(self.width * self._shape))
        made.fill(Qt.GlobalColor.white)
        return made


def _icon(page: QPixmap) -> QIcon:
    made = QIcon(page)
    made.addPixmap(page, QIcon.Mode.Selected)  # paper stays white
    return made


def as_image(picture: Picture) -> QImage:
    """A picture of a page as Qt has it; it keeps its own copy of the pixels."""
    format_ = QImage.Format.Format_RGB32
    return QImage(picture.pixels, picture.width, picture.height, picture.width * 4, format_).copy()
