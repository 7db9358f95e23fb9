"""The help: all guides in a list, and the one that is read beside it; stays open beside the window."""

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.guides.chapters import GuideDamaged, GuideLanguage, GuideName, load_guide
from desktop.guides.view import GuideView, usual_language
from desktop.look import theme
from desktop.look.widgets import column, row
from desktop.words.translation import _

_BESIDE, _ABOVE_AND_BELOW = 12 + 12 + 3 + 6, 20  # pixels: padding, border and what every item keeps free


class GuideDialog(QDialog):
    """Opens with the guide of this name."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._language: GuideLanguage = usual_language()
        self.setWindowTitle(_("Help"))
        self._list, self._area = QListWidget(), QScrollArea()
        self._list.setAccessibleName(_("Guides"))
        self._list.setWordWrap(True)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setItemDelegate(_WholeTitle(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for each in GuideName:
            self._add(each)
        widest = theme.font_height(theme.TEXT) * 17
        self._list.setFixedWidth(min(widest, parent.width() // 3))
        parts = row(self._list, self._area, gap=0)
        parts.setStretch(1, 1)
        self.setLayout(parts)
        self.resize(min(theme.font_height(theme.TEXT) * 48, parent.width() - 24), parent.height() - 16)
        self.finished.connect(self.deleteLater)
        self._list.currentItemChanged.connect(self._read)
        self._list.setCurrentRow(list(GuideName).index(GuideName(name)))

    def _add(self, name: GuideName) -> None:
        try:
            title = load_guide(name, self._language).title
        except GuideDamaged:
            title = name.value  # the view says that it is missing
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, name)
        self._list.addItem(item)

    def _read(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        inside = QWidget()
        inside.setProperty("role", "page")
        view = GuideView(GuideName(item.data(Qt.ItemDataRole.UserRole)), self._language, chosen=self._speak)
        inside.setLayout(column(view, None, margins=(28, 20, 28, 28)))
        self._area.setWidget(inside)

    def _speak(self, wanted: GuideLanguage) -> None:
        self._language = wanted


class _WholeTitle(QStyledItemDelegate):
    """Gives a title all the lines that it needs: the style forgets the room that the style sheet leaves beside it."""

    def __init__(self, titles: QListWidget) -> None:
        super().__init__(titles)
        self._titles = titles

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        line, viewport = super().sizeHint(option, index), self._titles.viewport()
        if viewport is None:
            return line
        room = QRect(0, 0, viewport.width() - _BESIDE, 0)
        words = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, index.data())
        return QSize(viewport.width(), words.height() + _ABOVE_AND_BELOW)
