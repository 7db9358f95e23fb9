"""Tries an installed program from outside, as far as that goes without a person: terminal, window, helper processes.

    python3 installer/build/smoke.py PROGRAM [ROOT]

Practice documents are signed and verified, a report is drawn, and the window is opened where nobody sees it. ROOT is
the folder of another system, in which the program is started (chroot, as root).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

DOCUMENTS: Final = Path(__file__).resolve().parents[2] / "resources" / "practice"
_PIN: Final = "ABC123\n"  # public, as is everything about the practice card
_NOT_TRUSTED: Final = 3  # exit status of verify: intact, and of the practice card
_WINDOW_SECONDS: Final = 15.0


class Program:
    def __init__(self, program: str, root: Path, work: Path) -> None:
        self._start = [program] if root == Path("/") else ["chroot", str(root), program]
        self._root, self.work = root, work
        below = str(self.seen(work))
        # As for a person who has never started it.
        own = {"HOME": below, "XDG_RUNTIME_DIR": below, "LOCALAPPDATA": below, "QT_QPA_PLATFORM": "offscreen"}
        self._environment = {**os.environ, **own, "PATH": os.environ.get("PATH", "") + ":/usr/bin:/bin"}
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYTHONPATH", "PYTHONHOME"):
            self._environment.pop(name, None)

    def seen(self, path: Path) -> Path:
        """A path as the program sees it."""
        return path if self._root == Path("/") else Path("/") / path.relative_to(self._root)

    def answer(self, *arguments: str | Path, status: int, text: str | None = None) -> str:
        """What it prints; ends with a word of what went wrong if its exit status is another."""
        command = [*self._start, *(str(self.seen(a)) if isinstance(a, Path) else a for a in arguments)]
        done = subprocess.run(
            command, input=text, env=self._environment, capture_output=True, encoding="utf-8", timeout=300, check=False
        )
        if done.returncode != status:
            sys.exit(f"{arguments}: status {done.returncode}, wanted {status}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def stands(self, *arguments: str | Path) -> None:
        """The window is there for a while, and says nothing bad."""
        command = [*self._start, *(str(self.seen(a)) if isinstance(a, Path) else a for a in arguments)]
        program = subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE, encoding="utf-8")
        end = time.monotonic() + _WINDOW_SECONDS
        while time.monotonic() < end and program.poll() is None:
            time.sleep(0.2)
        alive = program.poll() is None
        program.kill()
        said = program.communicate()[1]
        if not alive or "Traceback" in said:
            sys.exit(f"the window: status {program.returncode}\n{said}")


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[1]).resolve() if arguments[1:] else Path("/")
    with tempfile.TemporaryDirectory(dir=root / "tmp" if arguments[1:] else None) as folder:
        work = Path(folder).resolve() / "書類 documents"
        shutil.copytree(DOCUMENTS, work)
        try_out(Program(arguments[0], root, work))
    print("ok")
    return 0


def try_out(program: Program) -> None:
    documents = [path for path in sorted(program.work.iterdir()) if path.suffix != ".xsl"]
    program.answer("sign", "--practice", "--yes", "--pin-stdin", *documents, status=0, text=_PIN)
    signed = sorted(program.work.glob("*-practice-signed*"))
    report = program.work / "report.pdf"
    verified = json.loads(program.answer("verify", "--json", "--report", report, *signed, status=_NOT_TRUSTED))
    intact = [signature["intact"] for file in verified["files"] for signature in file["signatures"]]
    if (
        len(signed) < len(documents)
        or intact != [True] * len(documents)
        or not report.read_bytes().startswith(b"%PDF-")
    ):
        sys.exit(f"signed {signed}, intact {intact}")
    json.loads(program.answer("card", "--practice", "--json", status=0))
    program.answer("integrate", "--dry-run", status=0)
    program.answer("--remind", status=0)
    program.stands("--practice", "--page=verify", *signed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
