"""What people can be told of a failure that was met where nobody could be told: in a thread, or another process."""

import logging

from signing.errors import Unexpected, UserFacingError

_log = logging.getLogger(__name__)


def user_facing(error: Exception) -> UserFacingError:
    """As it is where it has words; else Unexpected, and its kind goes to the log."""
    if isinstance(error, UserFacingError):
        return error
    # No traceback: it may hold names of documents, or a password.
    _log.error("unexpected %s", type(error).__name__)
    return Unexpected()
