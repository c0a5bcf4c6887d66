"""The faults of the trial: each kind comes as often as the others."""

from collections import Counter

from trials.faults import KINDS, draw


def test_sixty_sessions_are_broken_in_every_way_three_times_at_least():
    drawn = Counter(each.kind for each in draw(60, 1))
    assert set(drawn) == set(KINDS)
    assert min(drawn.values()) >= 3
