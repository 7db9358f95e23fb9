"""The program among the applications of a Linux desktop: entry, icon, file types, and “open with”.

Desktop Entry 1.4, Shared MIME-info 0.21, MIME Associations 1.0 and Icon Theme 0.13 of freedesktop.org.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop.integration.commands import CONTAINERS, VERBS, VERIFIABLE, XTX, entry_quoted
from desktop.integration.parts import Insertion, OwnFile, Part, Record
from desktop.places import application_icons_folder
from desktop.words.integration import KEYWORDS, PROGRAM_COMMENT, PROGRAM_GENERIC_NAME, TYPES, Label

ENTRY: Final = "jitsuin.desktop"
OPENER: Final = "zz-jitsuin-open.desktop"  # databases of what opens a type list entries in the order of their names
_NO_TYPES: Final = b"[MIME Cache]\n"  # what there is to be told of entries that open nothing
_PATTERNS: Final = {XTX: ("xtx",), CONTAINERS[0]: ("asice", "sce"), CONTAINERS[1]: ("asics", "scs")}


def program_parts(program: Sequence[str], data: Path, config: Path) -> list[Part]:
    """What makes it an application of this user, below the folders for data and for settings."""
    entries, types = data / "applications", data / "mime"
    standing = {kind: standing_default(kind) for kind in VERIFIABLE}
    own = [kind for kind, default in standing.items() if default in ("", ENTRY)]
    others = {kind: default for kind, default in standing.items() if kind not in own}
    return [
        *icons(data / "icons"),
        OwnFile(types / "packages" / "jitsuin.xml", mime_package().encode()),
        OwnFile(entries / ENTRY, desktop_entry(program, own).encode()),
        open_with(config / "mimeapps.list", others),
        Database("update-mime-database", types, "packages/jitsuin.xml", makes="*"),
        Database("update-desktop-database", entries, ENTRY, makes="mimeinfo.cache"),
    ]


def spare_parts(program: Sequence[str], data: Path, config: Path) -> list[Part]:
    """The same where a package brings them for everybody: what the person has chosen to open with it is theirs."""
    kept = [part for part in program_parts(program, data, config) if not isinstance(part, Insertion)]
    return [*kept, Insertion(config / "mimeapps.list", lambda content: content, _without_block)]


def desktop_entry(program: Sequence[str], types: Sequence[str] = VERIFIABLE) -> str:
    """`types` are those that it says it opens."""
    lines = [
        *_application(program),
        *localised("Keywords", KEYWORDS),
        "Categories=Office;",
        *([f"MimeType={';'.join(types)};"] if types else []),
        "X-GNOME-SingleWindow=true",
        f"Actions={';'.join(verb.name for verb in VERBS)};",
    ]
    for verb in VERBS:  # an action is started without files
        lines += ["", f"[Desktop Action {verb.name}]", *localised("Name", verb.label.plain), "Icon=jitsuin"]
        lines += [f"Exec={entry_quoted(verb.words(program)[:-1])}"]
    return "\n".join(lines) + "\n"


def opener_entry(program: Sequence[str]) -> str:
    """For everybody: offered by “open with”, and for a double click only where nothing else opens a type."""
    lines = [*_application(program), "NoDisplay=true", f"MimeType={';'.join(VERIFIABLE)};", "InitialPreference=0"]
    return "\n".join(lines) + "\n"


def _application(program: Sequence[str]) -> list[str]:
    return [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=Jitsuin",
        "Name[ja]=実印 Jitsuin",
        *localised("GenericName", PROGRAM_GENERIC_NAME),
        *localised("Comment", PROGRAM_COMMENT),
        f"Exec={entry_quoted([*program, '--'])} %F",
        "Icon=jitsuin",
        "Terminal=false",
        "StartupNotify=true",
        "StartupWMClass=jitsuin",
    ]


def localised(key: str, label: Label) -> list[str]:
    return [f"{key}={label.en}", f"{key}[ja]={label.ja}"]


def mime_package() -> str:
    """The types that a system does not know by itself."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">',
    ]
    for kind, endings in _PATTERNS.items():
        label = TYPES[kind]
        lines += [
            f'  <mime-type type="{kind}">',
            f"    <comment>{label.en}</comment>",
            f'    <comment xml:lang="ja">{label.ja}</comment>',
            f'    <sub-class-of type="application/{"xml" if kind == XTX else "zip"}"/>',
            *(_magic(kind) if kind in CONTAINERS else []),
            *(f'    <glob pattern="*.{ending}"/>' for ending in endings),
            "  </mime-type>",
        ]
    return "\n".join([*lines, "</mime-info>"]) + "\n"


def _magic(kind: str) -> list[str]:
    """ETSI EN 319 162-1, A.1: the type stands in the first entry of the ZIP, stored as it is."""
    return [
        '    <magic priority="60">',
        '      <match type="string" offset="0" value="PK\\003\\004">',
        '        <match type="string" offset="30" value="mimetype">',
        f'          <match type="string" offset="38" value="{kind}"/>',
        "        </match>",
        "      </match>",
        "    </magic>",
    ]


