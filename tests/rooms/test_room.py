"""A room and a client that is made up: what is told when, and what is taken."""

import json
import time
from dataclasses import replace
from threading import Event
from types import SimpleNamespace

import pytest
from display.sample_views import BREATHING_IN, CHOOSING
from rooms.mosquitto import until

from voice_coach.core.commands import Command
from voice_coach.core.events import SomebodyComing
from voice_coach.core.view import Outcome
from voice_coach.rooms import connection
from voice_coach.rooms import room as room_module
from voice_coach.rooms.room import Room

HURT = replace(CHOOSING, outcome=Outcome.PAIN)
SOON = 10.0
"""Seconds a busy computer gets for what it does at once."""


@pytest.fixture(autouse=True)
def _short_goodbye(haste, monkeypatch):
    monkeypatch.setattr(connection, "LEAVING", 0.5)


@pytest.fixture
def room(client):
    with Room("mat", client, "broker:1883") as room:
        yield room


def seen(client):
    """Wait until the room has looked at its inbox, and at whatever it was shown."""
    until(lambda: not client.inbox)
    time.sleep(0.05)


def test_nothing_is_told_before_a_session_begins(room, client):
    time.sleep(0.05)
    assert client.attempts == 0


def test_a_room_is_told_before_it_is_online_and_offline_at_its_end(client):
    with Room("mat", client, "broker:1883") as room:
        room.open()
        until(lambda: client.of("availability"))
    names = [name for name, *_ in client.told]
    assert names == ["config", "state", "availability", "availability"]
    assert client.of("availability") == ["online", "offline"]
    assert all(retain for *_, retain in client.told)
    assert client.goodbye
    assert room.trouble == ""


def test_a_state_is_told_when_it_changes_and_not_again(room, client):
    with room.session(None, print):
        for _ in range(5):
            room.show(replace(BREATHING_IN, seconds_left=11.4))
            time.sleep(0.02)
        room.show(replace(BREATHING_IN, seconds_left=10.9))
        until(lambda: any('"seconds_left":11' in told for told in client.of("state")))
    states = [json.loads(payload) for payload in client.of("state")]
    assert [state["seconds_left"] for state in states] in ([None, 12, 11], [12, 11])


def test_a_room_says_again_and_again_that_it_is_online(room, client, monkeypatch):
    monkeypatch.setattr(room_module, "SIGN_OF_LIFE", 0.05)
    room.open()
    until(lambda: len(client.of("availability")) > 2)
    assert {*client.of("availability")} == {"online"}
    assert len(client.of("state")) == 1


def test_only_a_room_that_waits_for_a_choice_says_that_it_takes_a_start(client):
    with Room("mat", client, "broker:1883") as room:
        room.open(["rocking"], print)
        until(lambda: client.of("availability"))
        with room.session(None, print):
            room.show(CHOOSING)
            until(lambda: len(client.of("state")) == 2)
    assert [json.loads(state)["starts"] for state in client.of("state")][:2] == [True, False]


def test_an_outcome_is_an_event_once_however_often_it_is_shown(room, client):
    with room.session(None, print):
        for _ in range(5):
            room.show(HURT)
        until(lambda: client.of("event"))
        seen(client)
    (event,) = client.of("event")
    assert json.loads(event)["event_type"] == "pain"
    assert ("event", event, 1, False) in client.told


def test_pain_after_a_completed_routine_is_an_event_of_its_own(room, client):
    with room.session(None, print):
        room.show(replace(CHOOSING, outcome=Outcome.COMPLETED))
        room.show(HURT)
        until(lambda: len(client.of("event")) == 2)
    assert [json.loads(event)["event_type"] for event in client.of("event")] == [
        *("completed", "pain")
    ]


def test_the_state_holds_the_pain_until_the_next_session_begins(room, client):
    def last():
        return [(json.loads(state)["last"] or {}).get("event_type") for state in client.of("state")]

    with room.session(None, print):
        room.show(HURT)
    until(lambda: last()[-1:] == ["pain"])
    with room.session(None, print):
        room.show(CHOOSING)
        until(lambda: last()[-1] is None)


def test_what_happens_while_the_broker_is_away_is_told_when_it_is_back(room, client):
    client.there = False
    with room.session(None, print):
        room.show(HURT)
        until(lambda: client.attempts > 2)
        client.there = True
        until(lambda: client.of("event"))
    first = json.loads(client.of("state")[0])
    assert (first["state"], first["last"]["event_type"]) == ("choosing", "pain")


