"""The verdict of the stop trial: who passes, who does not, and that the table says why."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from trials.alone import Solo
from trials.listener_log import ListenerEntry, ListenerLog
from trials.moments import CryOutcome, Moment
from trials.table import markdown, passed

MOMENT = Moment("gentle-bends", 2, 0.3, "f2", 150)
QUIET = ListenerLog(10.0, 6.0, 1.0)
HEARD = CryOutcome(
    MOMENT, Path("x"), QUIET, QUIET, "Lie down.", 0.5, length=0.8, silent=0.1, ended=1.2
)
ALONE = Solo("gentle-bends", Path("x"), QUIET)


def noted(words, tier):
    return replace(QUIET, entries=[ListenerEntry(0.0, 1.0, "command", words, tier, words)])


def test_silence_at_once_and_an_end_are_a_pass():
    assert passed([HEARD], [ALONE])
    assert passed([replace(HEARD, silent=1.4, asked=1.6, ended=7.0)], [])


@pytest.mark.parametrize(
    "missed",
    [replace(HEARD, ended=math.inf), replace(HEARD, silent=1.6), replace(HEARD, silent=math.inf)],
)
def test_a_routine_that_goes_on_or_a_coach_that_talks_on_is_none(missed):
    assert not passed([HEARD, missed], [ALONE])


@pytest.mark.parametrize(("words", "tier"), [("pain", "confirmed"), ("stop", "possible")])
def test_neither_is_an_end_or_a_question_that_nobody_gave_cause_for(words, tier):
    own = noted(words, tier)
    assert not passed([HEARD], [replace(ALONE, log=own)])
    assert not passed([replace(HEARD, before=own)], [ALONE])


def test_a_coach_that_breaks_down_does_not_pass():
    assert not passed([HEARD], [replace(ALONE, fault="This computer is too slow to listen.")])


def test_a_cry_between_two_sentences_proves_nothing():
    unfit = CryOutcome(MOMENT, Path("x"), QUIET, QUIET)
    assert not unfit.fit
    assert passed([HEARD, unfit], [ALONE])


def test_the_table_tells_how_often_and_how_soon():
    text = markdown([HEARD, replace(HEARD, silent=0.3, asked=0.9, ended=6.5)], [ALONE])
    assert "| ended as pain within 2.5 s | 90 % | 50.0 % (9.5–90.5; 1 of 2) |" in text
    assert "| ended as pain at all | all | 100.0 %" in text
    assert "| its start → silence, longest |  | 0.30 s |" in text
    assert "| Processor time of the hearing thread | 0.35 core | 0.10 core" in text


def test_a_cry_into_sound_with_gaps_says_nothing_of_the_hearing():
    """The computer was too busy to play it."""
    starved = replace(HEARD, gaps=2, silent=math.inf)
    assert not starved.fit
    assert "2 gaps in the sound" in str(starved)
