"""Things compared in turn in one run, as ratios: absolute times say more about the machine than about the program."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def in_turn(rounds: int, **measured: Callable[[], float | None]) -> dict[str, list[float]]:
    """Run each function once a round, A B C A B C …; seconds of each. A function may measure itself and return it."""
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, function in measured.items():
            start = time.perf_counter()
            own = function()
            times[name].append(time.perf_counter() - start if own is None else own)
    return times


def print_ratio(title: str, times: dict[str, list[float]], *, goal: float) -> None:
    """The first against the second, round by round."""
    (ours, mine), (peer, theirs) = list(times.items())[:2]
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    print(
        f"{title}: {ours} / {peer} = {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}), "
        f"goal {goal:.2f}; medians {statistics.median(mine) * 1000:.1f} / {statistics.median(theirs) * 1000:.1f} ms"
    )


def anonymous_kib() -> int:
    """Anonymous memory of this process now (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    raise RuntimeError("the kernel does not tell RssAnon")


@contextmanager
def peak_of_anonymous_memory() -> Iterator[list[int]]:
    """A list whose only element is, after the block, by how many KiB the memory grew at its highest."""
    start = anonymous_kib()
    peak = [0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            peak[0] = max(peak[0], anonymous_kib() - start)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
