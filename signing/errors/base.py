"""The root of the tree of failures, and what is no failure."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


class Cancelled(Exception):
    """The person changed their mind: not an error, nothing is shown."""


@dataclass(eq=False)
class UserFacingError(Exception):
    """Root of the tree. `code` never changes; `retryable` means that the same step may succeed later.

    Facts are the fields of the subclass. No fact is a path, the name of a person, a PIN or a serial number. Errors are
    logged by their `str()`, which is the code and the facts, but those with `repr=False`: these are only to be shown.
    """

    code: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    @property
    def facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        logged = (field.name for field in fields(self) if field.repr)
        return " ".join([self.code, *(f"{name}={getattr(self, name)}" for name in logged)])

    def __reduce__(self) -> tuple[type["UserFacingError"], tuple[Any, ...]]:
        # Errors cross the border of the worker process, where BaseException would forget keyword arguments.
        return type(self), tuple(self.facts.values())
