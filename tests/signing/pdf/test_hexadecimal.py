"""Our way to read hexadecimal strings differs from the library's in nothing but time."""

import io
from importlib.metadata import version

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

import signing.pdf.reader  # noqa: F401 - puts it in place
from signing.pdf import hexadecimal


def outcome(read, data: bytes) -> object:
    stream = io.BytesIO(data)
    try:
        result = read(stream)
    except Exception as error:
        return type(error), str(error)
    return type(result), result, result.original_bytes, stream.tell()


LETTERS = "0123456789abcdefABCDEF \t\r\n\f\0\v%<>()Gg\xff"


@given(st.text(LETTERS, max_size=300).map(lambda text: b"<" + text.encode("latin-1")))
@example(b"<>")
@example(b"<4>")
@example(b"<41 %>\n42>rest")
@example(b"<41%")
@example(b"<" + b"0" * 63 + b">")
@example(b"<" + b"0" * 64 + b">x")
@example(b"<feff 0041>")
@example(b"<80 00 %c\r 7F>")
@example(b"")
@example(b"<")
def test_same_result_position_and_error_as_the_library(data: bytes) -> None:
    assert outcome(generic.read_hex_string_from_stream, data) == outcome(hexadecimal._read_slowly, data)


def test_it_is_in_place_and_the_library_is_the_one_it_was_held_against() -> None:
    assert generic.read_hex_string_from_stream is hexadecimal._read
    assert hexadecimal._read_slowly.__module__ == "pyhanko.pdf_utils.generic"
    assert version("pyhanko").rsplit(".", 1)[0] == "0.38", "hold it against the new version, then raise this"


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 255, 256, 320, 321, 70_000, 200_000])
def test_every_length_around_the_pieces(size: int) -> None:
    data = b"<" + b"7" * size + b">tail"
    assert outcome(hexadecimal._read, data) == outcome(hexadecimal._read_slowly, data)
