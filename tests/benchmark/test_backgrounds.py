"""Background sounds can be made again, and the two parts differ in kind."""

from __future__ import annotations

import numpy as np
import pytest
from benchmark import synthesisers
from benchmark.backgrounds import KINDS, background
from benchmark.cries import CRIES, Cry

from voice_coach.core.ports import SAMPLE_RATE

SPOKEN = {"television", "talkers", "child"}
MADE = [kind for kind in KINDS if kind not in SPOKEN or "espeak" in synthesisers.engines()]


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("part", ["tune", "report"])
def test_a_background_is_as_long_and_as_loud_as_asked_for(kind, part):
    made = background(kind, 6.0, np.random.default_rng(1), part)
    assert made.shape == (6 * SAMPLE_RATE,)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(1.0, abs=1e-3)
    # It goes on all the time: no second is over 25 dB softer than the whole.
    seconds = made[SAMPLE_RATE:].reshape(-1, SAMPLE_RATE)
    assert kind in SPOKEN or np.min(np.mean(seconds**2, axis=1)) > 10**-2.5


def test_the_same_seed_makes_the_same_music_and_another_part_makes_another():
    first, again = (background("music", 4.0, np.random.default_rng(3), "tune") for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, background("music", 4.0, np.random.default_rng(3), "report"))


@pytest.mark.parametrize("kind", sorted(CRIES))
def test_a_cry_lasts_as_long_as_a_cry_does_and_begins_at_once(kind):
    for seed in range(5):
        cry = Cry(kind, seed).make()
        assert 0.1 < len(cry) / SAMPLE_RATE < 2.0
        loud = np.flatnonzero(np.abs(cry) > 0.3 * np.max(np.abs(cry)))
        assert loud[0] < 0.3 * SAMPLE_RATE
