"""The proof before pressing: a twist begins only where the stop has just been seen to work."""

from __future__ import annotations

import pytest
from scenes import BENDS, LEGS, PRESS, TOO_OFTEN, at, lead, notice, press, rehearse, suspect

from voice_coach.core.actions import Cut
from voice_coach.core.commands import Command
from voice_coach.core.events import Fault
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

COUNT = "One, two, three, four, five, six, seven, eight, nine, ten."


def counting(language, routine=PRESS):
    """Lead a session to one second after its count has begun."""
    rehearsal = lead(rehearse(language, routine), lambda view: view.saying == COUNT)
    rehearsal.advance(1)
    return rehearsal


def texts(rehearsal):
    """Give all that was said."""
    return [spoken.text for spoken in rehearsal.spoken]


def fail(rehearsal):
    """Say nothing until it is refused."""
    rehearsal.run_until(lambda session: session.state is State.CHOOSING)
    return rehearsal


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_no_twist_and_no_press_begins_before_the_stop_is_proven(language, routine):
    """Ready is not enough: the coach counts first, and only a cry in its count leads on."""
    rehearsal = counting(language, routine)
    press(rehearsal, Command.READY)
    press(rehearsal, Command.NEXT)
    press(rehearsal, Command.YES)
    assert rehearsal.session.state is State.PROOF
    rehearsal.hear(Command.PAIN)
    assert rehearsal.session.state is State.PROOF
    rehearsal.run_until(lambda session: session.state is State.BRIEFING)


def test_a_mere_stretch_needs_no_proof(language):
    """Whoever only bends is not made to cry out."""
    assert COUNT not in texts(at(language, State.WAITING, BENDS))


def test_it_hurts_in_the_count_silences_it_and_is_no_pain(language):
    """The count is cut, the person is praised, and all goes on; nothing counts as pain."""
    rehearsal = counting(language)
    acted = len(rehearsal.actions)
    rehearsal.hear(Command.PAIN)
    assert isinstance(rehearsal.actions[acted], Cut)
    assert rehearsal.spoken[-1].cut
    assert rehearsal.session.outcome is None
    rehearsal.advance(1)
    assert texts(rehearsal)[-1] == language.coach.proof.proven[0]
    lead(rehearsal, lambda view: view.state is State.WAITING)
    assert rehearsal.session.outcome is None


def test_a_suspected_cry_proves_it_too(language):
    """In a press it would have silenced the coach and taken the hands off just the same."""
    rehearsal = counting(language)
    suspect(rehearsal)
    rehearsal.run_until(lambda session: session.state is State.BRIEFING)


def test_a_cry_that_hushed_the_count_first_proves_it(language):
    """The coach falls silent at the voice, and knows the words a moment later."""
    rehearsal = counting(language)
    notice(rehearsal, "hush")
    rehearsal.advance(1.2)
    rehearsal.hear(Command.PAIN)
    rehearsal.run_until(lambda session: session.state is State.BRIEFING)
    assert rehearsal.session.outcome is None


def test_a_voice_without_the_words_proves_nothing(language):
    """Who says something else hears the count go on, and is asked again."""
    rehearsal = counting(language)
    notice(rehearsal, "hush")
    rehearsal.advance(2)
    notice(rehearsal, "resume")
    rehearsal.run_until(lambda _: language.coach.proof.again[0] in texts(rehearsal), limit=60)
    assert rehearsal.session.state is State.PROOF


def test_pain_by_key_is_no_rehearsal(language):
    """A key proves nothing about the voice, so it means what it always means."""
    rehearsal = counting(language)
    press(rehearsal, Command.PAIN)
    assert rehearsal.session.state is State.HURT


def test_a_cry_before_the_count_only_brings_the_count_on(language):
    """Who is too early hears the count at once, and has to say it into that."""
    rehearsal = at(language, State.PROOF)
    rehearsal.advance(1)
    rehearsal.hear(Command.PAIN)
    rehearsal.advance(0.5)
    assert texts(rehearsal)[-1] == COUNT
    assert rehearsal.session.state is State.PROOF
    rehearsal.hear(Command.PAIN)
    rehearsal.run_until(lambda session: session.state is State.BRIEFING)


