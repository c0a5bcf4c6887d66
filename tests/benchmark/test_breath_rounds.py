"""What the benchmark counts of a press that is led by the breath."""

from __future__ import annotations

from benchmark.breath_rounds import LoudnessDetector, Rounds, play


def test_a_press_that_ends_before_its_first_round_counts_as_no_round():
    assert play("silent", 0, LoudnessDetector, rounds=0) == Rounds()
