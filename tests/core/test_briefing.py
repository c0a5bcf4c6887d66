"""The briefing, whole and shortened: what is left out for somebody who has heard it before."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, begin, lead, new_session, press

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State

ROUTINES = [routine.id for routine in read_language().routines]


def known(language, routine):
    """Begin a simulation of a routine that was done before, up to its briefing."""
    simulation = Simulation(new_session(language, routine, known_routines=frozenset(ROUTINES)))
    return lead(simulation, lambda view: view.state is State.BRIEFING)


def briefed(simulation):
    """Give what is said in whole from now on until the first step waits or is under way."""
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.state not in (State.BRIEFING, State.TELLING))
    return [spoken.text for spoken in simulation.spoken[begun:] if not spoken.cut]


@pytest.mark.parametrize("routine", ROUTINES)
def test_the_second_time_the_briefing_is_shorter_but_not_by_a_word_of_safety(language, routine):
    """Place and props are left out; every caution is said, and that this is no doctor."""
    its = language.routine(routine)
    first = briefed(lead(begin(language, routine), lambda v: v.state is State.BRIEFING))
    again = briefed(known(language, routine))
    assert set(its.place) <= set(first)
    assert not set(its.place) & set(again)
    told = list(its.steps[0].say)
    brief = language.coach.briefed_before
    assert again[: len(again) - len(told)] == [*its.caution, language.coach.disclaimer, brief]


@pytest.mark.parametrize("seconds", [0, 5, 25, 38, 42, 55])
def test_more_detail_brings_the_whole_back(language, seconds):
    """Asked for in the briefing or in the first step, all that was left out is said, once."""
    simulation = known(language, PRESS)
    simulation.advance(seconds)
    press(simulation, Command.MORE_DETAIL)
    its = language.routine(PRESS)
    said = [*[s.text for s in simulation.spoken if not s.cut], *briefed(simulation)]
    for sentence in (*its.caution, language.coach.disclaimer, *its.place):
        assert said.count(sentence) == 1, sentence
    *_, last = its.steps[0].say
    assert said[-1] == last
    assert simulation.session.view(simulation.now).step == 1


def test_more_detail_is_offered_only_where_something_was_left_out(language):
    """Whoever has heard it all, or is past the first step, cannot ask for more of it."""
    whole = lead(begin(language, LEGS), lambda view: view.state is State.BRIEFING)
    assert "more detail" not in whole.session.view(whole.now).can_say
    short = known(language, LEGS)
    assert "more detail" in short.session.view(short.now).can_say
    lead(short, lambda view: view.state is State.WAITING)
    assert "more detail" in short.session.view(short.now).can_say
    lead(short, lambda view: view.step == 2)
    assert "more detail" not in short.session.view(short.now).can_say


def test_next_after_more_detail_still_skips_no_caution(language):
    """However it is hurried, a caution is said before the first step."""
    simulation = known(language, PRESS)
    simulation.advance(3)
    press(simulation, Command.MORE_DETAIL)
    press(simulation, Command.NEXT)
    said = briefed(simulation)
    its = language.routine(PRESS)
    assert {*its.caution[1:], language.coach.disclaimer} <= set(said)
    assert not set(its.place) & set(said)


def test_what_was_not_done_before_is_told_in_full(language):
    """Only the routines that are named count as known."""
    session = new_session(language, LEGS, known_routines=frozenset({BENDS}))
    simulation = lead(Simulation(session), lambda view: view.state is State.BRIEFING)
    assert set(language.routine(LEGS).place) <= set(briefed(simulation))
