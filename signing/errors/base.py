"""The root of the tree of failures, and what is no failure."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


class Cancelled(Exception):
    """The person changed their mind: not an error, nothing is shown."""


@dataclass(eq=False)
class UserFacingError(Exception):
    """Root of the tree. `code` never changes; `retryable` means that the same step may succeed later.

    Facts are the fields of the subclass. No fact is a path, a name, a PIN or a serial number, because
    errors are logged by their `str()`, which is the code and the facts.
    """

    code: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    @property
    def facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.facts.items())])

    def __reduce__(self) -> tuple[type["UserFacingError"], tuple[Any, ...]]:
        # Errors cross the border of the worker process, where BaseException would forget keyword arguments.
        return type(self), tuple(self.facts.values())
