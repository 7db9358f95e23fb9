"""Whether a window can be shown: Qt would abort the process where it cannot."""

import os
import sys

_LIBRARY = "libxcb-cursor.so.0"  # the one that Qt needs and systems without Qt lack
_FOLDERS = (f"/usr/lib/{os.uname().machine}-linux-gnu", "/usr/lib64", "/usr/lib") if sys.platform == "linux" else ()


def why_no_screen() -> str | None:
    """None where a window can be shown, else "display" or the name of the library that is missing."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY")
    if not display:
        return "display"
    # Looking for files is a hundred times faster than asking; only where they are not, ask. The library comes first:
    # asking needs another one that comes with it.
    known = any(os.access(f"{folder}/{_LIBRARY}", os.R_OK) for folder in _FOLDERS)
    if not known and (missing := _missing_for(_LIBRARY)):
        return missing
    number = display.removeprefix("unix").removeprefix(":").partition(".")[0]
    if not os.access(f"/tmp/.X11-unix/X{number}", os.W_OK) and _refused():  # noqa: S108 - X puts its sockets there
        return "display"
    return None


def _refused() -> bool:
    import ctypes

    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return refused


def _missing_for(library: str) -> str:
    """The library itself, or one that it needs; empty where it loads."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error).partition(":")[0]
    return ""
