"""Weights that were fitted do in the coach what they did in the fit."""

import numpy as np
import pytest
from training.weights import RECURRENT, begin, cell, save

from voice_coach.hearing.vad import NearEndVad, read_weights, shipped_weights

FEATURES = np.random.default_rng(1).standard_normal((50, 174)).astype(np.float32)


def read_back(weights, folder):
    save(weights, folder / "weights.npz")
    with (folder / "weights.npz").open("rb") as file:
        return read_weights(file)


def test_the_shipped_weights_come_back_from_a_file_as_they_were(tmp_path):
    weights = shipped_weights()
    again = read_back(weights, tmp_path)
    assert set(again) == set(weights)
    assert all(np.array_equal(again[name], weights[name]) for name in weights)


def test_weights_to_begin_with_have_the_shapes_of_the_shipped_ones():
    begun = begin(FEATURES, np.random.default_rng(0))
    assert {name: array.shape for name, array in begun.items()} == {
        name: array.shape for name, array in shipped_weights().items()
    }


def test_the_coach_sums_the_odds_that_were_fitted(tmp_path):
    """Each block adds its log odds, three at most; a sum is never below 0 or above 12."""
    weights = read_back(begin(FEATURES, np.random.default_rng(0)), tmp_path)
    near_end, state, sums = NearEndVad(weights), np.zeros((1, RECURRENT)), np.zeros(3)
    for features in FEATURES:
        state, odds = cell(weights, state, features[None])
        sums = np.clip(sums + np.minimum(odds[0], 3), 0, 12)
        assert near_end.weigh(features) == pytest.approx(sums, abs=1e-3)
