"""The stop test: a twist begins only where the stop has just been seen to work."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, TOO_OFTEN, at, begin, lead, notice, possibly_say, press

from voice_coach.core.actions import Cut
from voice_coach.core.commands import Command
from voice_coach.core.events import Fault
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

COUNT = "One, two, three, four, five, six, seven, eight, nine, ten."


def counting(language, routine=LEGS):
    """Lead a session to one second after its count has begun."""
    simulation = lead(begin(language, routine), lambda view: view.saying == COUNT)
    simulation.advance(1)
    return simulation


def texts(simulation):
    """Give all that was said."""
    return [spoken.text for spoken in simulation.spoken]


def fail(simulation):
    """Say nothing until it is refused."""
    simulation.run_until(lambda session: session.state is State.CHOOSING)
    return simulation


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_no_twist_and_no_press_begins_before_the_stop_is_tested(language, routine):
    """Ready is not enough: the coach counts first, and only a cry in its count leads on."""
    simulation = counting(language, routine)
    press(simulation, Command.READY)
    press(simulation, Command.NEXT)
    press(simulation, Command.YES)
    assert simulation.session.state is State.STOP_TEST
    simulation.hear(Command.PAIN)
    assert simulation.session.state is State.STOP_TEST
    if routine == PRESS:
        lead(simulation, lambda view: view.saying == COUNT)
        simulation.hear(Command.PAIN)
    simulation.run_until(lambda session: session.state is State.BRIEFING)


def test_before_a_press_both_voices_try_it(language):
    """First the one on the floor, then the partner; each has two tries of their own."""
    simulation = counting(language, PRESS)
    lines = language.coach.stop_test
    assert texts(simulation)[-3:] == [*lines.lying, COUNT]
    simulation.hear(Command.PAIN)
    simulation.advance(15)
    assert texts(simulation)[-3:] == [*lines.partner, COUNT]
    assert simulation.session.state is State.STOP_TEST
    simulation.run_until(lambda session: session.view(0).saying == lines.again[0])
    lead(simulation, lambda view: view.state is State.BRIEFING)
    assert lines.passed[0] in texts(simulation)


def test_a_partner_who_is_not_heard_may_not_press(language):
    """One voice is not enough."""
    simulation = counting(language, PRESS)
    simulation.hear(Command.PAIN)
    fail(simulation).advance(2)
    assert language.coach.stop_test.refused[0] in texts(simulation)


def test_one_voice_for_a_twist_is_not_enough_for_a_press(language):
    """Whoever tried it alone tries it again with the partner."""
    simulation = counting(language, LEGS)
    simulation.hear(Command.PAIN)
    lead(simulation, lambda view: view.state is State.RESTART_PROMPT)
    press(simulation, Command.YES)
    press(simulation, Command.CHOOSE, PRESS)
    lead(simulation, lambda view: view.state is State.STOP_TEST)


def test_a_mere_stretch_needs_no_stop_test(language):
    """Whoever only bends is not made to cry out."""
    assert COUNT not in texts(at(language, State.WAITING, BENDS))


def test_it_hurts_in_the_count_silences_it_and_is_no_pain(language):
    """The count is cut, the person is praised, and all goes on; nothing counts as pain."""
    simulation = counting(language)
    acted = len(simulation.actions)
    simulation.hear(Command.PAIN)
    assert isinstance(simulation.actions[acted], Cut)
    assert simulation.spoken[-1].cut
    assert simulation.session.outcome is None
    simulation.advance(1)
    assert texts(simulation)[-1] == language.coach.stop_test.passed[0]
    lead(simulation, lambda view: view.state is State.WAITING)
    assert simulation.session.outcome is None


def test_a_possible_cry_passes_too(language):
    """In a press it would have silenced the coach and taken the hands off just the same."""
    simulation = counting(language)
    possibly_say(simulation)
    simulation.run_until(lambda session: session.state is State.BRIEFING)


def test_a_cry_that_hushed_the_count_first_proves_it(language):
    """The coach falls silent at the voice, and knows the words a moment later."""
    simulation = counting(language)
    notice(simulation, "hush")
    simulation.advance(1.2)
    simulation.hear(Command.PAIN)
    simulation.run_until(lambda session: session.state is State.BRIEFING)
    assert simulation.session.outcome is None


def test_a_voice_without_the_words_proves_nothing(language):
    """Who says something else hears the count go on, and is asked again."""
    simulation = counting(language)
    notice(simulation, "hush")
    simulation.advance(2)
    notice(simulation, "resume")
    simulation.run_until(lambda _: language.coach.stop_test.again[0] in texts(simulation), limit=90)
    assert simulation.session.state is State.STOP_TEST


def test_pain_by_key_is_no_simulation(language):
    """A key proves nothing about the voice, so it means what it always means."""
    simulation = counting(language)
    press(simulation, Command.PAIN)
    assert simulation.session.state is State.HURT


def test_a_cry_before_the_count_only_brings_the_count_on(language):
    """Who is too early hears the count at once, and has to say it into that."""
    simulation = at(language, State.STOP_TEST, LEGS)
    simulation.advance(1)
    simulation.hear(Command.PAIN)
    simulation.advance(0.5)
    assert texts(simulation)[-1] == COUNT
    assert simulation.session.state is State.STOP_TEST
    simulation.hear(Command.PAIN)
    simulation.run_until(lambda session: session.state is State.BRIEFING)


def test_a_cry_behind_the_count_comes_too_late_and_is_no_pain(language):
    """It was not heard through the coach's voice, so the coach counts once more."""
    simulation = counting(language)
    simulation.run_until(lambda session: not session.counting)
    simulation.advance(0.5)
    simulation.hear(Command.PAIN)
    simulation.advance(1)
    assert texts(simulation)[-1] == language.coach.stop_test.again[0]
    assert simulation.session.state is State.STOP_TEST


