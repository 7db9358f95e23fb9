"""What is remembered from one run to the next: a few choices, and nothing of any document, card or person."""

from enum import StrEnum
from typing import NamedTuple

from PyQt6.QtCore import QSettings


class Appearance(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"  # light or dark as the system


class Settings(NamedTuple):
    """A named tuple, not a dataclass: importing dataclasses takes a quarter of the time that a window has to open."""

    language: str = ""  # "ja", "en"; empty: that of the system
    appearance: Appearance = Appearance.SYSTEM
    disclosure_seen: bool = False  # what others will see was shown before a real signature
    pin_change: bool = False  # the experiment of changing the PIN of a real card is switched on
    phones: bool = False  # the experiment of signing with a phone on the reader is switched on
    destination: str = ""  # where PDFs go, by its name; empty: what suits the document
    folder: str = ""  # where signed files go; empty: beside the originals


def load_settings() -> Settings:
    """What was saved; what cannot be read counts as never chosen."""
    store = _store()
    language, appearance = store.value("language", ""), store.value("appearance", "")
    return Settings(
        language=language if language in ("ja", "en") else "",
        appearance=Appearance(appearance) if appearance in list(Appearance) else Appearance.SYSTEM,
        disclosure_seen=store.value("disclosure_seen", "") == "yes",
        pin_change=store.value("pin_change", "") == "yes",
        phones=store.value("phones", "") == "yes",
        destination=str(store.value("destination", "")),
        folder=str(store.value("folder", "")),
    )


def save_settings(settings: Settings) -> None:
    store = _store()
    store.setValue("language", settings.language)
    store.setValue("appearance", settings.appearance.value)
    store.setValue("disclosure_seen", "yes" if settings.disclosure_seen else "no")
    store.setValue("pin_change", "yes" if settings.pin_change else "no")
    if settings.phones:
        store.setValue("phones", "yes")
    else:
        store.remove("phones")
    store.setValue("destination", settings.destination)
    store.setValue("folder", settings.folder)


def _store() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "jitsuin", "window")
