"""A microphone that was muted is told from a person who is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.muting import Muting

RATE = 16_000


def given(*parts):
    """Tell whether a microphone counts as muted that gave noise and nothing, for so many seconds.

    Above zero is noise, below zero nothing.
    """
    muting = Muting(RATE)
    for part in parts:
        pieces_a_second = 1 if abs(part) > 100 else 100
        piece = np.full(RATE // pieces_a_second, 1e-4 if part > 0 else 0, np.float32)
        for _ in range(round(abs(part) * pieces_a_second)):
            muting.follow(piece)
    return muting.muted


def test_a_microphone_that_suddenly_gives_nothing_was_muted():
    assert given(12, -1.01)
    assert given(3600, -2, 5)


def test_a_quiet_person_is_not_a_muted_microphone():
    assert not given(3600)
    assert not given(12, -1.0)


@pytest.mark.parametrize("begins", [(3, -0.6, 1), (3, -2)])
def test_a_microphone_that_lets_only_voices_through_is_left_alone(begins):
    assert not given(*begins, 60, -60, 1, -60)


def test_zeros_before_the_first_sound_mean_nothing():
    assert not given(-60, 3)
    assert given(-5, 10, -2)