def test_a_cry_that_is_repeated_ends_nothing(language):
    """Who says it twice is praised twice; after the praise it is pain again, as ever."""
    simulation = counting(language)
    simulation.hear(Command.PAIN)
    simulation.advance(1.5)
    simulation.hear(Command.PAIN)
    assert simulation.session.state is State.STOP_TEST
    simulation.run_until(lambda session: session.state is State.BRIEFING)
    simulation.hear(Command.PAIN)
    assert simulation.session.outcome is Outcome.PAIN


def test_after_two_counts_in_vain_it_says_what_to_do_and_refuses(language):
    """Lower volume, nearer microphone, headset; then the other routines are offered."""
    simulation = fail(counting(language))
    assert texts(simulation).count(COUNT) == 2
    simulation.advance(45)
    said = " ".join(texts(simulation)[-14:])
    for advice in (
        "loudspeaker down",
        "microphone closer",
        "headset",
        "only gentle stretches",
        "keyboard",
    ):
        assert advice in said
    assert texts(simulation)[-1] == language.coach.ask
    assert simulation.session.view(simulation.now).routine == ""
    assert simulation.session.outcome is None


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_what_was_refused_cannot_be_chosen_any_more(language, routine):
    """For the rest of the session no twist is led here, and the person is told why."""
    simulation = fail(counting(language))
    press(simulation, Command.CHOOSE, routine)
    assert simulation.session.state is State.CHOOSING
    simulation.advance(1)
    assert texts(simulation)[-1] == language.coach.stop_test.not_here[0]


def test_other_routines_go_on_where_a_twist_is_refused(language):
    """A stretch is led to its end in the same room."""
    simulation = fail(counting(language))
    press(simulation, Command.CHOOSE, BENDS)
    assert simulation.session.state is State.SOUND_CHECK
    simulation.run_obediently()
    assert simulation.session.outcome is Outcome.COMPLETED


def test_the_stop_test_is_passed_once_a_session(language):
    """A second twist of the same evening, in the same room, begins without it."""
    simulation = at(language, State.RESTART_PROMPT, LEGS)
    simulation.hear(Command.YES)
    press(simulation, Command.CHOOSE, LEGS)
    press(simulation, Command.READY)
    assert simulation.session.state is State.BRIEFING


def test_whoever_insists_on_a_twist_still_has_to_prove_the_stop(language):
    """To insist answers the coach's advice, not the question whether it can hear."""
    simulation = begin(language, LEGS, guard=TOO_OFTEN)
    press(simulation, Command.INSIST)
    press(simulation, Command.READY)
    assert simulation.session.state is State.STOP_TEST


def test_repeat_asks_again_and_is_no_try_in_vain(language):
    """Who did not understand may ask as often as they like."""
    simulation = counting(language)
    for _ in range(3):
        press(simulation, Command.REPEAT)
        simulation.advance(5)
    lead(simulation, lambda view: view.state is State.WAITING)


def test_stop_and_a_fault_end_the_stop_test_like_anything_else(language):
    """Nothing but the word it asks for has another meaning in it."""
    simulation = counting(language)
    simulation.hear(Command.STOP)
    assert simulation.session.state is State.CLOSING
    simulation = counting(language)
    simulation.handle(Fault("hearing", "It is gone: mend it."))
    assert simulation.session.state is State.FAULTED


def test_the_taught_word_has_died_away_before_the_count(language):
    """Its echo counts as the coach's own for a second; the person's answer must come after that."""
    *_, taught = language.coach.stop_test.ask
    rest = taught.split("it hurts", 1)[1]
    assert language.coach.stop_test.ask[-1] == language.coach.stop_test.again[-1]
    assert len(rest.split()) >= 6
