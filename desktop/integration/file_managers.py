"""“Verify signature” and “Sign…” in the menus of the file managers of Linux, each in the form that it reads."""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from desktop.integration.commands import VERBS, Verb, entry_quoted, shell_quoted
from desktop.integration.freedesktop import localised
from desktop.integration.parts import Insertion, OwnFile, Part
from desktop.words.translation import LANGUAGES, system_language

_MAKERS: dict[str, Callable[[Sequence[str], Path, Path], list[Part]]] = {}
_EXTENSION_FILE: Final = Path("extensions", "jitsuin.py")
_NO_PERCENT: Final = ("dolphin", "nemo")  # they have no way to say that a % stands for itself
NOTE: Final = "Written by “jitsuin integrate”; “jitsuin integrate --remove” takes it out."


def installed() -> list[str]:
    """The file managers that are here."""
    return [name for name in _MAKERS if shutil.which(name)]


def parts_of(manager: str, program: Sequence[str], data: Path, config: Path) -> list[Part]:
    """What puts our entries into the menu of one; nothing where it could not start this program."""
    if manager in _NO_PERCENT and any("%" in word for word in program):
        return []
    return _MAKERS[manager](program, data, config)


def _dolphin(program: Sequence[str], data: Path, _config: Path) -> list[Part]:
    """Service menus of KDE Frameworks 5.85 and later; marked executable, or they are not trusted."""
    folder = data / "kio" / "servicemenus"
    return [OwnFile(folder / f"jitsuin-{verb.name}.desktop", service_menu(verb, program), 0o755) for verb in VERBS]


def service_menu(verb: Verb, program: Sequence[str]) -> bytes:
    lines = [
        "[Desktop Entry]",
        f"# {NOTE}",
        "Type=Service",
        "X-KDE-ServiceTypes=KonqPopupMenu/Plugin",
        f"MimeType={';'.join(verb.types)};",
        f"Actions={verb.name};",
        "X-KDE-Priority=TopLevel",
        "",
        f"[Desktop Action {verb.name}]",
        *localised("Name", verb.label.plain),
        "Icon=jitsuin",
        f"Exec={entry_quoted(verb.words(program))} %F",
    ]
    return ("\n".join(lines) + "\n").encode()


def _nemo(program: Sequence[str], data: Path, _config: Path) -> list[Part]:
    folder = data / "nemo" / "actions"
    return [OwnFile(folder / f"jitsuin-{verb.name}.nemo_action", nemo_action(verb, program)) for verb in VERBS]


def nemo_action(verb: Verb, program: Sequence[str]) -> bytes:
    lines = [
        "[Nemo Action]",
        f"# {NOTE}",
        *localised("Name", verb.label),
        "Icon-Name=jitsuin",
        f"Exec={_key_file(shell_quoted(verb.words(program)))} %F",
        "Selection=notnone",
        f"Mimetypes={';'.join(verb.types)};",
    ]
    return ("\n".join(lines) + "\n").encode()


def _pcmanfm(program: Sequence[str], data: Path, _config: Path) -> list[Part]:
    """Desktop Entry Specification extension of the DES-EMA, which libfm reads."""
    folder = data / "file-manager" / "actions"
    return [OwnFile(folder / f"jitsuin-{verb.name}.desktop", action_entry(verb, program)) for verb in VERBS]


def action_entry(verb: Verb, program: Sequence[str]) -> bytes:
    lines = [
        "[Desktop Entry]",
        f"# {NOTE}",
        "Type=Action",
        *localised("Name", verb.label),
        "Icon=jitsuin",
        "Profiles=main;",
        "",
        "[X-Action-Profile main]",
        f"MimeTypes={';'.join(verb.types)};",
        f"Exec={_key_file(_percent(shell_quoted(verb.words(program))))} %F",
    ]
    return ("\n".join(lines) + "\n").encode()


# --- Thunar


_UCA_ACTION = re.compile(r"[ \t]*<action>(?:(?!</action>).)*</action>[ \t]*\n?", re.DOTALL)
_UCA_EMPTY: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'


def _thunar(program: Sequence[str], _data: Path, config: Path) -> list[Part]:
    """Actions among those of the person. Where there is no file of theirs, it starts as that of the system."""
    file = config / "Thunar" / "uca.xml"
    return [Insertion(file, lambda content: with_actions(content, program), without_actions, _system_actions())]


def with_actions(content: str, program: Sequence[str]) -> str:
    """Put before the end; a file that has no end is left as it is."""
    before, end, after = without_actions(content).rpartition("</actions>")
    return f"{before}{''.join(uca_action(verb, program) for verb in VERBS)}{end}{after}" if end else content


def without_actions(content: str) -> str:
    return _UCA_ACTION.sub(lambda found: "" if "<unique-id>jitsuin-" in found[0] else found[0], content)


def uca_action(verb: Verb, program: Sequence[str]) -> str:
    patterns = ";".join(f"*.{each}" for ending in verb.endings for each in (ending, ending.upper()))
    lines = [
        "<action>",
        "  <icon>jitsuin</icon>",
        f"  <name>{escape(verb.label.en)}</name>",
        f'  <name xml:lang="ja">{escape(verb.label.ja)}</name>',
        f"  <unique-id>jitsuin-{verb.name}</unique-id>",
        f"  <command>{escape(_percent(shell_quoted(verb.words(program))))} %F</command>",
        "  <description></description>",
        f"  <patterns>{patterns}</patterns>",
        "  <other-files/>",
        "  <text-files/>",
        "</action>",
    ]
    return "\n".join(lines) + "\n"


