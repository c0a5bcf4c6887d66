"""What the past allows, whatever the clocks say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import DAY, HOUR, past, session

from voice_coach.catalogue import read_limits
from voice_coach.core.guard import GuardResult, InvalidLimits, TwistReason, judge, parse_limits
from voice_coach.core.view import Outcome

LIMITS = read_limits()
NOW = 1_800_000_000
TIMES = st.integers(0, 2 * NOW)
SESSIONS = st.builds(
    session,
    TIMES | st.integers(NOW - 30 * DAY, NOW + 30 * DAY),
    twist=st.booleans(),
    reached=st.integers(0, 9),
    outcome=st.sampled_from([None, *Outcome]),
    offset=st.integers(-14, 14).map(lambda hours: hours * HOUR),
)
PASTS = st.lists(SESSIONS, max_size=8)
SEVERITY = [None, TwistReason.OFTEN, TwistReason.LATELY]


def guard(*sessions, now=NOW, lost_at=None):
    return judge(past(*sessions, lost_at=lost_at), now, LIMITS)


def pain(ended, **more):
    return session(ended, outcome=Outcome.PAIN, **more)


# The promises


def test_the_figures_are_those_that_were_promised():
    """One twist in 24 hours, three in 7 days; 2 days after pain; pain on 3 days in 3 weeks."""
    assert LIMITS.model_dump() == {
        "twists_in_24_hours": 1,
        "twists_in_7_days": 3,
        "hours_after_pain": 48,
        "pain_days": 3,
        "pain_weeks": 3,
        "after_pain": ("bent-knees-rest",),
        "gentle": ("gentle-bends", "gentle-bends-shower"),
    }


def test_what_is_offered_instead_is_there_and_gentle(language):
    """The routines that are offered instead exist, and neither twist nor need a partner."""
    for identifier in LIMITS.gentle:
        routine = language.routine(identifier)
        assert not routine.twist
        assert not routine.partner


def test_a_person_without_a_past_may_do_everything(language):
    """At the first start nothing is advised against."""
    assert guard() == GuardResult(gentle=LIMITS.gentle, after_pain=LIMITS.after_pain, twists_left=1)
    assert all(guard().allows(routine) for routine in language.routines)


@pytest.mark.parametrize(
    ("ago", "reason"),
    [(0, TwistReason.LATELY), (DAY - 1, TwistReason.LATELY), (DAY, None), (5 * DAY, None)],
)
def test_one_twist_in_24_hours(ago, reason):
    """A second twist within 24 hours is one too many."""
    assert guard(session(NOW - ago)).twisting is reason


@pytest.mark.parametrize(
    ("days", "reason"), [((6.9, 4, 2), TwistReason.OFTEN), ((7, 4, 2), None), ((4, 2), None)]
)
def test_three_twists_in_seven_days(days, reason):
    """A fourth twist within seven days is one too many."""
    assert guard(*(session(NOW - day * DAY) for day in days)).twisting is reason


def test_only_twists_that_were_begun_count():
    """A stretch is no twist, and neither is one that was left before its first step."""
    assert not guard(session(NOW - HOUR, twist=False)).twisting
    assert not guard(session(NOW - HOUR, reached=0)).twisting


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_a_twist_counts_however_it_ended(outcome):
    """Stopped, failed or broken off: the spine was twisted."""
    assert guard(session(NOW - HOUR, reached=1, outcome=outcome)).twisting


def test_too_many_twists_leave_every_stretch_allowed(language):
    """Only twists are advised against."""
    warned = guard(session(NOW - HOUR))
    assert [warned.allows(r) for r in language.routines] == [not r.twist for r in language.routines]


@pytest.mark.parametrize(("hours", "hurt"), [(0, True), (47.9, True), (48, False)])
def test_for_two_days_after_pain_only_rest_is_allowed(language, hours, hurt):
    """Neither twist nor bend nor other stretch: rest, lying with bent knees."""
    after = guard(pain(NOW - hours * HOUR, twist=False))
    assert after.hurt_lately is hurt
    allowed = {routine.id for routine in language.routines if after.allows(routine)}
    assert (allowed == set(LIMITS.after_pain)) is hurt


def test_a_later_session_makes_no_pain_undone():
    """Who bent gently after pain is still within the two days."""
    assert guard(pain(NOW - DAY), session(NOW - HOUR, twist=False)).hurt_lately


@pytest.mark.parametrize(
    ("days", "often"),
    [((20, 10, 3), True), ((22, 10, 3), False), ((10, 10.01, 3), False), ((4, 3, 2), True)],
)
def test_pain_on_three_days_in_three_weeks_belongs_to_a_doctor(days, often):
    """It is the days that count, not the stops."""
    assert guard(*(pain(NOW - day * DAY) for day in days)).hurt_often is often


def test_a_day_of_pain_is_one_of_the_calendar_where_the_person_was():
    """Two stops in one evening are one day, even if midnight passed in Greenwich."""
    midnight = NOW // DAY * DAY
    evening = [pain(midnight - HOUR, offset=-5 * HOUR), pain(midnight + HOUR, offset=-5 * HOUR)]
    at_home = [pain(midnight - HOUR), pain(midnight + HOUR)]
    other = pain(midnight - 5 * DAY)
    assert not guard(other, *evening).hurt_often
    assert guard(other, *at_home).hurt_often


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, TwistReason.UNKNOWN), (6.9, TwistReason.UNKNOWN), (7, None), (-300, TwistReason.UNKNOWN)],
)
def test_a_past_that_was_lost_counts_as_too_much_for_seven_days(days, reason):
    """Where nobody knows, the coach does not assume that all is well."""
    assert guard(lost_at=NOW - days * DAY).twisting is reason


def test_what_is_known_is_told_even_where_the_rest_was_lost():
    """The better reason is the one that is known."""
    assert guard(session(NOW - HOUR), lost_at=NOW - HOUR).twisting is TwistReason.LATELY


# Clocks


def test_a_clock_that_was_set_back_hides_nothing():
    """What lies in the future counts as of now."""
    for ahead in (1, DAY, 365 * DAY):
        ahead_of = guard(pain(NOW + ahead))
        assert ahead_of.twisting is TwistReason.LATELY
        assert ahead_of.hurt_lately


def test_a_session_cannot_have_been_before_one_that_was_recorded_earlier():
    """A twist that was recorded while the clock stood at 1970 is as new as the one before it."""
    before = session(NOW - HOUR, twist=False)
    assert guard(before, session(600)).twisting is TwistReason.LATELY
    assert not guard(session(600), before).twisting, "nobody can know better"


@pytest.mark.parametrize(("month", "day"), [(3, 28), (10, 31)])
@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe"])
def test_summer_time_makes_a_day_neither_longer_nor_shorter(month, day, zone):
    """24 hours are 24 hours, also on the days that have 23 or 25 on the wall."""
    noon = datetime(2027, month, day, 12, tzinfo=ZoneInfo(zone))
    before = datetime.fromtimestamp(noon.timestamp() - DAY, ZoneInfo(zone))
    twist = session(before.timestamp(), offset=before.utcoffset().total_seconds())
    assert guard(twist, now=noon.timestamp() - 1).twisting is TwistReason.LATELY
    assert guard(twist, now=noon.timestamp()).twisting is None


@given(PASTS, TIMES, st.integers(-14, 14))
def test_a_journey_changes_nothing(sessions, now, hours):
    """In whatever time zone a session was, what is allowed after it is the same."""
    moved = [replace(one, offset=one.offset + hours * HOUR) for one in sessions]
    here, there = guard(*sessions, now=now), guard(*moved, now=now)
    assert (here.twisting, here.hurt_lately) == (there.twisting, there.hurt_lately)


@given(PASTS, TIMES, st.integers(0, NOW).map(lambda days: days % 20_000))
def test_it_is_the_time_between_that_counts(sessions, now, days):
    """Everything moved by whole days is judged alike."""
    moved = [
        replace(one, began=one.began + days * DAY, ended=one.ended + days * DAY) for one in sessions
    ]
    assert guard(*sessions, now=now) == guard(*moved, now=now + days * DAY)


@given(PASTS, PASTS, SESSIONS, TIMES)
def test_nothing_that_happened_allows_more(before, after, one, now):
    """However the clocks stood, a further session never makes a guard milder."""
    less, more = guard(*before, *after, now=now), guard(*before, one, *after, now=now)
    assert SEVERITY.index(more.twisting) >= SEVERITY.index(less.twisting)
    assert more.hurt_lately >= less.hurt_lately
    assert more.hurt_often >= less.hurt_often


@given(PASTS, TIMES, st.integers(1, NOW))
def test_setting_the_clock_back_allows_nothing(sessions, now, back):
    """What is advised against now is advised against at any time before."""
    today, earlier = guard(*sessions, now=now), guard(*sessions, now=now - back)
    assert SEVERITY.index(earlier.twisting) >= SEVERITY.index(today.twisting)
    assert earlier.hurt_lately >= today.hurt_lately
    assert earlier.hurt_often >= today.hurt_often


@given(PASTS, TIMES)
def test_in_the_end_everything_is_allowed_again(sessions, now):
    """Three weeks after the last session of all, the past is past."""
    latest = max((one.ended for one in sessions), default=0)
    again = guard(*sessions, now=max(now, latest) + 21 * DAY)
    assert again == GuardResult(gentle=LIMITS.gentle, after_pain=LIMITS.after_pain, twists_left=1)


# The file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("twists_in_24_hours = ", "guard.toml: not valid TOML: "),
        ("twists_in_24_hours = 0", "twists_in_24_hours must be at least 1; raise it"),
        ("pain = 3", "is missing; add it"),
    ],
)
def test_a_mistake_in_the_figures_is_told(text, told):
    """A figure that is missing, unknown or senseless is refused clearly."""
    with pytest.raises(InvalidLimits) as caught:
        parse_limits(text)
    assert told in str(caught.value)
