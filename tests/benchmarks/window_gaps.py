"""A hundred documents in the real window: the time against the card's own, and the longest gap of the event loop.

Run: python tests/benchmarks/window_gaps.py [COUNT]. Needs no screen. The practice card plays one at 106 kbit/s with
5 ms a command and 400 ms a signature: a model, not a measurement of a real card. Five of the documents are broken.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from documents import pdf

ROOT = Path(__file__).resolve().parents[2]
SCHEDULE = Path("/proc/thread-self/schedstat")
TICK = 5  # milliseconds
BROKEN = 5
LARGE = {4: (1, 1_000_000), 8: (2000, 0), 12: (200, 20_000_000), 16: (1, 210_000_000), 40: (1, 20_000_000)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            os.environ[variable] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.environ["QT_LOGGING_RULES"] = "default.warning=false"  # of what that platform lacks
        sys.path.insert(0, str(ROOT))
        measure(Path(home), count)


def measure(home: Path, count: int) -> None:
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QDialog

    from desktop import window as parts
    from signing.card.practice import PracticeReaders
    from signing.card.practice_options import CONTACTLESS_106, PracticeOptions

    readers = PracticeReaders(home / "card", PracticeOptions(pace=CONTACTLESS_106))
    parts._readers = lambda _state, *, practice: readers  # type: ignore[assignment]
    window = parts.open_window(parts.make_application())
    window.show()
    parts.begin(window, parts.Arrival(practice=True))
    until(lambda: window.cards.ready)
    QTest.qWait(3000)  # the helpers have loaded
    gaps = Gaps()
    desk, files = window.signing, documents(home, count)
    gaps.begin("adding")
    window.receive([str(path) for path in files])
    until(lambda: len(desk.rows) == count and all(row.examination for row in desk.rows))
    gaps.begin("previewing")
    for row in desk.ready_rows()[:18]:  # of every kind and size
        assert row.document
        window.look(row.document)
        QTest.qWait(1000)
        for dialog in window.findChildren(QDialog):
            dialog.reject()
    gaps.begin("signing")
    seconds, signed = sign(desk, window)
    made = [row.outcome.path for row in desk.rows if getattr(row.outcome, "path", None)]
    gaps.begin("verifying")
    window.receive([str(path) for path in made])
    until(lambda: len(window.verifying.files) == len(made) and all(window.verifying.files.values()))
    gaps.end()
    parts.shut_down(window)
    alone = card_alone(readers, signed)
    print(f"signed {signed} of {count}: {seconds:.2f} s, the card alone {alone:.2f} s: {seconds / alone:.3f} x")
    for name, longest in gaps.longest.items():
        print(
            f"longest gap while {name}: {longest.gap * 1000:.0f} ms, less what it waited for a processor "
            f"{longest.alone * 1000:.0f} ms, own work in one {longest.work * 1000:.0f} ms"
        )
    print("load of the machine: {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


def sign(desk, window) -> tuple[float, int]:  # type: ignore[no-untyped-def]  # Qt is imported late
    from desktop.sign.desk import Stage
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN

    desk.prepare()
    until(lambda: len(desk.digests) == len(desk.signing) and window.cards.ready)
    start = time.perf_counter()
    desk.sign(SignaturePin.parse(PRACTICE_PIN))
    until(lambda: desk.stage is Stage.DONE)
    return time.perf_counter() - start, desk.signed()


def card_alone(readers, count: int) -> float:  # type: ignore[no-untyped-def]  # as above
    from signing.card.jpki import read_facts, signing_session
    from signing.card.pin import SignaturePin
    from signing.card.practice import PRACTICE_PIN, PRACTICE_READER

    facts = read_facts(readers, PRACTICE_READER)
    issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
    pin = SignaturePin.parse(PRACTICE_PIN)
    start = time.perf_counter()
    with signing_session(readers, PRACTICE_READER, pin, issuers=issuers) as credential:
        for _ in range(count):
            credential.sign(b"anything")
    return time.perf_counter() - start


def documents(home: Path, count: int) -> list[Path]:
    """PDFs and XMLs in turn; some are larger, two have 200 MB and 2,000 pages, and the last five are broken."""
    sources = [ROOT / "resources" / "practice" / name for name in ("practice-agreement.pdf", "practice-notice.xml")]
    folder = home / "documents"
    folder.mkdir()
    made = []
    for number in range(count):
        source = sources[number % 2]
        path = folder / f"{number:03}{source.suffix}"
        if number in LARGE:
            pages, size = LARGE[number]
            made.append(pdf(path, size, pages=pages))
        else:
            made.append(Path(shutil.copy(source, path)))
    for path in made[-BROKEN:]:
        path.write_bytes(path.read_bytes()[:300])
    return made


@dataclass
class Longest:
    """Seconds of the longest gap, of the longest had no other program held the processors, and of the most that the
    window's thread worked within one."""

    gap: float = 0.0
    alone: float = 0.0
    work: float = 0.0


class Gaps:
    """Counts how late a timer is that should come every few milliseconds."""

    def __init__(self) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self.longest: dict[str, Longest] = {}
        self._name = ""
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(TICK)

    def begin(self, name: str) -> None:
        self._name = name
        self.longest[name] = Longest()
        self._last = _clocks()

    def end(self) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        now = _clocks()
        if self._name:
            longest = self.longest[self._name]
            gap, worked, waited = (after - before for after, before in zip(now, self._last, strict=True))
            longest.gap = max(longest.gap, gap)
            longest.alone = max(longest.alone, gap - waited)
            longest.work = max(longest.work, worked)
        self._last = now


def _clocks() -> tuple[float, float, float]:
    """Seconds by the clock, that this thread worked, and that it was ready and had no processor (Linux tells)."""
    waited = SCHEDULE.read_text().split()[1] if SCHEDULE.exists() else 0
    return time.perf_counter(), time.thread_time(), int(waited) / 1e9


def until(condition: Callable[[], object]) -> None:
    from PyQt6.QtTest import QTest

    for _ in range(12_000):
        QTest.qWait(20)
        if condition():
            return
    raise TimeoutError


if __name__ == "__main__":
    main()
