"""Tries an installed program from outside, as far as that goes without a person: terminal, window, helper processes.

    python3 installer/build/smoke.py PROGRAM [ROOT]

Documents are signed with the practice card and a certificate file, and verified; reports are made in every form; the
window is opened where nobody sees it. ROOT is the folder of another system, in which the program is started (chroot, as
root).
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
_NO_KEY: Final = 5  # of sign: a card, a password or another key cannot be used
_PERSON: Final = """\
[req]
distinguished_name = name
x509_extensions = person
prompt = no
[name]
CN = Nobody
[person]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
"""
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
    for form in ("json", "csv", "xml", "html"):
        program.answer("verify", "--report", program.work / f"report.{form}", *signed, status=_NOT_TRUSTED)
    intact = [signature["intact"] for file in verified["files"] for signature in file["signatures"]]
    if (
        len(signed) < len(documents)
        or intact != [True] * len(documents)
        or not report.read_bytes().startswith(b"%PDF-")
    ):
        sys.exit(f"signed {signed}, intact {intact}")
    for state in ("next", "locked", "expired"):
        json.loads(program.answer("card", f"--practice={state}", "--json", status=0))
    json.loads(program.answer("doctor", "--practice", "--json", status=0))
    try_other_keys(program, documents[0])
    program.answer("authority", "add", "Nobody", "https://localhost:9/", status=0)
    program.answer("integrate", "--dry-run", status=0)
    program.answer("--remind", status=0)
    program.stands("--practice", "--page=verify", *signed)
    program.stands("--practice=next")


def try_other_keys(program: Program, document: Path) -> None:
    """A certificate file, where openssl can make one, and the library for tokens, which is none."""
    options = ("--yes", "--pin-stdin", document)
    program.answer("sign", "--pkcs11", document, *options, status=_NO_KEY, text="1234\n")
    openssl = shutil.which("openssl")
    if not openssl:
        print("no certificate file was tried: there is no openssl here")
        return
    (program.work / "person.cnf").write_text(_PERSON, encoding="utf-8")
    new = "req -x509 -newkey rsa:2048 -nodes -days 9 -config person.cnf -keyout key.pem -out person.pem"
    pack = f"pkcs12 -export -inkey key.pem -in person.pem -passout pass:{_PIN.strip()} -out person.p12"
    for command in (new, pack):
        subprocess.run([openssl, *command.split()], cwd=program.work, check=True, capture_output=True)
    program.answer("sign", "--p12", program.work / "person.p12", *options, status=0, text=_PIN)
    made = document.with_stem(f"{document.stem}-signed")
    program.answer("verify", "--trust", program.work / "person.pem", made, status=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
