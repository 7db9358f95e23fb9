"""A pool of helper processes for strangers' files: what hangs, crashes or grows in one of them is ended and replaced.

Free of Qt. The processes are pebble's; this words what becomes of a question, and makes a broken pool anew.
"""

import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from desktop.work.process import Context, confine, give_way, limit_memory
from signing.errors import Cancelled, DocumentTooComplex, Unexpected, UserFacingError, WorkerStopped, WorkerTooSlow
from signing.failure import user_facing

_log = logging.getLogger(__name__)
GIBIBYTE = 1 << 30
_TRIES = 2
_ORDINARY = 20.0  # seconds
_LARGE = 50 << 20  # bytes


def seconds_for(path: Path) -> float:
    """How long the verification of a file may take: 20 s up to 50 MiB, then in proportion."""
    size = 0
    with contextlib.suppress(OSError, ValueError):  # verifying it will tell
        size = path.stat().st_size
    return _ORDINARY * max(1.0, size / _LARGE)


class Pool:
    """Starts with the first question; may be used by several threads."""

    def __init__(self, size: int = 1, *, memory: int = GIBIBYTE, prepare: Callable[[], object] | None = None) -> None:
        """`memory`: bytes for each process, where the system can limit it. `prepare` is run in it before all else."""
        self._size, self._memory, self._prepare = size, memory, prepare
        self._lock = threading.Lock()
        self._processes: ProcessPool | None = None
        self._asked: set[Future[Any]] = set()
        self._closed = False

    def ask(self, function: Callable[..., Any], *arguments: object, seconds: float | None = None) -> "Question":
        """Let a process call a function of a module; without `seconds` it may take for ever, until it is stopped."""
        return Question(partial(self._schedule, partial(_answer, function, arguments), seconds))

    def call(self, function: Callable[..., Any], *arguments: object, seconds: float | None = None) -> Any:
        """Ask, and wait. Raises what Question.answer raises."""
        return self.ask(function, *arguments, seconds=seconds).answer()

    def close(self) -> None:
        """End the processes, whatever they are doing; what is asked from now on is cancelled."""
        with self._lock:
            self._closed = True
            processes, self._processes = self._processes, None
        for asked in tuple(self._asked):  # who waits for them would wait for ever
            asked.cancel()
        if processes:
            _end(processes)

    def _schedule(self, work: Callable[[], Any], seconds: float | None) -> "ProcessFuture[Any]":
        with self._lock:
            if self._closed:
                never: ProcessFuture[Any] = ProcessFuture()
                never.cancel()  # type: ignore[no-untyped-call]  # the one that pebble left out
                return never
            if self._processes is not None and not self._processes.active:  # a process died while it was idle
                # Elsewhere, because this may be the thread that has to end.
                threading.Thread(target=_end, args=(self._processes,), daemon=True).start()
                self._processes = None
            if self._processes is None:
                begin = (self._memory, self._prepare)
                self._processes = ProcessPool(self._size, initializer=_begin, initargs=begin, context=Context())
            asked = self._processes.schedule(work, timeout=seconds)
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        return asked


class Question:
    """Something asked of a pool. It is asked again where the pool broke over nothing that it did."""

    def __init__(self, ask: "Callable[[], ProcessFuture[Any]]") -> None:
        self._ask = ask
        self._outcome: Future[Any] = Future()
        self._tries = 0
        self._try()

    @property
    def running(self) -> bool:
        """Whether a process has taken it, and has not answered yet."""
        return self._asked.running()

    def answer(self) -> Any:
        """Wait for it. Raises WorkerStopped, WorkerTooSlow, Cancelled, and what the function raises for a person."""
        return self._outcome.result()

    def then(self, told: "Callable[[Question], object]") -> None:
        """Call `told` when the answer is there, in some thread."""
        self._outcome.add_done_callback(lambda _: told(self))

    def stop(self) -> None:
        """Ask no more: the process that works on it is ended."""
        self._asked.cancel()  # type: ignore[no-untyped-call]  # the one that pebble left out

    def _try(self) -> None:
        self._tries += 1
        self._asked = self._ask()
        self._asked.add_done_callback(self._settle)

    def _settle(self, asked: "Future[Any]") -> None:
        error = CancelledError() if asked.cancelled() else asked.exception()
        if isinstance(error, BrokenProcessPool) and self._tries < _TRIES:
            self._try()
        elif error is not None:
            self._outcome.set_exception(_worded(error))
        elif isinstance(answer := asked.result(), UserFacingError):
            self._outcome.set_exception(answer)
        else:
            self._outcome.set_result(answer)


def _worded(error: BaseException) -> Exception:
    match error:
        case CancelledError():
            return Cancelled()
        case TimeoutError():
            return WorkerTooSlow()
        case ProcessExpired() | BrokenProcessPool():
            return WorkerStopped()
    _log.error("unexpected %s between processes", type(error).__name__)
    return Unexpected()


def _end(processes: ProcessPool) -> None:
    processes.stop()  # type: ignore[no-untyped-call]  # pebble types all but this
    processes.join()


# --- in the process


def _begin(memory: int, prepare: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # to be ended at once, also within a library in C
    limit_memory(memory)
    give_way()
    if prepare:
        prepare()
    confine()


def _answer(function: Callable[..., Any], arguments: tuple[object, ...]) -> object:
    try:
        return function(*arguments)
    except MemoryError:
        return DocumentTooComplex()
    except Exception as error:
        return user_facing(error)
