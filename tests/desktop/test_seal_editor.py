"""The seal in the window: chosen, put in its place by mouse, keys and numbers, and on the page when signed."""

import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QImage, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.sign import seal_memory
from desktop.sign.desk import Stage
from desktop.sign.seal_editor import SealEditor
from desktop.sign.seal_work import SealWish, make_seal, read_picture
from desktop.words.destinations import destination_name
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.destination import E_TAX_ATTACHMENT, REGISTRY
from signing.errors import SealFontMissing, SealGlyphMissing, SealPictureUnusable
from signing.pdf.options import Permission

LONG = 60_000


@pytest.fixture
def editor(practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot) -> SealEditor:
    """For the first of two documents."""
    pages = "/MediaBox [0 0 595.28 841.89]"
    practising.signing.add([make_pdf("a.pdf", pages=3, page=pages), make_pdf("b.pdf", page=pages)])
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 2, timeout=LONG)
    made = SealEditor(practising.signing, practising.signing.rows[:1], practising)
    made.open()
    qtbot.waitUntil(lambda: made._shown is not None, timeout=LONG)
    return made


def press(editor: SealEditor, text: str) -> None:
    (found,) = (each for each in editor.findChildren(QPushButton) if each.isVisible() and each.text() == text)
    found.click()


def cut(editor: SealEditor, qtbot: QtBot, text: str = "山田") -> None:
    press(editor, "Name")
    editor._choice._text.setText(text)
    qtbot.waitUntil(lambda: editor._sample is not None and editor._sample.wish.text == text, timeout=LONG)


