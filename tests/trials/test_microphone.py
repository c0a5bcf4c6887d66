"""The microphone of the trials: its clock is wrong by what it is told, and nothing else is."""

import numpy as np
import pytest
from trials.microphone import RATE, Clock


@pytest.mark.parametrize("drift", [-300, 0, 100, 300])
def test_a_clock_that_is_too_fast_counts_more_samples_of_the_same_sound(drift):
    heard = np.sin(2 * np.pi * 1000 * np.arange(10 * RATE) / RATE).astype(np.float32)
    clock = Clock(drift)
    counted = np.concatenate([clock.resample(piece) for piece in np.array_split(heard, 777)])
    assert len(counted) - len(heard) == pytest.approx(10 * RATE * drift * 1e-6, abs=3)
    moments = np.arange(len(counted)) / (1 + drift * 1e-6) / RATE
    wrong = counted - np.sin(2 * np.pi * 1000 * moments)
    assert np.std(wrong) < 0.001
