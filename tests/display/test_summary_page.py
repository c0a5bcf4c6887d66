"""What is told at the end: what was done, for how long, and how it went."""

from __future__ import annotations

from dataclasses import replace

from sample_views import BREATHING_IN, HURT, LANGUAGE, PAUSED, TELLING, WAITING

from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.display.summary import SessionSummary
from voice_coach.display.web.summary_page import summary_page, timeline
from voice_coach.display.words import read_page_words, read_screen_words

WORDS, LABELS = read_screen_words(), read_page_words()


def summary_of(*views):
    """Give the summary of these."""
    summary = SessionSummary()
    for view in views:
        summary = summary.then(view)
    return summary


def at(view, now, **more):
    """Show this view at another time."""
    return replace(view, now=now, **more)


DONE = summary_of(
    at(TELLING, 10.0),
    at(WAITING, 14.0),
    at(WAITING, 20.0),
    at(BREATHING_IN, 20.5),
    at(BREATHING_IN, 30.5),
    at(PAUSED, 31.0),
    at(PAUSED, 60.0),
    at(BREATHING_IN, 60.5),
    at(BREATHING_IN, 70.5),
)


def test_each_step_is_told_with_the_time_it_took_but_not_that_of_a_break():
    assert [(c.title, round(c.seconds)) for c in DONE.steps] == [
        ("Lie face down", 10),
        ("Partner: press with the breath out", 20),
    ]


def test_the_routine_the_steps_and_how_it_felt_are_said():
    ended = at(BREATHING_IN, 71.0, state=State.ENDED, outcome=Outcome.COMPLETED)
    summary = DONE.then(replace(ended, felt=Feeling.BETTER))
    assert summary.sentences(WORDS, LABELS) == [
        "Shoulder press",
        "2 of 5 steps",
        "0:30 minutes",
        "You felt better afterwards.",
    ]


def test_before_the_first_step_there_is_nothing_to_tell_but_the_routine():
    assert SessionSummary().sentences(WORDS, LABELS) == []
    assert summary_of(at(TELLING, 1.0, step=0)).sentences(WORDS, LABELS) == ["Shoulder press"]


def test_where_it_hurt_is_red():
    assert 'class="hurt"' not in timeline(DONE)
    assert timeline(DONE.then(at(HURT, 71.0))).count('class="hurt"') == 1


def test_the_page_to_keep_stands_alone_and_holds_the_note():
    summary = DONE.then(at(HURT, 71.0))
    note = [*LANGUAGE.safety.person, "<script>alert(1)</script>"]
    sentences = summary.sentences(WORDS, LABELS)
    page = summary_page(summary, "Let go", sentences, note, code="en", labels=LABELS)
    assert page.startswith("<!doctype html>")
    assert "The routine is over." in page
    assert all(sentence in page for sentence in LANGUAGE.safety.person)
    assert "<script" not in page
    assert "src=" not in page
    assert "url(" not in page
