"""Every page and dialog, in both languages, with letters of 100 and 200 %, on a screen of 1024 x 600: nothing is left
in another language, and no words are cut off. A dialog that is not opened here makes the test fail."""

import importlib
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509 import load_der_x509_certificate
from PyQt6.QtCore import QEvent, QPoint, QRect
from PyQt6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QDialog, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.arrival.elsewhere import ElsewhereDialog
from desktop.card.exact_date import ask_for_exact_date
from desktop.content.comparison_dialog import ComparisonDialog
from desktop.content.file_dialog import FileDialog
from desktop.content.view import _FORM, ContentDialog
from desktop.integration.dialog import IntegrationDialog
from desktop.keys.desk import OtherKey
from desktop.keys.dialog import KeyDialog
from desktop.keys.token_dialog import TokenDialog
from desktop.look import theme
from desktop.look.widgets import ElidedLabel, column, prose
from desktop.main_window import MainWindow
from desktop.passwords.document_password import unlock_button
from desktop.passwords.pin_change_dialog import PinChangeDialog
from desktop.settings_dialog import SettingsDialog
from desktop.sign.seal_editor import SealEditor
from desktop.time.authorities import Authority
from desktop.time.authority_dialog import AuthorityDialog
from desktop.time.desk import WaitingItem
from desktop.time.dialog import TimeDialog, ask_password
from desktop.time.extension_dialog import ExtensionDialog
from desktop.time.waiting_notice import WaitingDialog, _DiscardDialog
from desktop.window import open_window, shut_down
from desktop.words.translation import set_language
from signing.card.pin_change import Changeable
from signing.card.practice import PracticeReaders
from signing.document import Document
from signing.errors import TimestampUnreachable, TokenMissing
from signing.job import SignedFile, SigningBatch, SigningJob, rehearse
from signing.keys.pkcs11 import Remaining, TokenFacts
from signing.profile import Profile
from signing.waiting import WaitingFile

ROOM = Path(__file__).parents[2] / "desktop"
PRACTICE = Path(__file__).parents[2] / "resources" / "practice"
SCREEN = (1024, 600)
PASSWORD = "himitsu-42"
# What is the same in every language.
NAMES = re.compile(r"Jitsuin|English|SHA-256|PDF|XML|practice(-\w+)+\.\w+|[0-9A-Fa-f ]{32,}|Ctrl|J-LIS|\w+://\S+")
WORD = re.compile(r"[A-Za-z]*[a-z]{3,}")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class SmallScreen:
    """Without a screen, Qt has one of another size."""

    def availableGeometry(self) -> QRect:  # noqa: N802 - the name in Qt
        return QRect(0, 0, *SCREEN)


