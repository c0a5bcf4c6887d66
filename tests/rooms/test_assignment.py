"""A plan that comes over the network: what is offered, what is refused, and what goes back."""

import json
from dataclasses import replace
from functools import partial

import pytest
from display.sample_views import BREATHING_IN, CHOOSING
from rooms.assignments import LANGUAGE, PLAN, assignment
from rooms.mosquitto import until
from rooms.told import number

from voice_coach.core.adapt import GENTLE
from voice_coach.core.assigned_plan import LONGEST_PLAN, read_assigned_plan
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard
from voice_coach.core.plan import MINUTES
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.package_data import data_folder
from voice_coach.rooms.room import Room

pytestmark = pytest.mark.usefixtures("haste")
IN_PLAN = replace(BREATHING_IN, routine_id="assigned-10", consented=True)
DONE = replace(IN_PLAN, state=State.RATING, outcome=Outcome.COMPLETED)


class InRoom:
    """A room, and what it says to the person before a session."""

    def __init__(self, client, room):
        self.client, self.room, self.said = client, room, []

    def gets(self, payload):
        self.client.says("plan", payload, retain=True)
        until(lambda: not self.client.inbox)
        return self.offer()

    def offer(self):
        self.said.clear()
        return self.room.offer(partial(read_assigned_plan, LANGUAGE), self.said.append)

    def results(self):
        return [json.loads(told) for told in self.client.of("result")]


@pytest.fixture
def mat(client):
    with Room("mat", client, "broker:1883", share=True) as room:
        room.open()
        until(lambda: client.topics)
        yield InRoom(client, room)


def test_a_room_without_a_plan_offers_none_and_says_nothing(mat):
    assert mat.offer() is None
    assert mat.said == []


def test_a_plan_that_the_board_assigns_is_offered_until_it_is_withdrawn(mat):
    offered = mat.gets(assignment())
    assert (offered.choice, offered.area) == ("assigned-10", "your neck and upper back")
    assert [block.routine for block in offered.main] == ["gentle-bends"]
    assert mat.offer() == offered
    assert mat.gets(b"") is None
    assert mat.said == []


def test_it_is_held_in_memory_and_no_file_of_the_persons_is_touched(mat, monkeypatch):
    monkeypatch.setattr("voice_coach.catalogue.write_private", None)
    monkeypatch.setattr("voice_coach.catalogue.private_folder", None)
    assert mat.gets(assignment())


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"{", "it is not a message of a board"),
        (b"\xff\xfe" * 100, "it is not a message of a board"),
        (b"[" * 9000, "it is not a message of a board"),
        (assignment(person="Anna"), "it is not a message of a board"),
        (assignment(minutes=600), "it is not a message of a board"),
        (assignment(sha256="0" * 64), "its checksum is another"),
        (assignment("ñ" * (LONGEST_PLAN - 1)), "it has more than 6000 bytes"),
        (assignment(days=29), "it was assigned at"),
        (assignment(days=-2), "one of the clocks is wrong"),
        (assignment(made="2026-01-02T12:00:00"), "it was assigned at 2026-01-02"),
        (assignment("id = "), "not valid TOML"),
        (assignment('id = "anna"'), "the plan, line 1: "),
        (assignment(PLAN.replace("gentle-bends", "headstand")), 'no routine "headstand"'),
        (assignment(PLAN.replace("gentle-bends", "assisted-press")), "cannot be done"),
        (assignment(PLAN.replace("[3, 8]", "[3, 4]")), "take it whole"),
        (assignment(PLAN.replace("gentle-bends", "\\u001b]0;")), "small letters, digits and"),
        (assignment('"\\u001b]0;' + "x" * 900 + '" = 1\n' + PLAN), "the plan, line 1: "),
        (
            assignment(PLAN.replace("your neck and upper back", "others, so push harder")),
            "area is none that this coach says",
        ),
    ],
)
def test_what_is_forged_damaged_or_old_is_refused_in_one_sentence(mat, payload, why):
    assert mat.gets(payload) is None
    (said,) = mat.said
    assert said.startswith("A plan came from the board and is not offered: ")
    assert why in said
    assert said.isprintable()
    assert len(said) < 400


def test_the_file_of_a_plan_that_the_room_has_can_be_assigned(mat):
    """Its name and what it is asked for by are taken already, and neither is used."""
    for plan in ("lower-back", "upper-back", "whole-back"):
        text = (data_folder() / "en" / "plans" / f"{plan}.toml").read_text("utf-8")
        for minutes in MINUTES:
            assert mat.gets(assignment(text, minutes=minutes))
    assert mat.said == []


