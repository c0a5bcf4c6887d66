"""Whoever is told to leave a routine out can say so, and is led past the whole of it."""

from __future__ import annotations

from scenes import BENDS, begin, lead, new_session, press

from voice_coach.core.commands import Command
from voice_coach.core.rendering import rendered
from voice_coach.core.script import write_out
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State

FIFTEEN = "whole-back-15"
ROCKING = "rocking"


def taught(language):
    return f"say: {language.commands[Command.SKIP][0]}"


def cautioned(language):
    """Give the routines with a caution that teaches the words."""
    return [r.id for r in language.routines if any(taught(language) in c for c in r.caution)]


def said(simulation):
    return [spoken.text for spoken in simulation.spoken]


def told(simulation, sentence):
    """Lead to two seconds after this was said, when its echo is gone."""
    lead(simulation, lambda view: view.saying == sentence)
    simulation.run_until(lambda session: session.view(0).saying != sentence)
    simulation.advance(2)
    return simulation


def test_a_routine_is_left_out_before_its_first_step(language):
    """The coach asks which one instead; no step of it is told, and the next choice begins."""
    for routine in cautioned(language):
        caution = language.routine(routine).caution
        words = next(text for text in caution if taught(language) in text)
        simulation = told(begin(language, routine, stop_tested=True), words)
        assert "skip this one" in simulation.session.view(simulation.now).can_say
        simulation.hear(Command.SKIP)
        simulation.advance(30)
        assert simulation.session.state is State.CHOOSING
        assert language.coach.ask in said(simulation)
        assert not set(language.routine(routine).steps[0].say) & set(said(simulation))
        press(simulation, Command.CHOOSE, BENDS)
        lead(simulation, lambda view: view.step == 1)
        assert simulation.session.view(0).routine_id == BENDS


def test_in_a_plan_the_next_routine_is_left_out_and_the_one_after_it_follows(language):
    """No step of rocking is told, and the rest at the end is."""
    simulation = begin(language, FIFTEEN, stop_tested=True)
    words = next(text for text in language.routine(ROCKING).caution if taught(language) in text)
    told(simulation, words)
    assert "skip this one" in simulation.session.view(simulation.now).can_say
    simulation.hear(Command.SKIP)
    lead(simulation, lambda view: view.state is State.ENDED)
    assert not set(language.routine(ROCKING).steps[0].say[:-1]) & set(said(simulation))
    assert "And now: Rest with bent knees." in said(simulation)


def test_in_the_first_hold_of_a_plans_next_routine_only_that_hold_is_left_out(language):
    """Its first step is told with its name, and the rest of it follows."""
    simulation = begin(language, FIFTEEN, stop_tested=True)
    told(simulation, "And now: Bend forward.")
    assert "skip this one" in simulation.session.view(simulation.now).can_say
    lead(simulation, lambda view: view.state is State.HOLDING)
    assert simulation.session.view(0).title == "Bend forward"
    assert "skip this one" not in simulation.session.view(simulation.now).can_say
    press(simulation, Command.SKIP)
    simulation.advance(3)
    assert "All the way up, with your head last." in said(simulation)


def test_elsewhere_it_is_another_word_for_next(language):
    """Within a routine one step is skipped, and it is not shown as something of its own."""
    simulation = lead(begin(language, BENDS), lambda view: view.state is State.HOLDING)
    step = simulation.session.view(0).step
    assert "skip this one" not in simulation.session.view(simulation.now).can_say
    other = simulation.fork()
    simulation.hear(Command.SKIP)
    press(other, Command.NEXT)
    assert simulation.session.view(0).step == other.session.view(0).step == step + 1
    assert simulation.session.view(0).skipped == 1


def test_a_recording_says_what_to_do_and_not_what_to_say(language):
    """Nobody hears "skip this one" there, and the caution stays."""
    for routine in cautioned(language):
        only = language.with_only(rendered(language.routine(routine), language))
        recording = Simulation(new_session(only, routine, rendered=True))
        recording.run_until(lambda session: session.over, 1200)
        texts = said(recording)
        assert any("leave this one out" in text for text in texts)
        assert not any(taught(language) in text for text in texts)


def test_the_words_stand_in_a_caution_and_in_no_step(language):
    """They are taught where a whole routine can be left out."""
    assert cautioned(language)
    for routine in language.routines:
        steps = write_out(routine, language.coach)
        assert not any(taught(language) in text for step in steps for text in step.sentences)
