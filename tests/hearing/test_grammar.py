"""What the recognisers are given to listen for."""

from __future__ import annotations

from voice_coach.catalogue import read_language
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.grammar import grammar

LANGUAGE = read_language()
IN_A_STEP = grammar(LANGUAGE, accepted(State.HOLDING))


def test_the_small_grammar_holds_the_phrases_of_the_moment_and_nothing_else():
    assert "next" in IN_A_STEP.small
    assert "ready" not in IN_A_STEP.small
    assert "plain" not in IN_A_STEP.small


def test_the_full_grammar_holds_them_too_and_what_could_be_said_instead():
    assert set(IN_A_STEP.small) < set(IN_A_STEP.full)
    assert "plain" in IN_A_STEP.full


def test_what_means_something_at_another_moment_is_known_so_as_not_to_be_misheard():
    assert "ready" in IN_A_STEP.full


def test_no_filler_breaks_up_a_phrase_of_the_moment():
    words = {word for phrase in IN_A_STEP.small for word in phrase.split()}
    assert not (set(IN_A_STEP.full) - set(IN_A_STEP.small)) & words


def test_pain_is_listened_for_in_every_state():
    pain = set(LANGUAGE.commands[Command.PAIN])
    assert all(pain <= set(grammar(LANGUAGE, accepted(state)).urgent) for state in State)


def test_the_urgent_phrases_are_those_of_pain_and_stop():
    assert {IN_A_STEP.phrases[phrase].command for phrase in IN_A_STEP.urgent} == URGENT
