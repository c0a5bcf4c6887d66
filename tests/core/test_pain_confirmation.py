"""Whether it hurt is asked before it ends anything, and every way out of the question is safe."""

from __future__ import annotations

import pytest
from scenes import (
    BENDS,
    PRESS,
    at,
    begin,
    lead,
    notice,
    possibly_say,
    press,
    routine_of,
    scenes,
)

from voice_coach.core.actions import Cut, Listen, Say
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard, TimeReached
from voice_coach.core.interruptions import ANSWER, PATIENT_ANSWER
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.safety import safety_note
from voice_coach.core.transitions import BEFORE, State
from voice_coach.core.view import Outcome

LONGEST = 8.0
SAME_WORDS = 0.5
SILENCE = 0.15

HANDS_OFF, QUESTION, REASSURANCE = "Partner: hands off.", "Did that hurt?", "All right, on we go."
AGAIN = "I ask once more: did it hurt?"
NAMES = ("sound check", "caution", "telling", "waiting", "holding", "pressing", "paused, holding")


def said_since(simulation, begun):
    """Give what began to sound since so many sentences had."""
    return [spoken.text for spoken in simulation.spoken[begun:]]


def confirming(language, name="pressing"):
    """Give a scene in which pain has just been possible."""
    possibly_say(scene := scenes(language)[name])
    return scene


def asked(language, name="pressing"):
    """Give a scene in which the question has just been spoken."""
    scene = confirming(language, name)
    lead(scene, lambda view: view.saying == QUESTION)
    return lead(scene, lambda view: not view.saying)


# The question


@pytest.mark.parametrize("command", [Command.PAIN, Command.STOP])
def test_possible_pain_silences_and_asks(language, command):
    """Wherever there is something to break off, it breaks off, and one question is asked."""
    for name, scene in scenes(language).items():
        if scene.session.state not in BEFORE[State.PAIN_CONFIRMATION] - {State.STOP_TEST}:
            continue
        acted, said = len(scene.actions), len(scene.spoken)
        routine = routine_of(language, scene)
        possibly_say(scene, command)
        assert scene.session.state is State.PAIN_CONFIRMATION
        kinds = [type(a) for a in scene.actions[acted:] if not isinstance(a, Listen)]
        assert kinds == [Cut, Say], name
        scene.advance(ANSWER)
        partner = [HANDS_OFF] if routine and routine.partner else []
        assert said_since(scene, said)[:2] == [*partner, QUESTION], name


@pytest.mark.parametrize("name", ["last words", "stopped", "hurt", "faulted", "ended"])
@pytest.mark.parametrize("command", [Command.PAIN, Command.STOP])
def test_last_words_are_not_interrupted_by_possible_pain(language, name, command):
    """What ends anyway is not held up by a question."""
    scene = scenes(language)[name]
    acted, state = len(scene.actions), scene.session.state
    possibly_say(scene, command)
    assert scene.session.state is state
    assert scene.actions[acted:] == []


def test_the_voice_falls_silent_before_it_asks(language):
    """A voice that passes from a sentence straight to the question would not seem stopped."""
    scene = scenes(language)["telling"]
    acted = len(scene.actions)
    possibly_say(scene)
    first = next(a for a in scene.actions[acted:] if isinstance(a, Say))
    assert 0.1 <= first.at - scene.now <= 0.2


def test_the_question_needs_no_synthesiser(language):
    """It is spoken as it was rendered before the first word; the pace one chose comes back."""
    simulation = scenes(language)["telling"]
    press(simulation, Command.FASTER)
    begun = len(simulation.actions)
    possibly_say(simulation)
    simulation.advance(5)
    says = [action for action in simulation.actions[begun:] if isinstance(action, Say)]
    assert {say.rate for say in says} == {DEFAULT_RATE}
    begun = len(simulation.actions)
    press(simulation, Command.NO)
    simulation.advance(10)
    says = [action for action in simulation.actions[begun:] if isinstance(action, Say)]
    assert {say.rate for say in says} == {DEFAULT_RATE + 20}


# Yes


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seconds", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("command", [Command.YES, Command.PAIN])
def test_a_yes_is_pain_at_once(language, name, seconds, command):
    """Nobody who says yes, or "it hurts", has to hear the question out."""
    scene = confirming(language, name)
    scene.advance(seconds)
    begun = len(scene.spoken)
    scene.hear(command)
    assert scene.session.state is State.HURT
    scene.run_until(lambda session: session.over)
    note = safety_note(language, routine_of(language, scene))
    assert said_since(scene, begun) == list(note)
    assert scene.session.outcome is Outcome.PAIN


