"""Around a press both are asked how to go on, and silence never goes on pressing."""

from __future__ import annotations

import pytest
from breathers import Breather
from scenes import PRESS, begin, lead, press

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.press_questions import FARTHEST
from voice_coach.core.simulation import REACTION
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.captions import Captions
from voice_coach.display.words import read_screen_words

FREE, CLOCK, FIRST, ASKED, SECOND = 3, 4, 5, 6, 7
"""Steps of the routine, as a view counts."""
AFTER, TINGLING = 10, 13


@pytest.fixture(scope="module", params=["en", "es"])
def asked(request):
    """A session that has just asked how to go on after two presses, in each language."""
    begun = begin(read_language(request.param), PRESS)
    return quiet_at(begun, ASKED)


@pytest.fixture(scope="module")
def tingling(language):
    """A session that asks whether anything tingles."""
    return quiet_at(begin(language, PRESS), TINGLING)


@pytest.fixture(scope="module")
def unheard(language):
    """A session that has heard no breath, twice, and asks whether to follow the clock."""
    begun = begin(language, PRESS, press_by_breath=True)
    return quiet_at(begun, CLOCK)


def quiet_at(simulation, step):
    """Lead a session to the silence after a step's question."""
    lead(simulation, lambda view: view.step == step and view.state is State.WAITING)
    simulation.run_until(lambda session: not session.view(0).saying)
    simulation.advance(REACTION)
    return simulation


def in_the_question(language, number, **config):
    """Begin a session and lead it into the last sentence of this step, which is its question."""
    simulation = begin(language, PRESS, **config)
    lead(simulation, lambda view: view.step == number)
    question = simulation.session.script[number - 1].say[-1]
    simulation.run_until(lambda session: session.view(0).saying == question)
    simulation.advance(1.0)
    return simulation


def lines_of(simulation):
    """Give the sentences of a press."""
    return simulation.session.config.language.coach.press


def cues_of(simulation):
    """Give the cues of a press: in, out, push, let go."""
    return simulation.session.config.language.routine(PRESS).steps[FIRST - 1].breathing.cues


def answered(simulation, command, seconds=20):
    """Say this; give the session, and what the coach says from now on."""
    simulation = simulation.fork()
    begun = len(simulation.spoken)
    simulation.handle(Heard(command, command.value))
    simulation.advance(seconds)
    return simulation, [spoken.text for spoken in simulation.spoken[begun:]]


def step(simulation):
    """Give the step that is done."""
    return simulation.session.view(simulation.now).step


@pytest.mark.parametrize("command", [Command.SAME, Command.NEXT, Command.GENTLER])
def test_the_same_or_gentler_goes_on_pressing(asked, command):
    """And gentler tells the partner first."""
    simulation, texts = answered(asked, command)
    assert step(simulation) == SECOND
    gentler = simulation.session.config.language.coach.answers.gentler
    assert (gentler in texts[0]) is (command is Command.GENTLER)
    assert cues_of(simulation)[2] in texts


@pytest.mark.parametrize(
    ("number", "command", "leads_to", "state"),
    [
        (ASKED, Command.SAME, SECOND, State.TELLING),
        (ASKED, Command.GENTLER, SECOND, State.TELLING),
        (ASKED, Command.ANOTHER_PLACE, ASKED, State.WAITING),
        (TINGLING, Command.YES, TINGLING, State.HURT),
    ],
)
def test_an_answer_may_come_before_the_question_is_over(language, number, command, leads_to, state):
    """The coach gives way to it, so whoever answers early would else answer in vain each time."""
    simulation = in_the_question(language, number)
    assert command in simulation.session.accepted
    simulation.handle(Heard(command, command.value, over_echo=20.0))
    assert (step(simulation), simulation.session.state) == (leads_to, state)


