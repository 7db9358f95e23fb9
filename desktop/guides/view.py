"""A guide to read, in three languages: text, a checklist to tick, links that open when pressed, and print."""

from collections.abc import Callable

from PyQt6.QtCore import QRectF, QSize, Qt, QUrl
from PyQt6.QtGui import QColor, QDesktopServices, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLayout, QWidget

from desktop.guides.chapters import Block, BlockKind, Guide, GuideDamaged, GuideLanguage, GuideName, load_guide
from desktop.look import icons, theme
from desktop.look.choices import Choices
from desktop.look.widgets import Notice, button, clear, column, hairline, label, prose, row, selectable, top
from desktop.words.translation import _, language

# Each calls itself by its own name, whatever the window speaks.
_LANGUAGES = {GuideLanguage.JAPANESE: "日本語", GuideLanguage.EASY: "やさしい日本語", GuideLanguage.ENGLISH: "English"}
_WIDE = 68  # characters
_PICTURE = (480, 120)  # pixels


def usual_language() -> GuideLanguage:
    """That of the window."""
    return GuideLanguage(language())


class GuideView(QWidget):
    """`chosen` is told of another language, so that the next guide opens in it; `back` leads to where it came from."""

    def __init__(
        self,
        name: GuideName,
        spoken: GuideLanguage,
        *,
        back: Callable[[], None] | None = None,
        chosen: Callable[[GuideLanguage], None],
    ) -> None:
        super().__init__()
        self._name, self._chosen = name, chosen
        self._guide: Guide | None = None
        self._text = column(gap=12)
        self._said = column(gap=0)
        self._spoken = Choices(_LANGUAGES, spoken)
        self._spoken.chosen.connect(self._speak)
        head = row(None, self._spoken)
        if back:
            head.insertWidget(0, button(_("Back to My card"), back, "link", icon="back"))
        foot = row(button(_("Print"), self._print, icon="print"), None)
        self.setLayout(column(head, self._text, self._said, foot, None, gap=16))
        self._show(spoken)

    def _speak(self) -> None:
        self._chosen(self._spoken.value)
        self._show(self._spoken.value)

    def _show(self, spoken: GuideLanguage) -> None:
        clear(self._text)
        try:
            self._guide = load_guide(self._name, spoken)
        except GuideDamaged:
            self._guide = None
            self._text.addWidget(Notice("bad", _("This guide is missing. Install the program again.")))
            return
        self._text.addWidget(selectable(label(self._guide.title, "sentence")))
        self._text.addWidget(selectable(prose(self._guide.summary, characters=_WIDE)))
        for section in self._guide.sections:
            self._text.addWidget(hairline())
            self._text.addWidget(selectable(label(section.title, "section")))
            for block in section.blocks:
                _add(self._text, _shown(block))

    def _print(self) -> None:
        from PyQt6.QtPrintSupport import QPrintDialog, QPrinter  # not before something is printed

        from desktop.guides.printing import print_guide

        if (guide := self._guide) is None:
            return
        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: print_guide(guide, printer))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _add(layout: QLayout, part: QWidget | QHBoxLayout) -> None:
    holder = part
    if isinstance(part, QHBoxLayout):
        holder = QWidget()
        holder.setLayout(part)
    assert isinstance(holder, QWidget)  # noqa: S101 - it is one of the two
    layout.addWidget(holder)


def _shown(block: Block) -> QWidget | QHBoxLayout:
    match block.kind:
        case BlockKind.ITEM:
            return _line(top(label("•", "soft")), selectable(prose(block.text, characters=_WIDE)))
        case BlockKind.CHECK:
            return _tickable(block.text)
        case BlockKind.UNSETTLED:
            return measure_part(Notice("care", block.text))
        case BlockKind.LINK:
            return _link(block)
        case BlockKind.PICTURE:
            return _picture(block)
    return selectable(prose(block.text, characters=_WIDE))


def measure_part(part: QWidget) -> QWidget:
    """Keep a part as wide as text is."""
    part.setMaximumWidth(part.fontMetrics().averageCharWidth() * (_WIDE + 4))
    return part


def _line(mark: QLayout, text: QWidget) -> QHBoxLayout:
    line = row(mark, text, None, gap=10)
    line.setStretch(1, 100)
    return line


def _tickable(text: str) -> QHBoxLayout:
    box = TickBox(text)
    return _line(top(box), measure_part(_Caption(text, box)))


def _link(block: Block) -> QHBoxLayout:
    address = block.address or ""
    opened = button(address, lambda: QDesktopServices.openUrl(QUrl(address)), "link", icon="open")
    opened.setAccessibleName(f"{block.text}: {address}")
    opened.setToolTip(_("Opens in your browser"))
    return row(column(label(block.text), row(opened, None), gap=0))


def _picture(block: Block) -> QHBoxLayout:
    shown = icons.Picture(block.address or "", width=_PICTURE[0], height=_PICTURE[1])
    shown.setAccessibleName(block.text)
    return row(shown, None)


class TickBox(QCheckBox):
    """A box with our tick. What is ticked is kept nowhere."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(icons.size() + 4, icons.size() + 4)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, now = QPainter(self), theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(now.seal if self.hasFocus() else now.ink_soft), 2 if self.hasFocus() else 1.2)
        painter.setPen(pen)
        painter.setBrush(QColor(now.surface))
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(room, 4, 4)
        if self.isChecked():
            icons.paint(painter, "tick", "ink", room.adjusted(1, 1, -1, -1))


class _Caption(QLabel):
    """The words of a tick box; to press them ticks it."""

    def __init__(self, text: str, box: TickBox) -> None:
        super().__init__(text)
        self._box = box
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._box.toggle()
