"""Makes the practice documents under resources/practice: plainly not real, small, with Japanese text.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m installer.practice_documents

Needs a Japanese font; the glyphs that are used go into the files.
"""

import sys
from pathlib import Path

from PyQt6.QtCore import QMarginsF, QSizeF
from PyQt6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "practice"
_STYLE = "font-family:'Noto Sans CJK JP'"
_BANNER = (
    "<p style='color:#b3261e'>練習用 — この書類は本物ではありません。署名しても、何の効力もありません。<br>"
    "PRACTICE — this document is not real. Signing it has no effect.</p>"
)
_AGREEMENT = (
    "<h1>練習用 合意書</h1>"
    "<p>練習 太郎（以下「甲」）と、練習 次郎（以下「乙」）は、次のとおり合意した。</p>"
    "<p>第1条　甲は、署名の練習をする。</p>"
    "<p>第2条　乙は、その署名を確かめる。</p>"
    "<p>第3条　この合意書は、だれにも、何の義務も負わせない。</p>"
)
_APPLICATION = (
    "<h1>練習用 申込書</h1><p>次のとおり、練習を申し込みます。</p>"
    "<p>申込日　　練習の日</p><p>申込者　　練習 花子</p><p>内容　　　電子署名の練習</p>"
)
_ANNEX = (
    "<h1>練習用 申込書（別紙）</h1><p>署名は、1ページ目だけでなく、この別紙にも及びます。</p>"
    "<p>署名したあとで1文字でも変えると、変えたことがわかります。</p>"
)
DOCUMENTS = {"practice-agreement.pdf": (_AGREEMENT,), "practice-application.pdf": (_APPLICATION, _ANNEX)}


def make(name: str, pages: tuple[str, ...]) -> None:
    """One A4 document with a page for each text."""
    writer = QPdfWriter(str(FOLDER / name))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20))  # millimetres
    writer.setResolution(72)
    writer.setTitle("練習用 / PRACTICE")
    document = QTextDocument()
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    turn = "<div style='page-break-before:always'></div>"
    document.setHtml(f'<body style="{_STYLE}">{turn.join(_BANNER + page for page in pages)}</body>')
    document.print(writer)


def main() -> int:
    application = QGuiApplication(sys.argv[:1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, pages in DOCUMENTS.items():
        make(name, pages)
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
