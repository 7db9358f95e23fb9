"""Dialogs that are as high as their words need, and are scrolled where the screen is too small for that."""

from PyQt6.QtCore import QSize, QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QDialog, QInputDialog, QLabel, QLayout, QScrollArea, QSizePolicy, QWidget

from desktop.look import theme
from desktop.look.widgets import column


class Fitting(QScrollArea):
    """What a dialog says; what is to be pressed stands below it, where it is always seen."""

    def __init__(self, body: QLayout, foot: QLayout) -> None:
        super().__init__()
        self._foot = foot
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setLayout(body)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setProperty("focusPolicy", 0)  # Qt.FocusPolicy.NoFocus: what is in it takes the focus

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Have the dialog as large as it needs, soon; also to be called after a change."""
        QTimer.singleShot(0, self._fit)

    def _fit(self) -> None:
        dialog, screen, body = self.window(), self.screen(), self._body()
        if dialog is None or screen is None:
            return
        room, frame = screen.availableGeometry(), dialog.frameGeometry().height() - dialog.height()
        body.activate()
        width = min(max(dialog.width(), self.minimumSizeHint().width()), room.width())
        words = body.totalHeightForWidth(width) if body.hasHeightForWidth() else body.sizeHint().height()
        dialog.resize(width, min(words + self._foot.sizeHint().height() + 2, room.height() - frame))

    def sizeHint(self) -> QSize:
        return self._body().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._body().minimumSize().width(), 80)

    def _body(self) -> QLayout:
        inside = self.widget()
        assert inside  # noqa: S101 - set above
        layout = inside.layout()
        assert layout  # noqa: S101 - as above
        return layout


def lay_out(dialog: QDialog, body: QLayout, foot: QLayout) -> Fitting:
    """What it says, and below it what can be pressed."""
    body.setContentsMargins(24, 24, 24, 12)
    foot.setContentsMargins(24, 4, 24, 20)
    area = Fitting(body, foot)
    whole = column(area, foot, gap=0)
    whole.setStretch(0, 1)
    dialog.setLayout(whole)
    return area


def break_lines(dialog: QInputDialog) -> None:
    """Of what it asks, which Qt would leave in one line as wide as it comes."""
    for words in dialog.findChildren(QLabel):
        words.setWordWrap(True)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    width = width_of(dialog, lines=20)
    if layout := dialog.layout():
        dialog.resize(width, layout.totalHeightForWidth(width))


def width_of(dialog: QDialog, *, lines: int) -> int:
    """As wide as this many lines are high, or as the screen is."""
    screen, wanted = dialog.screen(), theme.font_height(theme.TEXT) * lines
    return min(wanted, screen.availableGeometry().width()) if screen else wanted