def _system_actions() -> str:
    folders = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    for folder in folders.split(":"):
        file = Path(folder, "Thunar", "uca.xml")
        if file.is_file():
            return file.read_text("utf-8")
    return _UCA_EMPTY


# --- Nautilus and Caja


def _nautilus(program: Sequence[str], data: Path, config: Path) -> list[Part]:
    if _has_extensions("nautilus"):
        return [OwnFile(data / "nautilus-python" / _EXTENSION_FILE, menu_extension("Nautilus", program))]
    return _scripts("nautilus", program, data, config, system_language())


def _caja(program: Sequence[str], data: Path, config: Path) -> list[Part]:
    if _has_extensions("caja"):
        return [OwnFile(data / "caja-python" / _EXTENSION_FILE, menu_extension("Caja", program))]
    return _scripts("caja", program, data, config, system_language())


def every_part(program: Sequence[str], data: Path, config: Path) -> list[Part]:
    """All that was ever put in, whatever is installed now and was then."""
    parts = [part for make in _MAKERS.values() for part in make(program, data, config)]
    for manager in ("nautilus", "caja"):
        parts.append(OwnFile(data / f"{manager}-python" / _EXTENSION_FILE, b""))
        parts += _every_script(manager, program, data, config)
    return parts


def replaced_parts(manager: str, program: Sequence[str], data: Path, config: Path) -> list[Part]:
    """The scripts that stood in for an extension which can be used now."""
    return _every_script(manager, program, data, config) if _has_extensions(manager) else []


def _has_extensions(manager: str) -> bool:
    """Whether its package for extensions in Python is here.

    They stand in the menu itself, beside files of the right kind and in its language; scripts, which need no package,
    stand in a menu below, beside every file.
    """
    places = ("lib/*", "lib64", "lib")
    return any(any(Path("/usr").glob(f"{place}/{manager}/extensions-*/lib{manager}-python.so")) for place in places)


def menu_extension(library: str, program: Sequence[str]) -> bytes:
    """For every version: the window stands before the files up to Nautilus 42, and no longer since 43."""
    verbs = [(verb.name, verb.label._asdict(), list(verb.types), verb.words(program)) for verb in VERBS]
    return (_EXTENSION % {"note": NOTE, "library": library, "verbs": ascii(verbs)}).encode()


_EXTENSION: Final = '''"""Jitsuin in the menu. %(note)s"""

import os
import subprocess

from gi.repository import GObject, %(library)s

VERBS = %(verbs)s


def language():
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "ja" if os.environ[variable].lower().startswith("ja") else "en"
    return "en"


class JitsuinMenu(GObject.GObject, %(library)s.MenuProvider):
    def get_file_items(self, *arguments):
        files = arguments[-1]
        paths = [file.get_location().get_path() for file in files]
        if not files or None in paths:
            return []
        return [
            self.item(name, labels, words + paths)
            for name, labels, types, words in VERBS
            if all(any(file.is_mime_type(kind) for kind in types) for file in files)
        ]

    def get_background_items(self, *arguments):
        return []

    def item(self, name, labels, command):
        made = %(library)s.MenuItem(name="Jitsuin::" + name, label=labels[language()], icon="jitsuin")
        made.connect("activate", lambda _item: subprocess.Popen(command, start_new_session=True))
        return made
'''


def _scripts(manager: str, program: Sequence[str], data: Path, config: Path, language: str) -> list[Part]:
    """None where the file manager has no menu of scripts."""
    folders = {"nautilus": data / "nautilus" / "scripts", "caja": config / "caja" / "scripts"}
    names = {verb: f"{getattr(verb.label.plain, language)} (Jitsuin)" for verb in VERBS if manager in folders}
    return [
        OwnFile(folders[manager] / name, script(manager.upper(), verb.words(program)), 0o755)
        for verb, name in names.items()
    ]


def _every_script(manager: str, program: Sequence[str], data: Path, config: Path) -> list[Part]:
    return [part for each in LANGUAGES for part in _scripts(manager, program, data, config, each)]


def script(manager: str, words: Sequence[str]) -> bytes:
    """It takes the URIs of the files: the arguments are names that the file manager has changed."""
    return (
        _SCRIPT % {"note": NOTE, "words": ascii(list(words)), "variable": f"{manager}_SCRIPT_SELECTED_URIS"}
    ).encode()


_SCRIPT: Final = '''#!/usr/bin/env python3
"""%(note)s"""

import os

words = %(words)s
os.execv(words[0], words + os.environ.get("%(variable)s", "").split())
'''


def _key_file(value: str) -> str:
    """GLib reads \\ in a value as the start of an escape."""
    return value.replace("\\", "\\\\")


def _percent(value: str) -> str:
    return value.replace("%", "%%")


_MAKERS.update(nautilus=_nautilus, dolphin=_dolphin, nemo=_nemo, caja=_caja, thunar=_thunar, pcmanfm=_pcmanfm)
