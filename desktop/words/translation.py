"""Which language the program speaks: one gettext catalogue for window and terminal."""

import gettext
import locale
import os
import sys

import desktop

LANGUAGES = ("ja", "en")
# Without pathlib: a window opens with this module, and pathlib takes a tenth of the time that it has. Without "..":
# in the frozen program there is no folder desktop.
_CATALOGUES = os.path.join(os.path.dirname(desktop.__path__[0]), "resources", "locale")  # noqa: PTH118, PTH120


def mark(text: str) -> str:
    """Mark a text of a table for translation; `_` translates it when it is shown."""
    return text


def system_language() -> str:
    """The language of the system: "ja" where that is Japanese, else "en"."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):  # the order of gettext(3)
        if value := os.environ.get(variable):
            return "ja" if value.lower().startswith("ja") else "en"
    if sys.platform == "win32":
        import ctypes

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    else:
        name = locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"


def _load(language: str) -> gettext.NullTranslations:
    # The texts in the source are the English ones.
    return gettext.translation("jitsuin", _CATALOGUES, [language], fallback=language == "en")


class _Current:
    language = system_language()
    catalogue = _load(language)


def language() -> str:
    """The language spoken now: "ja" or "en"."""
    return _Current.language


def set_language(language: str) -> None:
    """Speak "ja" or "en" from now on; texts already handed out stay as they are. Raises ValueError."""
    if language not in LANGUAGES:
        raise ValueError(language)
    _Current.language, _Current.catalogue = language, _load(language)


def _(text: str) -> str:
    """The text in the language spoken now; `text` is the English one, a literal in the source."""
    return _Current.catalogue.gettext(text)
