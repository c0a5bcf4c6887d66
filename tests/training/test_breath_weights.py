"""Two fits of the breath detector become one network that judges as their mean."""

from __future__ import annotations

import numpy as np
import pytest
from training.breath import together

from voice_coach.hearing.breath import log_odds


def weights(seed, units):
    """Make up the weights of a network of so many units."""
    rng = np.random.default_rng(seed)
    return {
        "mean": rng.normal(size=7),
        "deviation": rng.uniform(0.5, 2, 7),
        "dense": rng.normal(size=(7, units)),
        "dense_bias": rng.normal(size=units),
        "output": rng.normal(size=units),
        "output_bias": rng.normal(size=1),
    }


def test_two_networks_judge_as_their_mean_and_a_shift():
    """Whatever each of them was normalised to."""
    one, other = weights(1, 3), weights(2, 5)
    features = np.random.default_rng(3).normal(size=(20, 7))
    mean = (log_odds(one, features) + log_odds(other, features)) / 2
    assert log_odds(together(one, other, 0.5), features) == pytest.approx(mean + 0.5)