def test_a_broker_that_comes_back_is_told_all_that_holds(room, client):
    with room.session(None, print):
        room.show(CHOOSING)
        until(lambda: any("choosing" in state for state in client.of("state")))
        client.there = False
        until(lambda: client.attempts > 2)
        client.there = True
        until(lambda: len(client.of("availability")) == 2)
        first, again = (state for state in client.of("state") if "choosing" in state)
        assert first == again
    assert client.of("config")[0] == client.of("config")[1]
    assert len(client.topics) == 6


def test_the_end_waits_for_the_broker_only_where_something_is_owed(client, monkeypatch):
    monkeypatch.setattr(connection, "LEAVING", 60.0)
    client.there = False
    with Room("mat", client, "broker:1883") as room:
        room.open()
        began = time.monotonic()
    assert time.monotonic() - began < SOON
    assert "Room mat could not be told to the broker broker:1883 (Connection refused)" in (
        room.trouble
    )


def test_the_end_waits_for_a_while_and_says_what_was_not_told(client):
    client.there = False
    with Room("mat", client, "broker:1883") as room:
        with room.session(None, print):
            room.show(HURT)
        began = time.monotonic()
    assert 0.4 < time.monotonic() - began < SOON
    assert room.trouble.startswith("1 event(s) of room mat could not be told to the broker")


def test_an_event_that_is_never_confirmed_is_not_called_told(client):
    client.confirms = False
    with Room("mat", client, "broker:1883") as room, room.session(None, print):
        room.show(HURT)
        until(lambda: client.of("event"))
    assert room.trouble.startswith("1 event(s) of room mat")


def test_a_broker_that_hangs_for_ever_does_not_keep_the_program(client):
    hangs = Event()
    client.reconnect = hangs.wait
    with Room("mat", client, "broker:1883") as room, room.session(None, print):
        room.show(HURT)
    hangs.set()


def test_a_refusal_is_told_and_tried_again(client):
    client.refusal = SimpleNamespace(is_failure=True, __str__=lambda: "Not authorized")
    with Room("mat", client, "broker:1883") as room:
        room.open()
        until(lambda: client.attempts > 2)
        assert room.trouble
    assert client.of("availability") == []


def test_a_stop_is_posted_as_the_key_would(room, client):
    posted = []
    with room.session(None, posted.append):
        client.says("stop", b"stop")
        until(lambda: posted)
    (heard,) = posted
    assert (heard.command, heard.source, heard.tier) == (Command.STOP, "network", "confirmed")


def test_that_somebody_is_coming_is_posted_once_however_often_it_is_sent(room, client):
    posted = []
    with room.session(None, posted.append):
        for _ in range(50):
            client.says("coming", b"coming")
        seen(client)
    client.says("coming", b"coming")
    seen(client)
    assert posted == [SomebodyComing()]


def test_a_flood_of_coming_keeps_no_stop_away(room, client):
    posted = []
    with room.session(None, posted.append):
        for _ in range(50):
            client.says("coming", b"coming")
        client.says("stop", b"stop")
        until(lambda: len(posted) == 2)
    assert posted[1].command is Command.STOP


@pytest.mark.parametrize(
    ("topic", "payload", "retain"),
    [
        ("stop", b"stop", True),
        ("stop", b"", False),
        ("stop", b"STOP please", False),
        ("stop", b"\xff\x00" * 100, False),
        ("stop", b"pain", False),
        ("coming", b"coming", True),
        ("coming", b"", False),
        ("coming", b"stop", False),
        ("coming", b"Anna is coming, get up", False),
        ("start", b"rocking", False),
        ("ready", b"ready", False),
        ("yes", b"yes", False),
    ],
)
def test_nothing_else_does_anything_in_a_session(room, client, topic, payload, retain):
    posted = []
    with room.session(None, posted.append):
        client.says(topic, payload, retain=retain)
        seen(client)
    assert posted == []


def test_a_stop_without_a_session_does_nothing(room, client):
    posted = []
    with room.session(None, posted.append):
        until(lambda: client.of("availability"))
    client.says("stop", b"stop")
    seen(client)
    assert posted == []


def test_only_a_known_routine_is_started_and_not_from_a_kept_message(client):
    chosen = []
    with Room("mat", client, "broker:1883") as room:
        room.open(["rocking"], chosen.append)
        client.says("start", b"rocking", retain=True)
        client.says("start", b"../../etc/passwd")
        client.says("start", b"")
        client.says("start", b"rocking")
        until(lambda: chosen)
        seen(client)
    assert chosen == ["rocking"]
    taken = ("stop", "coming", "plan", "start")
    assert client.topics == [f"voice-coach/mat/{what}" for what in taken]


def test_a_room_that_starts_nothing_does_not_ask_for_starts(room, client):
    with room.session(None, print):
        until(lambda: client.topics)
    assert client.topics == [f"voice-coach/mat/{what}" for what in ("stop", "coming", "plan")]
