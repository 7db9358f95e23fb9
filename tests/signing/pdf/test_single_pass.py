"""One reading gives the same digests as many."""

import hashlib
import io

import pytest

from signing.pdf import single_pass
from signing.pdf.revisions import SignedRange
from signing.pdf.single_pass import SinglePass


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_pass, "_PIECE", 16)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha1"])
def test_digests_with_holes_anywhere_around_the_pieces(algorithm: str) -> None:
    data = bytes(range(100))
    ranges = [
        SignedRange(0, first, second, end - second) for first in range(40) for second, end in ((40, 47), (50, 100))
    ]
    read = SinglePass(io.BytesIO(data), ranges, [algorithm])
    assert read.sha256 == hashlib.sha256(data).hexdigest()
    for each in (*ranges, SignedRange(3, 30, 40, 9), SignedRange(0, 45, 45, 0)):
        signed = data[each.start : each.hole_start] + data[each.second_start : each.end]
        assert read.digest(each, algorithm) == hashlib.new(algorithm, signed).digest()
        assert read.digest(each, "sha512") == hashlib.sha512(signed).digest()


@pytest.mark.parametrize("before", range(35))
def test_a_mark_is_found_wherever_the_pieces_end(before: int) -> None:
    data = b"." * before + b"/ByteRange/ByteRange" + b"." * 3
    assert SinglePass(io.BytesIO(data)).marks == 2
    assert SinglePass(io.BytesIO(data[:-5])).marks == 1


def test_an_empty_file_and_an_unknown_algorithm() -> None:
    read = SinglePass(io.BytesIO(b""), [], ["rot13"])
    assert (read.sha256, read.marks) == (hashlib.sha256().hexdigest(), 0)
    with pytest.raises(ValueError, match="rot13"):
        read.digest(SignedRange(0, 0, 0, 0), "rot13")
