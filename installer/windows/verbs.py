r"""Prints the registry entries of the menu of Explorer as lines of an NSIS script, for a setup per user.

    python -m installer.windows.verbs put > verbs.nsh          WriteRegStr lines; $INSTDIR is where the program is
    python -m installer.windows.verbs take-out > unverbs.nsh   the lines that undo them

The name of a verb is in the language of the system: the script is to include both, for ${LANG_JAPANESE} and others.
"""

import sys

from desktop.integration.windows import CLASSES, DOCUMENT, explorer_values

EXECUTABLE = r"$INSTDIR\jitsuin.exe"


def put_lines(language: str) -> list[str]:
    """One line for each value."""
    return [
        f"WriteRegStr HKCU {quoted(key)} {quoted(name)} {quoted(text)}"
        for key, name, text in explorer_values([EXECUTABLE], language)
    ]


def put_script() -> list[str]:
    """Those of the language of the system."""
    japanese, others = put_lines("ja"), put_lines("en")
    return ["${If} $LANGUAGE == ${LANG_JAPANESE}", *japanese, "${Else}", *others, "${EndIf}"]


def take_out_lines() -> list[str]:
    """Our keys whole; keys of others only where they are empty."""
    values = explorer_values([EXECUTABLE], "en")
    keys = list(dict.fromkeys(key for key, _name, _text in values))
    own = [key for key in keys if key.rpartition("\\")[2].startswith("Jitsuin.")]
    lines = [f"DeleteRegKey HKCU {quoted(key)}" for key in own]
    lines += [
        f"DeleteRegValue HKCU {quoted(key)} {quoted(DOCUMENT)}" for key in keys if key.endswith("OpenWithProgids")
    ]
    above = {parent for key in keys for parent in _parents(key) if parent not in own}
    deepest_first = sorted(above, key=lambda key: (-key.count("\\"), key))
    return lines + [f"DeleteRegKey /ifempty HKCU {quoted(key)}" for key in deepest_first]


def _parents(key: str) -> list[str]:
    """From the key up to the one below Classes."""
    found = []
    while key != CLASSES:
        found.append(key)
        key = key.rpartition("\\")[0]
    return found


def quoted(text: str) -> str:
    """As makensis reads it between single quotes: it knows no backslash escapes, and $ is meant only in $INSTDIR."""
    escaped = text.replace("$", "$$").replace("$$INSTDIR", "$INSTDIR").replace("'", "$\\'")
    return f"'{escaped}'"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["put"]:
            print(*put_script(), sep="\n")
        case ["take-out"]:
            print(*take_out_lines(), sep="\n")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
