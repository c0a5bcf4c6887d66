"""What a room tells: no more than it should, and what Home Assistant can read."""

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from display.sample_views import BREATHING_IN, CHOOSING, SOUND_CHECK
from pydantic import ValidationError

from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.rooms.messages import (
    Assignment,
    InvalidRoom,
    PlanResult,
    RoomEvent,
    RoomState,
    Topics,
    discovery,
    event_of,
    state_of,
)

WORDS = {
    "routine": "My aching back",
    "title": "Lie down, Anna",
    "saying": "Hello, Anna.",
    "heard": "my back hurts",
    "fault": "The microphone of Anna is gone.",
    "routine_id": "rocking",
}
NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)


def test_a_breath_is_told_with_its_step_and_what_is_left():
    view = replace(BREATHING_IN, routine_id="rocking", seconds_left=11.2, side="left side")
    told = json.loads(state_of(view, None).model_dump_json())
    assert told == {
        "state": view.state.value,
        "routine": "rocking",
        "step": view.step,
        "steps": view.steps,
        "side": "second" if view.mirrored else "first",
        "breath": view.beat.phase.value,
        "seconds_left": 12,
        "listening": False,
        "starts": False,
        "last": None,
    }


def test_a_room_without_a_session_is_idle_and_tells_how_the_last_one_ended():
    last = event_of(BREATHING_IN, Outcome.PAIN, "0" * 16, NOON)
    told = json.loads(state_of(None, last).model_dump_json())
    assert told["state"] == "idle"
    assert told["last"]["event_type"] == "pain"
    assert told["last"]["time"] == "2026-01-02T12:00:00Z"
    assert {value for key, value in told.items() if key not in ("state", "last")} == {None, False}


def test_nothing_that_is_said_or_written_leaves_the_room():
    view = replace(SOUND_CHECK, **WORDS)
    event = event_of(view, Outcome.FAULT, "0" * 16, NOON)
    told = state_of(view, event).model_dump_json() + event.model_dump_json()
    for key, words in WORDS.items():
        assert (words in told) == (key == "routine_id"), key


@pytest.mark.parametrize("state", State)
def test_each_state_of_a_session_fits_the_schema(state):
    told = state_of(replace(CHOOSING, state=state), None).model_dump_json()
    assert RoomState.model_validate_json(told).state is state


@pytest.mark.parametrize(
    ("schema", "payload"),
    [
        (RoomState, {"state": "asleep"}),
        (RoomState, {"state": "idle", "saying": "hello"}),
        (RoomState, {"state": "idle", "step": 0}),
        (RoomEvent, {"event_type": "pain", "id": "0" * 16}),
        (PlanResult, {"event_type": "completed", "id": "0" * 16, "time": "2026-01-02T12:00:00Z"}),
        (Assignment, {"id": "0" * 16, "plan": "", "sha256": "0", "minutes": 7}),
        (RoomEvent, {"event_type": "bored", "id": "0" * 16, "time": "2026-01-02T12:00:00Z"}),
    ],
)
def test_the_schema_refuses_what_no_room_tells(schema, payload):
    with pytest.raises(ValidationError):
        schema.model_validate_json(json.dumps(payload))


def test_the_documents_hold_the_schemas(request):
    """Write them anew with what this compares."""
    written = (request.config.rootpath / "docs" / "rooms-schema.json").read_text("utf-8")
    schemas = {
        each.__name__: each.model_json_schema()
        for each in (RoomState, RoomEvent, Assignment, PlanResult)
    }
    assert json.loads(written) == schemas


@pytest.mark.parametrize("name", ["", "living room", "+", "a/b", "#", "x" * 41, "salón", "a\n"])
def test_a_name_that_would_reach_other_topics_is_refused(name):
    with pytest.raises(InvalidRoom, match="such as --room living-room"):
        Topics(name)


# What follows is Home Assistant's documentation of its MQTT integration, as of 2026: which keys a
# device has, and those that must and may be there for each platform, as far as they are used here.
DEVICE = {"device", "origin", "components", "availability_topic"}
ALWAYS = {"platform", "unique_id", "name"}
PLATFORMS = {
    "sensor": (
        {"state_topic"},
        {"value_template", "device_class", "unit_of_measurement", "options"},
    ),
    "binary_sensor": ({"state_topic"}, {"value_template", "device_class"}),
    "event": ({"state_topic", "event_types"}, {"qos"}),
    "button": ({"command_topic"}, {"payload_press", "qos"}),
    "select": ({"command_topic", "options"}, {"state_topic", "value_template", "qos"}),
}


def test_home_assistant_finds_the_keys_that_it_documents():
    payload = json.loads(json.dumps(discovery("mat", ["rocking"])))
    assert set(payload) == DEVICE
    assert payload["device"]["identifiers"] == ["voice-coach-mat"]
    assert payload["origin"]["name"]
    for key, component in payload["components"].items():
        needed, more = PLATFORMS[component["platform"]]
        assert needed | ALWAYS <= set(component) <= needed | more | ALWAYS, key
    ids = [component["unique_id"] for component in payload["components"].values()]
    assert len({*ids}) == len(ids) == 12


def test_a_sensor_of_a_fixed_choice_lists_all_that_can_be_told():
    """Home Assistant refuses a state of an enum that is not among its options."""
    components = discovery("mat", [])["components"]
    for key, component in components.items():
        if "options" in component:
            assert component["device_class"] == "enum", key
            assert "unit_of_measurement" not in component
    assert {*components["state"]["options"]} == {"idle", *(state.value for state in State)}
    assert {*components["event"]["event_types"]} == {outcome.value for outcome in Outcome}


def test_where_nothing_can_be_started_the_choice_is_taken_away():
    assert discovery("mat", [])["components"]["start"] == {"platform": "select"}
