"""What a board makes of messages that are late, doubled, reordered, kept or forged."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fuzzing import examples
from hypothesis import given
from hypothesis import strategies as st
from rooms.told import MORNING, alive, at, event, heard, number, told

from voice_coach.core.view import Outcome
from voice_coach.rooms.board import (
    LONGEST_PAYLOAD,
    MOST_EVENTS,
    MOST_ROOMS,
    SILENCE,
    Board,
    acknowledge,
    connect,
    disconnect,
    forget,
    is_known,
    may_announce,
    may_start,
    recall,
)

HURT = told("event", event(1))


def pains(board, room="mat"):
    """Give the ids of the pain that nobody has acknowledged."""
    return [noted.event.id for noted in board.rooms[room].events if noted.urgent]


def outcomes(board, room="mat"):
    return [noted.event.event_type.value for noted in board.rooms[room].events]


# What is known


def test_a_room_that_speaks_is_known_and_one_that_is_silent_is_not_known_any_more():
    board = heard(*alive())
    assert is_known(board, "mat", at(2))
    assert is_known(board, "mat", at(1 + SILENCE))
    assert not is_known(board, "mat", at(1.1 + SILENCE))
    assert board.rooms["mat"].heard.time == MORNING + timedelta(seconds=1)


def test_what_the_broker_had_kept_is_no_sign_of_life():
    kept = (message._replace(retained=True) for message in alive())
    board = heard(*kept)
    assert not is_known(board, "mat", at(1))
    assert board.rooms["mat"].heard is None
    assert is_known(heard(told("availability", "online"), board=board), "mat", at(1))


def test_a_room_that_says_goodbye_is_not_known_since_its_last_word():
    board = heard(told("availability", "offline"), board=heard(*alive()), seconds=5)
    assert not is_known(board, "mat", at(5))
    assert board.rooms["mat"].heard == at(1)


def test_without_the_broker_no_room_is_known_until_it_is_heard_again():
    board = disconnect(heard(*alive()), at(2))
    assert not is_known(board, "mat", at(2))
    board = connect(board, at(3))
    assert not is_known(board, "mat", at(3))
    assert is_known(heard(told("availability", "online"), board=board, seconds=4), "mat", at(4))


def test_an_event_that_the_broker_delivers_late_does_not_make_a_room_known():
    board = heard(told("state", {"state": "idle"}, retained=True), HURT)
    assert not is_known(board, "mat", at(1))
    assert pains(board) == [number(1)]


def test_the_will_of_a_connection_that_was_lost_hides_a_room_only_until_it_speaks():
    board = heard(*alive(), told("availability", "offline"))
    assert not is_known(board, "mat", at(1))
    assert is_known(heard(told("availability", "online"), board=board), "mat", at(1))


# Pain


def test_pain_stays_until_it_is_acknowledged_whatever_is_told_afterwards():
    board = heard(HURT, told("event", event(2, "completed")), *alive(last=None))
    board = disconnect(board, at(2))
    assert pains(board) == [number(1)]
    board = acknowledge(board, "mat", number(1), at(3))
    assert pains(board) == []
    assert board.rooms["mat"].events[0].acknowledged == at(3).time


def test_pain_is_known_from_the_kept_state_where_the_event_was_missed():
    evening = MORNING - timedelta(hours=15)
    board = heard(told("state", {"last": event(1, time=evening)}, retained=True))
    assert pains(board) == [number(1)]
    assert board.rooms["mat"].events[0].arrived == evening


def test_the_same_pain_told_twice_is_one_and_stays_acknowledged():
    board = acknowledge(heard(HURT, HURT), "mat", number(1), at(2))
    board = heard(HURT, *alive(last=event(1)), board=board)
    assert len(board.rooms["mat"].events) == 1
    assert pains(board) == []


def test_only_the_pain_that_was_seen_is_acknowledged():
    board = heard(HURT, told("event", event(2)), told("event", event(1), "garden"))
    board = acknowledge(board, "mat", number(1), at(2))
    assert pains(board) == [number(2)]
    assert pains(board, "garden") == [number(1)]


def test_a_forged_event_with_the_id_of_a_pain_does_not_hide_it():
    board = heard(told("event", event(1, "completed")), HURT)
    assert outcomes(board) == ["pain"]
    assert pains(board) == [number(1)]
    assert outcomes(heard(HURT, told("event", event(1, "completed")))) == ["pain"]
    assert pains(heard(told("event", event(1, "completed"), "garden"), HURT)) == [number(1)]


@pytest.mark.parametrize("years", [-30, 30])
def test_pain_counts_whatever_the_clock_of_the_room_says(years):
    told_at = MORNING.replace(year=MORNING.year + years)
    board = forget(heard(told("event", event(1, time=told_at))), at(2))
    assert pains(board) == [number(1)]
    assert board.rooms["mat"].events[0].arrived == at(1).time


def test_acknowledging_what_is_not_there_changes_nothing():
    board = acknowledge(heard(HURT), "mat", number(1), at(2))
    assert acknowledge(board, "mat", number(1), at(3)) is board
    assert acknowledge(board, "mat", number(7), at(3)) is board
    assert acknowledge(board, "cellar", number(1), at(3)) is board


# What is none of a room's


FORGED = {
    "no JSON": told("state", "{"),
    "nothing": told("state", ""),
    "deep JSON": told("state", "[" * 900),
    "bytes": told("state", "")._replace(payload=b"\xff\x00\xfe" * 9),
    "another schema": told("state", {"state": "asleep"}),
    "more than the schema": told("state", {"state": "idle", "say": "all is well"}),
    "text for a number": told("state", {"state": "idle", "step": "3"}),
    "half a character": told("state", '{"routine": "\\ud800"}'),
    "free text": told("state", {"state": "idle", "routine": "All is well, go home"}),
    "a huge payload": told("state", '{"state": "idle"' + " " * LONGEST_PAYLOAD + "}"),
    "a time without a zone": told("event", event(1, time=MORNING.replace(tzinfo=None))),
    "the first of all days": told("event", {**event(1), "time": "0001-01-01T00:00:00+14:00"}),
    "the last of all days": told("event", {**event(1), "time": "9999-12-31T23:59:59-14:00"}),
    "a number for a time": told("event", {**event(1), "time": 7}),
    "an id of another kind": told("event", {**event(1), "id": "<b>"}),
    "an event without an id": told("event", {"event_type": "pain", "time": MORNING.isoformat()}),
    "an event that was kept": told("event", event(1, "completed"), retained=True),
    "free text in an event": told("event", event(1, routine="<script>")),
    "an availability of its own": told("availability", "ONLINE"),
    "another topic": told("start", "rocking"),
    "a topic below": told("state/x", {"state": "idle"}),
    "a name that is no room's": told("state", {"state": "idle"}, "a b"),
    "no name": told("state", {"state": "idle"}, ""),
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_what_no_coach_sends_changes_nothing_and_is_counted(message):
    before = heard(*alive(state="breathing", step=2), told("event", event(9)))
    after = heard(message, board=before, seconds=9)
    assert after.ignored == 1
    assert replace(after, ignored=0) == before
    assert not is_known(after, "mat", at(9 + SILENCE))


def test_a_flood_of_rooms_and_events_is_bounded_and_keeps_the_pain():
    board = heard(HURT, *(told("event", event(n, "completed")) for n in range(2, 3 * MOST_EVENTS)))
    assert len(board.rooms["mat"].events) == MOST_EVENTS
    assert pains(board) == [number(1)]
    assert outcomes(board)[-1] == "completed"
    board = heard(
        *(told("availability", "online", f"r{n}") for n in range(2 * MOST_ROOMS)), board=board
    )
    assert len(board.rooms) == MOST_ROOMS
    assert board.ignored == MOST_ROOMS + 1
    assert pains(board) == [number(1)]


def test_of_too_much_pain_the_newest_is_kept():
    board = heard(*(told("event", event(n)) for n in range(2 * MOST_EVENTS)))
    assert pains(board) == [number(n) for n in range(MOST_EVENTS, 2 * MOST_EVENTS)]


# What is started


def test_a_routine_is_started_only_in_a_room_that_is_known_idle_and_takes_it():
    assert may_start(heard(*alive(starts=True)), "mat", at(2))
    assert not may_start(heard(*alive()), "mat", at(2))
    assert not may_start(heard(*alive(state="sound check", starts=True)), "mat", at(2))
    assert not may_start(heard(*alive(starts=True)), "mat", at(2 + SILENCE))
    assert not may_start(disconnect(heard(*alive(starts=True)), at(2)), "mat", at(2))
    assert not may_start(Board(), "mat", at(2))


def test_somebody_is_announced_only_in_a_room_that_is_known_and_in_a_session():
    assert may_announce(heard(*alive(state="breathing")), "mat", at(2))
    assert may_announce(heard(*alive(state="hurt"), HURT), "mat", at(2))
    assert not may_announce(heard(*alive()), "mat", at(2))
    assert not may_announce(heard(*alive(state="ended")), "mat", at(2))
    assert not may_announce(heard(*alive(state="breathing")), "mat", at(2 + SILENCE))
    assert not may_announce(disconnect(heard(*alive(state="breathing")), at(2)), "mat", at(2))
    assert not may_announce(Board(), "mat", at(2))


# What is forgotten


def test_at_the_end_of_the_day_only_open_pain_and_the_newest_of_each_room_are_kept():
    board = heard(
        *(
            told("event", event(n, outcome))
            for n, outcome in enumerate(("stopped", "pain", "pain"))
        ),
        told("event", event(3, "completed")),
    )
    board = acknowledge(board, "mat", number(1), at(2))
    assert forget(board, at(3600)) == board
    assert outcomes(forget(board, at(24 * 3600))) == ["pain", "completed"]


def test_what_was_kept_is_known_again_after_a_restart():
    before = acknowledge(heard(HURT, told("event", event(2))), "mat", number(1), at(2))
    kept = [("mat", noted) for noted in before.rooms["mat"].events]
    board = heard(HURT, told("event", event(2)), *alive(last=event(2)), board=recall(Board(), kept))
    assert board.rooms["mat"].events == before.rooms["mat"].events
    assert pains(board) == [number(2)]


# Whatever comes


MESSAGES = st.builds(
    told,
    st.sampled_from(["event", "state", "availability"]),
    st.one_of(
        st.builds(event, st.integers(0, 5), st.sampled_from([each.value for each in Outcome])),
        st.builds(
            lambda last: {"last": last},
            st.builds(event, st.integers(0, 5), st.sampled_from(["pain", "completed"])),
        ),
        st.sampled_from(["online", "offline", "", "{}", "null", "[]"]),
        st.text(max_size=20),
    ),
    st.sampled_from(["mat", "garden"]),
    retained=st.booleans(),
)


@examples(200)
@given(st.lists(MESSAGES, max_size=30), st.lists(MESSAGES, max_size=30))
def test_no_order_of_messages_loses_a_pain_or_makes_a_room_known_without_its_word(first, then):
    board = heard(*then, board=heard(HURT, board=heard(*first)))
    assert number(1) in pains(board)
    live = {m.topic for m in (*first, *then) if not m.retained and m.payload == b"online"}
    for room in board.rooms:
        if is_known(board, room, at(2)):
            assert f"voice-coach/{room}/availability" in live or any(
                not m.retained and m.topic == f"voice-coach/{room}/state" for m in (*first, *then)
            )
        assert not is_known(board, room, at(2 + SILENCE))
