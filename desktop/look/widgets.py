"""Small parts that every page is made of."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.look import icons
from desktop.words.translation import _

if TYPE_CHECKING:
    from PyQt6.QtCore import Qt

Box = TypeVar("Box", bound=QBoxLayout)

# Enumerations of the namespace Qt are set by number in this module: the first look into that namespace makes
# PyQt6 build all of them, which takes half as long as opening a bare window.
_PLAIN_TEXT = 0  # Qt.TextFormat.PlainText: what stands in a file name is no markup
_GAP = 12  # pixels
_TAB_FOCUS = 1  # Qt.FocusPolicy.TabFocus: the ring is for those who use the keyboard
_SELECTABLE = 1 | 2  # Qt.TextInteractionFlag.TextSelectableByMouse | TextSelectableByKeyboard


def label(text: str, role: str = "text", *, tone: str = "") -> QLabel:
    """Text that wraps, and is never read as markup."""
    return _worded(QLabel(text), role, tone)


def prose(text: str, role: str = "text", *, tone: str = "", characters: int = 64) -> QLabel:
    """The same in lines that are short enough to read: about `characters` wide."""
    made = _worded(_Prose(text), role, tone)
    made.setMaximumWidth(QFontMetrics(made.font()).averageCharWidth() * characters)
    return made


class _Prose(QLabel):
    """Tells its height by the width that it will have: a layout asks for more than the most that it may have."""

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(min(width, self.maximumWidth()))


def _worded(made: QLabel, role: str, tone: str) -> QLabel:
    made.setProperty("textFormat", _PLAIN_TEXT)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(True)
    return made


def selectable(made: QLabel) -> QLabel:
    """Let its text be copied."""
    made.setProperty("textInteractionFlags", _SELECTABLE)
    return made


def button(text: str, pressed: Callable[[], object], role: str = "secondary", *, icon: str = "") -> QPushButton:
    """A button with words; `icon` stands before them."""
    made = IconButton(text, icon) if icon else QPushButton(text)
    made.setProperty("role", role)
    made.setProperty("iconed", role if icon else "")
    made.setProperty("focusPolicy", _TAB_FOCUS)
    made.clicked.connect(lambda: pressed())
    return made


def icon_button(icon: str, name: str, pressed: Callable[[], object]) -> "IconButton":
    """A button without words; `name` is told to screen readers and as a tool tip."""
    made = IconButton("", icon)
    made.setProperty("role", "icon")
    made.setProperty("focusPolicy", _TAB_FOCUS)
    made.clicked.connect(lambda: pressed())
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made


def dress_for_signing(made: QPushButton, *, practice: bool) -> None:
    """The primary button that signs, in the colours of the practice card where that is what it uses."""
    if made.property("practice") is not practice:
        made.setProperty("practice", practice)
        made.setText("")  # so that its size is found anew below
        if style := made.style():  # the style sheet has looked at the old value
            style.unpolish(made)
            style.polish(made)
    made.setText(_("Sign for practice") if practice else _("Sign"))


class IconButton(QPushButton):
    """Draws its icon when it is painted: sharp on every screen, and at no cost before."""

    def __init__(self, text: str, icon: str) -> None:
        super().__init__(text)
        self._icon = icon

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        side, room = icons.size(), self.rect()
        left = _ICON_AT.get(str(self.property("role")), (room.width() - side) // 2)
        place = QRectF(left, (room.height() - side) / 2, side, side)
        quiet = self.property("role") in ("link", "entry", "icon") or not self.isEnabled()
        colour = "seal" if self.isChecked() else "ink_soft" if quiet else "ink"
        icons.paint(QPainter(self), self._icon, colour, place, faint=not self.isEnabled())


class NavButton(IconButton):
    """A page of the window; a badge says that something waits there."""

    def __init__(self, text: str, icon: str, pressed: Callable[[], object]) -> None:
        super().__init__(text, icon)
        self._badge = False
        self.setProperty("role", "nav")
        self.setProperty("iconed", "nav")
        self.setProperty("focusPolicy", _TAB_FOCUS)
        self.setCheckable(True)
        self.toggled.connect(lambda on: on and pressed())  # screen readers do not click what can be checked

    def set_badge(self, words: str) -> None:
        """Tell in `words` what waits there; empty where nothing does."""
        self._badge = bool(words)
        self.setAccessibleName(words or self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._badge:
            side = icons.size() * 0.5
            left = _ICON_AT["nav"] + icons.size() - side * 0.6
            place = QRectF(left, (self.height() - icons.size()) / 2 - side * 0.3, side, side)
            icons.paint(QPainter(self), "badge", "care", place)


class ChoiceBox(QComboBox):
    """A combo box with our arrow: a style sheet takes away the one of the style. As wide as what is chosen."""

    def sizeHint(self) -> QSize:
        hint, arrow = super().sizeHint(), round(_arrow())
        chosen = self.fontMetrics().horizontalAdvance(self.currentText()) + arrow + 40
        larger = 2 * (arrow - 16)  # the style makes room for an arrow of 16 pixels, however large the text
        return QSize(min(hint.width() + larger, chosen), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 112), super().minimumSizeHint().height())

    def showPopup(self) -> None:
        if view := self.view():  # all of what can be chosen, however narrow the box
            view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        side = _arrow()
        place = QRectF(self.width() - side - 8, (self.height() - side) / 2, side, side)
        icons.paint(QPainter(self), "down", "ink_soft", place)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        # A wheel turned to scroll the list must not change what a document is for.
        if event:
            event.ignore()


def _arrow() -> float:
    """How wide the arrow of a ChoiceBox is: it grows with the text."""
    return icons.size() * 0.8


_ICON_AT = {"secondary": 16, "link": 4, "entry": 4, "nav": 20}  # pixels from the left


class ElidedLabel(QLabel):
    """One line that loses its middle when there is no room; the whole text is in the tool tip and the name."""

    def __init__(self, text: str, role: str = "text") -> None:
        super().__init__(text)
        self.setProperty("textFormat", _PLAIN_TEXT)
        self.setProperty("role", role)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(96)  # a name that is not to be seen at all names nothing

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, room = QPainter(self), self.contentsRect()
        metrics = self.fontMetrics()
        text = metrics.elidedText(self.text(), _elide_middle(), room.width())
        baseline = room.y() + (room.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(room.x(), baseline, text)


def _elide_middle() -> "Qt.TextElideMode":
    from PyQt6.QtCore import Qt

    return Qt.TextElideMode.ElideMiddle


class Notice(QFrame):
    """A finding where the thing is: an icon, words, and perhaps something to press. Colour never speaks alone."""

    def __init__(self, tone: str, text: str, *more: QWidget) -> None:
        super().__init__()
        self.setProperty("tone", tone)
        words = label(text, tone=tone)
        # The icon stands beside the first line, however many there are.
        drop = max(0, words.fontMetrics().height() - icons.size()) // 2
        picture = column(icons.Picture(tone, tone), None, margins=(0, drop, 0, 0), gap=0)
        body = column(words, gap=4)
        if more:
            body.addWidget(Beside(*more))
        line = row(picture, body, margins=(12, 8, 12, 8), gap=8)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setAccessibleName(text)


class Beside(QWidget):
    """Parts side by side where there is room for all of them, else one below the other.

    It has no layout: that of Qt does not tell how high it is at which width.
    """

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self._parts = parts
        for each in parts:
            each.setParent(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        sizes = [each.sizeHint() for each in self._parts]
        return QSize(sum(each.width() + _GAP for each in sizes) - _GAP, max(each.height() for each in sizes))

    def minimumSizeHint(self) -> QSize:
        return QSize(max(each.sizeHint().width() for each in self._parts), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width >= self.sizeHint().width():
            return self.sizeHint().height()
        return sum(each.sizeHint().height() + _GAP for each in self._parts) - _GAP

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        x, y, in_line = 0, 0, self.width() >= self.sizeHint().width()
        for each in self._parts:
            size = each.sizeHint()
            each.setGeometry(x, y, size.width(), size.height())
            x, y = (x + size.width() + _GAP, 0) if in_line else (0, y + size.height() + _GAP)


def surface(*parts: QWidget | QLayout, margins: tuple[int, int, int, int] = (16, 12, 16, 12), gap: int = 8) -> QFrame:
    """A card: the parts one below the other."""
    made = QFrame()
    made.setProperty("role", "surface")
    made.setLayout(column(*parts, margins=margins, gap=gap))
    return made


def together(*parts: QWidget | QLayout | None, gap: int = 12) -> QWidget:
    """The parts one below the other as one widget, for a place where something is seen already: Qt lays out all around
    it for each widget that comes there."""
    made = QWidget()
    made.setLayout(column(*parts, gap=gap))
    return made


def hairline() -> QFrame:
    made = QFrame()
    made.setProperty("role", "line")
    return made


def row(
    *parts: QWidget | QLayout | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 12
) -> QHBoxLayout:
    """Parts side by side; None takes the room that is left."""
    return _filled(QHBoxLayout(), parts, margins, gap)


def column(
    *parts: QWidget | QLayout | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 12
) -> QVBoxLayout:
    """Parts one below the other; None takes the room that is left."""
    return _filled(QVBoxLayout(), parts, margins, gap)


def top(part: QWidget) -> QVBoxLayout:
    """Keep a part at the top of its row."""
    return column(part, None, gap=0)


def _filled(box: Box, parts: Iterable[QWidget | QLayout | None], margins: tuple[int, int, int, int], gap: int) -> Box:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def _let_go_of_focus(leaving: QWidget) -> None:
    # Otherwise the focus would jump to whatever comes next, far from where the person is.
    focus = QApplication.focusWidget()
    if focus is not None and (focus is leaving or leaving.isAncestorOf(focus)):
        focus.clearFocus()


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while item := layout.takeAt(0):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            _let_go_of_focus(widget)
            widget.hide()
            widget.deleteLater()
        elif inner is not None:  # an empty layout is false
            clear(inner)
