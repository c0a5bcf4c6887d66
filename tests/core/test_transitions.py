"""The table of states and moves."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from voice_coach.core.commands import Command
from voice_coach.core.state_diagram import diagram
from voice_coach.core.transitions import (
    BEFORE,
    RETURNS,
    TABLE,
    IllegalMove,
    Signal,
    State,
    accepted,
    follow,
)

TRIGGERS = [*Command, *Signal]
ALIVE = [state for state in State if state not in (State.HURT, State.ENDED)]


def test_every_state_has_its_row():
    """No state is forgotten."""
    assert set(TABLE) == set(State)


@pytest.mark.parametrize("state", State)
def test_an_illegal_move_raises(state):
    """A move that is not in the table is refused, with a sentence that names it."""
    for trigger in set(TRIGGERS) - set(TABLE[state]) - set(RETURNS.get(state, ())):
        with pytest.raises(IllegalMove, match=f"does nothing while {state.value}"):
            follow(state, trigger)


@pytest.mark.parametrize("command", [Command.CONTINUE, Command.NO])
def test_an_interruption_leads_back_to_what_was_interrupted_and_nowhere_else(command):
    """After a pause or a question the session goes on where it was."""
    for state, before in product(State, [*State, None]):
        if command in RETURNS.get(state, ()) and before in BEFORE[state]:
            assert follow(state, command, before) is before
        elif command not in TABLE[state]:
            with pytest.raises(IllegalMove):
                follow(state, command, before)


def test_pain_and_stop_are_confirmed_until_the_last_words():
    """The coach asks wherever there is something to interrupt, a pause too; never in last words."""
    last = {State.CLOSING, State.FAULTED, State.HURT, State.ENDED}
    assert BEFORE[State.PAIN_CONFIRMATION] == set(State) - last - {State.PAIN_CONFIRMATION}


def test_the_confirmation_ends_in_pain_unless_somebody_denies_it():
    """A yes and no answer are the same; only a no, or "go on", leads back."""
    assert follow(State.PAIN_CONFIRMATION, Command.YES) is State.HURT
    assert follow(State.PAIN_CONFIRMATION, Signal.UNANSWERED) is State.HURT
    assert accepted(State.PAIN_CONFIRMATION) == {
        *(Command.PAIN, Command.YES, Command.NO, Command.UNHURT),
        *(Command.CONTINUE, Command.STOP),
    }


@pytest.mark.parametrize("state", [state for state in State if state in BEFORE[State.PAUSED]])
@pytest.mark.parametrize("command", [Command.HELP, Command.SAFETY])
def test_whatever_can_be_paused_is_paused_by_asking_for_much_too(state, command):
    """Who asks for help, or for the safety note, is given time to listen."""
    assert follow(state, Command.PAUSE) is follow(state, command) is State.PAUSED


@pytest.mark.parametrize("start", [State.CHOOSING, State.SOUND_CHECK])
def test_every_state_can_be_reached(start):
    """No state is dead, whether a routine was named at the start or not."""
    reached, new = set(), {start, State.HURT}
    while new:
        reached |= new
        moved = {target for state in new for target in TABLE[state].values()}
        new = (moved | (BEFORE[State.PAUSED] if State.PAUSED in moved else set())) - reached
    assert reached == set(State)


@pytest.mark.parametrize("state", ALIVE)
def test_every_session_can_be_stopped(state):
    """A "stop" is accepted in every state that has not ended, and leads to the end."""
    assert follow(state, Command.STOP) in (State.CLOSING, State.ENDED)


@pytest.mark.parametrize("state", State)
def test_every_session_can_be_hurt(state):
    """Pain is listened for in every state."""
    assert Command.PAIN in accepted(state)


def test_nothing_leaves_pain_but_the_end():
    """HURT is latched: the table leads from it to the end and nowhere else."""
    assert set(TABLE[State.HURT].values()) == {State.ENDED}
    assert not TABLE[State.ENDED]


@pytest.mark.parametrize("state", [*ALIVE, State.HURT])
def test_every_session_can_fail(state):
    """A part may break at any time; the session never goes on without it."""
    assert follow(state, Signal.FAULT) in (State.FAULTED, State.ENDED)


def test_the_drawing_in_the_documentation_is_the_table():
    """The diagram in docs/architecture.md is drawn anew whenever the table changes."""
    text = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
    begin, end = "<!-- diagram -->", "<!-- /diagram -->"
    assert text.count(begin) == text.count(end) == 1
    drawn = text.split(begin)[1].split(end)[0].strip()
    assert drawn == f"```mermaid\n{diagram()}```", "put in what state_diagram.diagram() gives"


def test_the_drawing_shows_every_move_between_two_states():
    """No move is missing from the diagram; the pain confirmation has one arrow for many states."""
    lines = diagram().splitlines()
    for state, row in TABLE.items():
        for target in set(row.values()) - {state, State.PAIN_CONFIRMATION}:
            assert any(
                line.strip().startswith(f"{state.name} --> {target.name}:") for line in lines
            )
    interrupted = next(line for line in lines if line.endswith("as OPEN")).split('"')[1]
    assert {State(name) for name in interrupted.split(", ")} == BEFORE[State.PAIN_CONFIRMATION]
