"""What becomes of what is being signed when the window is closed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.sign.desk import SignDesk


def finish_out_of_sight(window: QWidget, signing: "SignDesk", ended: Callable[[], object]) -> None:
    """Hide the window, and call `ended` when the file under way is finished; nothing is left half done.

    The window comes back instead where a signed file had to be kept elsewhere: nobody would look for it there.
    """

    def end() -> None:
        signing.stage_changed.disconnect(end)
        if any(getattr(row.outcome, "rescued", False) for row in signing.rows):
            window.show()
        else:
            ended()

    window.hide()
    signing.stage_changed.connect(end)
    signing.cancel()
    signing.keys.hurry()
