"""Whether a window can be shown: Qt would abort the process where it cannot."""

import os
import sys

_NEEDED = ("libxcb-cursor.so.0", "libEGL.so.1")


def why_no_screen() -> str | None:
    """None where a window can be shown, else "display" or the name of the library that is missing."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        return "display"
    return _missing_library() or _x_refuses()


def _missing_library() -> str | None:
    import ctypes

    for name in _NEEDED:
        try:
            ctypes.CDLL(name)
        except OSError:
            return name
    return None


def _x_refuses() -> str | None:
    import ctypes

    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return "display" if refused else None
