"""The guides of the My card page: shown, printed, and no link followed unasked."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from PyQt6.QtPrintSupport import QPrinter
from PyQt6.QtWidgets import QAbstractButton, QCheckBox, QDialog, QWidget

from desktop.guides.chapters import GuideLanguage, GuideName, load_guide
from desktop.main_window import MainWindow
from tests.desktop.card.conftest import press, words


def test_a_guide_speaks_three_languages_and_stays_open(page: MainWindow) -> None:
    press(page, "Renew the certificates")
    for language, title in (("日本語", "電子証明書を更新する"), ("やさしい日本語", "お金は いりません")):
        assert page._card_page
        press(page._card_page, language)
        assert title in words(page)
    page.preferences.speak("ja")
    assert "電子証明書を更新する" in words(page)
    (box, *_) = (part for part in page.findChildren(QCheckBox) if part.isVisible())
    box.click()
    assert box.isChecked()
    assert box.accessibleName()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("spoken", ["日本語", "やさしい日本語", "English"])
def test_what_is_printed_is_the_whole_guide_with_its_checklist(
    page: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    path = tmp_path / "guide.pdf"
    opened: list[PrintDialog] = []
    monkeypatch.setattr(PrintDialog, "opened", opened, raising=False)
    monkeypatch.setattr("PyQt6.QtPrintSupport.QPrintDialog", PrintDialog)
    press(page, "Renew the certificates")
    assert page._card_page
    press(page._card_page, spoken)
    press(page, "Print")
    printer = opened[0].printer
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    opened[0].accept()

    printed = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    printed = re.sub(r"\n *\d+\n+\f", "\n", printed)  # the numbers of the pages
    languages = {"日本語": GuideLanguage.JAPANESE, "やさしい日本語": GuideLanguage.EASY}
    guide = load_guide(GuideName.RENEW, languages.get(spoken, GuideLanguage.ENGLISH))
    blocks = [block.text for section in guide.sections for block in section.blocks]
    missing = [text for text in (guide.title, guide.summary, *blocks) if bare(text) not in bare(printed)]
    assert missing == []
    assert printed.count("☐") == sum(len(section.checklist) for section in guide.sections) > 5
    assert "https://www.jpki.go.jp/" in printed


class PrintDialog(QDialog):
    """Stands where the system asks for a printer."""

    opened: "list[PrintDialog]"

    def __init__(self, printer: QPrinter, parent: QWidget) -> None:
        super().__init__(parent)
        self.printer = printer
        self.opened.append(self)


def bare(text: str) -> str:
    """Without what the lines and pages of paper put between words; a font has one glyph for a radical and its sign."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_RADICALS).split())


_RADICALS = str.maketrans("⻑⻘⻩⺠⻄⻲戶〜", "長青黄民西亀戸~")


def test_a_link_is_text_until_it_is_pressed(page: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("desktop.guides.view.QDesktopServices.openUrl", lambda url: opened.append(url.toString()))
    press(page, "PIN forgotten or locked")
    assert "https://www2.jpki.go.jp/jpkiidreset/" in words(page)
    assert opened == []
    (link,) = (part for part in page.findChildren(QAbstractButton) if part.text().startswith("https://"))
    link.click()
    assert opened == ["https://www2.jpki.go.jp/jpkiidreset/"]
