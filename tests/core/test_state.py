"""The state of a session is one value: it can be kept, compared, hashed and gone on from."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from scenes import PRESS, begin, key, new_session, press, scenes

from voice_coach.core.commands import Command
from voice_coach.core.events import CandidateScored, ClipReady, TimeReached
from voice_coach.core.session import Session
from voice_coach.core.state import Speech, evolve
from voice_coach.core.transitions import State


def test_every_state_can_be_hashed_and_equals_itself_reached_again(language):
    """Two sessions that went the same way stand in equal states, wherever that is."""
    again = scenes(language)
    for name, scene in scenes(language).items():
        state, other = scene.session.snapshot, again[name].session.snapshot
        assert state == other
        assert hash(state) == hash(other)


def test_a_session_goes_on_from_any_state_as_the_one_that_was_there(language):
    """A new session with the same config and this state gives the same actions and states."""
    for scene in scenes(language).values():
        one, two = scene.session, scene.session.at(scene.session.snapshot)
        for event, wait in ((TimeReached(), 0.2), (key(Command.REPEAT), 1), (TimeReached(), 30)):
            assert one.handle(event, scene.now + wait) == two.handle(event, scene.now + wait)
            assert one.snapshot == two.snapshot
            assert one.deadline() == two.deadline()


def test_a_state_that_was_kept_is_not_changed_by_what_follows(language):
    """What happens to one session does nothing to a state that was taken from it."""
    for scene in scenes(language).values():
        kept = scene.session.snapshot
        before = hash(kept)
        scene.fork().handle(key(Command.STOP))
        assert scene.session.snapshot is kept
        scene.advance(20)
        press(scene, Command.PAIN)
        assert hash(kept) == before


def test_a_state_is_enough_to_make_a_session_of(language):
    """The config and the state are all there is; a session can be made of both."""
    simulation = begin(language, PRESS)
    simulation.advance(9)
    one = simulation.session
    two = Session(one.config, one.snapshot)
    assert two.view(9) == one.view(9)


def test_no_part_of_a_state_can_be_changed(language):
    """It is replaced, never changed."""
    state = new_session(language, PRESS).snapshot
    with pytest.raises(FrozenInstanceError):
        state.state = State.HURT
    speech = evolve(Speech(), rate=190)
    assert (speech.rate, Speech().rate) == (190, 150)
    with pytest.raises(FrozenInstanceError):
        speech.rate = 110


@pytest.mark.parametrize(
    "event", [ClipReady("Ready.", 150), CandidateScored("ouch", "rejected", -3)]
)
def test_what_does_not_concern_the_session_changes_nothing(language, event):
    """Scores of the hearing go to the log, rendered clips to the runner."""
    for scene in scenes(language).values():
        before = scene.session.snapshot
        assert scene.session.handle(event, scene.now) == []
        assert scene.session.snapshot is before