def icons(theme_folder: Path) -> list[OwnFile]:
    """Every size of the icon, in the theme that all others fall back on."""
    source, hicolor = application_icons_folder(), theme_folder / "hicolor"
    files = {hicolor / "scalable/apps/jitsuin.svg": source / "jitsuin.svg"}
    files |= {hicolor / f"{file.stem}x{file.stem}/apps/jitsuin.png": file for file in sorted(source.glob("*.png"))}
    return [OwnFile(path, file.read_bytes(), among=f"{hicolor}/*/apps/jitsuin.*") for path, file in files.items()]


# --- what opens a file


def standing_default(kind: str) -> str:
    """The entry that opens files of a type by a double click now; empty where there is none.

    GLib is asked first: it knows other names of a type too.
    """
    for question in (("gio", "mime", kind), ("xdg-mime", "query", "default", kind)):
        if tool := shutil.which(question[0]):
            done = subprocess.run([tool, *question[1:]], capture_output=True, text=True, check=False, timeout=20)
            named = _ENTRY_NAME.search(done.stdout)
            return named[0] if named else ""
    return ""


_ENTRY_NAME: Final = re.compile(r"\S+\.desktop")
_BLOCK: Final = "# Jitsuin: more to open these with; the first of a line stays the one for a double click"
_ADDED: Final = "Added Associations"
_OURS = re.compile(rf"\n{re.escape(_BLOCK)}(\n\[{_ADDED}\]\n)((?:[^\[\n][^\n]*(?:\n|$))*)")


def open_with(file: Path, defaults: Mapping[str, str]) -> Insertion:
    """Offer the program for these types, behind the one that each has already.

    What the person has chosen to open with it since stays, until it is taken out.
    """

    def insert(content: str) -> str:
        if _offered(content) >= defaults.keys():
            return content
        rest = _without_block(content)
        added, there = _group(rest, _ADDED), _offered(rest)
        lines = [
            f"{kind}={_behind(added.get(kind, ''), first)}" for kind, first in defaults.items() if kind not in there
        ]
        return rest + f"\n{_BLOCK}\n[{_ADDED}]\n" + "".join(f"{line}\n" for line in lines)

    def cut(content: str) -> str:
        # A desktop that wrote the file anew has put our entries among its own.
        return "".join(filter(None, map(_without_us, _without_block(content).splitlines(keepends=True))))

    return Insertion(file, insert, cut)


def _offered(content: str) -> set[str]:
    return {kind for kind, entries in _group(content, _ADDED).items() if ENTRY in entries.split(";")}


def _without_block(content: str) -> str:
    """Lines that somebody else has put into it stay."""

    def rest(found: re.Match[str]) -> str:
        others = [line for line in found[2].splitlines(keepends=True) if _without_us(line) == line]
        return found[1] + "".join(others) if others else ""

    return _OURS.sub(rest, content)


def _behind(entries: str, first: str) -> str:
    kept = [entry for entry in entries.split(";") if entry]
    return "".join(f"{entry};" for entry in dict.fromkeys([first, *kept, ENTRY]))


def _without_us(line: str) -> str:
    key, equals, value = line.rstrip("\n").partition("=")
    entries = [entry for entry in value.split(";") if entry]
    if ENTRY not in entries:
        return line
    rest = [entry for entry in entries if entry != ENTRY]
    return f"{key}{equals}{''.join(f'{entry};' for entry in rest)}\n" if rest else ""


def _group(content: str, name: str) -> dict[str, str]:
    inside, found = False, {}
    for line in content.splitlines():
        if line.startswith("["):
            inside = line.strip() == f"[{name}]"
        elif inside and "=" in line and not line.startswith("#"):
            key, _equals, value = line.partition("=")
            found[key.strip()] = value.strip()
    return found


@dataclass(frozen=True, slots=True)
class Database:
    """What a program of the system makes out of the files in a folder; it is made anew after each change."""

    program: str
    folder: Path
    ours: str  # what of ours it is made from
    makes: str  # a pattern, as a person is told of it

    @property
    def place(self) -> str:
        return f"{self.folder}/{self.makes} ({self.program})"

    @property
    def follows(self) -> bool:
        return self._tool() is not None

    def stands(self) -> bool:
        return True  # it follows the files of its folder

    def is_there(self) -> bool:
        return (self.folder / self.ours).is_file() and any(self.folder.glob(self.makes))

    def put(self, record: Record) -> None:
        before = self._made()
        self._run()
        for path in sorted(self._made() - before):
            record.note(path)

    def take_out(self, record: Record) -> None:
        touched = any(Path(each).is_relative_to(self.folder) for each in record.made)
        if not touched or not self.folder.is_dir():
            return
        before = self._made()
        self._run()
        needed = any(self._sources())
        for path in self._made():
            ours = str(path) in record.made or path not in before
            if ours and path.is_file() and (not needed or path.read_bytes() == _NO_TYPES):
                path.unlink()

    def _made(self) -> set[Path]:
        return set(self.folder.rglob("*")) - self._sources()

    def _sources(self) -> set[Path]:
        ours = self.folder / self.ours
        return set(ours.parent.glob(f"*{ours.suffix}"))

    def _tool(self) -> str | None:
        return shutil.which(self.program, path="/usr/bin:/bin:/usr/local/bin")

    def _run(self) -> None:
        if tool := self._tool():
            subprocess.run([tool, self.folder], capture_output=True, check=False, timeout=120)
