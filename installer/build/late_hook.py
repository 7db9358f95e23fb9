"""Runs before PyInstaller starts: has it do what it does early, and for everybody, only where that is used.

No more of Python is there yet than what starts Python itself.
"""

import marshal
import sys

import pyimod01_archive  # type: ignore[import-not-found]  # this and the next are in the frozen program alone
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


class _Late:
    """Finds these packages as all others do, and sees to what belongs to them before anything of them is used."""

    def find_spec(
        self, name: str, path: "Sequence[str] | None", target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        if name not in _AFTER:
            return None
        others = (each for each in sys.meta_path if each is not self)
        found = next(filter(None, (each.find_spec(name, path, target) for each in others)), None)
        if found and found.loader:
            found.loader.exec_module = _followed(found.loader.exec_module, _AFTER[name])  # type: ignore[assignment, method-assign]  # of this one
        return found


def _followed(execute: "Callable[[ModuleType], None]", then: "Callable[[], object]") -> "Callable[[ModuleType], None]":
    def both(module: "ModuleType") -> None:
        execute(module)
        then()

    return both


pyimod01_archive.marshal = _AtOnce
pyimod03_ctypes.install = lambda: None
sys.meta_path.insert(0, _Late())
