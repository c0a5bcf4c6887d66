"""A client that is made up, and connections that are tried again at once."""

import pytest
from rooms.fake_client import Client

from voice_coach.rooms import connection


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def haste(monkeypatch):
    monkeypatch.setattr(connection, "RETRY", 0.02)
    monkeypatch.setattr(connection, "LAST_RETRY", 0.02)
