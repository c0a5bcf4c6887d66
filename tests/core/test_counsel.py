"""What the coach says, and lets happen, when the past speaks against a routine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scenes import AFTER_PAIN, BENDS, GENTLE, LEGS, PRESS, TOO_OFTEN, copied, press, rehearse

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.guard import Reason, Verdict
from voice_coach.core.transitions import State, accepted
from voice_coach.core.view import Outcome

LATELY, OFTEN, UNKNOWN = (
    Verdict(reason, gentle=GENTLE) for reason in (Reason.LATELY, Reason.OFTEN, Reason.UNKNOWN)
)
UNHURRIED = 60
"""Seconds after which all is said that there is to say against a routine."""


def said(rehearsal):
    return [spoken.text for spoken in rehearsal.spoken]


def asked(language, verdict, routine=PRESS):
    """Give a rehearsal that asks, and has said why."""
    rehearsal = rehearse(language, routine, verdict=verdict)
    while rehearsal._busy:  # noqa: SLF001
        rehearsal.step()
    rehearsal.advance(1.5)  # a recogniser is not sure of an answer before
    return rehearsal


def begun(rehearsal):
    """Give the routine whose sound check has begun; empty if none."""
    assert rehearsal.session.state is State.SOUND_CHECK
    return rehearsal.session.view(rehearsal.now).routine_id


# Too often


@pytest.mark.parametrize("verdict", [LATELY, OFTEN, UNKNOWN])
@pytest.mark.parametrize("named", [True, False])
def test_a_twist_too_many_is_advised_against_with_the_reason(language, verdict, named):
    """Named at the start or by voice, the coach says why not, and offers to bend gently."""
    rehearsal = rehearse(language, PRESS if named else None, verdict=verdict)
    if not named:
        rehearsal.hear(Command.CHOOSE, PRESS)
    rehearsal.advance(UNHURRIED)
    assert rehearsal.session.state is State.TOO_OFTEN
    lines, twisting = language.coach.guard, language.safety.twisting
    why = {
        Reason.LATELY: (*lines.lately, *twisting),
        Reason.OFTEN: (*lines.often, *twisting),
        Reason.UNKNOWN: lines.unknown,
    }[verdict.twisting]
    whole = [*why, *lines.too_often]
    at = said(rehearsal).index(whole[0])
    assert said(rehearsal)[at : at + len(whole)] == whole


@pytest.mark.parametrize("routine", [BENDS, "rocking", None])
def test_a_stretch_begins_as_ever(language, routine):
    """Who twists too often may stretch as much as they like."""
    rehearsal = rehearse(language, routine, verdict=TOO_OFTEN)
    assert rehearsal.session.state is (State.SOUND_CHECK if routine else State.CHOOSING)


def test_yes_is_to_the_gentle_bends(language):
    """A bare "yes" takes what is offered, never the twist."""
    rehearsal = asked(language, LATELY)
    rehearsal.hear(Command.YES)
    assert begun(rehearsal) == BENDS


def test_no_reads_the_list(language):
    """Who wants neither hears what else there is."""
    rehearsal = asked(language, LATELY)
    rehearsal.hear(Command.NO)
    rehearsal.advance(UNHURRIED)
    assert rehearsal.session.state is State.CHOOSING
    assert language.coach.ask in said(rehearsal)


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_only_a_clear_yes_go_on_insists(language, routine):
    """Of all that can be said, nothing else leads to a twist."""
    question = asked(language, LATELY, routine)
    for command in Command:
        answered = copied(question)
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
    rehearsal = asked(language, LATELY)
    rehearsal.hear(Command.INSIST)
    rehearsal.run_obediently()
    assert set(language.routine(PRESS).caution) <= set(said(rehearsal))
    assert rehearsal.session.outcome is Outcome.COMPLETED


def test_the_coach_does_not_insist_with_its_own_voice(language):
    """While it teaches the words, and while they may echo, they are nobody's."""
    rehearsal = rehearse(language, PRESS, verdict=LATELY)
    teaches = language.coach.guard.too_often[-1]
    rehearsal.run_until(lambda session: session.view(0).saying == teaches)
    own = Heard(Command.INSIST, "yes go on")
    rehearsal.handle(own)
    assert rehearsal.session.state is State.TOO_OFTEN
    rehearsal.run_until(lambda session: not session.view(0).saying)
    rehearsal.handle(own)
    assert rehearsal.session.state is State.TOO_OFTEN
    rehearsal.advance(1.1)
    rehearsal.handle(own)
    assert begun(rehearsal) == PRESS


def test_another_twist_is_advised_against_as_well(language):
    """The question stands until something gentle is chosen, or somebody insists."""
    rehearsal = asked(language, LATELY)
    rehearsal.hear(Command.CHOOSE, LEGS)
    assert rehearsal.session.state is State.TOO_OFTEN
    rehearsal.advance(UNHURRIED)
    rehearsal.hear(Command.INSIST)
    assert begun(rehearsal) == LEGS


