"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from voice_coach.catalogue import read_language
from voice_coach.history import store

settings.register_profile("same every time", derandomize=True, deadline=None, database=None)
settings.load_profile("same every time")


@pytest.fixture(scope="session", autouse=True)
def _history_of_nobody(tmp_path_factory):
    """Keep away from the history of whoever runs the tests."""
    store.FILE = tmp_path_factory.mktemp("history") / "history.db"


@pytest.fixture(scope="session")
def language():
    """All that the coach says and understands, as shipped."""
    return read_language()
