"""Takes the pictures of the window for the README: all pages, both languages, light and dark, with practice data,
and the card page for each state of the practice card.

    .venv/bin/python tests/pictures.py [FOLDER]

It needs no screen.
"""

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1120, 720


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            os.environ[variable] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ["LC_ALL"] = "C.UTF-8"  # so that the same fonts are taken everywhere
        take_pictures(folder, Path(home))


def take_pictures(folder: Path, home: Path) -> None:
    from desktop.arrival.request import Arrival
    from desktop.window import begin, make_application, open_window, shut_down
    from signing.card.practice_states import PracticeState

    app = make_application()
    font = app.font()
    window = open_window(app)
    window.resize(WIDTH, HEIGHT)
    window.show()
    begin(window, Arrival(practice=True))
    wait_until(lambda: window.cards.ready)
    documents = [Path(shutil.copy(path, home)) for path in sorted((ROOT / "resources" / "practice").iterdir())]
    for each, endings in (
        (tour, (".pdf",)),
        (tour_of_xml, (".xml", ".xtx")),
        (tour_of_choices, ()),
        (tour_of_many, ()),
    ):
        for name, what in each(window, [path for path in documents if path.suffix in endings]):
            take(window, folder, name, what)
    shut_down(window)
    window.close()
    for state in PracticeState:
        app.setFont(font)  # each window sizes it anew
        take_state(app, folder, state)


def take_state(app, folder, state) -> None:  # type: ignore[no-untyped-def]  # as above
    from desktop.arrival.request import Arrival
    from desktop.card.desk import CardState
    from desktop.settings import Appearance
    from desktop.window import begin, open_window, shut_down
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN
    from signing.card.practice_states import PracticeState

    window = open_window(app, state=state)
    window.preferences.appear(Appearance.LIGHT)
    window.resize(WIDTH, HEIGHT)
    window.show()
    window.show_card()
    begin(window, Arrival(practice=True))
    wait_until(lambda: window._life.known or window.cards.state is CardState.REFUSED)
    if state in (PracticeState.STAY_LIMITED, PracticeState.ABROAD):  # known from the signature certificate only
        window._life.read_exactly(SignaturePin.parse(PRACTICE_PIN))
        wait_until(lambda: window._life.known.signature)
    for language in ("ja", "en"):
        window.preferences.speak(language)
        wait_until(lambda: True)
        save(window, folder / f"card-{state}-{language}.png")
    shut_down(window)
    window.close()


def tour(window, documents):  # type: ignore[no-untyped-def]  # Qt is imported when the environment is set
    """Lead the window from one state worth seeing to the next; yields a name and what makes the widget to take."""
    desk = window.signing
    window.receive([str(path) for path in documents])
    wait_until(lambda: len(desk.ready_rows()) == len(documents))
    yield "sign", lambda: window
    yield "pages", lambda: opened(window, lambda: window.look(desk.rows[0].document))
    yield "seal", lambda: seal_editor(window)
    desk.prepare()
    wait_until(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready)
    yield "password", lambda: password_dialog(window)
    sign(desk)
    yield "signed", lambda: window
    window.verify(desk.rows[0].outcome.path)
    wait_until(lambda: all(window.verifying.files.values()))
    yield "verify", lambda: window
    window.show_card()
    wait_until(lambda: window._life.known)
    yield "card", lambda: window
    window._card_page.open("lost")
    yield "card-guide", lambda: window
    window._card_page.open("")


def tour_of_xml(window, documents):  # type: ignore[no-untyped-def]  # as above
    desk = window.signing
    desk.clear()
    window.show_sign()
    window.receive([str(path) for path in documents])
    wait_until(lambda: len(desk.ready_rows()) == len(documents))
    yield "sign-xml", lambda: window
    yield "form-xml", lambda: content_dialog(window, documents[0], as_form=True)
    desk.prepare()
    wait_until(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready)
    sign(desk)
    signed = next(row.outcome.path for row in desk.rows if row.path.suffix == ".xtx")
    window.verifying.remove(window.verifying.current)
    window.verify(signed)
    wait_until(lambda: all(window.verifying.files.values()))
    yield "verify-xml", lambda: window
    yield "content-xml", lambda: content_dialog(window, signed)