# After pain


@pytest.mark.parametrize("routine", [None, PRESS, LEGS])
def test_after_pain_the_next_start_begins_with_the_safety_note(language, routine):
    """Whatever is wanted, the note is said, and rest or gentle bends are offered."""
    rehearsal = asked(language, AFTER_PAIN, routine)
    assert rehearsal.session.state is State.AFTER_PAIN
    lines = language.coach.guard
    first = [*language.coach.welcome, lines.felt_bad, *language.safety.doctor]
    assert said(rehearsal)[: len(first)] == first
    assert set(lines.after_pain) <= set(said(rehearsal))


def test_after_pain_the_gentle_bends_begin_with_the_safety_note_too(language):
    """Who asks for them by name need not answer a question, but hears the note."""
    rehearsal = asked(language, AFTER_PAIN, BENDS)
    assert begun(rehearsal) == BENDS
    assert said(rehearsal)[1:4] == [language.coach.guard.felt_bad, *language.safety.doctor]


def test_after_pain_nothing_leads_to_anything_but_gentle_bends_and_rest(language):
    """No word, said up to three times, begins another routine, not even an insistence."""
    level = [asked(language, AFTER_PAIN, PRESS)]
    for _ in range(3):
        following = []
        for scene in level:
            for command in accepted(scene.session.state) | {Command.INSIST, Command.READY}:
                for routine in (PRESS, "rocking", BENDS) if command is Command.CHOOSE else ("",):
                    answered = copied(scene)
                    press(answered, command, routine)
                    assert answered.session.view(0).routine_id in ("", *GENTLE)
                    if answered.session.state is State.AFTER_PAIN:
                        following.append(answered)
        level = following[::7]
        assert level


@pytest.mark.parametrize("command", [Command.NO, Command.STOP])
def test_no_is_rest(language, command):
    """Who rests is wished well."""
    rehearsal = asked(language, AFTER_PAIN)
    rehearsal.hear(command)
    rehearsal.run_until(lambda session: session.over)
    assert said(rehearsal)[-1] == language.coach.stopped
    assert rehearsal.session.outcome is Outcome.STOPPED


def test_yes_is_to_the_gentle_bends_after_pain_too(language):
    """They begin as ever."""
    rehearsal = asked(language, AFTER_PAIN)
    rehearsal.hear(Command.YES)
    assert begun(rehearsal) == BENDS


# Pain on many days


@pytest.mark.parametrize("verdict", [Verdict(gentle=GENTLE), LATELY, AFTER_PAIN])
@pytest.mark.parametrize("routine", [None, PRESS, BENDS])
def test_who_was_hurt_often_is_sent_to_a_doctor_first(language, verdict, routine):
    """It is the first thing after the welcome, whatever follows."""
    rehearsal = asked(language, replace(verdict, hurt_often=True), routine)
    assert said(rehearsal)[1:3] == list(language.coach.guard.see_doctor)


# Both questions


@pytest.mark.parametrize("verdict", [LATELY, AFTER_PAIN])
@pytest.mark.parametrize("command", [Command.REPEAT, Command.HELP])
def test_the_question_is_put_again_on_request(language, verdict, command):
    """Who did not understand hears it again, from the reason on."""
    rehearsal = asked(language, verdict)
    heard = len(rehearsal.spoken)
    rehearsal.hear(command)
    rehearsal.advance(UNHURRIED)
    lines = language.coach.guard
    offer = lines.after_pain if verdict is AFTER_PAIN else lines.too_often
    assert set(offer) <= set(said(rehearsal)[heard:])


@pytest.mark.parametrize("verdict", [LATELY, AFTER_PAIN])
def test_a_question_that_nobody_answers_begins_nothing(language, verdict):
    """Silence is no yes."""
    rehearsal = rehearse(language, PRESS, verdict=verdict)
    rehearsal.run_until(lambda session: session.over)
    assert rehearsal.session.outcome is Outcome.FAULT
    assert rehearsal.session.view(0).routine_id == ""


@pytest.mark.parametrize("verdict", [LATELY, AFTER_PAIN])
def test_a_doubt_leads_back_to_the_question(language, verdict):
    """Whom it did not hurt is asked again."""
    rehearsal = asked(language, verdict)
    state = rehearsal.session.state
    rehearsal.handle(Heard(Command.PAIN, "pain", tier="possible"))
    rehearsal.advance(3)
    rehearsal.hear(Command.NO)
    assert rehearsal.session.state is state
    rehearsal.advance(12)
    prompts = language.coach.prompts
    prompt = prompts.after_pain if verdict is AFTER_PAIN else prompts.too_often
    assert prompt.say[0] in said(rehearsal)[-2:]
