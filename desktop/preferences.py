"""Language and appearance, in force at once, and what stands at the foot of the window."""

from collections.abc import Callable

from PyQt6.QtCore import QLibraryInfo, QObject, QTranslator, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from desktop.look import theme
from desktop.look.widgets import button, column
from desktop.settings import Appearance, load_settings, save_settings
from desktop.words.translation import _, language, set_language, system_language

# Each language calls itself by its own name: who cannot read the one in force must find the other.
_OTHER = {"ja": ("en", "English"), "en": ("ja", "日本語")}


class Preferences(QObject):
    """Dresses the application as the settings say; `changed` asks for everything to be built again."""

    changed = pyqtSignal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        # The palette before ours tells what the system wants, and at less cost than asking for it by name.
        self._system_dark = app.palette().window().color().lightness() < 128
        self._system_contrast = False  # until it is asked, when the window stands
        settings = load_settings()
        self._appearance = settings.appearance
        self._translator: QTranslator | None = None
        set_language(settings.language or system_language())
        self._dress()

    def follow_system(self) -> None:
        """From now on, change with the system; called when the window stands."""
        if hints := self._app.styleHints():
            hints.colorSchemeChanged.connect(self._on_system)
            if contrast := getattr(hints, "accessibility", None):  # from Qt 6.10 on
                self._on_contrast(contrast().contrastPreference())
        self._translate_qt()
        theme.use_palette(self._app)

    def speak(self, wanted: str) -> None:
        """From now on; empty: as the system."""
        set_language(wanted or system_language())
        self._translate_qt()
        save_settings(load_settings()._replace(language=wanted))
        self.changed.emit()

    def appear(self, wanted: Appearance) -> None:
        self._appearance = wanted
        save_settings(load_settings()._replace(appearance=wanted))
        self._dress_again()

    def controls(self, *, settings: Callable[[], None], guides: Callable[[], None]) -> QWidget:
        """What stands at the foot of the window; the rest is in the settings."""
        part = QWidget()
        other, name = _OTHER[language()]
        speak = button(name, lambda: self.speak(other), "link", icon="language")
        speak.setAccessibleName(_("Language") + ": " + name)
        more = button(_("Settings"), settings, "link", icon="settings")
        help_button = button(_("Help"), guides, "link", icon="help")
        part.setLayout(column(help_button, more, speak, margins=(16, 0, 16, 16), gap=4))
        return part

    @property
    def appearance(self) -> Appearance:
        return self._appearance

    def _dress(self) -> None:
        follows = self._appearance in (Appearance.SYSTEM, Appearance.CONTRAST)
        dark = self._system_dark if follows else self._appearance is Appearance.DARK
        contrast = self._appearance is Appearance.CONTRAST
        if contrast or (self._system_contrast and self._appearance is Appearance.SYSTEM):
            theme.use_colours(self._app, theme.CONTRAST_DARK if dark else theme.CONTRAST_LIGHT)
        else:
            theme.use_colours(self._app, theme.DARK if dark else theme.LIGHT)

    def _on_system(self, scheme: object) -> None:
        from PyQt6.QtCore import Qt

        self._system_dark = scheme == Qt.ColorScheme.Dark
        self._dress_again()

    def _on_contrast(self, wanted: object) -> None:
        from PyQt6.QtCore import Qt

        contrast = wanted == Qt.ContrastPreference.HighContrast
        if contrast is not self._system_contrast:
            self._system_contrast = contrast
            self._dress_again()

    def _dress_again(self) -> None:
        self._dress()
        theme.use_palette(self._app)
        self.changed.emit()

    def _translate_qt(self) -> None:
        """Qt's own words, in dialogs for files."""
        from desktop.qt_words import QtWords  # not before the window stands

        if self._translator:
            self._app.removeTranslator(self._translator)
        self._translator = QtWords(self._app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{language()}", folder):
            self._app.installTranslator(self._translator)