def test_it_is_put_by_mouse_keys_and_numbers_and_all_agree(editor: SealEditor, qtbot: QtBot) -> None:
    cut(editor, qtbot)
    sheet, place = editor._sheet, editor._place
    scale, corner = sheet._scale(), sheet._paper().topLeft()
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=(corner + QPointF(100, 60) * scale).toPoint())
    assert place.at() == pytest.approx((94, 54), abs=0.6)  # the middle of 12 mm comes to where one points

    before = place.at()
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    QTest.keyClick(sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert place.at() == pytest.approx((before[0] + 0.5, before[1] + 5), abs=0.11)

    place._left.setValue(20)
    place._top.setValue(30.5)
    assert (sheet._at.x(), sheet._at.y()) == (20, 30.5)
    assert "20.0 mm from the left, 30.5 mm from the top" in sheet.accessibleDescription()

    for _ in range(60):
        QTest.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert place.at()[1] == 0  # never beyond the edge


def test_in_a_prepared_field_it_is_seen_where_it_will_be(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    field = "<< /FT /Sig /T (here) /Type /Annot /Subtype /Widget /Rect [100 100 260 160] /F 4 /P 100 0 R >>"
    form = {"catalog": "/AcroForm << /Fields [10 0 R] >>", "extra": (field,)}
    turned = "/MediaBox [0 0 595 842] /Rotate 90 /Annots [10 0 R]"
    practising.signing.add([make_pdf(page=turned, **form)])
    qtbot.waitUntil(lambda: len(practising.signing.ready_rows()) == 1, timeout=LONG)
    editor = SealEditor(practising.signing, practising.signing.rows, practising)
    editor.open()
    cut(editor, qtbot)
    qtbot.waitUntil(lambda: editor._shown is not None, timeout=LONG)
    editor._further._field.setCurrentIndex(1)
    editor._further.changed.emit()
    qtbot.waitUntil(lambda: editor._shown.field is not None, timeout=LONG)
    sheet, scale = editor._sheet, editor._sheet._scale()
    middle = (sheet._place().center() - sheet._paper().topLeft()) / scale
    assert (middle.x(), middle.y()) == pytest.approx((130 * 25.4 / 72, 180 * 25.4 / 72), abs=0.1)
    assert sheet._place().width() / scale == pytest.approx(12, abs=0.1)
    at = editor._place.at()
    QTest.keyClick(sheet, Qt.Key.Key_Left)
    assert editor._place.at() == at
    assert "field" in sheet.accessibleDescription()


def test_the_last_page_stays_the_last_in_every_document(editor: SealEditor, qtbot: QtBot) -> None:
    cut(editor, qtbot)
    QTest.keyClick(editor._sheet, Qt.Key.Key_PageDown)
    QTest.keyClick(editor._sheet, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: editor._shown is not None and editor._shown.number == 2, timeout=LONG)
    editor._everywhere.setChecked(True)
    press(editor, "Use")
    rows = editor._desk.rows
    assert [row.options.place.page for row in rows if row.options] == [-1, -1]
    assert rows[0].options is not None
    assert rows[0].options.seal is not None
    assert rows[0].options.seal.text == "山田"


def test_what_cannot_be_cut_is_told_and_cannot_be_used(editor: SealEditor, qtbot: QtBot) -> None:
    press(editor, "Name")
    assert not editor._use.isEnabled()  # nothing is typed yet
    editor._choice._text.setText("山\U0001f47b")
    qtbot.waitUntil(lambda: not editor._said.isHidden(), timeout=LONG)
    assert not editor._use.isEnabled()
    cut(editor, qtbot)
    assert editor._use.isEnabled()
    assert editor._said.isHidden()


def test_while_a_seal_is_drawn_it_is_said_why_it_cannot_be_used(editor: SealEditor, qtbot: QtBot) -> None:
    def said() -> bool:
        return any(each.isVisible() and "being drawn" in each.text() for each in editor.findChildren(QLabel))

    press(editor, "Name")
    assert not said()
    editor._choice._text.setText("山田")
    assert said()
    assert not editor._use.isEnabled()
    qtbot.waitUntil(editor._use.isEnabled, timeout=LONG)
    assert not said()
    editor._choice._text.setText("山田花")
    editor._choice._text.setText("")
    assert not said()


def test_nothing_is_remembered_without_consent_and_all_is_forgotten(
    editor: SealEditor, practising: MainWindow, qtbot: QtBot
) -> None:
    cut(editor, qtbot)
    press(editor, "Use")
    assert seal_memory.recall() is None

    again = SealEditor(practising.signing, practising.signing.rows[:1], practising)
    assert again._choice.wish() == SealWish("山田")  # of this run
    qtbot.waitUntil(lambda: again._sample is not None, timeout=LONG)
    again._remember.setChecked(True)
    again._on_use()
    remembered = seal_memory.recall()
    assert remembered is not None
    assert remembered.wish == SealWish("山田")

    last = SealEditor(practising.signing, practising.signing.rows[:1], practising)
    last._remember.setChecked(False)
    last._on_use()
    assert seal_memory.recall() is None


def test_the_page_shows_the_seal_when_it_is_signed_and_says_practice(
    editor: SealEditor, practising: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    cut(editor, qtbot)
    editor._further._permission.setCurrentIndex(2)
    press(editor, "Use")
    desk = practising.signing
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 2, timeout=LONG)
    assert desk.rows[0].options is not None
    assert desk.rows[0].options.permission is Permission.FILL_FORMS
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == 2, timeout=LONG)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=LONG)
    signed = (tmp_path / "a-practice-signed.pdf").read_bytes()
    assert b"/DocMDP" in signed
    assert b"/DocMDP" not in (tmp_path / "b-practice-signed.pdf").read_bytes()
    shown = tmp_path / "a-practice-signed.pdf"
    command = ["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-png", "-singlefile", shown, tmp_path / "page"]
    subprocess.run(command, check=True)
    image = QImage(str(tmp_path / "page.png"))
    points = [image.pixelColor(x, y) for x in range(400, image.width(), 2) for y in range(700, image.height())]
    assert any(c.red() > 150 and c.green() < 100 and c.blue() < 100 for c in points)  # vermilion
    assert any(c.blue() > 120 and c.green() < 90 and c.red() < 120 for c in points)  # 練習


