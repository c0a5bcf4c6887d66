"""What a session came to is told when it is over."""

from __future__ import annotations

from dataclasses import replace

from sample_views import CAPTIONS, CHOOSING, ENDED, HOLDING, HURT, TELLING

from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.display.summary import SessionSummary

BENT = replace(HOLDING, now=60.0, step=5)
RATED = replace(
    BENT, now=100.0, state=State.RATING, outcome=Outcome.COMPLETED, seconds_left=None
)  # fmt: skip


def told(*views):
    summary = SessionSummary()
    for view in views:
        summary = summary.then(view)
    return summary.lines(CAPTIONS.words)


def test_what_was_done_how_far_for_how_long_and_how_it_felt():
    """The time is that of the steps: no question and no last word counts."""
    views = (replace(HOLDING, now=20.0), BENT, RATED, replace(RATED, felt=Feeling.BETTER), ENDED)
    assert told(*views) == ["Cat bow · 5 of 5 steps · 0:40 minutes", "You feel better."]


def test_who_goes_back_or_stops_has_still_come_as_far():
    """Told is the furthest step, and nothing of what is left."""
    back = replace(BENT, step=4, now=90.0)
    stopped = replace(back, state=State.CLOSING, outcome=Outcome.STOPPED, now=95.0)
    assert told(BENT, back, stopped) == ["Cat bow · 5 of 5 steps · 0:30 minutes"]


def test_each_routine_of_a_session_has_its_line():
    """Also where the same one is done twice."""
    again = replace(HOLDING, now=200.0)
    other = replace(TELLING, now=300.0)
    lines = told(BENT, RATED, CHOOSING, again, replace(RATED, now=260.0), CHOOSING, other)
    assert [line.split(" · ")[0] for line in lines] == ["Cat bow", "Cat bow", "Shoulder press"]


def test_what_ended_before_its_first_step_was_not_done():
    assert told(CHOOSING, replace(HURT, step=0)) == []


def test_after_pain_it_is_told_how_far_it_came():
    views = (TELLING, replace(TELLING, step=4, now=130.0), HURT)
    assert told(*views) == ["Shoulder press · 4 of 5 steps · 1:08 minutes"]
