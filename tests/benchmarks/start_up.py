"""From exec to the window on the screen, by clock and by processor, under Xvfb without a window manager.

Run: python tests/benchmarks/start_up.py [PROGRAM]. The moment is that of the X server's MapNotify, as xev prints it.
Against a bare PyQt6 window; or PROGRAM, the frozen one, against the same from its source. Where other work shares the
processors, the time of the processor says more than the clock.
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


def times_to_map(command: list[str], display: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
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
        program.kill()
        used = os.wait4(program.pid, 0)[2]
        program.returncode = 0  # it is waited for
        watcher.kill()
        watcher.wait()
        watcher.stdout.close()
    return seconds, used.ru_utime + used.ru_stime


def main() -> None:
    ours, bare = [sys.executable, "-m", "desktop"], [sys.executable, "-c", BARE]
    with screen() as display:
        if sys.argv[1:]:
            compare(display, frozen=sys.argv[1:2], source=ours)
        else:
            compare(display, window=ours, bare_pyqt6=bare)


def compare(display: str, **commands: list[str]) -> None:
    for command in commands.values():
        times_to_map(command, display)  # warm
    processor: dict[str, list[float]] = {name: [] for name in commands}

    def seconds(name: str) -> float:
        clock, used = times_to_map(commands[name], display)
        processor[name].append(used)
        return clock

    goal = 1.0 if "frozen" in commands else 1.5
    times = in_turn(15, **{name: partial(seconds, name) for name in commands})
    print_ratio("exec to window mapped", times, goal=goal)
    print_ratio("processor time until then", processor, goal=goal)


if __name__ == "__main__":
    main()