def test_a_cry_behind_the_count_comes_too_late_and_is_no_pain(language):
    """It was not heard through the coach's voice, so the coach counts once more."""
    rehearsal = counting(language)
    rehearsal.run_until(lambda session: not session.counting)
    rehearsal.advance(0.5)
    rehearsal.hear(Command.PAIN)
    rehearsal.advance(1)
    assert texts(rehearsal)[-1] == language.coach.proof.again[0]
    assert rehearsal.session.state is State.PROOF


def test_a_cry_that_is_repeated_ends_nothing(language):
    """Who says it twice is praised twice; after the praise it is pain again, as ever."""
    rehearsal = counting(language)
    rehearsal.hear(Command.PAIN)
    rehearsal.advance(1.5)
    rehearsal.hear(Command.PAIN)
    assert rehearsal.session.state is State.PROOF
    rehearsal.run_until(lambda session: session.state is State.BRIEFING)
    rehearsal.hear(Command.PAIN)
    assert rehearsal.session.outcome is Outcome.PAIN


def test_after_two_counts_in_vain_it_says_what_to_do_and_refuses(language):
    """Lower volume, nearer microphone, headset; then the other routines are offered."""
    rehearsal = fail(counting(language))
    assert texts(rehearsal).count(COUNT) == 2
    rehearsal.advance(45)
    said = " ".join(texts(rehearsal)[-14:])
    for advice in (
        "loudspeaker down",
        "microphone closer",
        "headset",
        "no press today",
        "keyboard",
    ):
        assert advice in said
    assert texts(rehearsal)[-1] == language.coach.ask
    assert rehearsal.session.view(rehearsal.now).routine == ""
    assert rehearsal.session.outcome is None


@pytest.mark.parametrize("routine", [PRESS, LEGS])
def test_what_was_refused_cannot_be_chosen_any_more(language, routine):
    """For the rest of the session no twist is led here, and the person is told why."""
    rehearsal = fail(counting(language))
    press(rehearsal, Command.CHOOSE, routine)
    assert rehearsal.session.state is State.CHOOSING
    rehearsal.advance(1)
    assert texts(rehearsal)[-1] == language.coach.proof.not_here[0]


def test_other_routines_go_on_where_a_twist_is_refused(language):
    """A stretch is led to its end in the same room."""
    rehearsal = fail(counting(language))
    press(rehearsal, Command.CHOOSE, BENDS)
    assert rehearsal.session.state is State.SOUND_CHECK
    rehearsal.run_obediently()
    assert rehearsal.session.outcome is Outcome.COMPLETED


def test_the_proof_is_given_once_a_session(language):
    """A second twist of the same evening, in the same room, begins without it."""
    rehearsal = at(language, State.ANOTHER, LEGS)
    rehearsal.hear(Command.YES)
    press(rehearsal, Command.CHOOSE, PRESS)
    press(rehearsal, Command.READY)
    assert rehearsal.session.state is State.BRIEFING


def test_whoever_insists_on_a_twist_still_has_to_prove_the_stop(language):
    """To insist answers the coach's advice, not the question whether it can hear."""
    rehearsal = rehearse(language, LEGS, verdict=TOO_OFTEN)
    press(rehearsal, Command.INSIST)
    press(rehearsal, Command.READY)
    assert rehearsal.session.state is State.PROOF


def test_repeat_asks_again_and_is_no_try_in_vain(language):
    """Who did not understand may ask as often as they like."""
    rehearsal = counting(language)
    for _ in range(3):
        press(rehearsal, Command.REPEAT)
        rehearsal.advance(5)
    lead(rehearsal, lambda view: view.state is State.WAITING)


def test_stop_and_a_fault_end_the_proof_like_anything_else(language):
    """Nothing but the word it asks for has another meaning in it."""
    rehearsal = counting(language)
    rehearsal.hear(Command.STOP)
    assert rehearsal.session.state is State.CLOSING
    rehearsal = counting(language)
    rehearsal.handle(Fault("hearing", "It is gone: mend it."))
    assert rehearsal.session.state is State.FAULTED


def test_the_taught_word_has_died_away_before_the_count(language):
    """Its echo counts as the coach's own for a second; the person's answer must come after that."""
    *_, taught = language.coach.proof.ask
    rest = taught.split("it hurts", 1)[1]
    assert language.coach.proof.ask[-1] == language.coach.proof.again[-1]
    assert len(rest.split()) >= 6
