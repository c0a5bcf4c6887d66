"""One routine after another: asked at the end, and silence is a no."""

from __future__ import annotations

from itertools import pairwise

import pytest
from scenes import BENDS, GENTLE, LEGS, PRESS, at, begin, lead, possibly_say, press

from voice_coach.core.commands import Command
from voice_coach.core.guard import GuardResult
from voice_coach.core.script import farewell
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome

REST = "bent-knees-rest"


@pytest.fixture
def asked(language):
    """Give a session that has just asked whether to do another, and waits."""
    return waiting(at(language, State.RESTART_PROMPT, BENDS))


def waiting(simulation):
    """Let the question be spoken."""
    lead(simulation, lambda view: view.state is State.RESTART_PROMPT)
    simulation.run_until(lambda session: session.view(0).saying.startswith("Would you like"))
    simulation.run_until(lambda session: not session.view(0).saying)
    return simulation


def rest(simulation):
    """Run to the end; give what was said on the way."""
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.over)
    return [spoken.text for spoken in simulation.spoken[begun:]]


def test_yes_leads_back_to_the_choice(language, asked):
    """The names are read out again, and the routine that is over is no longer shown."""
    press(asked, Command.YES)
    begun = len(asked.spoken)
    asked.advance(3)
    view = asked.session.view(asked.now)
    assert (view.state, view.routine, view.step, view.outcome) == (State.CHOOSING, "", 0, None)
    assert asked.spoken[begun].text == "Number one: gentle bends."


def test_no_says_goodbye(language, asked):
    """The last words follow at once, and the session is completed."""
    press(asked, Command.NO)
    assert rest(asked) == list(language.coach.completed)
    assert asked.session.outcome is Outcome.COMPLETED


def test_silence_says_goodbye_after_one_more_question(language, asked):
    """Who has fallen asleep is not talked to for long, and never left in silence."""
    begun, now = len(asked.spoken) - 1, asked.now
    assert rest(asked) == [*language.coach.prompts.restart.say, *language.coach.completed]
    assert asked.spoken[-2].start - now < 30
    assert max(two.start - one.end for one, two in pairwise(asked.spoken[begun:])) <= 12
    assert asked.session.outcome is Outcome.COMPLETED


def test_stop_takes_nothing_away(language, asked):
    """A "stop" instead of an answer ends it with one goodbye; what was done was done."""
    press(asked, Command.STOP)
    assert rest(asked) == [language.coach.stopped]
    assert asked.session.outcome is Outcome.COMPLETED


def test_pain_is_pain_here_too(language, asked):
    """Who is hurt now hears the safety note."""
    press(asked, Command.PAIN)
    assert rest(asked) == [
        *(*language.safety.person, *language.safety.doctor),
        *language.safety.emergency,
    ]
    assert asked.session.outcome is Outcome.PAIN


def test_a_pain_confirmation_leads_back_to_the_question(language, asked):
    """Whom it did not hurt is still asked; their "yes" is then an answer to this question."""
    possibly_say(asked)
    asked.advance(2.5)
    press(asked, Command.NO)
    assert asked.session.state is State.RESTART_PROMPT
    asked.advance(3)
    press(asked, Command.YES)
    assert asked.session.state is State.CHOOSING


def test_the_question_is_put_again_on_request(language, asked):
    """Who did not understand hears it once more."""
    begun = len(asked.spoken)
    press(asked, Command.REPEAT)
    asked.advance(1)
    assert [spoken.text for spoken in asked.spoken[begun:]] == [*language.coach.prompts.restart.say]


def test_who_feels_worse_is_sent_to_rest_and_not_asked(language):
    """Nobody is talked into more of what did no good."""
    simulation = at(language, State.RATING, BENDS)
    press(simulation, Command.WORSE)
    assert not set(rest(simulation)) & set(language.coach.prompts.restart.say)


def test_a_second_routine_is_led_like_the_first_but_in_fewer_words(language, asked):
    """No second sound check, but pain is taught again, for there may be a partner now."""
    press(asked, Command.YES)
    press(asked, Command.CHOOSE, PRESS)
    begun = len(asked.spoken)
    waiting(asked)
    said = [spoken.text for spoken in asked.spoken[begun:]]
    its = language.routine(PRESS)
    assert said[0] == f"{its.title}."
    assert said.index(its.setup[-1]) < said.index(language.coach.teach_pain)
    assert not set(language.coach.sound_check) & set(said)
    assert said.index(language.coach.sound_check_partner[0]) < said.index(language.coach.ask_ready)
    assert {*its.caution, *its.place, *its.closing} <= set(said)
    press(asked, Command.NO)
    assert rest(asked) == [*language.teaching.moving.up[1:], *language.coach.completed]


