"""Work off the window's thread, one piece after the other; what comes of it is told in the window's thread."""

from collections.abc import Callable
from typing import TypeVar

from PyQt6.QtCore import QObject, QThreadPool, pyqtSignal

from signing.errors import Cancelled, UserFacingError
from signing.failure import user_facing

T = TypeVar("T")


class JobQueue(QObject):
    """A serial queue. A card must never be used by two threads, nor a helper process asked two things at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._jobs: set[_Job] = set()

    def submit(
        self,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[UserFacingError], None],
    ) -> None:
        """Run `work` when everything before it has ended.

        `done` and `failed` should be bound methods of a QObject: Qt drops them when the object is deleted.
        """
        job = _Job()
        # Connected before it starts: a job that is quick would be over before a later connection.
        job.succeeded.connect(done)
        job.failed.connect(failed)
        job.ended.connect(self._forget)
        self._jobs.add(job)  # so that its last reference goes in this thread
        self._pool.start(lambda: job.run(work))

    def shut_down(self) -> None:
        """Forget what has not begun, and wait for the rest."""
        self._pool.clear()
        self._pool.waitForDone()

    def _forget(self, job: object) -> None:
        self._jobs.discard(job)


class _Job(QObject):
    succeeded = pyqtSignal(object)
    failed = pyqtSignal(object)
    ended = pyqtSignal(object)

    def run(self, work: Callable[[], object]) -> None:
        # No exception may leave a pool thread: PyQt6 would abort the process.
        try:
            self.succeeded.emit(work())
        except Cancelled:
            pass  # nothing is shown
        except Exception as error:
            self.failed.emit(user_facing(error))
        finally:
            self.ended.emit(self)
