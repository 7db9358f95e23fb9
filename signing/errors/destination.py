"""Failures of the place where the result goes."""

from dataclasses import dataclass

from signing.errors.base import UserFacingError


class DestinationError(UserFacingError):
    """The signed file cannot be put where it should go. The source is untouched."""


class DestinationExists(DestinationError):
    code = "destination.exists"
    retryable = True


class DestinationMissing(DestinationError):
    """The folder does not exist."""

    code = "destination.missing"
    retryable = True


class DestinationNotWritable(DestinationError):
    code = "destination.not-writable"
    retryable = True


@dataclass(eq=False)
class DestinationFull(DestinationError):
    code = "destination.full"
    retryable = True
    bytes_needed: int


class OutputNotVerified(DestinationError):
    """What was written does not verify when it is read back; it was not kept under the final name."""

    code = "destination.not-verified"
