"""What the benchmark counts of a press that is led by the breath."""

from __future__ import annotations

from benchmark.breath_rounds import LoudnessDetector, Rounds, play

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.hearing.listener import Listener


def test_a_press_that_ends_before_its_first_round_counts_as_no_round():
    assert play("silent", 0, LoudnessDetector, rounds=0) == Rounds(breaths=1)


def test_a_routine_that_something_ends_is_counted_as_far_as_it_came(monkeypatch):
    """The loop ended only with the press, and so never after a question that nobody answered."""
    cries = iter([[Heard(Command.PAIN, "it hurts")]])
    monkeypatch.setattr(Listener, "hear", lambda *_: next(cries, []))
    assert play("silent", 0, LoudnessDetector) == Rounds()
