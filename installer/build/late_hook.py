"""Runs before PyInstaller starts: puts off what it does for packages that are not used, and makes imports short.

No more of Python is there yet than what starts Python itself.
"""

import marshal
import os
import sys

import pyimod01_archive  # type: ignore[import-not-found]  # this and the next two are in the frozen program alone
import pyimod02_importers  # type: ignore[import-not-found]
import pyimod03_ctypes  # type: ignore[import-not-found]

TYPE_CHECKING = False  # typing has it, and is not there yet
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, BinaryIO

# What is to be done as soon as the package of this name is there.
_AFTER: "dict[str, Callable[[], object]]" = {"ctypes": pyimod03_ctypes.install}
if "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
    _AFTER["multiprocessing"] = lambda: __import__("pyi_rth_multiprocessing")
if sys.platform == "linux":
    _AFTER["PyQt6"] = lambda: __import__("pyi_rth_pyqt6")


class _AtOnce:
    """marshal, which asks a file for every few bytes of the long table of modules."""

    loads = marshal.loads

    @staticmethod
    def load(file: "BinaryIO") -> "Any":
        return marshal.loads(file.read())  # noqa: S302 - it is part of the program


class _Straight:
    """Finds what is in the archive by its full name, where PyInstaller asks folder by folder. It finds the rest."""

    def find_spec(
        self, name: str, path: "Sequence[str] | None", target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        archive = pyimod02_importers.pyz_archive  # None until PyInstaller has started
        kind = archive.toc[name][0] if archive and name in archive.toc else None
        if kind not in (pyimod01_archive.PYZ_ITEM_MODULE, pyimod01_archive.PYZ_ITEM_PKG):
            return None
        is_package = kind == pyimod01_archive.PYZ_ITEM_PKG
        loader = pyimod02_importers.PyiFrozenLoader(name, archive, name, is_package)
        if name in _AFTER:
            loader.exec_module = _followed(loader.exec_module, _AFTER[name])
        found: ModuleSpec = type(sys.__spec__)(name, loader, origin=loader.path, is_package=is_package)
        found.has_location = True
        if found.submodule_search_locations is not None:
            found.submodule_search_locations.append(os.path.dirname(loader.path))  # noqa: PTH120 - no pathlib yet
        return found


def _followed(execute: "Callable[[ModuleType], None]", then: "Callable[[], object]") -> "Callable[[ModuleType], None]":
    def both(module: "ModuleType") -> None:
        execute(module)
        then()

    return both


pyimod01_archive.marshal = _AtOnce
pyimod03_ctypes.install = lambda: None
sys.meta_path.insert(-1, _Straight())  # before the search in folders
