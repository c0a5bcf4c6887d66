"""The breath of a person's own: its pattern, and how far its pace may be changed."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import BENDS, PRESS, begin, lead, new_session, press

from voice_coach.catalogue import read_language
from voice_coach.core.actions import Say
from voice_coach.core.breathing import LONGEST, SHORTEST, Pattern, Phase, parse_pattern
from voice_coach.core.commands import Command
from voice_coach.core.earcons import SECONDS as EARCONS
from voice_coach.core.pace import BREATHS, RATES
from voice_coach.core.script import write_out
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.errors import CoachError

ROUTINES = [routine.id for routine in read_language().routines]
BREATHED = [
    routine.id
    for routine in read_language().routines
    if any(step.breathing for step in routine.steps)
]
EXTREMES = [Pattern(*both) for both in product((SHORTEST, LONGEST), repeat=2)]
PACES = list(product((Command.SLOWER, Command.FASTER), (Command.LONGER_BREATHS,
             Command.SHORTER_BREATHS)))  # fmt: skip


def breathe(language, routine, pattern=None, commands=()):
    """Do a whole routine; `commands` are given as often as they change anything, when it begins."""
    session = new_session(language, routine, pattern=pattern)
    simulation = lead(Simulation(session), lambda view: view.state is State.BRIEFING)
    for command in commands:
        for _ in (*RATES, *BREATHS):
            press(simulation, command)
    begun, asked = len(simulation.spoken), len(simulation.actions)
    phases = []
    while not session.over:
        if session.state is State.WAITING and not simulation.busy:
            press(simulation, Command.NEXT)
        simulation.step()
        view = session.view(simulation.now)
        if view.beat and view.saying:
            phases.append((view.saying, view.beat.phase))
    said = simulation.spoken[begun:]
    says = [action for action in simulation.actions[asked:] if isinstance(action, Say)]
    handed = [say for say in says if say.text not in EARCONS]
    return said, handed, phases


@pytest.mark.parametrize("routine", ROUTINES)
@pytest.mark.parametrize("commands", [(), *PACES])
def test_no_pace_cuts_a_word_off_or_leaves_a_long_silence(language, routine, commands):
    """However slow or quick it is wanted: each cue whole and on time, no silence over 12 s."""
    said, handed, phases = breathe(language, routine, commands=commands)
    assert not any(spoken.cut for spoken in said[1:])
    assert len(said) == len(handed) + 1, "a cue came too late"
    assert max(two.start - one.end for one, two in pairwise(said)) <= 12 + 1e-6
    cues = {step.breathing.cue_out for step in language.routine(routine).steps if step.breathing}
    assert all(phase is Phase.OUT for text, phase in phases if text in cues)


@pytest.mark.parametrize("routine", BREATHED)
@pytest.mark.parametrize("pattern", EXTREMES)
@pytest.mark.parametrize("commands", [(), PACES[0], PACES[-1]])
def test_no_breath_of_ones_own_cuts_a_word_off_or_leaves_a_long_silence(
    language, routine, pattern, commands
):
    """Whatever `--breath` allows, at whatever pace: the cues are whole, the silences short."""
    said, handed, _ = breathe(language, routine, pattern, commands)
    assert not any(spoken.cut for spoken in said[1:])
    assert len(said) == len(handed) + 1, "a cue came too late"
    assert max(two.start - one.end for one, two in pairwise(said)) <= 12 + 1e-6


@settings(max_examples=30)
@given(st.floats(SHORTEST, LONGEST), st.floats(SHORTEST, LONGEST), st.sampled_from(PACES))
def test_a_press_is_cued_in_the_breath_out_whatever_the_breath(breath_in, breath_out, commands):
    """No pattern and no pace brings a press into a breath in."""
    _, _, phases = breathe(read_language(), PRESS, Pattern(breath_in, breath_out), commands)
    cue = read_language().routine(PRESS).steps[4].breathing.cue_out
    pressed = [phase for text, phase in phases if text == cue]
    assert pressed
    assert set(pressed) == {Phase.OUT}


def test_a_breath_of_ones_own_goes_before_the_usual_one(language):
    """With 5-7 the breath goes in for five seconds and out for seven."""
    simulation = Simulation(new_session(language, PRESS, pattern=Pattern(5, 7)))
    lead(simulation, lambda view: view.step == 5 and view.state is State.BREATHING)
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.state is not State.BREATHING)
    breaths = [s for s in simulation.spoken[begun:] if s.text.startswith("Breathe")]
    steps = [two.start - one.start for one, two in pairwise(breaths)]
    assert steps == pytest.approx([5, 7, 5])


def test_movements_that_have_seconds_of_their_own_keep_them(language):
    """Nobody rocks at the pace of a slow breath."""
    for routine in language.routines:
        usual = write_out(routine, language.coach)
        own = write_out(routine, language.coach, Pattern(7, 9))
        for one, two in zip(usual, own, strict=True):
            if one.breathing:
                written = "breath_in" in one.source.breathing.model_fields_set
                seconds = (two.breathing.breath_in, two.breathing.breath_out)
                assert (seconds == (7, 9)) is not written
                assert two.breathing.cue_in == one.breathing.cue_in


def test_longer_breaths_leave_the_speech_as_it_is(language):
    """The breath alone grows longer, from the next round on, and shorter again."""
    simulation = lead(
        begin(language, BENDS), lambda view: view.beat and view.saying == "Breathe in."
    )
    start = simulation.spoken[-1].start
    press(simulation, Command.LONGER_BREATHS)
    simulation.run_until(lambda session: session.state is not State.BREATHING)
    assert language.coach.answers.longer_breaths in [spoken.text for spoken in simulation.spoken]
    begins = [s.start for s in simulation.spoken if s.text == "Breathe in." and s.start >= start]
    assert [two - one for one, two in pairwise(begins)] == pytest.approx([10, 12.5])
    assert simulation.session.snapshot.controls.pace.rate == 150
    press(simulation, Command.SHORTER_BREATHS)
    assert simulation.session.snapshot.controls.pace.stretch == 1


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("4-6", Pattern(4, 6)), ("5.5-7", Pattern(5.5, 7)), (" 4 - 12 ", Pattern(4, 12))],
)
def test_a_pattern_is_written_as_seconds_in_and_seconds_out(text, pattern):
    """Two numbers with a line between them."""
    assert parse_pattern(text) == pattern


@pytest.mark.parametrize("text", ["", "4", "4-", "in-out", "4-6-8", "-4-6", "1-6", "4-13", "nan-5"])
def test_a_pattern_that_is_none_is_told_in_one_sentence(text):
    """What cannot be breathed is refused, with what to write."""
    with pytest.raises(CoachError, match="give"):
        parse_pattern(text)
