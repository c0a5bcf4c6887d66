"""The same events at the same times always give the same session."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import BENDS, PRESS, begin, key, new_session

from voice_coach.core.commands import Command
from voice_coach.core.events import Fault, Heard, Noticed
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State

HAPPENINGS = st.one_of(
    st.floats(0.01, 30),
    st.sampled_from(
        [key(command) for command in Command if command not in (Command.STOP, Command.PAIN)] * 3
        + [Noticed("duck"), Noticed("hush"), Noticed("resume")] * 4
        + [
            Heard(Command.PAIN, "ouch", tier="possible"),
            Heard(Command.STOP, "stop"),
            Heard(Command.PAIN, "ouch"),
            Fault("voice", "It is gone."),
        ]
    ),
)


class Recorder(Simulation):
    """Writes down what happens, when, and what is done about it."""

    def __init__(self, session):
        self.record = []
        super().__init__(session)

    def handle(self, event):
        """Let something happen, and write it down."""
        done = len(self.actions)
        super().handle(event)
        self.record.append((event, self.now, self.actions[done:]))


@settings(max_examples=80)
@given(routine=st.sampled_from([None, BENDS, PRESS]), row=st.lists(HAPPENINGS, max_size=30))
def test_a_recorded_session_replayed_is_the_same_session(language, routine, row):
    """Every action comes again, to the last digit of its time."""
    recorder = Recorder(new_session(language, routine))
    for happening in row:
        if isinstance(happening, float):
            recorder.advance(happening)
        else:
            recorder.handle(happening)
    again = new_session(language, routine)
    again.start(0)
    for event, now, done in recorder.record:
        assert again.handle(event, now) == done
    assert again.view(recorder.now) == recorder.session.view(recorder.now)


def test_two_obedient_simulations_are_one(language):
    """The script with its times is always the same."""
    one, two = begin(language, PRESS), begin(language, PRESS)
    one.run_obediently()
    two.run_obediently()
    assert one.spoken == two.spoken
    assert one.actions == two.actions


def test_time_can_be_let_pass_in_any_pieces(language):
    """Whether a simulation advances in one go or in many, the same is said at the same times."""
    one, two = begin(language, BENDS), begin(language, BENDS)
    one.advance(60)
    for _ in range(600):
        two.advance(0.1)
    assert two.now == pytest.approx(one.now)
    assert one.spoken == two.spoken


def test_waiting_for_what_never_comes_is_an_error(language):
    """A simulation that can never get there says where it stands instead of running for ever."""
    simulation = begin(language, BENDS)
    with pytest.raises(RuntimeError, match="still ended at"):
        simulation.run_until(lambda session: session.state is State.HURT)
    assert not simulation.step()