@pytest.mark.parametrize("routine", [PRESS, "hold-the-feet"])
def test_who_lies_on_a_side_already_is_not_told_to_turn_onto_one(language, routine):
    """They push up from there, at the end and before they stand for another routine."""
    turn, *rise = language.teaching.moving.up
    simulation = waiting(at(language, State.RESTART_PROMPT, routine))
    other = simulation.fork()
    press(simulation, Command.NO)
    press(other, Command.YES)
    press(other, Command.CHOOSE, BENDS)
    other.advance(30)
    for told in (simulation, other):
        rest(told)
        said = [spoken.text for spoken in told.spoken]
        assert set(rise) <= set(said)
        assert turn not in said


def test_goodbye_is_the_last_thing_that_is_said(language):
    """Nobody jumps up at a goodbye and hears then that they should have turned first."""
    for routine in language.routines:
        assert farewell(routine, language)[-1] == language.coach.completed[-1]


def test_the_same_routine_again_has_a_shorter_briefing(language, asked):
    """What was told a few minutes ago is not told again."""
    press(asked, Command.YES)
    press(asked, Command.CHOOSE, BENDS)
    begun = len(asked.spoken)
    lead(asked, lambda view: view.step == 2)
    said = [spoken.text for spoken in asked.spoken[begun:]]
    assert language.coach.disclaimer not in said
    assert not set(language.routine(BENDS).place) & set(said)


def test_how_it_felt_is_told_of_each_routine_by_itself(language, asked):
    """The answer after the first is not kept for the second."""
    simulation = at(language, State.RATING, BENDS)
    press(simulation, Command.BETTER)
    assert waiting(simulation).session.view(0).felt is Feeling.BETTER
    press(simulation, Command.YES)
    assert simulation.session.view(0).felt is None


def test_a_second_twist_is_advised_against_at_once(language):
    """A twist that has just been done counts, however allowed it was when the session began."""
    allowed = GuardResult(gentle=GENTLE, twists_left=1)
    simulation = waiting(begin(language, LEGS, guard=allowed))
    press(simulation, Command.YES)
    press(simulation, Command.CHOOSE, "chair-lean")
    assert simulation.session.state is State.TOO_OFTEN
    simulation.advance(2)
    assert simulation.spoken[-1].text == language.coach.usage_guard.lately[0]
    press(simulation, Command.CHOOSE, BENDS)
    assert simulation.session.state is State.SOUND_CHECK


def test_a_stretch_counts_for_no_guard(language, asked):
    """After the gentle bends a twist is as free as before."""
    press(asked, Command.YES)
    press(asked, Command.CHOOSE, LEGS)
    assert asked.session.state is State.SOUND_CHECK


@pytest.mark.parametrize(("left", "twists"), [(1, 1), (2, 2), (3, 3)])
def test_twists_are_counted_down(left, twists):
    """With so many left, so many can be done before another is too much."""
    guard = GuardResult(twists_left=left)
    for _ in range(twists):
        assert guard.twisting is None
        guard = guard.after_a_twist()
    assert guard.twisting is not None
    assert guard.after_a_twist().twisting is not None


@pytest.mark.parametrize(
    ("before", "after", "down", "up"),
    [
        (REST, BENDS, 0, 1),
        (REST, LEGS, 0, 0),
        (BENDS, REST, 1, 0),
        (BENDS, BENDS, 0, 0),
    ],
)
def test_from_one_routine_to_the_next_the_way_is_told_from_where_one_is(
    language, before, after, down, up
):
    """Who lies and is to stand is told how to get up; who lies and is to lie, nothing."""
    simulation = waiting(at(language, State.RESTART_PROMPT, before))
    press(simulation, Command.YES)
    begun = len(simulation.spoken)
    press(simulation, Command.CHOOSE, after)
    simulation.advance(30)
    said = [spoken.text for spoken in simulation.spoken[begun:]]
    moving = language.teaching.moving
    assert [said.count(moving.down[0]), said.count(moving.up[0])] == [down, up]


def test_who_leaves_a_floor_routine_out_gets_up_first(language):
    """They came down for its sound check."""
    simulation = at(language, State.BRIEFING, "hands-behind-head")
    simulation.hear(Command.SKIP)
    press(simulation, Command.CHOOSE, BENDS)
    simulation.advance(20)
    assert language.teaching.moving.up[0] in [spoken.text for spoken in simulation.spoken]
