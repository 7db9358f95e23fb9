"""Runs before the frozen program: lets PyInstaller see to multiprocessing, but only in the processes that it starts."""

import sys

if "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
    import pyi_rth_multiprocessing  # type: ignore[import-not-found]  # noqa: F401 - it is in the frozen program alone
