"""A board at a client that is made up: what it hears, and what it asks rooms for."""

import json
from datetime import timedelta

import pytest
from rooms import told
from rooms.assignments import PLAN
from rooms.mosquitto import until

from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.rooms.assignment import HOLDS, read_assignment
from voice_coach.rooms.board import Instant, is_known
from voice_coach.rooms.board_store import open_store
from voice_coach.rooms.database import StoreUnavailable
from voice_coach.rooms.desk import TOLD, Desk, Request, this_instant
from voice_coach.rooms.messages import checksum

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
    assert client.topics == [f"voice-coach/+/{what}" for what in TOLD]
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
    desk._requests.put(Request("voice-coach/mat/start", "rocking"))  # noqa: SLF001 - asked for just before the line broke
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


# People and plans


def plans(client):
    """Give the payloads with which plans were told, and assure that the broker keeps them."""
    told = [(payload, retain) for what, payload, _, retain in client.told if what == "plan"]
    assert all(retain for _, retain in told)
    return [payload and json.loads(payload) for payload, _ in told]


def test_a_plan_that_is_assigned_is_kept_by_the_broker_and_says_nothing_of_the_person(desk, client):
    desk.assign("Anna from the third floor", "mat", PLAN, 10)
    until(lambda: plans(client))
    (told,) = plans(client)
    assert (told["plan"], told["sha256"], told["minutes"]) == (PLAN, checksum(PLAN), 10)
    assert {*told} == {"id", "plan", "sha256", "minutes", "made"}
    assert read_assignment(json.dumps(told).encode(), this_instant().time).plan == PLAN


def test_what_is_withdrawn_or_forgotten_is_taken_away_at_the_broker(desk, client):
    desk.assign("Anna", "mat", PLAN, 10)
    assert desk.withdraw(desk.people[0].assigned[0].told.id)
    desk.assign("Anna", "mat", PLAN, 5)
    assert desk.forget_person("Anna")
    until(lambda: len(plans(client)) == 4)
    assert plans(client)[1::2] == ["", ""]
    assert desk.people == ()
    assert not desk.forget_person("Anna")


def test_what_was_changed_while_the_broker_was_away_is_told_at_its_return(desk, client):
    desk.assign("Anna", "mat", PLAN, 10)
    desk.assign("Ben", "garden", PLAN, 10)
    until(lambda: len(plans(client)) == 2)
    client.there = False
    until(lambda: not desk.board.connected)
    desk.forget_person("Anna")
    client.told.clear()
    client.there = True
    until(lambda: len(plans(client)) == 2)
    assert sorted(map(bool, plans(client))) == [False, True], "one is taken away, one told again"


def test_a_plan_that_no_room_offers_any_more_is_taken_back(desk, client, monkeypatch):
    desk.assign("Anna", "mat", PLAN, 10)
    desk.forget()
    assert desk.people[0].assigned[0].withdrawn is None
    late = this_instant().time + HOLDS + timedelta(hours=1)
    monkeypatch.setattr("voice_coach.rooms.desk.this_instant", lambda: Instant(0.0, late))
    desk.forget()
    assert desk.people[0].assigned[0].withdrawn == late
    until(lambda: len(plans(client)) == 2)
    assert plans(client)[1] == ""


def test_how_it_went_is_known_once_and_stays_known(desk, client):
    desk.assign("Anna", "mat", PLAN, 10)
    its = desk.people[0].assigned[0].told.id
    for _ in range(2):
        says(client, "result", result(its, felt="better"))
    until(lambda: desk.people[0].assigned[0].results)
    says(client, "result", result(its, 2, event_type="pain"))
    until(lambda: len(desk.people[0].assigned[0].results) == 2)
    told = [(each.event_type, each.felt) for each in desk.people[0].assigned[0].results]
    assert told == [(Outcome.COMPLETED, Feeling.BETTER), (Outcome.PAIN, None)]


def test_results_that_nobody_can_have_told_change_nothing_and_are_counted(desk, client):
    desk.assign("Anna", "garden", PLAN, 10)
    its = desk.people[0].assigned[0].told.id
    wrong = (
        result(its, felt="bored"),
        result(its, note="a sentence"),
        result(its, time="0001-01-01T00:00:00+12:00"),
        "{",
    )
    for each in (*wrong, result(its), result(told.number(9))):
        says(client, "result", each)
    until(lambda: desk.board.ignored == len(wrong))
    idle(client, desk)
    assert desk.people[0].assigned[0].results == ()


def test_how_it_went_is_kept_once_the_store_can_be_written_again(desk, client, monkeypatch):
    desk.assign("Anna", "mat", PLAN, 10)
    its = desk.people[0].assigned[0].told.id
    monkeypatch.setattr("voice_coach.rooms.desk.RETRY", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(desk._store.people, "keep", unavailable)  # noqa: SLF001
        says(client, "result", result(its))
        until(lambda: desk.unkept)
    desk.forget()
    assert len(desk.people[0].assigned[0].results) == 1
    assert desk.unkept == ""


def test_who_is_forgotten_is_gone_though_the_store_cannot_be_read_then(desk, client, monkeypatch):
    desk.assign("Anna", "mat", PLAN, 10)
    until(lambda: len(plans(client)) == 1)
    with monkeypatch.context() as broken:
        broken.setattr(desk._store.people, "all", unavailable)  # noqa: SLF001
        assert desk.forget_person("Anna")
        assert desk.people == ()
        assert desk.unkept
        client.there = False
        until(lambda: not desk.board.connected)
        client.told.clear()
        client.there = True
        until(lambda: desk.board.connected)
        idle(client, desk)
        assert not any(plans(client)), "their plan is not told again"
    monkeypatch.setattr(desk, "_retry", 0.0)
    until(lambda: plans(client) == [""])
    until(lambda: not desk.unkept)


def test_who_was_deleted_by_a_try_that_seemed_to_fail_is_known_at_the_second(desk, monkeypatch):
    desk.assign("Anna", "mat", PLAN, 10)
    forget = desk._store.people.forget  # noqa: SLF001
    with monkeypatch.context() as broken:
        broken.setattr(
            desk._store.people,  # noqa: SLF001
            "forget",
            lambda name: forget(name) and unavailable(),
        )
        with pytest.raises(StoreUnavailable):
            desk.forget_person("Anna")
    assert desk.forget_person("Anna")
    assert desk.people == ()
    assert not desk.forget_person("Anna")


def test_of_results_that_wait_pain_is_the_last_to_go(desk, client, monkeypatch):
    desk.assign("Anna", "mat", PLAN, 10)
    its = desk.people[0].assigned[0].told.id
    monkeypatch.setattr("voice_coach.rooms.desk.MOST_RESULTS", 2)
    with monkeypatch.context() as broken:
        broken.setattr(desk._store.people, "keep", unavailable)  # noqa: SLF001
        says(client, "result", result(its, 1, event_type="pain"))
        for n in (2, 3, 4):
            says(client, "result", result(its, n))
        idle(client, desk)
    monkeypatch.setattr(desk, "_retry", 0.0)
    desk.forget()
    kept = desk.people[0].assigned[0].results
    assert {each.id for each in kept} == {told.number(1), told.number(4)}


def unavailable(*_):
    raise StoreUnavailable("no room left.")


def result(assignment, n=1, **more):
    return {
        "id": told.number(n),
        "assignment": assignment,
        "event_type": "completed",
        "time": "2026-01-02T12:00:00Z",
        **more,
    }
