"""A box of choices: all that is chosen is read beside its arrow, however large the text."""

import pytest

from desktop.look import icons
from desktop.look.widgets import ChoiceBox
from desktop.main_window import MainWindow


@pytest.mark.parametrize("times", [1, 2])
def test_the_arrow_does_not_cover_what_is_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    side = icons.size() * times
    monkeypatch.setattr(icons, "size", lambda: side)
    box = ChoiceBox(window)
    font = box.font()
    font.setPixelSize(15 * times)
    box.setFont(font)
    box.addItems(["Contract or private use", "Any file"])
    box.ensurePolished()

    beside = box.sizeHint().width() - box.fontMetrics().horizontalAdvance(box.currentText())

    assert beside >= 12 + side * 0.8 + 8  # from the left edge to the text, and the arrow with what is right of it