def test_what_is_said_before_the_question_began_is_no_answer(language):
    """The two talk to each other all the time: "the same" may be about anything."""
    simulation = begin(language, PRESS)
    lead(simulation, lambda view: view.step == ASKED)
    question = simulation.session.script[ASKED - 1].say[-1]
    while simulation.session.view(0).saying != question:
        assert Command.SAME not in simulation.session.accepted
        simulation.step()
    assert Command.SAME in simulation.session.accepted


def test_a_no_to_a_sign_of_danger_counts_only_after_the_whole_question(language):
    """A yes counts at once: it is the safe side."""
    simulation = in_the_question(language, TINGLING)
    assert Command.YES in simulation.session.accepted
    assert Command.NO not in simulation.session.accepted


def test_a_yes_to_the_press_by_the_clock_counts_only_after_the_whole_question(language):
    """It is the one answer that lets somebody push without a breath that the coach has heard."""
    simulation = in_the_question(language, CLOCK, press_by_breath=True)
    assert Command.YES not in simulation.session.accepted
    assert Command.NO in simulation.session.accepted
    simulation.handle(Heard(Command.YES, "yes", over_echo=20.0))
    simulation.advance(0.5)
    assert (step(simulation), simulation.session.state) == (CLOCK, State.TELLING)


def test_another_place_moves_the_hands_at_rest_and_not_far(asked):
    """Higher and lower are told to the partner; beyond the shoulder blades they go nowhere."""
    lines = lines_of(asked)
    simulation, texts = answered(asked, Command.ANOTHER_PLACE, 8)
    assert texts == [lines.another]
    for _ in range(FARTHEST):
        simulation, texts = answered(simulation, Command.HIGHER, 14)
        assert texts == [lines.higher, lines.there]
    simulation, texts = answered(simulation, Command.HIGHER, 14)
    assert texts == [lines.far_enough]
    simulation, texts = answered(simulation, Command.LOWER, 14)
    assert texts == [lines.lower, lines.there]
    assert step(simulation) == ASKED
    simulation, texts = answered(simulation, Command.NEXT)
    assert step(simulation) == SECOND
    assert cues_of(simulation)[2] in texts


@pytest.mark.parametrize("moving", [False, True])
def test_silence_never_goes_on_pressing(asked, moving):
    """The question is asked twice more; then hands off, and no push any more."""
    simulation = asked.fork()
    if moving:
        simulation, _ = answered(simulation, Command.ANOTHER_PLACE, 8)
    begun = len(simulation.spoken)
    simulation.advance(60)
    texts = [spoken.text for spoken in simulation.spoken[begun:]]
    assert lines_of(simulation).unanswered in texts
    assert cues_of(simulation)[2] not in texts
    assert step(simulation) >= AFTER


@pytest.mark.parametrize("at", [ASKED, FIRST])
def test_a_crack_ends_the_press_for_today(asked, at):
    """Said while pressing it lets go first; whoever goes back is not pressed again."""
    simulation = asked.fork()
    if at == FIRST:
        press(simulation, Command.BACK)
        lead(simulation, lambda view: view.step == FIRST and view.state is State.BREATHING)
        simulation.advance(2)
    simulation, texts = answered(simulation, Command.CRACKED, 12)
    lines = lines_of(simulation)
    assert texts[: 1 + (at == FIRST)] == [*[lines.release] * (at == FIRST), lines.enough]
    assert step(simulation) == AFTER
    press(simulation, Command.BACK)
    simulation.advance(20)
    assert simulation.session.view(simulation.now).step >= AFTER


def test_after_a_crack_nobody_presses_in_the_next_routine_either(language):
    """The same routine once more, in the same session, in spite of the advice against it."""
    simulation = quiet_at(begin(language, PRESS), ASKED)
    push = cues_of(simulation)[2]
    press(simulation, Command.CRACKED)
    lead(simulation, lambda view: view.step == TINGLING and view.state is State.WAITING)
    press(simulation, Command.NO)
    lead(simulation, lambda view: view.state is State.RESTART_PROMPT)
    pushes = [spoken.text for spoken in simulation.spoken].count(push)
    assert pushes
    press(simulation, Command.YES)
    press(simulation, Command.CHOOSE, PRESS)
    if Command.INSIST in simulation.session.accepted:
        press(simulation, Command.INSIST)
    lead(simulation, lambda view: view.step >= AFTER)
    assert [spoken.text for spoken in simulation.spoken].count(push) == pushes


