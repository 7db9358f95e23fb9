"""Prints the part of Info.plist by which an installed .app has its types of documents and its Services.

    python -m installer.macos.services > fragment.plist

Every type is ranked “Alternate”: the app is offered under “Open With”, and becomes the default of nothing by itself.
Services of an app are called through NSMessage in the app; the Quick Actions of `jitsuin integrate` need none of that.
"""

import plistlib
import sys
from typing import Any

from desktop.integration.commands import VERBS
from desktop.integration.macos import UNIFORM_TYPES
from desktop.words.integration import TYPES

_OWN_TYPES = {
    "jp.jitsuin.xtx": ("public.xml", ("xtx",), "application/x-xtx+xml"),
    "org.etsi.asic-e": ("com.pkware.zip-archive", ("asice", "sce"), "application/vnd.etsi.asic-e+zip"),
    "org.etsi.asic-s": ("com.pkware.zip-archive", ("asics", "scs"), "application/vnd.etsi.asic-s+zip"),
}


def fragment() -> dict[str, Any]:
    """CFBundleDocumentTypes and UTImportedTypeDeclarations."""
    types = [*UNIFORM_TYPES.values(), *_OWN_TYPES]
    document = {
        "CFBundleTypeName": "Document with or for a signature",
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Alternate",
        "LSItemContentTypes": types,
    }
    return {
        "CFBundleDocumentTypes": [document],
        "UTImportedTypeDeclarations": [_declaration(name) for name in _OWN_TYPES],
    }


def _declaration(name: str) -> dict[str, Any]:
    above, endings, mime = _OWN_TYPES[name]
    known = {ending for verb in VERBS for ending in verb.endings}
    return {
        "UTTypeIdentifier": name,
        "UTTypeDescription": TYPES[mime].en,
        "UTTypeConformsTo": [above],
        "UTTypeTagSpecification": {
            "public.filename-extension": [ending for ending in endings if ending in known],
            "public.mime-type": [mime],
        },
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(plistlib.dumps(fragment()))
