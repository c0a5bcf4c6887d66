"""A recording: all that matters is said, nothing is asked, and nothing untrue is promised."""

from __future__ import annotations

from itertools import pairwise

import pytest
from scenes import PRESS, begin, new_session

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.rendering import NeedsHearing, rendered
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

ROUTINES = [routine.id for routine in read_language().routines if not routine.needs_hearing]


def rendered_session(language, routine):
    """Give a session that says a routine into a file."""
    only = language.with_only(rendered(language.routine(routine), language))
    return new_session(only, routine, rendered=True)


def recording(language, routine):
    """Let a recording run to its end without anybody."""
    simulation = Simulation(rendered_session(language, routine))
    simulation.run_until(lambda running: running.over)
    return simulation


def texts(simulation):
    """Give all that is said."""
    return [spoken.text for spoken in simulation.spoken]


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_recording_runs_to_its_end_by_itself(language, routine):
    """Nobody says "ready" or "next" to it, and no silence in it is longer than 12 s."""
    simulation = recording(language, routine)
    assert simulation.session.outcome is Outcome.COMPLETED
    assert not any(spoken.cut for spoken in simulation.spoken)
    silences = [two.start - one.end for one, two in pairwise(simulation.spoken)]
    assert max(silences) <= 12 + 1e-6


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_recording_says_first_that_it_hears_nobody_and_what_to_do_then(language, routine):
    """Nobody may believe that it can be stopped by voice."""
    lines = language.coach.rendering
    said = texts(recording(language, routine))
    assert said[0] == f"{language.routine(routine).title}."
    assert tuple(said[1 : 1 + len(lines.opening)]) == lines.opening
    assert language.coach.teach_pain not in said


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_recording_teaches_nothing_to_say_to_it(language, routine):
    """There is nobody to say it to."""
    assert not [text for text in texts(recording(language, routine)) if "say:" in text.lower()]


@pytest.mark.parametrize("code", ["en", "es"])
def test_a_press_is_never_recorded(code):
    """A file hears neither the breath nor "it hurts", so nobody is pressed by one."""
    language = read_language(code)
    with pytest.raises(NeedsHearing, match="must not be recorded; let the coach lead it"):
        rendered(language.routine(PRESS), language)


@pytest.mark.parametrize("routine", ROUTINES)
def test_a_recording_keeps_every_caution_and_every_step(language, routine):
    """What a live session says from the briefing on is said, but for what is to be answered."""
    live = begin(language, routine, stop_tested=True)
    live.run_obediently()
    after = texts(live)[texts(live).index(language.coach.ask_ready) + 1 :]
    said = texts(recording(language, routine))
    lost = [text for text in after if text not in said]
    assert all("say: " in text.lower() for text in lost)
    assert language.coach.disclaimer in said
    skip = f"say: {language.commands[Command.SKIP][0]}"
    instead = language.coach.rendering.leave_out
    cautions = [text.replace(skip, instead) for text in language.routine(routine).caution]
    assert sum(text in said for text in cautions) >= len(cautions) - 1
    if any("say:" in text for text in cautions):
        assert language.coach.rendering.caution in said


@pytest.mark.parametrize("routine", ROUTINES)
def test_both_sides_get_the_same_time_in_a_recording_too(language, routine):
    """Neither side is held for longer than the other."""
    session = rendered_session(language, routine)
    simulation = Simulation(session, lambda _text, _rate: 2.0)
    names = language.routine(routine).sides or language.coach.sides
    spent = {}
    while session.state is not State.CLOSING:
        before = simulation.now
        side = session.view(before).side
        simulation.step()
        spent[side] = spent.get(side, 0.0) + simulation.now - before
    first, other = (spent.get(side, 0.0) for side in names)
    assert first == pytest.approx(other, abs=1e-6)
