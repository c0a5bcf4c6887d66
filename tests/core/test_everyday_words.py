"""What people say beside the commands they are taught, and what follows from it."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, at, begin, lead, notice, press, scenes

from voice_coach.core.actions import Hush, Say
from voice_coach.core.commands import Command
from voice_coach.core.earcons import NOT_UNDERSTOOD
from voice_coach.core.events import Heard
from voice_coach.core.remaining import steps_left
from voice_coach.core.script import write_out
from voice_coach.core.transitions import BEFORE, State


def test_start_over_begins_the_step_again_and_said_twice_the_routine(language):
    simulation = at(language, State.HOLDING, BENDS)
    step = simulation.session.view(simulation.now).step
    assert step > 1
    press(simulation, Command.START_OVER)
    assert simulation.session.state is State.TELLING
    assert simulation.session.view(simulation.now).step == step
    simulation.advance(3)
    press(simulation, Command.START_OVER)
    assert simulation.session.view(simulation.now).step == 1


def test_start_over_in_another_step_is_said_for_the_first_time(language):
    simulation = at(language, State.HOLDING, BENDS)
    step = simulation.session.view(simulation.now).step
    press(simulation, Command.START_OVER)
    press(simulation, Command.NEXT)
    press(simulation, Command.START_OVER)
    assert simulation.session.view(simulation.now).step == step + 1


def test_what_is_next_is_said_without_moving(language):
    simulation = at(language, State.WAITING, BENDS)
    begun, step = len(simulation.spoken), simulation.session.view(simulation.now).step
    press(simulation, Command.WHAT_NEXT)
    simulation.advance(6)
    title = write_out(language.routine(BENDS), language.coach)[step].title
    assert f"Then this follows. {title}." in [said.text for said in simulation.spoken[begun:]]
    assert simulation.session.view(simulation.now).step == step


def test_where_one_is_is_said_with_the_step_and_how_many_are_left(language):
    simulation = at(language, State.WAITING, BENDS)
    begun = len(simulation.spoken)
    press(simulation, Command.WHERE)
    simulation.advance(6)
    script = write_out(language.routine(BENDS), language.coach)
    left = steps_left(language, len(script) - 1)
    said = [said.text for said in simulation.spoken[begun:]]
    assert f"You are here. {script[0].title}. {left}" in said


def test_continue_goes_on_from_a_step_that_waits(language):
    simulation = at(language, State.WAITING, BENDS)
    step = simulation.session.view(simulation.now).step
    simulation.hear(Command.CONTINUE)
    assert simulation.session.view(simulation.now).step == step + 1


def test_hold_on_in_a_break_keeps_the_break(language):
    simulation = at(language, State.WAITING, BENDS)
    press(simulation, Command.PAUSE)
    simulation.advance(5)
    simulation.hear(Command.PAUSE)
    simulation.advance(5)
    assert simulation.session.state is State.PAUSED


def test_a_second_pause_silences_all_but_what_lets_the_partner_let_go(language):
    simulation = scenes(language)["pressing"]
    release = language.coach.press.release
    begun = len(simulation.spoken)
    simulation.hear(Command.PAUSE)
    simulation.hear(Command.PAUSE)
    simulation.advance(6)
    said = [said.text for said in simulation.spoken[begun:]]
    assert said[-1] == release
    assert language.coach.answers.paused not in said
    assert simulation.session.snapshot.progress.released


def test_under_a_partners_hands_every_hush_is_one(language):
    """Also where a background has held the coach for so long that it spoke on."""
    simulation = scenes(language)["pressing"]
    notice(simulation, "hush")
    simulation.run_until(lambda session: session.snapshot.speech.insists)
    simulation.run_until(lambda session: not session.snapshot.progress.released)
    acted = len(simulation.actions)
    notice(simulation, "hush")
    assert Hush() in simulation.actions[acted:]


def test_what_only_ends_alone_is_not_taken_from_the_coachs_own_sentence(language):
    """It does say "that's enough"; "stop" it never says."""
    saying = begin(language, LEGS)
    lead(saying, lambda view: "that's enough" in (view.saying or ""))
    for phrase, over_echo, ends in (
        ("that's enough", None, False),
        ("that's enough", 45.0, True),
        ("stop", None, True),
    ):
        simulation = saying.fork()
        simulation.handle(Heard(Command.STOP, phrase, over_echo=over_echo))
        assert (simulation.session.state is State.CLOSING) == ends, phrase


def test_softer_under_a_press_means_the_press(language):
    """A voice that is lowered helps nobody there."""
    simulation = scenes(language)["pressing"]
    begun = len(simulation.spoken)
    simulation.hear(Command.SOFTER)
    simulation.advance(2)
    said = [said.text for said in simulation.spoken[begun:]]
    assert any(language.coach.answers.gentler in text for text in said)


def test_what_was_not_understood_is_told_by_an_earcon_and_the_second_time_with_help(language):
    simulation = at(language, State.WAITING, BENDS)
    begun = len(simulation.actions)
    for _ in range(2):
        notice(simulation, "hush")
        simulation.advance(2)
        notice(simulation, "unclear")
        simulation.advance(5)
    said = [action.text for action in simulation.actions[begun:] if isinstance(action, Say)]
    assert said == [NOT_UNDERSTOOD, language.coach.not_understood]


@pytest.mark.parametrize("state", [State.RATING, State.RESTART_PROMPT])
def test_help_is_not_taught_where_it_does_nothing(language, state):
    """Whoever is not understood twice at the end hears the question again."""
    simulation = at(language, state, BENDS)
    simulation.run_until(lambda _: not simulation.busy)
    begun = len(simulation.spoken)
    for _ in range(2):
        notice(simulation, "hush")
        simulation.advance(2)
        notice(simulation, "unclear")
        simulation.advance(3)
    said = [spoken.text for spoken in simulation.spoken[begun:]]
    assert language.coach.not_understood not in said
    prompts = language.coach.prompts
    assert (prompts.rating if state is State.RATING else prompts.restart).say[0] in said


def test_after_pain_and_in_the_question_nothing_is_not_understood(language):
    for name, scene in scenes(language).items():
        if scene.session.state in BEFORE[State.PAIN_CONFIRMATION] - {State.STOP_TEST}:
            continue
        acted = len(scene.actions)
        notice(scene, "unclear")
        assert scene.actions[acted:] == [], name


def test_an_order_in_the_sentence_that_teaches_it_is_obeyed_well_over_the_echo(language):
    """Whoever knows it already does not wait for the end; an echo of it begins nothing."""
    teaching = at(language, State.SOUND_CHECK)
    lead(teaching, lambda view: view.saying == language.coach.ask_ready)
    for over_echo, state in ((None, State.SOUND_CHECK), (3.0, State.SOUND_CHECK)):
        simulation = teaching.fork()
        simulation.handle(Heard(Command.READY, "ready", over_echo=over_echo))
        assert simulation.session.state is state
    teaching.handle(Heard(Command.READY, "ready", over_echo=45.0))
    assert teaching.session.state is not State.SOUND_CHECK