def test_the_words_that_raised_the_question_do_not_answer_it(language):
    """One utterance can be reported twice within half a second; after that it was said again."""
    for command in (Command.PAIN, Command.STOP):
        scene = confirming(language)
        scene.advance(SAME_WORDS - 0.01)
        possibly_say(scene, command)
        assert scene.session.state is State.PAIN_CONFIRMATION
        scene.advance(0.02)
        possibly_say(scene, command)
        assert scene.session.state is (
            State.HURT if command is Command.PAIN else State.PAIN_CONFIRMATION
        )


def test_pain_that_becomes_certain_needs_no_answer(language):
    """When the recogniser is sure in the end, the note is spoken, however short the question."""
    scene = confirming(language)
    scene.hear(Command.PAIN)
    assert scene.session.state is State.HURT


def test_no_answer_under_a_partners_hands_is_a_yes(language):
    """Three seconds after the question was spoken, silence is taken for pain."""
    scene = asked(language, name := "pressing")
    since, begun = scene.now, len(scene.spoken)
    scene.run_until(lambda session: session.state is not State.PAIN_CONFIRMATION)
    assert scene.now - since == pytest.approx(ANSWER)
    assert ANSWER == 3
    assert scene.session.state is State.HURT
    scene.run_until(lambda session: session.over)
    note = safety_note(language, routine_of(language, scene))
    assert said_since(scene, begun) == list(note), name


@pytest.mark.parametrize("name", ["holding", "paused, holding"])
def test_where_no_hands_press_it_is_asked_twice_before_silence_is_a_yes(language, name):
    """There are eight seconds to answer in, four after each asking."""
    scene = asked(language, name)
    begun, since = len(scene.spoken), scene.now
    scene.advance(PATIENT_ANSWER - 0.1)
    assert said_since(scene, begun) == []
    lead(scene, lambda view: view.saying == AGAIN)
    assert scene.now - since == pytest.approx(PATIENT_ANSWER + SILENCE, abs=0.1)
    since = lead(scene, lambda view: not view.saying).now
    scene.run_until(lambda session: session.state is not State.PAIN_CONFIRMATION)
    assert scene.now - since == pytest.approx(PATIENT_ANSWER, abs=0.1)
    assert scene.session.state is State.HURT
    assert 2 * PATIENT_ANSWER == 8


@pytest.mark.parametrize("name", ["sound check", "caution"])
def test_before_the_first_step_silence_is_no_yes(language, name):
    """Nothing can hurt yet, so after two askings it goes on where it was."""
    scene = scenes(language)[name]
    state = scene.session.state
    possibly_say(scene)
    begun = len(scene.spoken)
    scene.run_until(lambda session: session.state is not State.PAIN_CONFIRMATION)
    assert scene.session.state is state
    assert AGAIN in said_since(scene, begun)
    scene.advance(3)
    assert REASSURANCE in said_since(scene, begun)
    assert scene.session.outcome is None


@pytest.mark.parametrize("name", ["sound check", "caution", "holding"])
def test_pain_at_the_second_asking_is_pain(language, name):
    """Also before the first step, who says yes is believed."""
    scene = asked(language, name)
    lead(scene, lambda view: view.saying == AGAIN)
    scene.hear(Command.YES)
    assert scene.session.state is State.HURT


@pytest.mark.parametrize("kind", ["duck", "hush"])
def test_a_sound_gets_the_time_to_become_an_answer_but_not_without_end(language, kind):
    """Who begins to speak is waited for, up to eight seconds after the question."""
    scene = asked(language)
    since, acted = scene.now, len(scene.actions)
    scene.advance(ANSWER - 0.5)
    notice(scene, kind)
    scene.advance(ANSWER - 0.1)
    assert scene.session.state is State.PAIN_CONFIRMATION
    while scene.session.state is State.PAIN_CONFIRMATION and scene.now < since + 20:
        notice(scene, kind)
        scene.advance(0.1)
    assert scene.now - since == pytest.approx(LONGEST, abs=0.11)
    assert scene.session.state is State.HURT
    assert isinstance(scene.actions[acted], Cut), "there was nothing to duck or to hush"


@pytest.mark.parametrize("kind", ["duck", "hush"])
def test_the_question_itself_is_never_hushed(language, kind):
    """A groan over the question neither drowns it nor moves its time limit."""
    scene = confirming(language)
    undisturbed = scene.fork()
    while scene.session.view(scene.now).saying != QUESTION:
        notice(scene, kind)
        scene.advance(0.1)
    notice(scene, kind)
    for simulation in (scene, undisturbed):
        simulation.run_until(lambda session: session.over)
    assert [spoken.text for spoken in scene.spoken] == [s.text for s in undisturbed.spoken]
    assert scene.now == pytest.approx(undisturbed.now)


def test_a_question_that_cannot_be_spoken_is_a_yes_too(language):
    """A voice that hangs leaves nobody alone with their pain."""
    session = confirming(language).session
    deadline = session.deadline()
    session.handle(TimeReached(), deadline)
    assert session.state is State.HURT
    assert deadline < 330


