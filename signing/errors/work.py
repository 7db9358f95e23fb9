"""Failures of the program's own work."""

from dataclasses import dataclass, field

from signing.errors.base import UserFacingError


class WorkerStopped(UserFacingError):
    """The helper process ended before it answered."""

    code = "worker.stopped"
    retryable = True


class WorkerTooSlow(UserFacingError):
    """The helper process was ended, because its answer took longer than a file of that size may take."""

    code = "worker.too-slow"
    retryable = True


class VerificationStopped(UserFacingError):
    """The person stopped it before there was a judgement."""

    code = "verification.stopped"
    retryable = True


@dataclass(eq=False)
class ChoicesUnreadable(UserFacingError):
    """A file in which the program keeps choices of the person is damaged or locked; it stays as it is."""

    code = "choices.unreadable"
    file: str = field(repr=False)


class Unexpected(UserFacingError):
    """A defect of this program, caught at the border so that the rest of a batch goes on."""

    code = "unexpected"
