"""What the last sessions change in the next one, and what they never change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import DAY, HOUR, past, session

from voice_coach.catalogue import read_language, read_rules
from voice_coach.core.adapt import (
    GENTLE,
    Adaptation,
    ChangeReason,
    InvalidRules,
    adapt,
    adapted,
    gentle_only,
    left_out,
    parse_rules,
    without_gentle,
    worse_often,
)
from voice_coach.core.routine import SHORTEST_COUNTED
from voice_coach.core.view import Feeling, Outcome

RULES = read_rules()
NOW = 1_800_000_000
ROCKING = "rocking"
BETTER, SAME, WORSE = Feeling.BETTER, Feeling.SAME, Feeling.WORSE


def felt(feeling, ago=2 * DAY, **more):
    """Make up a session of rocking that ended so long ago."""
    return replace(session(NOW - ago, twist=False), felt=feeling, **more)


SESSIONS = st.lists(
    st.builds(
        lambda ago, feeling, longer, skipped, outcome: felt(
            feeling, ago, longer=longer, skipped=skipped, outcome=outcome
        ),
        st.integers(-30 * DAY, 30 * DAY),
        st.sampled_from([None, *Feeling]),
        st.integers(-3, 3),
        st.integers(0, 2),
        st.sampled_from([None, *Outcome]),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def rocking(language):
    return language.routine(ROCKING)


def change(rocking, *sessions, now=NOW):
    return adapt(past(*sessions), rocking.id, now, RULES)


def test_without_a_past_nothing_changes(rocking):
    """The first time a routine is as it is written."""
    assert change(rocking) == Adaptation()


@pytest.mark.parametrize(("hours", "gentle"), [(1, True), (23.9, True), (24, False)])
def test_for_a_day_after_worse_only_what_is_gentle_is_led(rocking, hours, gentle):
    """Yesterday was worse, so we stay gentle."""
    found = change(rocking, felt(WORSE, hours * HOUR))
    assert found.gentle_only is gentle
    assert (ChangeReason.WORSE in found.reasons) is gentle


def test_worse_holds_for_every_routine(language):
    """Whatever it was that was worse, all of it stays gentle."""
    before = past(felt(WORSE, HOUR))
    assert all(adapt(before, r.id, NOW, RULES).gentle_only for r in language.routines)


def test_worse_twice_in_a_row_belongs_to_a_doctor(rocking):
    """Once is a bad day; twice is a reason to ask somebody who knows."""
    assert not change(rocking, felt(WORSE)).see_doctor
    twice = change(rocking, felt(WORSE, 9 * DAY), felt(WORSE))
    assert twice.see_doctor
    assert ChangeReason.WORSE_OFTEN in twice.reasons
    assert change(rocking, felt(WORSE, 9 * DAY), felt(None, 5 * DAY), felt(WORSE)).see_doctor
    assert not change(rocking, felt(WORSE), felt(BETTER), felt(WORSE)).see_doctor


def test_after_worse_or_pain_there_is_less_of_it(rocking):
    """What was too much is shorter when it is led again."""
    for before in (felt(WORSE), felt(None, outcome=Outcome.PAIN)):
        found = change(rocking, before)
        assert found.factor < 1
        assert found.reasons == (ChangeReason.AFTER_WORSE,)


def test_better_stays_as_it_is(rocking):
    """What does good is not changed."""
    assert change(rocking, felt(BETTER)) == Adaptation(reasons=(ChangeReason.BETTER,))


def test_the_same_twice_gets_a_little_more(rocking):
    """What changes nothing is held a little longer."""
    assert change(rocking, felt(SAME)).factor == 1
    more = change(rocking, felt(SAME), felt(SAME))
    assert more.factor == pytest.approx(RULES.step)
    assert more.reasons == (ChangeReason.SAME,)


def test_ten_minutes_stay_ten_unless_they_were_too_much_or_longer_holds_were_asked_for():
    """A plan, whole or gentle, becomes less after "worse", and more only when that is wanted."""
    plan = "upper-back-10"

    def plan_change(*sessions):
        led = (replace(one, routine=plan + GENTLE * (n % 2)) for n, one in enumerate(sessions))
        return adapt(past(*led), plan, NOW, RULES, timed=True)

    assert plan_change(felt(SAME), felt(SAME), felt(SAME), felt(SAME)).factor == 1
    assert plan_change(felt(SAME), felt(WORSE)).reasons == (ChangeReason.AFTER_WORSE,)
    assert plan_change(felt(SAME), felt(WORSE)).factor == pytest.approx(1 / RULES.step)
    assert plan_change(felt(BETTER, longer=1)).factor == pytest.approx(RULES.step)


@pytest.mark.parametrize(
    ("longer", "reason"), [(1, ChangeReason.LONGER), (-1, ChangeReason.SHORTER)]
)
def test_what_was_asked_for_holds_the_next_time_too(rocking, longer, reason):
    """Longer and shorter holds are remembered, and said."""
    found = change(rocking, felt(BETTER, longer=longer))
    assert found.factor == pytest.approx(RULES.step**longer)
    assert found.reasons == (reason,)


def test_what_is_skipped_again_and_again_is_left_out_of_plans():
    """Nobody is led through what they leave out anyway."""
    assert not left_out(past(felt(None, skipped=1)), ROCKING, RULES)
    assert left_out(past(felt(None, skipped=1), felt(BETTER, skipped=2)), ROCKING, RULES)
    assert not left_out(past(felt(None, skipped=1), felt(BETTER)), ROCKING, RULES)
    assert not left_out(past(felt(None, skipped=1), felt(None, skipped=1)), "bends", RULES)


@given(SESSIONS, st.integers(0, 60 * DAY))
def test_no_change_leaves_its_bounds(rocking, sessions, later):
    """However long the past, holds and rounds stay near what is written."""
    found = change(rocking, *sessions, now=NOW + later)
    assert RULES.shortest <= found.factor <= RULES.longest
    assert not (found.gentle_only and found.factor > 1)


@given(SESSIONS, SESSIONS, st.integers(-30 * DAY, 30 * DAY))
def test_a_worse_never_makes_the_next_day_stronger(rocking, before, after, ago):
    """Wherever it stands, however the clocks stood, one more "worse" allows nothing more."""
    less = past(*before, *after)
    more = past(*before, felt(WORSE, ago), *after)
    assert gentle_only(more, NOW, RULES) >= gentle_only(less, NOW, RULES)


@given(SESSIONS, st.integers(0, 40 * DAY))
def test_setting_the_clock_back_allows_nothing(sessions, back):
    """What is only gentle now is only gentle at any time before."""
    if gentle_only(past(*sessions), NOW, RULES):
        assert gentle_only(past(*sessions), NOW - back, RULES)


@given(SESSIONS, st.integers(-14, 14))
def test_a_journey_changes_nothing(rocking, sessions, hours):
    """The time zone has no say in it."""
    moved = [replace(one, offset=one.offset + hours * HOUR) for one in sessions]
    assert change(rocking, *sessions) == change(rocking, *moved)
    assert worse_often(past(*sessions), RULES) == worse_often(past(*moved), RULES)


@given(st.floats(RULES.shortest, RULES.longest))
def test_no_routine_is_broken_by_a_change(language, factor):
    """Changed, each is valid; no head is longer low, no press more frequent, no rest counted."""
    for routine in language.routines:
        changed = adapted(routine, factor)
        assert type(routine).model_validate_json(changed.model_dump_json()) == changed
        for old, new in zip(routine.steps, changed.steps, strict=True):
            assert old.say == new.say
            if old.hold and old.hold < SHORTEST_COUNTED:
                assert new.hold < SHORTEST_COUNTED, "who rests is counted out of it"
            if old.head_low:
                assert new.hold <= old.hold
            if old.breathing and old.breathing.press:
                assert new.breathing.rounds <= old.breathing.rounds


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_change_has_words(code):
    """Nothing is changed in silence."""
    assert set(read_language(code).teaching.adapt.reasons) == set(ChangeReason)


@pytest.mark.parametrize(
    ("text", "told"),
    [("step = ", "not valid TOML"), ("step = 1.2", "hours_gentle_after_worse is missing; add it")],
)
def test_a_mistake_in_the_rules_is_told(text, told):
    """Whoever changes the rules knows what is wrong."""
    with pytest.raises(InvalidRules, match=told):
        parse_rules(text)


def test_a_routine_whose_name_ends_in_gentle_is_no_plan_in_its_gentle_form():
    assert without_gentle("whole-back-10-gentle") == "whole-back-10"
    assert without_gentle("morning-gentle") == "morning-gentle"