def tour_of_choices(window, _documents):  # type: ignore[no-untyped-def]  # as above
    desk = window.signing
    desk.clear()
    window.show_sign()
    for place, name in enumerate(("window", "signing", "time", "trust")):
        yield f"settings-{name}", lambda place=place: opened(window, window.open_settings, page=place)
    yield "help", lambda: opened(window, window.open_guides)


def tour_of_many(window, _documents):  # type: ignore[no-untyped-def]  # as above
    """A table, and what was changed after the signature in one of its files."""
    home = Path(os.environ["HOME"])
    signed = sorted(home.glob("*-practice*"))
    for number, path in enumerate(signed):
        for copy in range(3):
            window.verify(Path(shutil.copy(path, home / f"document-{number}-{copy}{path.suffix}")))
    wait_until(lambda: all(window.verifying.files.values()))
    yield "table", lambda: window


def sign(desk) -> None:  # type: ignore[no-untyped-def]  # as above
    from desktop.sign.desk import Stage
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN

    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    wait_until(lambda: desk.stage is Stage.DONE)


def content_dialog(window, path, *, as_form=False):  # type: ignore[no-untyped-def]  # as above
    from desktop.content.view import _FORM, ContentDialog

    dialog = ContentDialog(window.documents, path, window, holds=True)
    wait_until(lambda: dialog._preview)
    if as_form:
        dialog._turn(_FORM)
        wait_until(lambda: dialog._form)
    dialog.show()
    return dialog


def opened(window, act, page=None):  # type: ignore[no-untyped-def]  # as above
    """The dialog that this opens, when it has been filled."""
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QDialog

    act()
    dialog = window.findChildren(QDialog)[-1]
    if page is not None:
        dialog.choose(page)
    QTest.qWait(4000)  # pages are drawn in another process
    return dialog


def seal_editor(window):  # type: ignore[no-untyped-def]  # as above
    from PyQt6.QtWidgets import QPushButton

    from desktop.sign.seal_editor import SealEditor
    from desktop.words.translation import _

    dialog = opened(window, SealEditor(window.signing, window.signing.sealable_rows(), window).open)
    for each in dialog.findChildren(QPushButton):
        if each.text() == _("Name"):
            each.click()
    wait_until(lambda: True)
    return dialog


def password_dialog(window):  # type: ignore[no-untyped-def]  # as above
    from desktop.passwords.pin_dialog import PinDialog

    dialog = PinDialog(window.signing, window.cards, window)
    dialog._field.setText("practice")  # the letters are not shown
    dialog.show()
    wait_until(lambda: True)  # it is as high as its words need
    dialog._field.deselect()
    return dialog


def take(window, folder, name, make) -> None:  # type: ignore[no-untyped-def]  # as above
    from desktop.settings import Appearance

    for language in ("ja", "en"):
        window.preferences.speak(language)
        for appearance in (Appearance.LIGHT, Appearance.DARK):
            window.preferences.appear(appearance)
            widget = make()
            wait_until(lambda: window.cards.ready)
            save(widget, folder / f"{name}-{language}-{appearance}.png")
            if widget is not window:
                widget.done(0)
                widget.deleteLater()


def save(widget, path: Path) -> None:  # type: ignore[no-untyped-def]  # as above
    """In 256 colours: enough for what is flat, and a third of the size."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtGui import QColor, QImage

    from desktop.look import theme

    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    own = [QColor(colour).rgb() for colour in theme.colours()]
    common = [colour for colour, _count in Counter(memoryview(bits).cast("I")).most_common(256)]
    palette = list(dict.fromkeys(own + common))[:256]
    flat = image.convertToFormat(QImage.Format.Format_Indexed8, palette, Qt.ImageConversionFlag.ThresholdDither)
    flat.save(str(path), "PNG", 0)


def wait_until(condition: Callable[[], object]) -> None:
    from PyQt6.QtTest import QTest

    for _ in range(600):
        QTest.qWait(100)
        if condition():
            return
    raise TimeoutError


if __name__ == "__main__":
    main()
