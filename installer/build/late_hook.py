"""Runs before the frozen program: has PyInstaller see to multiprocessing and to Qt, but only where they are used."""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

if "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
    import pyi_rth_multiprocessing  # type: ignore[import-not-found]  # noqa: F401 - it is in the frozen program alone


class _Qt:
    """Finds the package of Qt as all others do, and lets Qt know its folders before anything of it is used."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "PyQt6":
            return None
        sys.meta_path.remove(self)
        found = next(filter(None, (each.find_spec(name, path, target) for each in sys.meta_path)), None)
        if found and found.loader:
            found.loader.exec_module = _followed(found.loader.exec_module)  # type: ignore[assignment, method-assign]  # of this one
        return found


def _followed(execute: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
    def both(module: ModuleType) -> None:
        execute(module)
        import pyi_rth_pyqt6  # type: ignore[import-not-found]  # noqa: F401 - as above

    return both


if sys.platform == "linux":
    sys.meta_path.insert(0, _Qt())
