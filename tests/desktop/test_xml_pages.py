"""XML through the real window and the terminal: from the file that is dropped to what is said of the signed one."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QGuiApplication
from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTextBrowser, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from desktop.content import preview
from desktop.content.form_page import FormDocument
from desktop.content.tree import ContentTree
from desktop.content.view import ContentDialog, FormView
from desktop.main_window import SIGN, VERIFY, MainWindow
from desktop.sign.desk import Stage
from desktop.sign.row import SignRowView
from desktop.words.profiles import profile_hint, profile_name
from desktop.words.translation import set_language
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN
from signing.destination import destination_named
from signing.errors import StylesheetFailed
from signing.job import FailedFile, SignedFile
from signing.profile import Profile
from signing.report import DocumentForm, ValidationReport

LONG = 60_000  # milliseconds; the helper process may have to start first
ROOT = Path(__file__).parents[2]
PRACTICE = ROOT / "resources" / "practice"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
KOUSEI = (
    '<?xml version="1.0" encoding="UTF-8"?><DataRoot><構成情報 ID="構成情報"><申請書属性情報>'
    "<申請書ファイル名称>app_01.xml</申請書ファイル名称></申請書属性情報></構成情報><署名情報/></DataRoot>"
)
HOSTILE = {
    "a.xml": ("<a><b></a>", "xml.not-well-formed"),
    "b.xml": ('<?xml version="1.0" encoding="UTF-8"?><a>\udce5</a>', "xml.encoding-wrong"),
    "c.xml": ('<?xml version="1.0" encoding="x-unknown"?><a/>', "xml.encoding-unsupported"),
    "d.xml": ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml.entities"),
    "e.xml": ('<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>', "xml.entities"),
    "f.xml": ("<a>" * 4000 + "</a>" * 4000, "xml.too-deep"),
    "kousei.xml": (KOUSEI, "xml.file-missing"),
}


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(QDropEvent(QPointF(5, 5), *how))


def words(widget: QWidget) -> str:
    QGuiApplication.processEvents()
    found = [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]
    found += [part.currentText() for part in widget.findChildren(QComboBox) if part.isVisible()]
    return "\n".join(found)


def press(widget: QWidget, text: str) -> None:
    QGuiApplication.processEvents()
    (found,) = (
        part
        for part in widget.findChildren(QAbstractButton)
        if part.isVisible() and text in (part.text(), part.accessibleName())
    )
    found.click()


def dropped(window: MainWindow, qtbot: QtBot, *paths: Path) -> None:
    drop(window, *paths)
    rows = window.signing.rows
    qtbot.waitUntil(lambda: len(rows) == len(paths) and all(row.examination for row in rows), timeout=LONG)
    qtbot.waitUntil(lambda: len(window.findChildren(SignRowView)) == len(paths))


def signed(window: MainWindow, qtbot: QtBot) -> list[Path]:
    """Sign all that is on the page: the paths of what was made."""
    found = outcomes(window, qtbot)
    assert all(isinstance(each, SignedFile) for each in found), found
    return [each.path for each in found if isinstance(each, SignedFile)]


def outcomes(window: MainWindow, qtbot: QtBot) -> list[SignedFile | FailedFile | None]:
    """Sign all that is on the page; the flow of the dialogs is tested elsewhere."""
    desk = window.signing
    desk.prepare()
    qtbot.waitUntil(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready, timeout=LONG)
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    qtbot.waitUntil(lambda: desk.stage is Stage.DONE, timeout=LONG)
    return [row.outcome for row in desk.rows]


def judged(window: MainWindow, qtbot: QtBot, path: Path) -> ValidationReport:
    qtbot.waitUntil(lambda: bool(window.verifying.files.get(path)), timeout=LONG)
    judgement = window.verifying.files[path]
    assert judgement
    assert judgement.report
    return judgement.report


def looked_at(window: MainWindow, qtbot: QtBot) -> ContentDialog:
    (dialog,) = (each for each in window.findChildren(ContentDialog) if each.isVisible())
    qtbot.waitUntil(lambda: bool(dialog._preview), timeout=LONG)
    return dialog


def lines(tree: ContentTree) -> list[QTreeWidgetItem]:
    found, waiting = [], [tree.topLevelItem(0)]
    while waiting:
        if line := waiting.pop(0):
            found.append(line)
            waiting += [line.child(place) for place in range(line.childCount())]
    return found


@pytest.fixture
def return_file(tmp_path: Path) -> Path:
    return Path(shutil.copy(PRACTICE / "practice-return.xtx", tmp_path / "申告.xtx"))


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    shutil.copy(PRACTICE / "practice-notice.xsl", tmp_path)
    return Path(shutil.copy(PRACTICE / "practice-notice.xml", tmp_path))


# --- signing


def test_a_return_is_signed_and_told_and_not_signed_again_by_the_same_card(
    practising: MainWindow, return_file: Path, qtbot: QtBot
) -> None:
    window, source = practising, return_file.read_bytes()
    dropped(window, qtbot, return_file)
    assert window.page == SIGN
    qtbot.waitUntil(lambda: "The form that e-Tax files have" in words(window), timeout=LONG)
    assert "becomes 申告-practice-signed.xtx" in words(window)
    assert "is not known" in words(window)  # whether e-Tax takes it

    (first,) = signed(window, qtbot)
    assert return_file.read_bytes() == source
    drop(window, first)
    report = judged(window, qtbot, first)
    assert window.page == VERIFY
    (signature,) = report.signatures
    assert (signature.intact, signature.form) == (True, DocumentForm.E_TAX)
    assert signature.signed_element == "RKO0010#RKO0010"
    assert "RKO0010" in words(window)

    press(window, "Sign this file")
    qtbot.waitUntil(lambda: len(window.signing.ready_rows()) == 1, timeout=LONG)
    qtbot.waitUntil(lambda: "Already signed. Signatures so far: 1" in words(window), timeout=LONG)
    (again,) = outcomes(window, qtbot)
    assert isinstance(again, FailedFile)
    assert again.error.code == "xml.signed-already"
    qtbot.waitUntil(lambda: "You have signed this already" in words(window), timeout=LONG)


def test_each_file_gets_the_form_that_suits_it_and_only_those_that_fit(
    practising: MainWindow, return_file: Path, notice: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "data.bin"
    other.write_bytes(b"\0\1\2")
    plain = tmp_path / "plain.xml"
    plain.write_text("<a/>")
    dropped(practising, qtbot, return_file, notice, other, plain)

    assert {row.path.name: row.destination.profile for row in practising.signing.rows} == {
        "申告.xtx": Profile.E_TAX,
        "practice-notice.xml": Profile.XML_DETACHED,
        "data.bin": Profile.CADES_B_B,
        "plain.xml": Profile.XML_ENVELOPED,
    }
    qtbot.waitUntil(lambda: len(practising.findChildren(SignRowView)) == 4)
    boxes = [view.findChildren(QComboBox)[0] for view in practising.findChildren(SignRowView)]
    offered = [{box.itemText(place) for place in range(box.count())} for box in boxes]
    assert profile_name(Profile.PADES_B_B) not in offered[0] | offered[2]
    assert offered[2] == {
        profile_name(each)
        for each in (Profile.XML_DETACHED, Profile.XML_ENVELOPING, Profile.XADES_DETACHED, Profile.CADES_B_B)
    }

    place = boxes[3].findText(profile_name(Profile.XADES_DETACHED))
    boxes[3].activated.emit(place)
    qtbot.waitUntil(lambda: "becomes plain.xml-practice-signed.sig.xml" in words(practising), timeout=LONG)
    results = signed(practising, qtbot)
    practising.verifying.add(results)
    for result in results:
        assert all(signature.intact for signature in judged(practising, qtbot, result).signatures)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_form_is_said_to_be_accepted(language: str) -> None:
    set_language(language)
    for profile in Profile:
        assert profile_name(profile)
    promise = {"en": "is not known", "ja": "わかっていません"}[language]
    assert promise in profile_hint(Profile.E_TAX)


def test_a_form_that_does_not_fit_is_told_and_another_can_be_chosen(
    practising: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "plain.xml"
    path.write_text("<a/>")
    dropped(practising, qtbot, path)
    (row,) = practising.signing.rows
    practising.signing.choose(row, destination_named(Profile.E_TAX))
    qtbot.waitUntil(lambda: row.failed, timeout=LONG)
    qtbot.waitUntil(lambda: "[document.not-of-profile]" in words(practising), timeout=LONG)
    (box,) = practising.findChildren(SignRowView)[0].findChildren(QComboBox)
    box.activated.emit(box.findText(profile_name(Profile.XML_ENVELOPED)))
    qtbot.waitUntil(lambda: bool(practising.signing.ready_rows()), timeout=LONG)


# --- bad input


def test_hostile_files_are_told_apart_and_the_window_lives(
    practising: MainWindow, return_file: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = []
    for name, (text, _) in HOSTILE.items():
        paths.append(tmp_path / name)
        paths[-1].write_text(text, encoding="utf-8", errors="surrogateescape")
    dropped(practising, qtbot, *paths)

    for language in ("en", "ja"):
        practising.preferences.speak(language)
        for _, code in HOSTILE.values():  # rows are made a few at a time
            qtbot.waitUntil(lambda code=code: f"[{code}]" in words(practising), timeout=LONG)
    practising.preferences.speak("en")

    practising.signing.clear()
    dropped(practising, qtbot, return_file)
    assert practising.signing.ready_rows()


def signature(*, method: str = f"{DSIG}rsa-sha1", uri: str = "") -> str:
    enveloped = f'<ds:Transforms><ds:Transform Algorithm="{DSIG}enveloped-signature"/></ds:Transforms>'
    return (
        f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod '
        f'Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/><ds:SignatureMethod Algorithm="{method}"/>'
        f'<ds:Reference URI="{uri}">{"" if uri else enveloped}'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        "<ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (signature(method=f"{DSIG}hmac-sha1"), "algorithm.refused"),
        (signature(method="urn:unknown"), "algorithm.unknown"),
        (signature(uri="gone.txt"), "reference.missing"),
        (signature(uri="https://example.invalid/a"), "reference.outside"),
        ("<ds:SignatureValue>", None),
    ],
)
def test_signatures_that_cannot_be_judged_say_why(
    practising: MainWindow, qtbot: QtBot, tmp_path: Path, text: str, code: str | None
) -> None:
    path = tmp_path / "received.xml"
    path.write_text(f"<a>{text}</a>")
    drop(practising, path)
    report = judged(practising, qtbot, path)
    assert practising.page == VERIFY
    codes = {problem.code for problem in (*report.problems, *(p for s in report.signatures for p in s.problems))}
    assert (code or "xml.not-well-formed") in codes
    qtbot.waitUntil(lambda: f"[{code or 'xml.not-well-formed'}]" in words(practising), timeout=LONG)


# --- what one sees


def test_the_tree_marks_what_is_signed_and_grows_where_it_is_opened(
    practising: MainWindow, return_file: Path, qtbot: QtBot
) -> None:
    dropped(practising, qtbot, return_file)
    press(practising, "Look at 申告.xtx")
    dialog = looked_at(practising, qtbot)
    (tree,) = dialog.findChildren(ContentTree)
    assert [(line.text(0), line.text(3)) for line in lines(tree) if line.text(3)] == [
        ("DATA", "takes the signature"),
        ("RKO0010", "will be signed"),
    ]
    assert "what you are about to sign" in words(dialog)
    assert "練習 花子" in [line.text(1) for line in lines(tree)]
    dialog.accept()

    (path,) = signed(practising, qtbot)
    practising.verify(path)
    judged(practising, qtbot, path)
    press(practising, "Look at the content")
    (tree,) = looked_at(practising, qtbot).findChildren(ContentTree)
    assert [(line.text(0), line.text(3)) for line in lines(tree) if line.text(3)] == [("RKO0010", "No. 1")]
    value = next(line for line in lines(tree) if line.text(0) == "Signature")
    before = value.childCount()
    value.setExpanded(True)
    assert (before, value.childCount()) == (0, 3)


def test_markup_in_a_document_stays_text(practising: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<a b='&lt;img src=\"file:///etc/hostname\"&gt;'>&lt;b&gt;bold&lt;/b&gt;</a>")
    practising.look(path)
    (tree,) = looked_at(practising, qtbot).findChildren(ContentTree)
    (line,) = lines(tree)
    assert line.text(1) == "<b>bold</b>"
    assert "<img" not in line.toolTip(2)
    assert "<b>" not in line.toolTip(1)


def test_a_signature_that_does_not_hold_makes_its_mark_doubtful(
    practising: MainWindow, return_file: Path, qtbot: QtBot
) -> None:
    dropped(practising, qtbot, return_file)
    (path,) = signed(practising, qtbot)
    path.write_bytes(path.read_bytes().replace("練習の収入".encode(), "練習の支出".encode()))
    practising.verify(path)
    judged(practising, qtbot, path)
    press(practising, "Look at the content")
    assert "does not hold" in words(looked_at(practising, qtbot))


def test_the_form_of_the_maker_is_shown_from_a_file_and_from_a_package(
    practising: MainWindow, notice: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    package = tmp_path / "notice.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for name in ("practice-notice.xml", "practice-notice.xsl"):
            archive.write(PRACTICE / name, f"inside/{name}")
    for file in (notice, package):
        practising.look(file)
        dialog = looked_at(practising, qtbot)
        press(dialog, "As a form")
        qtbot.waitUntil(lambda dialog=dialog: bool(dialog._form), timeout=LONG)
        (view,) = dialog.findChildren(FormView)
        assert "練習市役所" in view.toPlainText()
        assert "What counts is the content" in words(dialog)
        dialog.accept()


def test_a_page_loads_nothing_and_leads_nowhere(practising: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "big.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>')
    inside = "data:image/png;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5MDAiLz4="
    for source in (tmp_path / "big.svg", (tmp_path / "big.svg").as_uri(), "big.svg", inside):
        page = FormDocument(f'<img src="{source}">')
        assert page.size().height() < 100
    view = FormView('<a href="file:///etc/passwd">x</a>')
    assert isinstance(view, QTextBrowser)
    assert not view.openLinks()
    assert not view.openExternalLinks()


def test_a_form_that_would_stop_the_window_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    preview.require_quick("<p>well</p>")
    monkeypatch.setattr(preview, "_PATIENCE", 4.0)
    with pytest.raises(StylesheetFailed):
        preview.require_quick("<table><tr><td>a" * 40 + "</td></tr></table>" * 40)


def test_a_large_document_is_shown_in_part(practising: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.write_text("<a>" + "<b>" * 99 + "</b>" * 99 + "<c><d>x</d></c>" * 30_000 + "</a>")
    practising.look(path)
    (tree,) = looked_at(practising, qtbot).findChildren(ContentTree)
    top = tree.topLevelItem(0)
    assert top
    top.setExpanded(True)
    last = top.child(top.childCount() - 1)
    assert last
    assert "are not shown" in last.text(0)
    assert top.childCount() < 1000


# --- the terminal


def jitsuin(*arguments: object, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "LANGUAGE": "en"}
    command = [sys.executable, "-P", "-m", "desktop", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, check=False)


def test_the_same_in_the_terminal(return_file: Path, notice: Path, tmp_path: Path) -> None:
    sign = ("sign", "--practice", "--yes", "--pin-stdin", "--json")
    done = jitsuin(*sign, return_file, notice, home=tmp_path, stdin=f"{PRACTICE_PIN}\n")
    assert done.returncode == 0, done.stderr
    assert "The form that e-Tax files have [e-tax]" in done.stderr
    assert "is not known" in done.stderr
    files = json.loads(done.stdout)["files"]
    assert [file["profile"] for file in files] == ["e-tax", "xml-detached"]

    outputs = [file["output"] for file in files]
    assert [Path(output).name for output in outputs] == [
        "申告-practice-signed.xtx",
        "practice-notice.xml-practice-signed.sig.xml",
    ]
    done = jitsuin("verify", *outputs, home=tmp_path)
    assert done.returncode == 3  # intact, and not trusted, as befits practice
    assert "What is signed: a return or application in the form of e-Tax (RKO0010)." in done.stdout + done.stderr

    chosen = jitsuin(*sign, "--profile", "xades-enveloped", notice, home=tmp_path, stdin=f"{PRACTICE_PIN}\n")
    assert chosen.returncode == 0, chosen.stderr
    wrong = jitsuin(*sign, "--profile", "pades-b-b", return_file, home=tmp_path)
    assert wrong.returncode == 1
    assert json.loads(wrong.stdout)["files"][0]["error"]["code"] == "document.not-of-profile"


def test_hostile_files_in_the_terminal(tmp_path: Path) -> None:
    for name, (text, code) in HOSTILE.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        done = jitsuin("sign", "--practice", "--yes", "--pin-stdin", "--json", path, home=tmp_path)
        assert done.returncode == 1
        assert json.loads(done.stdout)["files"][0]["error"]["code"] == code
