"""Tells that a file takes longer than usual, and asks what to do."""

from pathlib import Path

from desktop.look.widgets import Notice, button
from desktop.verify.queue import VerifyQueue
from desktop.verify.summary import name_of
from desktop.words.translation import _


class SlowNotice(Notice):
    """Without an answer the file is ended after a while."""

    def __init__(self, queue: VerifyQueue, path: Path) -> None:
        text = _("{name} takes longer than usual. It may be large, or built to hold you up.").format(name=name_of(path))
        super().__init__(
            "care",
            text,
            button(_("Keep waiting"), lambda: queue.keep_waiting(path)),
            button(_("Stop"), lambda: queue.stop(path)),
        )
