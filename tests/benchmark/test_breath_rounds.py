"""What the benchmark counts of a press that is led by the breath."""

from __future__ import annotations

from benchmark.breath_rounds import LoudnessDetector, Rounds, counted, play
from benchmark.breathing import BreathOut

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.simulation import Spoken
from voice_coach.hearing.listener import Listener


def test_a_press_that_ends_before_its_first_round_counts_as_no_round():
    assert play("silent", 0, LoudnessDetector, rounds=0) == Rounds(breaths=1)


def test_a_routine_that_something_ends_is_counted_as_far_as_it_came(monkeypatch):
    """The loop ended only with the press, and so never after a question that nobody answered."""
    cries = iter([[Heard(Command.PAIN, "it hurts")]])
    monkeypatch.setattr(Listener, "hear", lambda *_: next(cries, []))
    assert play("silent", 0, LoudnessDetector) == Rounds()


def test_hands_are_off_by_the_cue_and_by_the_first_words_of_an_interruption():
    cues, at = ("In.", "Out.", "Push.", "Let go."), (0.0, 4.0, 6.0, 9.0, 12.0)
    for release, released in (("Let go.", 1), ("Partner: let go.", 1), ("Rest.", 0)):
        said = zip(("In.", "Out.", "Push.", release, "In."), at, strict=True)
        spoken = [Spoken(text, start, start + 1.0) for text, start in said]
        found = counted(spoken, [BreathOut(5.2, 5.4, 10.0)], cues, "Partner: let go.", 15.0)
        assert found == Rounds(rounds=1, pushes=1, audible=1, released=released)


def test_a_push_while_a_breath_is_still_too_soft_to_be_audible_is_not_without_a_breath():
    spoken = [Spoken("Out.", 4.0, 5.0), Spoken("Push.", 6.0, 7.0)]
    for audible, ended, without in ((6.1, 9.0, 0), (4.9, 5.6, 1)):
        breath = BreathOut(audible - 0.3, audible, ended)
        found = counted(spoken, [breath], ("In.", "Out.", "Push.", "Let go."), "", 15.0)
        assert (found.pushes, found.without_breath) == (1, without)
