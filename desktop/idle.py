"""What the window does while it has nothing to do: it loads what pages will need, and clears away garbage."""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import chain

from PyQt6.QtCore import QAbstractEventDispatcher, QObject, QTimer
from PyQt6.QtWidgets import (
    QComboBox,
    QCommonStyle,
    QDialog,
    QHeaderView,
    QListWidget,
    QProgressBar,
    QScrollArea,
    QTableView,
)

# What a first file, a first look and a first verdict need, the parts before the whole: each takes a few milliseconds.
_MODULES = (
    "signing.my_number",
    "desktop.sign.row",
    "desktop.sign.list",
    "desktop.time.authorities",
    "desktop.time.choice",
    "desktop.sign.result_list",
    "desktop.sign.for_all",
    "desktop.content.form_page",
    "signing.content",
    "desktop.content.preview",
    "desktop.content.tree",
    "desktop.content.page_dialog",
    "desktop.content.looking",
    "desktop.sign.flow",
    "desktop.verify.report_view",
    "desktop.verify.summary",
    "desktop.verify.table",
    "desktop.verify.many_files",
    "desktop.verify.signed_version",
    "desktop.verify.page",
)
# PyQt6 makes all enumerations of a class when the class is first looked into.
_CLASSES = (QCommonStyle, QComboBox, QDialog, QHeaderView, QListWidget, QProgressBar, QScrollArea, QTableView)
_EVERY = 25  # milliseconds between two of them: what the person does comes first


class Idle(QObject):
    """Its parent is the window, and from now on no other thread collects garbage.

    Python collects in whichever thread happens to make the next object, and would destroy there widgets that went in a
    cycle, which Qt allows in the window's thread alone; and it would look at all objects while the person waits.
    """

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        gc.disable()
        gc.freeze()  # what is there now stays until the end
        self._ahead: Iterator[Callable[[], object]] = chain(
            (partial(import_module, name) for name in _MODULES), (partial(dir, each) for each in _CLASSES)
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._load_next)
        if events := QAbstractEventDispatcher.instance():
            events.aboutToBlock.connect(self._collect)

    def load_ahead(self) -> None:
        """Load what will be needed, one part after the other."""
        self._timer.start()

    def end(self) -> None:
        """Let every thread collect as it likes."""
        self._timer.stop()
        if events := QAbstractEventDispatcher.instance():
            events.aboutToBlock.disconnect(self._collect)
        gc.unfreeze()
        gc.enable()

    def _load_next(self) -> None:
        if load := next(self._ahead, None):
            load()
        else:
            self._timer.stop()
            gc.freeze()

    def _collect(self) -> None:
        """As much as Python itself would by now."""
        made, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if made[generation] > limits[generation]:
                gc.collect(generation)
                return
