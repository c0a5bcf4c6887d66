"""Recurring words take turns: never the same twice in a row, and the same seed the same session."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.catalogue import read_language
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
    said = {text for r in language.routines for s in write_out(r, language.coach) for text in s.say}
    for group in language.teaching.wordings:
        assert group[0] in said, group
        assert len({text.partition(teaching)[2] for text in group}) == 1, group


def test_what_is_in_no_group_is_said_as_it_is(language):
    """Cautions, cues and names never change."""
    assert Wording(language.teaching.wordings, 7)("Never onto your neck.") == (
        "Never onto your neck."
    )
    one = Wording((), 7)
    assert one("Stay.") == one("Stay.") == "Stay."