def test_a_crack_means_nothing_where_nobody_presses(language):
    """Elsewhere it is no command."""
    simulation = begin(language, PRESS)
    lead(simulation, lambda view: view.step == 1 and view.state is State.WAITING)
    assert Command.CRACKED not in simulation.session.accepted
    assert not {Command.HIGHER, Command.SAME, Command.YES} & simulation.session.accepted


@pytest.mark.parametrize("command", [Command.NO, Command.NEXT, None])
def test_nothing_but_a_yes_presses_by_the_clock(unheard, command):
    """No, next and silence all leave the press out, and the coach has said why."""
    lines = lines_of(unheard)
    assert lines.unheard in [spoken.text for spoken in unheard.spoken]
    simulation = unheard.fork()
    if command:
        simulation, _ = answered(simulation, command)
    simulation.advance(60)
    texts = [spoken.text for spoken in simulation.spoken]
    assert texts.count(lines.none) == 1
    assert lines.enough not in texts, "nobody has pushed yet"
    assert cues_of(simulation)[2] not in texts
    assert step(simulation) >= AFTER


def test_a_yes_presses_by_the_clock_and_the_partner_listens(unheard):
    """Before each row of presses the partner is told to hear the breath, or not to push."""
    simulation, _ = answered(unheard, Command.YES, 0)
    lead(simulation, lambda view: view.step == AFTER)
    texts = [spoken.text for spoken in simulation.spoken]
    assert texts.count(lines_of(simulation).by_clock) == 3
    assert texts.count(cues_of(simulation)[2]) == 8


@pytest.mark.parametrize("code", ["en", "es"])
def test_while_an_answer_is_awaited_the_screen_tells_what_can_be_answered(code):
    language = read_language(code)
    captions = Captions(language, read_screen_words(code))
    simulation = quiet_at(begin(language, PRESS), ASKED)
    words = captions.words.questions
    told = {"place": words.place, "moving": words.moving, "tingling": words.tingling}
    for question, answers in told.items():
        if question == "moving":
            simulation = answered(simulation, Command.ANOTHER_PLACE)[0]
        elif question == "tingling":
            simulation = quiet_at(begin(language, PRESS), TINGLING)
        view = simulation.session.view(simulation.now)
        assert view.question == question
        assert captions.hint(view) == answers


def test_tingling_is_taken_as_pain(tingling):
    """A yes ends with the safety note."""
    simulation, _ = answered(tingling, Command.YES)
    assert simulation.session.outcome is Outcome.PAIN


@pytest.mark.parametrize("command", [Command.NO, None])
def test_without_tingling_the_routine_is_over(tingling, command):
    """Silence is told what to watch."""
    simulation = tingling.fork()
    if command:
        simulation, _ = answered(simulation, command)
    simulation.run_until(lambda session: session.state is State.RATING)
    simulation.advance(8)
    texts = [spoken.text for spoken in simulation.spoken]
    assert (lines_of(simulation).later in texts) is (command is None)


def test_all_rounds_together_last_two_minutes_at_most(language):
    """Whoever breathes slowly has fewer presses."""
    begun = begin(language, PRESS, press_by_breath=True)
    lead(begun, lambda view: view.step == FREE and view.state is State.BREATHING)
    for _ in range(3):
        press(begun, Command.LONGER_BREATHS)
    breather = Breather("slow")
    breather.lead(begun, lambda view: view.step == AFTER)
    pushes = [s.start for s in begun.spoken if s.text == cues_of(begun)[2]]
    assert 4 <= len(pushes) <= 7
