"""The menu of Windows Explorer, for this user: classic verbs, and “open with”. Nothing becomes the default.

Verbs stand under SystemFileAssociations, so that they are there whatever program opens a kind of file. Explorer starts
the program once for each file; the window that is open takes them all.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import ClassVar, Final

from desktop.integration.commands import VERBS
from desktop.integration.parts import Part, Record
from desktop.words.integration import PROGRAM_COMMENT

CLASSES: Final = r"Software\Classes"
DOCUMENT: Final = "Jitsuin.Document"


@dataclass(frozen=True, slots=True)
class Value:
    """One text in the registry of this user; an empty name is the value of the key itself. `registry` is winreg."""

    key: str
    name: str
    text: str
    registry: ModuleType | None = field(default=None, repr=False, compare=False)
    follows: ClassVar[bool] = False

    @property
    def place(self) -> str:
        return rf"HKEY_CURRENT_USER\{self.key}" + (f" [{self.name}]" if self.name else "")

    def stands(self) -> bool:
        return self._found() == self.text

    def is_there(self) -> bool:
        return self._found() is not None

    def put(self, record: Record) -> None:
        registry = self._winreg()
        with registry.CreateKey(registry.HKEY_CURRENT_USER, self.key) as key:
            registry.SetValueEx(key, self.name, 0, registry.REG_SZ, self.text)

    def take_out(self, record: Record) -> None:
        """The value, and the keys above it that hold nothing else."""
        registry = self._winreg()
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, self.key, 0, registry.KEY_SET_VALUE) as key:
                registry.DeleteValue(key, self.name)
        except FileNotFoundError:
            pass
        key_name = self.key
        while key_name != CLASSES and self._is_empty(registry, key_name):
            registry.DeleteKey(registry.HKEY_CURRENT_USER, key_name)
            key_name = key_name.rpartition("\\")[0]

    def _found(self) -> str | None:
        registry = self._winreg()
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, self.key) as key:
                return str(registry.QueryValueEx(key, self.name)[0])
        except FileNotFoundError:
            return None

    def _is_empty(self, registry: ModuleType, key_name: str) -> bool:
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, key_name) as key:
                keys, values, _changed = registry.QueryInfoKey(key)
        except FileNotFoundError:
            return False
        return bool(keys == 0 and values == 0)

    def _winreg(self) -> ModuleType:
        if self.registry is not None:
            return self.registry
        import winreg

        return winreg


def explorer_parts(program: Sequence[str], language: str, registry: ModuleType | None = None) -> list[Part]:
    """`language` is that of the system: a verb has one name only."""
    return [Value(key, name, text, registry) for key, name, text in explorer_values(program, language)]


def explorer_values(program: Sequence[str], language: str) -> list[tuple[str, str, str]]:
    """Key below the user's root, name, text."""
    values = []
    for verb in VERBS:
        label = getattr(verb.label, language).replace("_", "&")
        for ending in verb.endings:
            key = rf"{CLASSES}\SystemFileAssociations\.{ending}\shell\Jitsuin.{verb.name}"
            values += [
                (key, "MUIVerb", label),
                (key, "Icon", _icon(program)),
                (key, "MultiSelectModel", "Player"),  # more than fifteen files at once
                (rf"{key}\command", "", _command(verb.words(program))),
            ]
    document = rf"{CLASSES}\{DOCUMENT}"
    values += [
        (document, "FriendlyTypeName", getattr(PROGRAM_COMMENT, language)),
        (rf"{document}\DefaultIcon", "", _icon(program)),
        (rf"{document}\shell\open\command", "", _command([*program, "--"])),
    ]
    values += [(rf"{CLASSES}\.{ending}\OpenWithProgids", DOCUMENT, "") for ending in VERBS[0].endings]
    return values


def _command(words: Sequence[str]) -> str:
    """As CommandLineToArgvW takes it apart; Explorer puts one path for %1, and a path can hold no quote."""
    return f'"{words[0]}" {subprocess.list2cmdline(words[1:])} "%1"'


def _icon(program: Sequence[str]) -> str:
    return f"{program[0]},0"
