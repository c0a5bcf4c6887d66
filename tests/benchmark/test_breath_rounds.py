"""What the benchmark counts of a press that is led by the breath."""

from __future__ import annotations

from benchmark.breath_rounds import Rounds, play


class Deaf:
    """A detector that never hears a breath."""

    def step(self, frame):
        return None


def test_who_is_not_heard_is_never_told_to_push_and_that_is_counted_as_no_round():
    assert play("regular", 0, Deaf()) == Rounds()
