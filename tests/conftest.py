"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from voice_coach.catalogue import read_language

settings.register_profile("same every time", derandomize=True, deadline=None, database=None)
settings.load_profile("same every time")


@pytest.fixture(scope="session")
def language():
    """All that the coach says and understands, as shipped."""
    return read_language()
