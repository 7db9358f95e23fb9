"""One of several is chosen, by a click as by what assistive technology does instead."""

from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.look.choices import Choices


@pytest.mark.parametrize("act", [QPushButton.click, QPushButton.toggle], ids=["click", "toggle action"])
def test_another_one_is_chosen_and_told_once(qtbot: QtBot, act: Callable[[QPushButton], None]) -> None:
    choices = Choices({1: "one", 2: "two", 3: "three"}, 1)
    qtbot.addWidget(choices)
    told: list[int] = []
    choices.chosen.connect(lambda: told.append(choices.value))
    one, two, _three = choices.findChildren(QPushButton)
    for each in (one, two, two, one):
        act(each)
    assert told == [2, 1]
    assert [each.isChecked() for each in choices.findChildren(QPushButton)] == [True, False, False]
