"""Hexadecimal strings of a PDF, read in one go: the library takes them a byte at a time.

A signature is such a string of ten thousand digits and more, and reading it was two thirds of the time that a small
file took. What is more than digits and blanks (comments, errors) is left to the library.
"""

import binascii
from typing import BinaryIO

from pyhanko.pdf_utils import generic, misc

_FIRST_PIECE = 1 << 6  # most strings are digests and short texts
_LARGEST_PIECE = 1 << 16

_read_slowly = generic.read_hex_string_from_stream


def _read(stream: BinaryIO) -> generic.ByteStringObject | generic.TextStringObject:
    start = stream.tell()
    try:
        digits = _up_to_end(stream).translate(None, misc.PDF_WHITESPACE)
        return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
    except binascii.Error:
        stream.seek(start)
        return _read_slowly(stream)


def _up_to_end(stream: BinaryIO) -> bytes:
    """What stands between the angle brackets; the stream is left behind the second. Raises binascii.Error."""
    text = b""
    size = _FIRST_PIECE
    stream.read(1)
    while piece := stream.read(size):
        end = piece.find(b">")
        if end >= 0:
            stream.seek(end + 1 - len(piece), 1)
            return text + piece[:end]
        text += piece
        size = min(size * 4, _LARGEST_PIECE)
    raise binascii.Error


def read_hexadecimal_in_one_go() -> None:
    """Let the library use this. `tests/signing/pdf/test_hexadecimal.py` holds it against the library's own."""
    generic.read_hex_string_from_stream = _read
