"""What a start of the window asks for, and the bytes in which one start hands that to another. Free of Qt; light."""

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

ANYWHERE, SIGN, VERIFY, CARD = "", "sign", "verify", "card"  # pages; ANYWHERE: each file on the one that fits it
PAGES = (ANYWHERE, SIGN, VERIFY, CARD)
LIMIT = 8 << 20  # bytes of a message; what a system takes as arguments is less
_MOST_NAMES = 20_000
_LONGEST_TOKEN = 256  # characters
_IN_SCHEMES = str.maketrans("", "", "+-.")  # beside letters and digits
_FORM = b"jitsuin-1"  # another form has another number, and is refused


class Arrival(NamedTuple):
    """Files, and the page on which they are wanted. Nothing in it can do more than a drop on the window."""

    names: tuple[str, ...] = ()
    page: str = ANYWHERE
    practice: bool = False
    token: str = ""  # with which the desktop allows a window to come to the front (XDG activation)


class Refused(Exception):
    """These bytes are no Arrival."""


def located(names: Sequence[str]) -> tuple[str, ...]:
    """Absolute paths of what is named in an argument: a path, or a URI of a file on this computer.

    An address of anything else stays as it is.
    """
    return tuple(_absolute(_path_of_uri(name) if name.startswith("file://") else name) for name in names)


def is_address(name: str) -> bool:
    """Whether it has a scheme and an authority, even an empty one (RFC 3986, 3), instead of being a path."""
    scheme, separator, _rest = name.partition("://")
    # On Windows one letter is a drive.
    return bool(separator) and len(scheme) > 1 and scheme.isascii() and scheme.translate(_IN_SCHEMES).isalnum()


def _absolute(name: str) -> str:
    if is_address(name) and not os.path.lexists(name):
        return name
    try:
        return os.path.join(os.getcwd(), name)  # noqa: PTH109, PTH118 - a window opens with this, and pathlib is slow
    except OSError:  # the folder is gone
        return name


def _path_of_uri(uri: str) -> str:
    """RFC 8089; what names no file here stays as it is."""
    from urllib.parse import unquote_to_bytes

    host, slash, rest = uri.removeprefix("file://").partition("/")
    path = os.fsdecode(unquote_to_bytes(os.fsencode(slash + rest)))
    here = host.lower() in ("", "localhost") or host == _name_of_computer()
    if "\0" in path:
        return uri
    if sys.platform == "win32":
        # RFC 8089, E.3.2: the host of a share may stand in the path, behind four or five slashes.
        start = "" if here and not path.startswith("//") else "//" if here else f"//{host}/"
        return (start + path.lstrip("/")).replace("/", "\\")
    return path if here else uri


def _name_of_computer() -> str:
    """Some file managers name it in what is dragged from them."""
    import socket

    return socket.gethostname()


def encoded(arrival: Arrival) -> bytes:
    """One message: its form and its fields. Raises Refused when too long."""
    kind = "practice" if arrival.practice else "real"
    message = b"\0".join(
        (_FORM, *(os.fsencode(field) for field in (arrival.page, kind, arrival.token, *arrival.names)))
    )
    if len(message) > LIMIT:
        raise Refused
    return message


def decoded(message: bytes) -> Arrival:
    """Raises Refused."""
    form, *fields = message.split(b"\0", _MOST_NAMES + 4)
    if form != _FORM or len(fields) < 3:
        raise Refused
    page, kind, token, *names = [os.fsdecode(field) for field in fields]
    good = (
        page in PAGES
        and kind in ("practice", "real")
        and (token.isascii() and token.isprintable() and len(token) <= _LONGEST_TOKEN)
        and len(names) <= _MOST_NAMES
        and all(os.path.isabs(name) or is_address(name) for name in names)  # noqa: PTH117 - as above
    )
    if not good:
        raise Refused
    return Arrival(tuple(names), page, kind == "practice", token)
