"""Quick Actions of the macOS Finder, for this user: two Automator workflows in ~/Library/Services.

The program of an installed .app offers the same as Services of its own; see installer/macos/.
"""

import plistlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from desktop.integration.commands import VERBS, Verb
from desktop.integration.parts import OwnFile, Part

UNIFORM_TYPES: Final = {
    "pdf": "com.adobe.pdf",
    "xml": "public.xml",
    "p7s": "public.pkcs7-signature",
}
_ACTION: Final = "/System/Library/Automator/Run Shell Script.action"


def finder_parts(program: Sequence[str], language: str, library: Path) -> list[Part]:
    """`library` is ~/Library; `language` is that of the system: a workflow has one name only."""
    parts: list[Part] = []
    for verb in VERBS:
        contents = library / "Services" / f"Jitsuin {verb.name}.workflow" / "Contents"
        name = getattr(verb.label.plain, language)
        parts.append(OwnFile(contents / "Info.plist", plistlib.dumps(service(verb, name))))
        parts.append(OwnFile(contents / "document.wflow", plistlib.dumps(workflow(verb.words(program)))))
    return parts


def service(verb: Verb, name: str) -> dict[str, Any]:
    """What the Finder shows, and for which files."""
    types = [UNIFORM_TYPES[ending] for ending in verb.endings if ending in UNIFORM_TYPES]
    entry = {
        "NSMenuItem": {"default": name},
        "NSMessage": "runWorkflowAsService",
        "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
        "NSSendFileTypes": types,
    }
    return {"NSServices": [entry]}


def workflow(words: Sequence[str]) -> dict[str, Any]:
    """One action: a fixed line, to which the Finder gives the files as arguments."""
    parameters = {
        "COMMAND_STRING": f'exec {shlex.join(words)} "$@"',
        "CheckedForUserDefaultShell": True,
        "inputMethod": 1,  # as arguments, not through standard input
        "shell": "/bin/sh",
        "source": "",
    }
    files = {"Container": "List", "Optional": True, "Types": ["com.apple.cocoa.path"]}
    action = {
        "ActionBundlePath": _ACTION,
        "ActionName": "Run Shell Script",
        "ActionParameters": parameters,
        "AMAccepts": files,
        "AMProvides": {"Container": "List", "Types": ["com.apple.cocoa.string"]},
        "BundleIdentifier": "com.apple.RunShellScript",
        "Class Name": "RunShellScriptAction",
        "isViewVisible": 1,
    }
    return {
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": 1}],
        "connectors": {},
        "workflowMetaData": {
            "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject",
            "serviceApplicationBundleID": "com.apple.finder",
            "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
            "serviceProcessesInput": 0,
            "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
        },
    }
