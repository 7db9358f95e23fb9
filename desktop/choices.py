"""Files with choices of the person: what cannot be read is told or kept aside, never written over. Free of Qt."""

import json
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from signing.errors import ChoicesUnreadable

Made = TypeVar("Made")


def read_choices(path: Path, make: Callable[[Any], Made]) -> Made | None:
    """What `make` makes of the JSON; None where there is no file. Raises ChoicesUnreadable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise ChoicesUnreadable(str(path))
        return make(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ChoicesUnreadable(str(path)) from error


def write_choices(path: Path, content: object) -> None:
    """The whole file or nothing of it, for this user alone. OSError as the system says, UnicodeError of odd paths."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def put_aside(path: Path) -> Path:
    """Give what cannot be read another name beside its own, which is free then. OSError as the system says."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.unreadable-{number}")):
        number += 1
    return path.rename(aside)
