"""Without a mouse: a document is pasted, looked at, signed and verified with keys alone."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.main_window import VERIFY, MainWindow
from signing.card.practice import PRACTICE_PIN

MOST = 80  # Tabs until everything was reached once


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget
    return widget


def name_of(widget: QWidget) -> str:
    text = getattr(widget, "text", str)()
    return widget.accessibleName() or str(text)


def tab_to(name: str) -> None:
    """Press Tab until what is called so has the focus."""
    start = QApplication.focusWidget() or QApplication.activeWindow()
    assert start
    seen = []
    for _ in range(MOST):
        QApplication.processEvents()
        QTest.keyClick(QApplication.focusWidget() or start, Qt.Key.Key_Tab)
        seen.append(name_of(focus()))
        if name in seen[-1]:
            return
    raise AssertionError(f"{name} is not reached; but {seen}")


def press(name: str) -> None:
    tab_to(name)
    QTest.keyClick(focus(), Qt.Key.Key_Space)


def dialog(qtbot: QtBot, title: str) -> QWidget:
    """What has the focus when the dialog of that title has come."""

    def is_there() -> bool:
        active = QApplication.activeWindow()
        return isinstance(active, QDialog) and title in active.windowTitle() and QApplication.focusWidget() is not None

    qtbot.waitUntil(is_there, timeout=20_000)
    return focus()


def escape(window: MainWindow, qtbot: QtBot) -> None:
    closed = QApplication.activeWindow()
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is not closed)
    window.activateWindow()  # without a window manager nobody else does it
    qtbot.waitUntil(window.isActiveWindow)


def test_a_document_is_signed_and_verified_with_keys_alone(
    practising: MainWindow, qtbot: QtBot, make_pdf: Callable[..., Path]
) -> None:
    window = practising
    window.take_shortcuts()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(make_pdf()))])
    clipboard = QApplication.clipboard()
    assert clipboard
    clipboard.setMimeData(copied)
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.signing.ready_rows()), timeout=20_000)

    press("Look at contract.pdf")
    dialog(qtbot, "contract.pdf")
    escape(window, qtbot)

    press("Sign for practice")
    QTest.keyClick(dialog(qtbot, "What others will see"), Qt.Key.Key_Return)
    field = dialog(qtbot, "Sign 1")
    qtbot.waitUntil(lambda: window.cards.ready, timeout=20_000)
    QTest.keyClicks(field, PRACTICE_PIN.lower())
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.signing.signed() == 1, timeout=30_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    press("Verify it")
    qtbot.waitUntil(lambda: window.page == VERIFY)
    files = window.verifying.files
    qtbot.waitUntil(lambda: bool(files) and all(files.values()), timeout=30_000)
    judgement = next(iter(files.values()))
    assert judgement
    assert judgement.report
    assert judgement.report.signatures[0].intact
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press("Look at the content")
    dialog(qtbot, "contract")
    escape(window, qtbot)


def test_settings_and_help_open_with_keys_and_lead_everywhere(window: MainWindow, qtbot: QtBot) -> None:
    window.take_shortcuts()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(dialog(qtbot, "Settings"), Qt.Key.Key_Down)
    tab_to("Where PDFs are for")
    tab_to("Choose a folder")
    escape(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_F1)
    dialog(qtbot, "Help")
    tab_to("A My Number Card with a signature certificate")
