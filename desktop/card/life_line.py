"""The life of a certificate, drawn: a thin line, a mark for each day that matters, and only today filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from desktop.look import theme
from desktop.words.formatting import enumerated, era_date, gregorian_date, shown_date

_ACROSS = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
_ALONG = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Mark:
    """A day of the life; several may fall on the same day."""

    name: str
    day: date
    today: bool = False

    @property
    def lines(self) -> tuple[str, str, str]:
        return self.name, gregorian_date(self.day), era_date(self.day)


class LifeLine(QWidget):
    """Across, and true to time, where the words of all marks find room side by side; else downwards."""

    def __init__(self, marks: Sequence[Mark], *, practice: bool) -> None:
        super().__init__()
        self._marks = sorted(marks, key=lambda mark: (mark.day, mark.today))
        self._practice = practice
        self._font, self._strong = theme.font(theme.SMALL), theme.font(theme.SMALL, weight=600)
        self._line = QFontMetrics(self._strong).height()
        self._radius = max(5, self._line // 3)
        self.setAccessibleName(enumerated(f"{mark.name}: {shown_date(mark.day)}" for mark in self._marks))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(self._line * 12)
        self._fit(self._needed())

    # --- how much room it takes

    def sizeHint(self) -> QSize:
        return QSize(self._needed(), self.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit(self.width())

    def _fit(self, width: int) -> None:
        rows = len(self._marks)
        self.setFixedHeight(
            self._radius * 2 + self._line * 4 if self._across(width) else round(self._line * 1.7 * rows)
        )

    def _across(self, width: int) -> bool:
        return width >= self._needed()

    def _needed(self) -> int:
        return sum(self._width(mark) for mark in self._marks) + self._line

    def _width(self, mark: Mark) -> int:
        widest = max(QFontMetrics(self._strong).horizontalAdvance(line) for line in mark.lines)
        return widest + self._line

    # --- how it is drawn

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._across(self.width()):
            self._paint_across(painter)
        else:
            self._paint_down(painter)

    def _paint_across(self, painter: QPainter) -> None:
        height = self._radius + 2
        places = self._places()
        painter.setPen(self._thin("ink_soft"))
        painter.drawLine(QPointF(places[0], height), QPointF(places[-1], height))
        drop = height + self._radius + self._line * 0.9
        for mark, place, middle in zip(self._marks, places, self._middles(places), strict=True):
            painter.setPen(self._thin("line"))
            painter.drawLine(QPointF(place, height), QPointF(middle, drop - 2))
            self._words(painter, mark, QRectF(middle - self._width(mark) / 2, drop, self._width(mark), self._line * 3))
        for mark, place in sorted(zip(self._marks, places, strict=True), key=lambda each: each[0].today):
            self._dot(painter, mark, QPointF(place, height))

    def _paint_down(self, painter: QPainter) -> None:
        step, left = self._line * 1.7, self._radius + 2.0
        painter.setPen(self._thin("ink_soft"))
        painter.drawLine(QPointF(left, step / 2), QPointF(left, step * (len(self._marks) - 0.5)))
        for place, mark in enumerate(self._marks):
            middle = step * (place + 0.5)
            self._dot(painter, mark, QPointF(left, middle))
            room = QRectF(left + self._line, middle - self._line, self.width(), self._line * 2)
            painter.setFont(self._strong if mark.today else self._font)
            painter.setPen(self._colour("ink"))
            painter.drawText(room, _ALONG, f"{mark.name}  {shown_date(mark.day)}")

    def _words(self, painter: QPainter, mark: Mark, room: QRectF) -> None:
        name, *days = mark.lines
        painter.setFont(self._strong if mark.today else self._font)
        painter.setPen(self._colour("ink"))
        painter.drawText(room, _ACROSS, name)
        painter.setFont(self._font)
        for place, text in enumerate(days, 1):
            painter.setPen(self._colour("ink" if place == 1 else "ink_soft"))
            painter.drawText(room.adjusted(0, self._line * place, 0, self._line * place), _ACROSS, text)

    def _dot(self, painter: QPainter, mark: Mark, where: QPointF) -> None:
        pen = self._thin("ink_soft")
        pen.setWidthF(1.5)
        painter.setPen(pen)
        painter.setBrush(QBrush(self._colour("paper")))
        radius = self._radius - 1.5
        if mark.today:  # smaller, so that a mark on the same day shows as a ring around it
            accent = self._colour("practice" if self._practice else "seal")
            painter.setPen(QPen(accent))
            painter.setBrush(QBrush(accent))
            radius = self._radius - 3.5 if self._shared(mark) else self._radius - 0.5
        painter.drawEllipse(where, radius, radius)

    def _shared(self, mark: Mark) -> bool:
        return sum(other.day == mark.day for other in self._marks) > 1

    # --- where

    def _places(self) -> list[float]:
        """Of the marks on the line, true to time; room is left for half of the outer words."""
        first, last = self._marks[0], self._marks[-1]
        left, right = self._width(first) / 2, self.width() - self._width(last) / 2
        days = max((last.day - first.day).days, 1)
        return [left + (right - left) * (mark.day - first.day).days / days for mark in self._marks]

    def _middles(self, places: Sequence[float]) -> list[float]:
        """Of the words, as near to their marks as they can stand without touching."""
        widths = [self._width(mark) for mark in self._marks]
        middles = list(places)
        for place in range(1, len(middles)):
            apart = (widths[place - 1] + widths[place]) / 2
            middles[place] = max(middles[place], middles[place - 1] + apart)
        edge = float(self.width())
        for place in range(len(middles) - 1, -1, -1):
            middles[place] = min(middles[place], edge - widths[place] / 2)
            edge = middles[place] - widths[place] / 2
        return middles

    def _thin(self, token: str) -> QPen:
        return QPen(self._colour(token), 1)

    def _colour(self, token: str) -> QColor:
        return QColor(getattr(theme.colours(), token))
