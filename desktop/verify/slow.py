"""Tells that a file takes longer than usual, and asks what to do."""

from pathlib import Path

from desktop.look.widgets import Notice, button
from desktop.verify.queue import VerifyQueue
from desktop.verify.summary import name_of
from desktop.words.translation import _


class SlowNotice(Notice):
    """Without an answer the file is ended after a while."""

    def __init__(self, queue: VerifyQueue, path: Path) -> None:
        super().__init__(
            "care",
            _("{name} takes longer than usual.").format(name=name_of(path)),
            button(_("Keep waiting"), lambda: queue.keep_waiting(path)),
            button(_("Stop"), lambda: queue.stop(path)),
        )
        self.setMinimumHeight(self.sizeHint().height())  # over a table there is little room, and this needs its own
