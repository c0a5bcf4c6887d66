"""The briefing, whole and shortened: what is left out for somebody who has heard it before."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, begin, lead, new_session, press

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.script import write_out
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State

ROUTINES = [routine.id for routine in read_language().routines]


def ready(language, routine, **config):
    """Begin a simulation of a routine, up to the end of its sound check."""
    simulation = lead(
        begin(language, routine, stop_tested=True, **config),
        lambda view: view.state is State.SOUND_CHECK and not view.saying,
    )
    simulation.run_until(lambda _: not simulation.busy)
    press(simulation, Command.READY)
    return simulation


def known(language, routine):
    """Do the same with a routine that was done before."""
    return ready(language, routine, known_routines=frozenset(ROUTINES))


def briefed(simulation):
    """Give what is said in whole from now on until the first step waits or is under way."""
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.state not in (State.BRIEFING, State.TELLING))
    return [spoken.text for spoken in simulation.spoken[begun:] if not spoken.cut]


@pytest.mark.parametrize("routine", ROUTINES)
def test_the_second_time_the_briefing_is_shorter_but_not_by_a_word_of_safety(language, routine):
    """What it is good for and that this is no doctor are left out; every caution is said."""
    its = language.routine(routine)
    first = briefed(ready(language, routine))
    again = briefed(known(language, routine))
    told = list(write_out(its, language.coach)[0].say)
    assert first == [*its.caution, language.coach.disclaimer, *its.place, *told]
    assert again == [*its.caution, *told]


@pytest.mark.parametrize("hurried", [(), (Command.NEXT,), (Command.NEXT, Command.MORE_DETAIL)])
def test_who_is_ready_too_early_still_hears_the_words_for_pain(language, hurried):
    """They are told before the first step, whatever is said to get there sooner."""
    simulation = lead(begin(language, BENDS), lambda view: view.state is State.SOUND_CHECK)
    simulation.advance(4)
    for command in (Command.READY, *hurried):
        press(simulation, command)
    said = briefed(simulation)
    assert said.count(language.coach.teach_pain) == 1
    first = write_out(language.routine(BENDS), language.coach)[0].say[0]
    assert said.index(language.coach.teach_pain) < said.index(first)


def test_help_tells_how_to_hear_what_was_left_out(language):
    """It is taught there, for nobody who knows the routine has to hear of it each time."""
    simulation = known(language, PRESS)
    for offered in (True, False):
        begun = len(simulation.spoken)
        press(simulation, Command.HELP)
        simulation.advance(40)
        said = [spoken.text for spoken in simulation.spoken[begun:]]
        assert (language.coach.briefed_before in said) is offered
        press(simulation, Command.CONTINUE)
        lead(simulation, lambda view: view.step == 2)


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