def test_destinations_for_all_and_what_they_would_refuse(
    practising: MainWindow, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    desk = practising.signing
    desk.add([make_pdf("a.pdf", ballast=8_000_000), make_pdf("b.pdf", ballast=7_000_000)])
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: practising.isVisible(), timeout=LONG)
    (box,) = (
        each for each in practising.findChildren(QComboBox) if each.accessibleName() == "Where all of them are for"
    )
    box.activated.emit(box.findText(destination_name(E_TAX_ATTACHMENT)))
    assert {row.destination for row in desk.rows} == {E_TAX_ATTACHMENT}
    ((destination, refusal),) = desk.refusals_together()
    assert (destination, refusal.rule.number) == (E_TAX_ATTACHMENT, 14_000_000)
    desk.choose_for_all(REGISTRY)
    qtbot.waitUntil(lambda: len(desk.ready_rows()) == 2, timeout=LONG)
    assert desk.refusals_together() == []


# --- pictures from anywhere


def png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(40),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        png(60_000, 60_000, zlib.compress(bytes(1000))),  # says that it is enormous
        png(19_000, 19_000, zlib.compress(bytes(1 << 20))),  # would take 1.4 GB
        png(4000, 10, zlib.compress((b"\0" + bytes(16_000)) * 10)),  # a line
        png(10, 10, b"no deflated data"),
    ],
    ids=["empty", "gif", "svg", "enormous", "bomb", "line", "broken"],
)
def test_a_picture_that_is_no_seal_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.png"
    path.write_bytes(content)
    with pytest.raises(SealPictureUnusable):
        make_seal(SealWish(picture=path), False, 50)


def test_numbers_and_a_larger_seal_keep_it_on_the_page_and_a_wheel_changes_none(
    editor: SealEditor, qtbot: QtBot
) -> None:
    cut(editor, qtbot)
    across, down = editor._place._left, editor._place._top
    across.setValue(2000)
    down.setValue(2000)
    assert editor._shown is not None
    width, height = editor._shown.width, editor._shown.height
    assert editor._place.at() == pytest.approx((width - 12, height - 12), abs=0.1)
    editor._choice._width.setValue(18)
    assert editor._place.at() == pytest.approx((width - 18, height - 18), abs=0.1)
    point = QPointF(across.rect().center())
    turned = QWheelEvent(
        point,
        point,
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(across, turned)
    assert across.value() == pytest.approx(width - 18, abs=0.1)


def test_an_own_picture_is_shown_where_it_was_chosen(editor: SealEditor, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "seal.png"
    path.write_bytes(png(1, 1, zlib.compress(b"\0\xc3\x33\x2d\xff")))
    press(editor, "Own picture")
    editor._choice._on_file(str(path))
    qtbot.waitUntil(lambda: editor._sample is not None, timeout=LONG)
    (shown,) = [each for each in editor._choice._samples if each.isVisible()]
    image = shown.grab().toImage()
    colours = {image.pixelColor(image.width() // 2, y).name() for y in range(image.height())}
    assert "#c3332d" in colours


def test_a_single_pixel_and_a_very_sharp_one_are_seals_too(tmp_path: Path) -> None:
    path = tmp_path / "seal.png"
    path.write_bytes(png(1, 1, zlib.compress(b"\0\xc3\x33\x2d\x80")))
    picture = read_picture(path)
    assert (picture.width, picture.height) == (1, 1)
    assert zlib.decompress(picture.rgb) == b"\xc3\x33\x2d"
    assert zlib.decompress(picture.alpha) == b"\x80"
    image = QImage(2400, 2400, QImage.Format.Format_ARGB32)
    image.fill(0x80C3332D)
    image.save(str(path))
    assert make_seal(SealWish(picture=path), True, 50).seal.picture.width == 1000


def test_without_a_font_that_has_it_a_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SealGlyphMissing):
        make_seal(SealWish("\U000323af"), False, 50)
    monkeypatch.setattr("desktop.sign.seal_work._font_folders", lambda: [tmp_path])
    with pytest.raises(SealFontMissing):
        make_seal(SealWish("山田"), False, 50)
    path = tmp_path / "seal.png"
    path.write_bytes(png(1, 1, zlib.compress(b"\0\xc3\x33\x2d\xff")))
    assert b"PRACTICE" in make_seal(SealWish(picture=path), True, 50).seal.practice_drawing
