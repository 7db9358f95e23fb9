"""The door: what would be put into this person's file managers, what is there, and both ways. Free of Qt."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.integration.parts import OwnFile, Part, Record
from desktop.places import config_folder, data_folder, home, integration_file
from desktop.reminders.autostart import program_command
from desktop.words.translation import system_language

_NAMES = {"nautilus": "Nautilus", "nemo": "Nemo", "pcmanfm": "PCManFM"}  # others as they are, capitalised


@dataclass(frozen=True, slots=True)
class Integration:
    """`wanted` are the parts by what they are for: a file manager by its name, or "" for the program itself.

    `for_everybody` names the file managers that the system has entries for already, from a package of this program;
    `spare` are the parts that would stand beside those.
    """

    wanted: Mapping[str, Sequence[Part]]
    ever: Sequence[Part]  # all that can be there, whatever is wanted now
    record_file: Path
    spare: Sequence[Part] = ()
    for_everybody: Sequence[str] = ()

    @property
    def stands(self) -> bool:
        """Whether nothing is missing, and nothing is there twice."""
        return not self.missing() and not self.doubled()

    def doubled(self) -> list[Part]:
        """What is there for this person, and for everybody too."""
        return [part for part in self.spare if part.is_there()]

    def missing(self) -> dict[str, list[Part]]:
        """What would be put in, and what would be made anew because of it."""
        gaps = {name: [part for part in parts if not part.stands()] for name, parts in self.wanted.items()}
        return {name: [*parts, *self._made_anew(name)] for name, parts in gaps.items() if parts}

    def put(self) -> dict[str, list[Part]]:
        """Put in what is missing, and tell what that was; what is doubled goes.

        OSError as the system says; what was done stays on record.
        """
        missing, doubled, record = self.missing(), self.doubled(), Record(self.record_file)
        if not missing and not doubled:
            return missing
        record.keep()
        try:
            for part in self.spare if doubled else ():
                part.take_out(record)
            for parts in missing.values():
                for part in parts:
                    part.put(record)
        finally:
            record.keep()
        return missing

    def present(self) -> list[str]:
        """The places of what would be taken out: also of what was made for entries that somebody has deleted."""
        places = dict.fromkeys(part.place for part in self.ever if part.is_there())
        return list(places) or Record(self.record_file).left()

    def take_out(self) -> list[str]:
        """Leave nothing behind, and tell what was there. OSError as the system says."""
        present, record = self.present(), Record(self.record_file)
        if present or record.made:
            for part in self.ever:
                part.take_out(record)
            record.close()
        return present

    def _made_anew(self, name: str) -> list[Part]:
        return [part for part in self.wanted[name] if part.follows]


def integration() -> Integration:
    """That of this system."""
    program, language = program_command(), system_language()
    if sys.platform == "win32":
        from desktop.integration.windows import explorer_parts

        parts = explorer_parts(program, language)
        return Integration({"Explorer": parts}, parts, integration_file())
    if sys.platform == "darwin":
        from desktop.integration.macos import finder_parts

        parts = finder_parts(program, language, home() / "Library")
        return Integration({"Finder": parts}, parts, integration_file())
    from desktop.integration import file_managers

    return linux_integration(program, file_managers.installed())


def linux_integration(program: Sequence[str], managers: Sequence[str]) -> Integration:
    """For these file managers."""
    from desktop.integration.file_managers import every_part, parts_of, replaced_parts
    from desktop.integration.freedesktop import ENTRY, program_parts, spare_parts

    data, config = data_folder().parent, config_folder().parent
    ever = every_part(program, data, config)
    packaged = [part for part in ever if _for_everybody(part, data)]
    spare = [*packaged, *(part for each in managers for part in replaced_parts(each, program, data, config))]
    of_managers = {_name(each): parts_of(each, program, data, config) for each in managers}
    wanted = {name: [part for part in parts if part not in packaged] for name, parts in of_managers.items()}
    covered = [name for name, parts in of_managers.items() if parts and not wanted[name]]
    if _for_everybody(OwnFile(data / "applications" / ENTRY, b""), data):
        own = spare_parts(program, data, config)
        return Integration(wanted, [*ever, *own], integration_file(), [*spare, *own], covered)
    own = program_parts(program, data, config)
    return Integration({"": own, **wanted}, [*ever, *own], integration_file(), spare, covered)


def _for_everybody(part: Part, data: Path) -> bool:
    """Whether a package has put a file of this name into the folders of the system (XDG Base Directory)."""
    folders = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return (
        isinstance(part, OwnFile)
        and part.path.is_relative_to(data)
        and any(Path(folder, part.path.relative_to(data)).is_file() for folder in folders if Path(folder) != data)
    )


def _name(manager: str) -> str:
    return _NAMES.get(manager, manager.capitalize())
