"""Takes the pictures of the window for the README: all pages, in both languages, with practice data, in the dark those
where it says something, and the card page for each state of the practice card.

    .venv/bin/python tests/pictures.py [FOLDER [TOUR …]]

It needs no screen. With the names of tours only these are made, such as `batch` or `states`.
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
PATIENCE = 600  # milliseconds; rows are made a few at a time
IN_THE_DARK = ("sign", "pages", "seal", "password", "signed", "verify", "card", "table", "batch", "comparison")
PASSWORD = "himitsu-42"
BROKEN = (b"", b"%PDF-1.7 nothing more", b"<not closed>", b"\x89PNG no document", b"%PDF-1.4\n%%EOF")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            os.environ[variable] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ["LC_ALL"] = "C.UTF-8"  # so that the same fonts are taken everywhere
        take_pictures(folder, Path(home), sys.argv[2:])


def take_pictures(folder: Path, home: Path, wanted: list[str]) -> None:
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
    for title, each, endings in (
        ("first", tour, (".pdf",)),
        ("xml", tour_of_xml, (".xml", ".xtx")),
        ("choices", tour_of_choices, ()),
        ("field", tour_of_fields, (".pdf",)),
        ("comparison", tour_of_versions, (".pdf",)),
        ("keys", tour_of_keys, (".pdf",)),
        ("table", tour_of_many, ()),
        ("batch", tour_of_batch, (".pdf", ".xml", ".xtx")),
    ):
        if not wanted or title in wanted:
            for name, what in each(window, [path for path in documents if path.suffix in endings]):
                take(window, folder, name, what)
    shut_down(window)
    window.close()
    for state in PracticeState if not wanted or "states" in wanted else ():
        app.setFont(font)  # each window sizes it anew
        take_state(app, folder, state)


def take_state(app, folder, state) -> None:  # type: ignore[no-untyped-def]  # as above
    from PyQt6.QtTest import QTest

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
        QTest.qWait(PATIENCE)
        wait_until(lambda: is_laid_out(window))
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


def tour_of_fields(window, documents):  # type: ignore[no-untyped-def]  # as above
    """A seal in the field that somebody prepared for it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    begin_anew(window)
    prepared = documents[0].with_stem("practice-prepared")
    shutil.copy(documents[0], prepared)
    with prepared.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        append_signature_field(writer, SigFieldSpec("Seal of A", box=(330, 380, 500, 450)))
        writer.write_in_place()
    window.receive([str(prepared)])
    wait_until(lambda: len(window.signing.ready_rows()) == 1)

    def in_field():  # type: ignore[no-untyped-def]  # as above
        dialog = seal_editor(window)
        dialog._further._field.setCurrentIndex(1)
        dialog._further.changed.emit()
        wait_until(lambda: dialog._shown.field and dialog._sample)
        return dialog

    yield "seal-field", in_field


def tour_of_versions(window, documents):  # type: ignore[no-untyped-def]  # as above
    """What was signed, beside what came after it."""
    from desktop.content.comparison_dialog import ComparisonDialog

    begin_anew(window)
    window.receive([str(documents[0])])
    wait_until(lambda: len(window.signing.ready_rows()) == 1)
    prepare(window)
    sign(window.signing)
    signed = window.signing.rows[0].outcome.path
    length = signed.stat().st_size
    write_on(signed)
    window.verify(signed)
    wait_until(lambda: all(window.verifying.files.values()))
    yield "verify-changed", lambda: window
    compare = window.verifying.compare
    yield (
        "comparison",
        lambda: opened(window, ComparisonDialog(compare(signed, length), signed, window).open),
    )


def write_on(path: Path) -> None:
    """A line more on the first page, as somebody might add it after the signature."""
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        line = b"q 0.1 0.1 0.5 rg 90 415 210 3 re 90 395 160 3 re f Q"
        writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=line)))
        writer.write_in_place()


