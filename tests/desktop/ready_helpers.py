"""Helper processes for tests that start dozens: each is a copy of one that has imported what all of them import.

The window itself starts each from nothing, which takes longer than most tests; tests/desktop/work looks at those.
"""

import os
from collections.abc import Callable, Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from typing import Any

from desktop.work import process

_IMPORTED = (
    "desktop.keys.conversation",
    "desktop.work.helper",
    "desktop.work.questions",
    "signing.asic",
    "signing.cms_verify",
    "signing.pdf.pages",
    "signing.pdf.sign",
    "signing.pdf.verify",
    "signing.trust",
    "signing.xml.package",
    "signing.xml.verify",
)


class ReadyHelpers(ForkServerContext):
    """Stands where process.Context does."""

    def __init__(self) -> None:
        super().__init__()
        with process._environment():
            self.set_forkserver_preload(list(_IMPORTED))
            forkserver.ensure_running()

    def Process(self, *, target: Callable[..., object], args: tuple[object, ...], **more: Any) -> BaseProcess:  # noqa: N802 - multiprocessing's name
        return ForkServerProcess(target=_begin, args=(dict(os.environ), target, args), **more)


def _begin(
    environment: Mapping[str, str], target: Callable[..., object], args: tuple[object, ...], **more: Any
) -> None:
    os.environ.clear()
    os.environ.update(environment | process.ENVIRONMENT)
    target(*args, **more)
