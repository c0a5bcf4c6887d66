"""How it was: a question that may be left unanswered."""

from __future__ import annotations

import pytest
from scenes import BENDS, PRESS, at, notice, possibly_say, press

from voice_coach.core.commands import Command
from voice_coach.core.events import Fault, Heard
from voice_coach.core.transitions import State, accepted
from voice_coach.core.view import Feeling, Outcome

ANSWERS = [
    (Command.BETTER, Feeling.BETTER),
    (Command.SAME, Feeling.SAME),
    (Command.WORSE, Feeling.WORSE),
]


@pytest.fixture
def rated(language):
    """Give a session that has just asked how it was, and waits."""
    simulation = at(language, State.RATING, BENDS)
    question = language.coach.prompts.rating.say[-1]
    simulation.run_until(lambda session: session.view(0).saying == question)
    simulation.run_until(lambda session: not session.view(0).saying)
    return simulation


def rest(simulation):
    """Run to the end; give what was said on the way."""
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.over)
    return [spoken.text for spoken in simulation.spoken[begun:]]


@pytest.mark.parametrize(("command", "feeling"), ANSWERS)
@pytest.mark.parametrize("by_key", [True, False])
def test_the_answer_is_kept_and_replied_to(language, rated, command, feeling, by_key):
    """Better, the same or worse, by voice or by key; each has its reply before what follows."""
    rated.advance(1.5)
    if by_key:
        press(rated, command)
    else:
        rated.hear(command)
    said = rest(rated)
    reply = getattr(language.coach.rating, feeling.value)
    asked = language.coach.prompts.restart.say
    follows = () if feeling is Feeling.WORSE else (*asked, *asked)
    assert said == [*reply, *follows, *language.coach.completed]
    assert rated.session.view(rated.now).felt is feeling
    assert rated.session.outcome is Outcome.COMPLETED


@pytest.mark.parametrize(("command", "feeling"), ANSWERS)
def test_a_late_answer_counts_too(language, rated, command, feeling):
    """Above all "worse": said while the coach asks for another stretch, it is kept, and ends."""
    rated.run_until(lambda session: session.state is State.RESTART_PROMPT)
    rated.advance(1.5)
    press(rated, command)
    said = rest(rated)
    assert {*getattr(language.coach.rating, feeling.value)} <= {*said}
    assert rated.session.view(rated.now).felt is feeling
    if feeling is Feeling.WORSE:
        assert not {*language.coach.prompts.restart.say} & {*said}


def test_who_says_i_am_fine_is_answered_and_makes_no_session_harder(language, rated):
    """It is what people answer to "How do you feel now?"; the screen does not ask for it."""
    assert "no pain" not in rated.session.view(rated.now).can_say
    rated.hear(Command.UNHURT)
    assert {*language.coach.rating.same} <= {*rest(rated)}
    assert rated.session.view(rated.now).felt is None


def test_great_to_another_stretch_changes_no_answer(language, rated):
    rated.run_until(lambda session: session.state is State.RESTART_PROMPT)
    rated.advance(1.5)
    rated.handle(Heard(Command.BETTER, "great"))
    assert rated.session.view(rated.now).felt is None
    assert rated.session.state is State.RESTART_PROMPT


def test_silence_is_fine(language, rated):
    """After a few seconds without an answer it is left alone, and nothing is kept."""
    asked = rated.now
    said = rest(rated)
    asked_then = language.coach.prompts.restart.say
    assert said == [*asked_then, *asked_then, *language.coach.completed]
    patience = rated.spoken[-len(said)].start - asked
    assert 4 <= patience <= 8
    assert rated.session.view(rated.now).felt is None
    assert rated.session.outcome is Outcome.COMPLETED


def test_only_a_completed_routine_is_rated(language):
    """Who stopped, or was hurt, is asked nothing."""
    for command in (Command.STOP, Command.PAIN):
        simulation = at(language, State.HOLDING, BENDS)
        press(simulation, command)
        assert language.coach.prompts.rating.say[0] not in rest(simulation)


def test_who_stops_here_has_completed(language, rated):
    """A "stop" instead of an answer ends it, and takes nothing away."""
    press(rated, Command.STOP)
    assert rest(rated) == [language.coach.stopped]
    assert rated.session.outcome is Outcome.COMPLETED


def test_pain_is_pain_here_too(language, rated):
    """Who is hurt now was hurt, whatever was completed."""
    press(rated, Command.PAIN)
    assert rated.session.outcome is Outcome.PAIN
    assert rest(rated) == [
        *(*language.safety.person, *language.safety.doctor),
        *language.safety.emergency,
    ]


def test_a_pain_confirmation_leads_back_and_silence_is_still_fine(language, rated):
    """Whom it did not hurt has again a few seconds to answer."""
    possibly_say(rated)
    rated.advance(2.5)
    press(rated, Command.NO)
    assert rated.session.state is State.RATING
    answered = rated.fork()
    answered.advance(4)
    answered.hear(Command.BETTER)
    assert answered.session.view(0).felt is Feeling.BETTER
    assert rest(rated)[-1:] == list(language.coach.completed)


def test_a_sound_of_the_persons_is_given_time_to_become_an_answer(rated):
    """Who begins to speak in the last moment is waited for."""
    rated.advance(5.5)
    notice(rated, "hush")
    rated.advance(2)
    assert rated.session.state is State.RATING
    press(rated, Command.WORSE)
    assert rated.session.view(0).felt is Feeling.WORSE


def test_the_question_is_put_again_on_request(language, rated):
    """Who did not understand hears it once more."""
    press(rated, Command.REPEAT)
    assert rest(rated)[: -len(language.coach.completed)] == [
        *language.coach.prompts.rating.say,
        *(2 * language.coach.prompts.restart.say),
    ]


def test_the_coach_does_not_rate_itself(language):
    """While it says the words, and while they may echo, they are nobody's."""
    simulation = at(language, State.RATING, BENDS)
    question = language.coach.prompts.rating.say[-1]
    simulation.run_until(lambda session: session.view(0).saying == question)
    simulation.hear(Command.BETTER)
    assert simulation.session.view(0).felt is None


def test_an_answer_is_listened_for_nowhere_else(language):
    """A "better" in a step means nothing; "the same" does where a press asks for it."""
    answers = {command for command, _ in ANSWERS}
    for state in set(State) - {State.RATING, State.RESTART_PROMPT}:
        allowed = {Command.SAME} if state is State.WAITING else set()
        assert not accepted(state) & (answers - allowed)
    assert not answers & at(language, State.WAITING).session.accepted


def test_a_fault_ends_it(language):
    """A coach that can no longer hear asks nothing more."""
    simulation = at(language, State.RATING, PRESS)
    simulation.handle(Fault("hearing", "The microphone is gone: plug it in."))
    assert simulation.session.state is State.FAULTED
