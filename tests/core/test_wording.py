"""Recurring words take turns: never the same twice in a row, and the same seed the same session."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import PRESS

from voice_coach.catalogue import read_language
from voice_coach.core.pace import RATES, Pace, speaking_seconds
from voice_coach.core.script import write_out
from voice_coach.core.wording import Wording, nth, varied

SEEDS = st.integers(0, 2**32)
GROUPS = st.lists(st.text(min_size=1), min_size=2, max_size=4, unique=True).map(tuple)


@given(GROUPS, SEEDS)
def test_no_wording_comes_twice_in_a_row(group, seed):
    """However often one is said, the next is another."""
    said = [nth(group, seed, count) for count in range(20)]
    assert all(one != other for one, other in pairwise(said))
    assert set(said) <= set(group)


@given(GROUPS)
def test_different_days_sound_different(group):
    """Among a few sessions not all begin alike."""
    assert len({tuple(nth(group, seed, n) for n in range(6)) for seed in range(20)}) > 1


@given(SEEDS)
def test_the_same_seed_gives_the_same_session(language, seed):
    """A session can be replayed word for word."""
    groups = language.teaching.wordings
    for routine in language.routines:
        script = write_out(routine, language.coach)
        assert varied(script, groups, seed) == varied(script, groups, seed)


@pytest.mark.parametrize("code", ["en", "es"])
def test_wordings_are_used_and_mean_the_same(code):
    """The first of each group stands in a routine; all of a group teach the same word, or none."""
    language = read_language(code)
    teaching = language.advice.teaching
    steps = [step for r in language.routines for step in write_out(r, language.coach)]
    said = {text for step in steps for text in step.sentences}
    for group in language.teaching.wordings:
        assert group[0] in said, group
        assert len({text.partition(teaching)[2] for text in group}) == 1, group


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("seed", range(5))
def test_breath_cues_take_turns_too(code, seed):
    """Of thirty breaths none is called as the one before; each cue fits its breath at any pace."""
    language = read_language(code)
    shortest = Pace(max(RATES)).stretch
    for routine in language.routines:
        if routine.needs_hearing:
            continue
        for step in varied(write_out(routine, language.coach), language.teaching.wordings, seed):
            for at in range(2) if step.called else ():
                cues = [called[at] for called in step.called]
                assert all(
                    one != other or not is_in_a_group(language, one)
                    for one, other in pairwise(cues)
                )
                breath = getattr(step.breathing, ("breath_in", "breath_out")[at])
                assert max(speaking_seconds(cue, min(RATES)) for cue in cues) < breath * shortest


def is_in_a_group(language, cue):
    return any(cue in group for group in language.teaching.wordings)


@pytest.mark.parametrize("code", ["en", "es"])
@given(seed=SEEDS)
def test_the_cues_of_a_press_never_change(code, seed):
    """Hands act on these words, so they are the same each time."""
    language = read_language(code)
    script = write_out(language.routine(PRESS), language.coach)
    told = varied(script, language.teaching.wordings, seed)
    assert [(step.breathing, step.called) for step in told] == [
        (step.breathing, ()) for step in script
    ]


def test_what_is_in_no_group_is_said_as_it_is(language):
    """Cautions, cues and names never change."""
    assert Wording(language.teaching.wordings, 7)("Never onto your neck.") == (
        "Never onto your neck."
    )
    one = Wording((), 7)
    assert one("Stay.") == one("Stay.") == "Stay."
