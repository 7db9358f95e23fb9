"""Every entry point for a few seconds, from the files that the tests make; for longer, run fuzz.py by hand."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).with_name("fuzz.py")
RUNS = {"pdf": 30, "xml": 300, "cms": 300, "asic": 300, "certificate": 1000, "card": 1000}


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris has no wheel for this system")
@pytest.mark.parametrize("target", RUNS)
def test_nothing_breaks_and_nothing_is_taken_for_signed(target: str, tmp_path: Path) -> None:
    command = [sys.executable, FUZZ, target, "--runs", str(RUNS[target]), "--folder", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    found = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert (done.returncode, found) == (0, []), done.stderr[-3000:]
