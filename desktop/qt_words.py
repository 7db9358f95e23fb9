"""Qt's own words in its dialogs: those of its translation, and those that it leaves out."""

from PyQt6.QtCore import QTranslator

from desktop.words.translation import _, mark

_LEFT_OUT = {
    "QFileDialog": {mark("&Look in:"), mark("Files of &type:")},
    "QAbstractFileIconProvider": {mark("Drive"), mark("Folder")},
    "QPrintSettingsOutput": {
        mark("Double Sided Printing"),
        mark("Long side binding"),
        mark("Off"),
        mark("Page &Set:"),
        "Pages",
        mark("Short side binding"),
        mark(
            "Specify pages or ranges separated by commas. Ranges are specified by two numbers separated by a hyphen. "
            "E.g: 3,5-7,9 prints pages 3, 5, 6, 7 and 9."
        ),
    },
}
_APART = {"Pages": mark("Range of pages")}  # that word is one of ours too, for something else


class QtWords(QTranslator):
    """Qt's translation, completed."""

    def translate(  # type: ignore[override] # None where it has no words, which the stubs do not know
        self, context: str | None, text: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        known: str | None = super().translate(context or "", text or "", disambiguation or "", n)
        if known or not text or text not in _LEFT_OUT.get(context or "", ()):
            return known
        return _(_APART.get(text, text))