@pytest.fixture(params=[1, 2], ids=["100 %", "200 %"])
def scaled(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    readers: PracticeReaders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    """The window with the practice card and letters of that size."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("desktop.window._readers", lambda *_, practice: readers)
    monkeypatch.setattr(QWidget, "screen", lambda _: SmallScreen())
    before, scale, icon = qapp.font(), theme._Now.scale, theme._Now.icon
    larger = qapp.font()
    larger.setPointSizeF(10.0 * request.param)
    qapp.setFont(larger)
    made = open_window(qapp)
    made.resize(*SCREEN)
    made.show()
    made.cards.use_practice_card()
    yield made
    made.close()
    shut_down(made)
    made.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # a style sheet set later would dress its remains
    qapp.setStyleSheet("")
    qapp.setFont(before)
    theme._Now.scale, theme._Now.icon = scale, icon


@pytest.fixture
def signed(credential: object, tmp_path: Path) -> Path:
    """A PDF that was signed twice."""
    path = Path(shutil.copy(PRACTICE / "practice-agreement.pdf", tmp_path))
    for _ in range(2):
        job = SigningJob.beside(Document.open(path), Profile.PADES_B_B, practice=False)
        with SigningBatch([rehearse(job)], refuge=tmp_path, clock=lambda: datetime.now(UTC)) as batch:
            (made,) = batch.sign(credential)  # type: ignore[arg-type] - of tests/conftest.py
        assert isinstance(made, SignedFile)
        path = made.path
    return path


@pytest.fixture
def p12(credential: object, tmp_path: Path) -> Path:
    """A certificate file."""
    certificate = load_der_x509_certificate(credential.certification_path[0])  # type: ignore[attr-defined] - as above
    path = tmp_path / "practice-key.p12"
    sealed = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"key", credential.key, certificate, None, sealed))
    return path


def test_short_lines_have_their_height_in_a_wide_page(qtbot: QtBot) -> None:
    words, page = prose("実印 " * 60), QWidget()
    page.setLayout(column(words))
    qtbot.addWidget(page)
    wide = 2 * words.maximumWidth()
    page.resize(wide, page.heightForWidth(wide))
    page.show()
    assert words.width() == words.maximumWidth()
    assert words.height() >= words.heightForWidth(words.width())


def test_the_window_asks_for_no_more_than_the_screen_has(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """1366 x 768 shown at 200 %: what is beyond the edge could not be reached."""
    small = QRect(0, 0, 683, 384)
    monkeypatch.setattr(SmallScreen, "availableGeometry", lambda _: small)
    monkeypatch.setattr(QWidget, "screen", lambda _: SmallScreen())
    window.be_small()
    assert small.size().expandedTo(window.minimumSize().expandedTo(window.size())) == small.size()
    window.be_whole()
    assert small.size().expandedTo(window.minimumSize()) == small.size()


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_nothing_is_untranslated_and_nothing_is_cut_off(
    scaled: MainWindow, qtbot: QtBot, spoken: str, signed: Path, p12: Path
) -> None:
    qtbot.waitUntil(lambda: scaled.cards.ready, timeout=60_000)
    set_language(spoken)
    scaled.rebuild()
    found, opened = [], set()
    for scene, part in scenes(scaled, qtbot, signed, p12):
        opened.add(type(part))
        for patience in (30, 100, 300, 1000):  # milliseconds; what is broken into lines anew is laid out once more
            qtbot.wait(patience)
            if not (wrong := [f"{scene}: {problem}" for problem in problems(part, spoken)]):
                break
        found += wrong
        if isinstance(part, QDialog) and not isinstance(part, SettingsDialog):  # which has many pages
            part.reject()
            qtbot.wait(0)
    assert not found, "\n".join(found)
    assert dialogs() <= opened


def dialogs() -> set[type[QDialog]]:
    """All that the program has, but those that are only the base of others."""
    for path in ROOM.rglob("*.py"):
        if path.stem != "__main__":
            importlib.import_module(".".join(path.relative_to(ROOM.parent).with_suffix("").parts))
    return {each for each in kinds_of(QDialog) if each.__module__.startswith("desktop.") and not each.__subclasses__()}


def kinds_of(base: type[QDialog]) -> Iterator[type[QDialog]]:
    for each in base.__subclasses__():
        yield each
        yield from kinds_of(each)


def scenes(window: MainWindow, qtbot: QtBot, signed: Path, p12: Path) -> Iterator[tuple[str, QWidget]]:
    yield from pages(window, qtbot)
    yield from small_dialogs(window)
    yield from settings(window, qtbot)
    yield from about_documents(window, qtbot)
    yield from about_signed(window, qtbot, signed)
    yield from about_time(window, qtbot, signed)
    yield from other_keys(window, qtbot, p12)


def pages(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    yield "sign, empty", window
    window.show_verify()
    yield "verify, empty", window
    window.show_card()
    qtbot.waitUntil(lambda: window._life is not None and window._life.life is not None, timeout=20_000)
    qtbot.wait(300)  # words that are broken anew have other heights
    yield "card", window
    window.open_guides("acrobat")
    yield "help", last(window)
    window.show_sign()


def small_dialogs(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    window._explain()
    yield "what others will see", last(window)
    yield "time stamps", shown(TimeDialog(window.signing.time, window))
    yield "authority", shown(AuthorityDialog(window.signing.time, None, window))
    for which in Changeable:
        yield f"change {which}", shown(PinChangeDialog(which, window.cards, window))
    assert window._life
    yield "exact date", ask_for_exact_date(window._life, window)
    yield "file managers", shown(IntegrationDialog(window))
    yield "elsewhere", shown(ElsewhereDialog(["https://example.com/a.pdf"] * 3, window))


def settings(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    window.open_settings()
    dialog = last(window)
    assert isinstance(dialog, SettingsDialog)
    for place in range(len(dialog._pages)):
        dialog.choose(place)
        qtbot.wait(150)  # for what is asked in the background
        yield f"settings {place}", dialog
    dialog.reject()


def about_documents(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    desk = window.signing
    desk.add(sorted(path for path in PRACTICE.iterdir() if path.suffix in (".pdf", ".xtx")))
    qtbot.waitUntil(lambda: all(row.examination for row in desk.rows), timeout=60_000)
    yield "sign", window
    document = desk.rows[0].document
    assert document
    window.look(document)
    qtbot.wait(300)
    yield "pages", last(window)
    yield "another file", shown(FileDialog(window.documents, document, window))
    yield "seal", shown(SealEditor(desk, desk.sealable_rows(), window))
    window._sign_flow()._ask()
    qtbot.waitUntil(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready, timeout=60_000)
    yield "password", last(window)
    window.verify(document.path)
    qtbot.waitUntil(lambda: all(window.verifying.files.values()), timeout=60_000)
    yield "verify", window


def about_signed(window: MainWindow, qtbot: QtBot, signed: Path) -> Iterator[tuple[str, QWidget]]:
    form = next(row.path for row in window.signing.rows if row.path.suffix == ".xtx")
    content = shown(ContentDialog(window.documents, form, window))
    assert isinstance(content, ContentDialog)
    qtbot.waitUntil(lambda: content._preview is not None, timeout=60_000)
    yield "content", content
    content = shown(ContentDialog(window.documents, form, window))
    assert isinstance(content, ContentDialog)
    qtbot.waitUntil(lambda: content._preview is not None, timeout=60_000)
    content._turn(_FORM)
    qtbot.waitUntil(lambda: content._form is not None, timeout=60_000)
    yield "form", content
    window.verify(signed)
    qtbot.waitUntil(lambda: all(window.verifying.files.values()), timeout=60_000)
    yield "verify, signed twice", window
    if theme._Now.scale == 1:
        window.resize(720, 480)
        for title, show in (("verify", window.show_verify), ("sign", window.show_sign)):
            show()
            yield f"{title}, narrow", window
        window.resize(*SCREEN)
    judgement = window.verifying.files[signed]
    assert judgement
    assert judgement.report
    length = min(each.signed_bytes or 0 for each in judgement.report.signatures)
    comparison = shown(ComparisonDialog(window.verifying.compare(signed, length), signed, window))
    qtbot.wait(500)
    yield "comparison", comparison


def about_time(window: MainWindow, qtbot: QtBot, signed: Path) -> Iterator[tuple[str, QWidget]]:
    desk = window.signing.time
    extension = shown(ExtensionDialog(desk, signed, partial(window.verifying.find_extensions, signed), window))
    assert isinstance(extension, ExtensionDialog)
    qtbot.waitUntil(lambda: extension._offer is not None, timeout=60_000)
    yield "add a time stamp", extension
    item = WaitingItem(WaitingFile(signed, signed, "", practice=True))
    item.error = TimestampUnreachable()
    desk.items.append(item)
    yield "waiting", shown(WaitingDialog(desk, window))
    desk.items.remove(item)
    yield "discard", shown(_DiscardDialog(window))
    ask_password(window, Authority("practice-authority.example", ""), print)
    yield "password of an authority", last(window)
    unlock_button(window, "practice-agreement.pdf", print).click()
    yield "password of a document", last(window)


def other_keys(window: MainWindow, qtbot: QtBot, p12: Path) -> Iterator[tuple[str, QWidget]]:
    keys = window.signing.keys
    choice = shown(TokenDialog(keys, window))
    assert isinstance(choice, TokenDialog)
    choice._module.setText("/usr/lib/module.so")
    choice._on_listed(TokenMissing())
    yield "no token", choice
    token = TokenFacts(0, "practice-token", "", Remaining.ONE, has_keypad=False, wants_new_pin=False, certificates=())
    choice = shown(TokenDialog(keys, window))
    assert isinstance(choice, TokenDialog)
    choice._on_listed((token,))
    yield "tokens", choice
    for each in (OtherKey(p12), OtherKey(Path("/usr/lib/module.so"), token)):
        keys.use(each)
        window.show_sign()
        yield f"sign with {each.path.name}", window
        dialog = shown(KeyDialog(window.signing, keys, each, window))
        yield f"password of {each.path.name}", dialog
    keys.use(OtherKey(p12))
    dialog = KeyDialog(window.signing, keys, OtherKey(p12), window)
    shown(dialog)
    dialog._field.setText(PASSWORD)
    dialog._press()
    qtbot.waitUntil(lambda: bool(dialog._credentials), timeout=60_000)
    yield "what the key reveals", dialog
    keys.use(None)


def shown(dialog: QDialog) -> QDialog:
    dialog.open()
    return dialog


def last(window: MainWindow) -> QDialog:
    return [each for each in window.findChildren(QDialog) if each.isVisible()][-1]


# --- what may be wrong


def problems(part: QWidget, spoken: str) -> Iterator[str]:
    if part.width() > SCREEN[0] or part.height() > SCREEN[1]:
        yield f"needs {part.width()} x {part.height()}"
    for each in part.findChildren(QWidget):
        text = text_of(each)
        if not text or not each.isVisible() or each.window() is not part:
            continue
        if spoken == "ja" and is_english(text):
            yield f"not translated: {text}"
        if not isinstance(each, ElidedLabel) and (why := cut_off(each)):
            yield f"cut off ({why}): {text}"


def text_of(part: QWidget) -> str:
    return part.text() if isinstance(part, QLabel | QAbstractButton) else ""


def is_english(text: str) -> bool:
    return not JAPANESE.search(text) and bool(WORD.search(NAMES.sub("", text)))


def cut_off(part: QWidget) -> str:
    if isinstance(part, QLabel) and part.wordWrap():
        if part.heightForWidth(part.width()) > part.height() + 1:
            return "height"
    elif isinstance(part, QLabel) and part.sizeHint().width() > part.width() + 1:
        return "width"
    elif isinstance(part, QPushButton | QCheckBox):
        need = part.sizeHint()
        if need.width() > part.width() + 1 or need.height() > part.height() + 1:
            return f"button {part.width()} of {need.width()}"
    return outside(part)


def outside(part: QWidget) -> str:
    """Whether it lies beyond the edge of what it is in, and cannot be scrolled to."""
    frame: QWidget | None = part.parentWidget()
    scrolled = False
    while frame is not None:
        at = part.mapTo(frame, QPoint(0, 0))
        if at.x() < -1 or at.x() + part.width() > frame.width() + 1:
            area = frame.parentWidget()
            if not (isinstance(area, QScrollArea) and scrollable(area)):
                return "beyond the side"
            return ""
        scrolled = scrolled or isinstance(frame.parentWidget(), QScrollArea)
        if not scrolled and (at.y() < -1 or at.y() + part.height() > frame.height() + 1):
            return "beyond the foot"
        if frame.isWindow():
            return ""
        frame = frame.parentWidget()
    return ""


def scrollable(area: QScrollArea) -> bool:
    bar = area.horizontalScrollBar()
    return bar is not None and bar.isVisible()