def test_a_plan_that_was_withdrawn_while_the_room_was_away_is_offered_no_more(mat):
    """The broker keeps nothing then, so no message tells of it."""
    assert mat.gets(assignment())
    mat.client.topics.clear()
    mat.client.fresh = True
    until(lambda: mat.client.topics)
    assert mat.offer() is None


def test_of_messages_that_are_doubled_the_last_counts_and_is_offered_once(mat):
    for payload in (assignment(n=1), assignment(n=2), assignment(n=2)):
        mat.gets(payload)
    with mat.room.session(None, print):
        mat.room.show(DONE)
    until(mat.results)
    assert [each["assignment"] for each in mat.results()] == [number(2)]


def test_while_a_session_runs_a_plan_that_comes_changes_nothing(mat):
    mat.gets(assignment(n=1))
    posted = []
    with mat.room.session(None, posted.append):
        mat.room.show(IN_PLAN)
        mat.client.says("plan", assignment(n=2), retain=True)
        mat.client.says("plan", b"", retain=False)
        until(lambda: not mat.client.inbox)
        mat.room.show(DONE)
    until(mat.results)
    assert posted == []
    assert [each["assignment"] for each in mat.results()] == [number(1)]


# What goes back


def test_how_it_went_and_felt_is_told_once_and_nothing_else(mat):
    mat.gets(assignment())
    with mat.room.session(None, print):
        mat.room.show(IN_PLAN)
        mat.room.show(DONE)
        mat.room.show(replace(DONE, felt=Feeling.BETTER, saying="words", heard="better"))
        mat.room.show(CHOOSING)
        mat.room.show(replace(CHOOSING, routine_id="rocking", outcome=Outcome.STOPPED))
    until(lambda: len(mat.client.of("event")) == 2)
    (result,) = mat.results()
    (event, _) = [json.loads(told) for told in mat.client.of("event")]
    assert result == {
        "id": event["id"],
        "assignment": number(1),
        "event_type": "completed",
        "time": event["time"],
        "felt": "better",
    }


def test_a_whole_session_with_it_is_told_as_the_core_shows_it(mat):
    mat.gets(assignment(minutes=5))
    asks = mat.room.asks_consent
    config = SessionConfig(language=LANGUAGE, assigned=mat.offer(), asks_consent=asks)
    simulation = Simulation(Session(config))
    with mat.room.session(LANGUAGE, print):
        simulation.advance(15)
        simulation.handle(Heard(Command.YES, source="key"))
        simulation.advance(15)
        simulation.handle(Heard(Command.YES, source="key"))
        simulation.run_obediently()
        mat.room.show(simulation.session.view(simulation.now))
    until(mat.results)
    (result,) = mat.results()
    assert (result["event_type"], result["assignment"]) == ("completed", number(1))


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, Outcome.PAIN, Outcome.FAULT])
@pytest.mark.parametrize("form", ["", GENTLE])
def test_an_end_before_the_end_is_told_as_what_it_was(mat, outcome, form):
    mat.gets(assignment())
    with mat.room.session(None, print):
        mat.room.show(replace(IN_PLAN, routine_id=f"assigned-10{form}", outcome=outcome))
    until(mat.results)
    assert [(each["event_type"], each["felt"]) for each in mat.results()] == [(outcome.value, None)]


def test_pain_behind_the_last_step_counts_as_pain(mat):
    mat.gets(assignment())
    with mat.room.session(None, print):
        mat.room.show(replace(DONE, felt=Feeling.BETTER))
        mat.room.show(replace(DONE, felt=Feeling.BETTER, outcome=Outcome.PAIN))
    until(mat.results)
    assert [each["event_type"] for each in mat.results()] == ["pain"]


def test_without_consent_nothing_goes_back(mat):
    assert mat.gets(assignment())
    with mat.room.session(None, print):
        mat.room.show(replace(DONE, felt=Feeling.WORSE, consented=False))
    until(lambda: mat.client.of("event"))
    mat.room.__exit__()
    assert mat.results() == []


def test_of_the_persons_own_choice_nothing_goes_back(mat):
    mat.gets(assignment())
    with mat.room.session(None, print):
        mat.room.show(replace(DONE, routine_id="upper-back-10", felt=Feeling.BETTER))
    until(lambda: mat.client.of("event"))
    assert mat.results() == []