def tour_of_keys(window, documents):  # type: ignore[no-untyped-def]  # as above
    """A certificate file and a token instead of the card."""
    from desktop.keys.desk import OtherKey
    from desktop.keys.dialog import KeyDialog
    from desktop.keys.token_dialog import TokenDialog
    from signing.keys.pkcs11 import Remaining, TokenFacts

    begin_anew(window)
    desk, keys = window.signing, window.signing.keys
    window.receive([str(path) for path in documents])
    wait_until(lambda: len(desk.ready_rows()) == len(documents))
    token = TokenFacts(0, "practice-token", "", Remaining.FEW, has_keypad=False, wants_new_pin=False, certificates=())

    def choice():  # type: ignore[no-untyped-def]  # as above
        dialog = TokenDialog(keys, window)
        dialog._module.setText("/usr/lib/softhsm/libsofthsm2.so")
        dialog._on_listed((token,))
        return opened(window, dialog.open)

    yield "token", choice
    keys.use(OtherKey(certificate_file(Path(os.environ["HOME"]))))
    yield "sign-key", lambda: window
    desk.prepare()
    wait_until(lambda: len(desk.digests) == len(desk.signing))

    def reveals():  # type: ignore[no-untyped-def]  # as above
        dialog = KeyDialog(desk, keys, keys.chosen, window)
        dialog.open()
        dialog._field.setText(PASSWORD)
        dialog._press()
        wait_until(lambda: dialog._credentials)
        return dialog

    yield "key-password", lambda: opened(window, KeyDialog(desk, keys, keys.chosen, window).open)
    yield "key-disclosure", reveals
    desk.cancel()
    keys.use(None)


def certificate_file(home: Path) -> Path:
    """That of somebody who does not exist."""
    import subprocess

    subject = "/C=JP/O=Jitsuin Trading/OU=Sales/CN=Jitsuin Taro"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", subject]
    make += ["-addext", "basicConstraints=CA:FALSE", "-keyout", "key", "-out", "crt"]
    export = ["openssl", "pkcs12", "-export", "-inkey", "key", "-in", "crt", "-passout", f"pass:{PASSWORD}"]
    for command in (make, [*export, "-out", "trading.p12"]):
        subprocess.run(command, cwd=home, check=True, capture_output=True)
    return home / "trading.p12"


def tour_of_batch(window, documents):  # type: ignore[no-untyped-def]  # as above
    """A hundred documents of several kinds, five of which are broken: list, password, progress, results."""
    from desktop.sign.desk import Stage

    begin_anew(window)
    folder = Path(os.environ["HOME"]) / "batch"
    folder.mkdir()
    for number in range(95):
        source = documents[number % len(documents)]
        shutil.copy(source, folder / f"{number + 1:03}-{source.name.removeprefix('practice-')}")
    for number, content in enumerate(BROKEN):
        (folder / f"{number * 20 + 3:03}-broken{('.pdf', '.pdf', '.xml', '.pdf', '.pdf')[number]}").write_bytes(content)
    desk = window.signing
    window.receive([str(folder)])
    wait_until(lambda: len(desk.rows) == 100 and all(row.examination for row in desk.rows))
    yield "batch", lambda: window
    prepare(window)
    yield "batch-password", lambda: password_dialog(window)
    begin_to_sign(desk)
    wait_until(lambda: sum(row.outcome is not None for row in desk.signing) > 20)
    yield "batch-progress", lambda: window
    wait_until(lambda: desk.stage is Stage.DONE)
    yield "batch-results", lambda: window


def begin_anew(window) -> None:  # type: ignore[no-untyped-def]  # as above
    window.signing.clear()
    window.verifying.clear()
    window.show_sign()


def prepare(window) -> None:  # type: ignore[no-untyped-def]  # as above
    desk = window.signing
    desk.prepare()
    wait_until(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready)


def begin_to_sign(desk) -> None:  # type: ignore[no-untyped-def]  # as above
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN

    desk.sign(SignaturePin.parse(PRACTICE_PIN))


def sign(desk) -> None:  # type: ignore[no-untyped-def]  # as above
    from desktop.sign.desk import Stage

    begin_to_sign(desk)
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
    dialog._choice._text.setText("練習 花子")
    wait_until(lambda: dialog._sample)
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
    from PyQt6.QtTest import QTest

    from desktop.settings import Appearance

    for language in ("ja", "en"):
        window.preferences.speak(language)
        for appearance in (Appearance.LIGHT, Appearance.DARK) if name in IN_THE_DARK else (Appearance.LIGHT,):
            window.preferences.appear(appearance)
            widget = make()
            wait_until(lambda: window.cards.ready)
            if name != "batch-progress":
                QTest.qWait(PATIENCE)
                wait_until(lambda widget=widget: is_laid_out(widget))
            save(widget, folder / f"{name}-{language}-{appearance}.png")
            if widget is not window:
                widget.done(0)
                widget.deleteLater()


def is_laid_out(widget) -> bool:  # type: ignore[no-untyped-def]  # as above
    """Whether all words have their room."""
    from PyQt6.QtWidgets import QLabel

    seen = [each for each in widget.findChildren(QLabel) if each.isVisible() and each.wordWrap()]
    return all(each.heightForWidth(each.width()) <= each.height() + 1 for each in seen)


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
