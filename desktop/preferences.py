"""Language, appearance and the menu of the file manager: choices at the foot of the window, in force at once."""

from PyQt6.QtCore import QLibraryInfo, QObject, QTranslator, pyqtSignal
from PyQt6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

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
        settings = load_settings()
        self._appearance = settings.appearance
        self._translator: QTranslator | None = None
        set_language(settings.language or system_language())
        self._dress()

    def follow_system(self) -> None:
        """From now on, change with the system; called when the window stands."""
        if hints := self._app.styleHints():
            hints.colorSchemeChanged.connect(self._on_system)
        self._translate_qt()
        theme.use_palette(self._app)

    def speak(self, wanted: str) -> None:
        set_language(wanted)
        self._translate_qt()
        save_settings(load_settings()._replace(language=wanted))
        self.changed.emit()

    def appear(self, wanted: Appearance) -> None:
        self._appearance = wanted
        save_settings(load_settings()._replace(appearance=wanted))
        self._dress()
        theme.use_palette(self._app)
        self.changed.emit()

    def controls(self) -> QWidget:
        """What stands at the foot of the window."""
        part = QWidget()
        other, name = _OTHER[language()]
        speak = button(name, lambda: self.speak(other), "link", icon="language")
        speak.setAccessibleName(_("Language") + ": " + name)
        menu = button(_("Right-click menu"), lambda: self._open_integration(part), "link", icon="folder")
        part.setLayout(column(menu, speak, self._appearance_button(), margins=(16, 0, 16, 16), gap=4))
        return part

    def _open_integration(self, part: QWidget) -> None:
        from desktop.integration.dialog import IntegrationDialog

        dialog = IntegrationDialog(part.window() or part)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _appearance_button(self) -> QPushButton:
        made = button(_("Appearance"), lambda: self._menu(made), "link", icon="appearance")
        return made

    def _menu(self, below: QPushButton) -> None:
        menu = QMenu(below)
        words = {
            Appearance.SYSTEM: _("As the system"),
            Appearance.LIGHT: _("Light"),
            Appearance.DARK: _("Dark"),
        }
        for appearance, text in words.items():
            action = menu.addAction(text)
            assert action  # noqa: S101 - Qt has just made it
            action.setCheckable(True)
            action.setChecked(appearance is self._appearance)
            action.triggered.connect(lambda _checked, wanted=appearance: self.appear(wanted))
        menu.popup(below.mapToGlobal(below.rect().topRight()))

    def _dress(self) -> None:
        dark = self._system_dark if self._appearance is Appearance.SYSTEM else self._appearance is Appearance.DARK
        theme.use_colours(self._app, theme.DARK if dark else theme.LIGHT)

    def _on_system(self, scheme: object) -> None:
        from PyQt6.QtCore import Qt

        self._system_dark = scheme == Qt.ColorScheme.Dark
        self._dress()
        theme.use_palette(self._app)
        self.changed.emit()

    def _translate_qt(self) -> None:
        """Qt's own words, in dialogs for files."""
        if self._translator:
            self._app.removeTranslator(self._translator)
        self._translator = QTranslator(self._app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{language()}", folder):
            self._app.installTranslator(self._translator)
