"""Helper processes as they are for a person."""

import pytest


@pytest.fixture(autouse=True)
def _helpers() -> None:
    """Here each is started from nothing."""