# No


@pytest.mark.parametrize("seconds", [0.0, 0.7, 4.0])
@pytest.mark.parametrize("command", [Command.NO, Command.UNHURT, Command.CONTINUE])
@pytest.mark.parametrize("name", NAMES)
def test_after_a_no_all_goes_on_as_after_a_pause(language, name, command, seconds):
    """One sentence reassures, and then comes what would have come after "continue"."""
    denied = scenes(language)[name]
    paused, state = denied.fork(), denied.session.state
    possibly_say(denied)
    denied.advance(seconds)
    begun = len(denied.spoken)
    denied.hear(command)
    assert denied.session.state is state
    denied.advance(60)
    said = said_since(denied, begun)
    if said[0] == language.coach.press.release:  # the question was broken off before its end
        said.pop(0)
    assert said.pop(0) == REASSURANCE
    if state not in BEFORE[State.PAUSED]:
        assert said
        return
    press(paused, Command.PAUSE)
    paused.advance(5)
    begun = len(paused.spoken)
    press(paused, Command.CONTINUE)
    paused.advance(60)
    expected = said_since(paused, begun)[1:]
    shorter = min(len(said), len(expected))
    assert shorter >= 2
    assert said[:shorter] == expected[:shorter]


def test_a_pain_confirmation_in_a_pause_leads_back_into_the_pause(language):
    """And from there "continue" leads back to where the pause was made, with nothing lost."""
    scene = scenes(language)["paused, holding"]
    possibly_say(scene)
    scene.advance(3)
    scene.hear(Command.NO)
    assert scene.session.state is State.PAUSED
    scene.advance(10)
    scene.hear(Command.CONTINUE)
    assert scene.session.state is State.HOLDING
    scene.run_until(lambda session: session.view(0).seconds_left is not None)
    assert scene.session.view(scene.now + 0.4).seconds_left == pytest.approx(20)


def test_a_pain_confirmation_out_of_a_hush_loses_nothing_either(language):
    """First it is hushed, then asked, then denied: the breath begins anew with a breath in."""
    scene = scenes(language)["hushed, pressing"]
    scene.advance(0.8)
    possibly_say(scene)
    scene.advance(4)
    begun = len(scene.spoken)
    scene.hear(Command.NO)
    scene.advance(8)
    assert said_since(scene, begun) == [
        REASSURANCE,
        "Breathe in.",
        "Breathe out.",
    ]


def test_what_was_denied_can_be_asked_again(language):
    """Nobody's "no" is the last word on the matter."""
    scene = confirming(language)
    for _ in range(3):
        scene.advance(3)
        scene.hear(Command.NO)
        scene.advance(3)
        possibly_say(scene)
        assert scene.session.state is State.PAIN_CONFIRMATION


def test_no_caution_is_skipped_by_a_pain_confirmation(language):
    """A caution that was broken off by the question is spoken in whole after it."""
    simulation = at(language, State.BRIEFING)
    cautions = (*language.routine(PRESS).caution, language.coach.disclaimer)
    for seconds in (1, 7, 7, 7):
        simulation.advance(seconds)
        possibly_say(simulation)
        simulation.advance(2)
        simulation.hear(Command.NO)
    lead(simulation, lambda view: view.step == 1)
    assert set(cautions) <= {spoken.text for spoken in simulation.spoken if not spoken.cut}


# Stop


def test_a_stop_answers_the_question_by_ending(language):
    """Who is asked and says "stop" hears the goodbye, the partner first."""
    scene = confirming(language)
    scene.advance(2)
    begun = len(scene.spoken)
    scene.hear(Command.STOP)
    scene.run_until(lambda session: session.over)
    assert said_since(scene, begun) == [HANDS_OFF, language.coach.stopped]
    assert scene.session.outcome is Outcome.STOPPED


def test_nothing_else_is_an_answer(language):
    """No other word is even listened for."""
    scene = confirming(language)
    *_, listen = (action for action in scene.actions if isinstance(action, Listen))
    denials = {Command.NO, Command.UNHURT, Command.CONTINUE}
    answers = {Command.PAIN, Command.YES, Command.STOP, *denials}
    assert listen.commands == answers
    for command in set(Command) - answers:
        assert not scene.session.handle(Heard(command, "words"), scene.now)


def test_the_pain_confirmation_is_shown(language):
    """The screen knows the state, the words that led to it, and what can be said."""
    simulation = begin(language, BENDS)
    possibly_say(simulation)
    shown = simulation.session.view(simulation.now)
    assert (shown.state, shown.heard) == (State.PAIN_CONFIRMATION, "pain")
    assert {"yes", "no", "it hurts"} <= set(shown.can_say)
