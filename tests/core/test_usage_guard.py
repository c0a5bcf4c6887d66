"""What the coach says, and lets happen, when the past speaks against a routine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scenes import AFTER_PAIN, BENDS, GENTLE, LEGS, PRESS, TOO_OFTEN, begin, press

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.guard import GuardResult, TwistReason
from voice_coach.core.transitions import State, accepted
from voice_coach.core.view import Outcome

LATELY, OFTEN, UNKNOWN = (
    GuardResult(reason, gentle=GENTLE)
    for reason in (TwistReason.LATELY, TwistReason.OFTEN, TwistReason.UNKNOWN)
)
UNHURRIED = 60
"""Seconds after which all is said that there is to say against a routine."""

REST = "bent-knees-rest"


def said(simulation):
    return [spoken.text for spoken in simulation.spoken]


def asked(language, guard, routine=PRESS):
    """Give a simulation that asks, and has said why."""
    simulation = begin(language, routine, guard=guard)
    while simulation.busy:
        simulation.step()
    simulation.advance(1.5)  # a recogniser is not sure of an answer before
    return simulation


def begun(simulation):
    """Give the routine whose sound check has begun; empty if none."""
    assert simulation.session.state is State.SOUND_CHECK
    return simulation.session.view(simulation.now).routine_id


# Too often


@pytest.mark.parametrize("guard", [LATELY, OFTEN, UNKNOWN])
@pytest.mark.parametrize("named", [True, False])
def test_a_twist_too_many_is_advised_against_with_the_reason(language, guard, named):
    """Named at the start or by voice, the coach says why not, and offers to bend gently."""
    simulation = begin(language, PRESS if named else None, guard=guard)
    if not named:
        simulation.hear(Command.CHOOSE, PRESS)
    simulation.advance(UNHURRIED)
    assert simulation.session.state is State.TOO_OFTEN
    lines, twisting = language.coach.usage_guard, language.safety.twisting
    why = {
        TwistReason.LATELY: (*lines.lately, *twisting),
        TwistReason.OFTEN: (*lines.often, *twisting),
        TwistReason.UNKNOWN: lines.unknown,
    }[guard.twisting]
    whole = [*why, *lines.too_often]
    at = said(simulation).index(whole[0])
    assert said(simulation)[at : at + len(whole)] == whole


@pytest.mark.parametrize("routine", [BENDS, "rocking", None])
def test_a_stretch_begins_as_ever(language, routine):
    """Who twists too often may stretch as much as they like."""
    simulation = begin(language, routine, guard=TOO_OFTEN)
    assert simulation.session.state is (State.SOUND_CHECK if routine else State.CHOOSING)


def test_yes_is_to_the_gentle_bends(language):
    """A bare "yes" takes what is offered, never the twist."""
    simulation = asked(language, LATELY)
    simulation.hear(Command.YES)
    assert begun(simulation) == BENDS


def test_no_reads_the_list(language):
    """Who wants neither hears what else there is."""
    simulation = asked(language, LATELY)
    simulation.hear(Command.NO)
    simulation.advance(UNHURRIED)
    assert simulation.session.state is State.CHOOSING
    assert language.coach.ask in said(simulation)


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_only_a_clear_yes_go_on_insists(language, routine):
    """Of all that can be said, nothing else leads to a twist."""
    question = asked(language, LATELY, routine)
    for command in Command:
        answered = question.fork()
        press(answered, command, LEGS if command is Command.CHOOSE else "")
        if command is Command.INSIST:
            assert begun(answered) == routine
        else:
            twisting = answered.session.view(0).routine_id in (PRESS, LEGS)
            assert not twisting, command
    assert language.phrases()["yes go on"].command is Command.INSIST
    assert language.commands[Command.INSIST] == ("yes go on",)


def test_insisting_skips_no_caution(language):
    """Who insists is checked, cautioned and briefed like anybody else."""
    simulation = asked(language, LATELY)
    simulation.hear(Command.INSIST)
    simulation.run_obediently()
    assert set(language.routine(PRESS).caution) <= set(said(simulation))
    assert simulation.session.outcome is Outcome.COMPLETED


def test_the_coach_does_not_insist_with_its_own_voice(language):
    """While it teaches the words, and while they may echo, they are nobody's."""
    simulation = begin(language, PRESS, guard=LATELY)
    teaches = language.coach.usage_guard.too_often[-1]
    simulation.run_until(lambda session: session.view(0).saying == teaches)
    own = Heard(Command.INSIST, "yes go on")
    simulation.handle(own)
    assert simulation.session.state is State.TOO_OFTEN
    simulation.run_until(lambda session: not session.view(0).saying)
    simulation.handle(own)
    assert simulation.session.state is State.TOO_OFTEN
    simulation.advance(1.1)
    simulation.handle(own)
    assert begun(simulation) == PRESS


