"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings as hypothesis_settings

from voice_coach import settings
from voice_coach.catalogue import read_language
from voice_coach.history import store
from voice_coach.rooms import database

hypothesis_settings.register_profile(
    "same every time", derandomize=True, deadline=None, database=None
)
hypothesis_settings.load_profile("same every time")


def pytest_collection_modifyitems(config, items):
    """Leave out what takes long and is asked for by name only: ``-m nightly``."""
    if "nightly" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_history_and_settings(tmp_path_factory):
    """Keep away from the history and the settings of whoever runs the tests."""
    store.FILE = tmp_path_factory.mktemp("history") / "history.db"
    database.FILE = store.FILE.with_name("board.db")
    settings.FILE = tmp_path_factory.mktemp("settings") / "settings.toml"


@pytest.fixture(scope="session")
def language():
    """All that the coach says and understands, as shipped."""
    return read_language()
