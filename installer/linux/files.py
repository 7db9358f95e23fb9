"""Writes what a package of Linux brings beside the program: desktop entry, icons, file types, AppStream data, and the
entries of the file managers that read them from the folders of the system.

    python -m installer.linux.files DESTINATION [PROGRAM]

DESTINATION stands for /usr; PROGRAM is the command, `jitsuin` where none is given. Thunar has one list for the system,
which belongs to Thunar: its entries are put in for each person, by `jitsuin integrate`.
"""

import sys
from pathlib import Path
from xml.sax.saxutils import escape

from desktop.integration.commands import VERBS
from desktop.integration.file_managers import action_entry, menu_extension, nemo_action, service_menu
from desktop.integration.freedesktop import ENTRY, OPENER, desktop_entry, icons, mime_package, opener_entry
from installer.project import project

_METAINFO = Path(__file__).with_name("metainfo.xml")


def files(program: list[str]) -> dict[str, bytes]:
    """Content by path below /usr."""
    found = {
        f"share/applications/{ENTRY}": desktop_entry(program, ()).encode(),
        f"share/applications/{OPENER}": opener_entry(program).encode(),
        "share/mime/packages/jitsuin.xml": mime_package().encode(),
        f"share/metainfo/{project().identifier}.metainfo.xml": metainfo().encode(),
        "share/nautilus-python/extensions/jitsuin.py": menu_extension("Nautilus", program),
        "share/caja-python/extensions/jitsuin.py": menu_extension("Caja", program),
    }
    for verb in VERBS:
        found[f"share/kio/servicemenus/jitsuin-{verb.name}.desktop"] = service_menu(verb, program)
        found[f"share/nemo/actions/jitsuin-{verb.name}.nemo_action"] = nemo_action(verb, program)
        found[f"share/file-manager/actions/jitsuin-{verb.name}.desktop"] = action_entry(verb, program)
    return found


def metainfo() -> str:
    """AppStream 0.16; with what the project says of itself."""
    about = project()
    home = f'\n  <url type="homepage">{escape(about.home)}</url>' if about.home else ""
    text = _METAINFO.read_text(encoding="utf-8").replace("IDENTIFIER", about.identifier)
    return text.replace("MAKER", escape(about.maker)).replace("VERSION", about.version).replace("\n  HOME", home)


def write(destination: Path, program: list[str]) -> None:
    """Everything, below a folder that stands for /usr."""
    for name, content in files(program).items():
        path = destination / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if "servicemenus" in name else 0o644)
    for icon in icons(destination / "share" / "icons"):
        icon.path.parent.mkdir(parents=True, exist_ok=True)
        icon.path.write_bytes(icon.content)


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    write(Path(arguments[0]), arguments[1:] or ["jitsuin"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
