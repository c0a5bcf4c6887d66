"""A microphone that was muted is told from a person who is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.muting import GETTING_KNOWN, MUTED, PAUSE, Muting

RATE = 16_000


def given(*parts):
    """Tell whether a microphone counts as muted that gave noise and nothing, for so many seconds.

    Above zero is noise, below zero nothing.
    """
    muting = Muting(RATE)
    for part in parts:
        for _ in range(round(abs(part) * 100)):
            piece = np.full(RATE // 100, 1e-4 if part > 0 else 0, np.float32)
            muting.follow(piece)
    return muting.muted


def test_a_microphone_that_suddenly_gives_nothing_was_muted():
    assert given(12, -MUTED - 0.01)
    assert given(3600, -2, 5)


def test_a_quiet_person_is_not_a_muted_microphone():
    assert not given(3600)
    assert not given(12, -MUTED)


@pytest.mark.parametrize("begins", [(3, -PAUSE - 0.1, 1), (3, -MUTED - 1)])
def test_a_microphone_that_lets_only_voices_through_is_left_alone(begins):
    assert not given(*begins, 60, -60, 1, -60)


def test_zeros_before_the_first_sound_mean_nothing():
    assert not given(-60, 3)
    assert given(-5, GETTING_KNOWN, -2)
