"""A board at a client that is made up: what it hears, and what it asks rooms for."""

import json

import pytest
from rooms import told
from rooms.mosquitto import until

from voice_coach.core.transitions import State
from voice_coach.rooms.board import is_known
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.desk import Desk, this_instant

pytestmark = pytest.mark.usefixtures("haste")


@pytest.fixture
def desk(client, tmp_path):
    with open_store(tmp_path / "board.db") as store, Desk(client, store) as desk:
        until(lambda: desk.board.connected)
        yield desk


def says(client, what, payload):
    client.says(
        what, payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
    )


def idle(client, desk):
    """Let the room wait for a start."""
    says(client, "state", {"state": "idle", "starts": True})
    says(client, "availability", "online")
    until(lambda: "mat" in desk.board.rooms and desk.board.rooms["mat"].online)


def test_it_asks_for_what_rooms_tell_and_publishes_nothing(desk, client):
    assert client.topics == [f"voice-coach/+/{what}" for what in ("availability", "state", "event")]
    idle(client, desk)
    assert client.told == []


def test_a_start_is_asked_for_once_and_not_kept_by_the_broker(desk, client):
    idle(client, desk)
    assert desk.start("mat", "rocking")
    until(lambda: client.told)
    assert client.told == [("start", "rocking", 1, False)]


def test_a_room_that_is_busy_or_not_known_is_not_asked(desk, client):
    assert not desk.start("mat", "rocking")
    idle(client, desk)
    says(client, "state", {"state": "breathing", "starts": False})
    until(lambda: desk.board.rooms["mat"].state.state != "idle")
    assert not desk.start("mat", "rocking")


def test_a_room_in_a_session_is_asked_to_say_that_somebody_is_coming(desk, client):
    idle(client, desk)
    assert not desk.announce("mat")
    says(client, "state", {"state": "breathing"})
    until(lambda: desk.board.rooms["mat"].state.state is State.BREATHING)
    assert desk.announce("mat")
    until(lambda: client.told)
    assert client.told == [("coming", "coming", 1, False)]


def test_a_start_that_could_not_be_told_at_once_is_not_told_later(desk, client):
    idle(client, desk)
    client.there = False
    desk._requests.put(("voice-coach/mat/start", "rocking"))  # noqa: SLF001 - asked for just before the line broke
    until(lambda: not desk.board.connected)
    client.there = True
    until(lambda: desk.board.connected)
    idle(client, desk)
    assert client.told == []


def test_a_connection_that_is_lost_leaves_no_room_known_and_all_pain_open(desk, client):
    idle(client, desk)
    says(client, "event", told.event(1))
    until(lambda: desk.board.rooms["mat"].urgent)
    assert is_known(desk.board, "mat", this_instant())
    client.there = False
    until(lambda: not desk.board.connected)
    assert not is_known(desk.board, "mat", this_instant())
    assert desk.problem
    assert desk.board.rooms["mat"].urgent
    assert desk.acknowledge("mat", told.number(1))
    assert not desk.acknowledge("mat", told.number(1))
    assert not desk.board.rooms["mat"].urgent
