"""From exec to the window on the screen, against a bare PyQt6 window, under Xvfb without a window manager.

Run: python tests/benchmarks/start_up.py [PROGRAM]. The moment is that of the X server's MapNotify, as xev prints it.
PROGRAM is the frozen one, which is then held against the same from its source.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from measure import in_turn, print_ratio

BARE = """
import sys
from PyQt6.QtWidgets import QApplication, QMainWindow
application = QApplication(sys.argv)
window = QMainWindow()
window.show()
application.exec()
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def screen() -> Iterator[str]:
    """A display of its own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"], pass_fds=[writing])
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def seconds_to_map(command: list[str], display: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment = {**kept, "DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": home, "QT_QPA_PLATFORM": "xcb"}
        watch = ["stdbuf", "-oL", "xev", "-root", "-event", "substructure"]
        watcher = subprocess.Popen(watch, env=environment, stdout=subprocess.PIPE, text=True)
        assert watcher.stdout is not None
        time.sleep(0.3)  # xev says nothing when it is ready
        start = time.perf_counter()
        program = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        for line in watcher.stdout:
            if line.startswith("MapNotify"):
                break
        seconds = time.perf_counter() - start
        for process in (program, watcher):
            process.kill()
            process.wait()
        watcher.stdout.close()
    return seconds


def main() -> None:
    ours, bare = [sys.executable, "-m", "desktop"], [sys.executable, "-c", BARE]
    with screen() as display:
        if sys.argv[1:]:
            compare(display, frozen=sys.argv[1:2], source=ours)
        else:
            compare(display, window=ours, bare_pyqt6=bare)


def compare(display: str, **commands: list[str]) -> None:
    for command in commands.values():
        seconds_to_map(command, display)  # warm
    times = in_turn(9, **{name: partial(seconds_to_map, command, display) for name, command in commands.items()})
    print_ratio("exec to window mapped", times, goal=1.0 if "frozen" in commands else 1.5)


if __name__ == "__main__":
    main()