def test_another_twist_is_advised_against_as_well(language):
    """The question stands until something gentle is chosen, or somebody insists."""
    simulation = asked(language, LATELY)
    simulation.hear(Command.CHOOSE, LEGS)
    assert simulation.session.state is State.TOO_OFTEN
    simulation.advance(UNHURRIED)
    simulation.hear(Command.INSIST)
    assert begun(simulation) == LEGS


# After pain


@pytest.mark.parametrize("routine", [None, PRESS, LEGS])
def test_after_pain_the_next_start_begins_with_the_safety_note(language, routine):
    """Whatever is wanted, the note is said, and rest or gentle bends are offered."""
    simulation = asked(language, AFTER_PAIN, routine)
    assert simulation.session.state is State.AFTER_PAIN
    lines = language.coach.usage_guard
    first = [*language.coach.welcome, lines.felt_bad, *language.safety.doctor]
    assert said(simulation)[: len(first)] == first
    assert set(lines.after_pain) <= set(said(simulation))


def test_after_pain_the_rest_begins_with_the_safety_note_too(language):
    """Who asks for it by name need not answer a question, but hears the note."""
    simulation = asked(language, AFTER_PAIN, REST)
    assert begun(simulation) == REST
    assert said(simulation)[1:3] == [language.coach.usage_guard.felt_bad, *language.safety.doctor]


def test_after_pain_nothing_leads_to_anything_but_rest(language):
    """No word, said up to three times, begins another routine, not even an insistence."""
    level = [asked(language, AFTER_PAIN, PRESS)]
    for _ in range(3):
        following = []
        for scene in level:
            for command in accepted(scene.session.state) | {Command.INSIST, Command.READY}:
                for routine in (PRESS, "rocking", BENDS) if command is Command.CHOOSE else ("",):
                    answered = scene.fork()
                    press(answered, command, routine)
                    assert answered.session.view(0).routine_id in ("", REST)
                    if answered.session.state is State.AFTER_PAIN:
                        following.append(answered)
        level = following[::7]
        assert level


@pytest.mark.parametrize("command", [Command.NO, Command.STOP])
def test_no_is_rest(language, command):
    """Who rests is wished well."""
    simulation = asked(language, AFTER_PAIN)
    simulation.hear(command)
    simulation.run_until(lambda session: session.over)
    assert said(simulation)[-1] == language.coach.stopped
    assert simulation.session.outcome is Outcome.STOPPED


def test_yes_is_to_rest_after_pain(language):
    """Nobody bends to the floor who was hurt yesterday."""
    simulation = asked(language, AFTER_PAIN)
    simulation.hear(Command.YES)
    assert begun(simulation) == REST


# Pain on many days


@pytest.mark.parametrize("guard", [GuardResult(gentle=GENTLE), LATELY, AFTER_PAIN])
@pytest.mark.parametrize("routine", [None, PRESS, BENDS])
def test_who_was_hurt_often_is_sent_to_a_doctor_first(language, guard, routine):
    """It is the first thing after the welcome, whatever follows."""
    simulation = asked(language, replace(guard, hurt_often=True), routine)
    assert said(simulation)[1:3] == list(language.coach.usage_guard.see_doctor)


# Both questions


@pytest.mark.parametrize("guard", [LATELY, AFTER_PAIN])
@pytest.mark.parametrize("command", [Command.REPEAT, Command.HELP])
def test_the_question_is_put_again_on_request(language, guard, command):
    """Who did not understand hears it again, from the reason on."""
    simulation = asked(language, guard)
    heard = len(simulation.spoken)
    simulation.hear(command)
    simulation.advance(UNHURRIED)
    lines = language.coach.usage_guard
    offer = lines.after_pain if guard is AFTER_PAIN else lines.too_often
    assert set(offer) <= set(said(simulation)[heard:])


@pytest.mark.parametrize("guard", [LATELY, AFTER_PAIN])
def test_a_question_that_nobody_answers_begins_nothing(language, guard):
    """Silence is no yes."""
    simulation = begin(language, PRESS, guard=guard)
    simulation.run_until(lambda session: session.over)
    assert simulation.session.outcome is Outcome.FAULT
    assert simulation.session.view(0).routine_id == ""


@pytest.mark.parametrize("guard", [LATELY, AFTER_PAIN])
def test_a_pain_confirmation_leads_back_to_the_question(language, guard):
    """Whom it did not hurt is asked again."""
    simulation = asked(language, guard)
    state = simulation.session.state
    simulation.handle(Heard(Command.PAIN, "pain", tier="possible"))
    simulation.advance(3)
    simulation.hear(Command.NO)
    assert simulation.session.state is state
    simulation.advance(12)
    prompts = language.coach.prompts
    prompt = prompts.after_pain if guard is AFTER_PAIN else prompts.too_often
    assert prompt.say[0] in said(simulation)[-2:]
