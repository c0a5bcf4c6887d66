"""What the recognisers are given to listen for."""

from __future__ import annotations

import pytest

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
    words = {word for phrase in IN_A_STEP.phrases for word in phrase.split()}
    fillers = set(IN_A_STEP.full) - set(IN_A_STEP.small) - set(LANGUAGE.sayings.idle)
    assert not fillers & words


def test_pain_is_listened_for_in_every_state():
    pain = set(LANGUAGE.commands[Command.PAIN])
    assert all(pain <= set(grammar(LANGUAGE, accepted(state)).urgent) for state in State)


def test_the_urgent_phrases_are_those_of_pain_and_stop():
    assert {IN_A_STEP.phrases[phrase].command for phrase in IN_A_STEP.urgent} == URGENT


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("next please", "next"),
        ("okay next", "next"),
        ("can we go to the next one please", "next one"),
        ("could you say that again please", "say that again"),
        ("can you repeat that", "repeat that"),
        ("a bit slower please", "slower"),
        ("please stop", "stop"),
        ("quiet please", "quiet"),
        ("next", "next"),
        ("what's next", "what's next"),
        ("the chapter next", ""),
        ("please", ""),
        ("hello", ""),
    ],
)
def test_politeness_never_breaks_a_command_and_a_command_is_all_that_was_said(said, phrase):
    assert IN_A_STEP.whole(said) == phrase


@pytest.mark.parametrize(
    ("said", "routine"),
    [
        ("i want the gentle bends", "gentle-bends"),
        ("the gentle bends please", "gentle-bends"),
        ("the first one", "gentle-bends"),
        ("number two please", "gentle-bends-shower"),
        ("something gentle", "gentle-bends"),
        ("let's do the chair lean", "chair-lean"),
    ],
)
def test_a_routine_is_chosen_in_a_whole_sentence(said, routine):
    choosing = grammar(LANGUAGE, accepted(State.CHOOSING))
    assert choosing.phrases[choosing.whole(said)].choice == routine


@pytest.mark.parametrize("said", ["something next", "one next"])
def test_what_goes_with_a_name_goes_with_no_other_command(said):
    assert not IN_A_STEP.whole(said)


@pytest.mark.parametrize("said", ["hello", "okay thank you", "no pain", "no pain please", "oh hi"])
def test_small_talk_and_denied_pain_are_known(said):
    assert IN_A_STEP.is_harmless(said)


def test_whatever_ends_or_is_asked_about_beside_the_commands_must_be_all_that_was_said():
    for phrase in (*LANGUAGE.sayings.ends, *LANGUAGE.sayings.asked):
        assert IN_A_STEP.phrases[phrase].command in URGENT
        assert phrase not in IN_A_STEP.urgent


def test_no_small_talk_is_a_command_that_leads_on():
    """But for an answer: "yes", "no" and "good" mean something where they are asked for."""
    idle = {LANGUAGE.phrases()[p].command for p in LANGUAGE.sayings.idle if p in LANGUAGE.phrases()}
    assert idle == {Command.YES, Command.NO, Command.BETTER}
    asking = {State.RATING, State.RESTART_PROMPT}  # the session heeds none of it in the second
    assert not [state for state in set(State) - asking if Command.BETTER in accepted(state)]


@pytest.mark.parametrize("text", ["no i'm not okay", "no i'm not well", "i don't know"])
def test_what_denies_nothing_is_no_answer(text):
    asked = grammar(LANGUAGE, accepted(State.PAIN_CONFIRMATION) | accepted(State.SCREENING))
    assert not asked.whole(text)


@pytest.mark.parametrize("code", ["en", "es"])
def test_how_somebody_feels_starts_no_other_press(code):
    """Only "the same" means that the partner may press the same place again."""
    assert len(read_language(code).commands[Command.SAME]) == 2


def test_no_word_of_feeling_good_is_without_its_negation():
    worse = LANGUAGE.commands[Command.WORSE]
    for good in ("good", "very good", "great", "feeling good"):
        assert f"not {good}" in worse
    assert {"i don't feel good", "i don't feel better", "i'm not good"} <= {*worse}
