"""What the tests of hearing share."""

from __future__ import annotations

import pytest

from voice_coach.hearing.recognisers import open_recognisers


@pytest.fixture(scope="session")
def recognisers(language):
    """Give the real recognisers, loaded once: each listener begins with them anew."""
    return open_recognisers(language)
