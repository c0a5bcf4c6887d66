"""Made-up people breathe as people can."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from benchmark.breathing import BREATHES_IN, RECORDED, WAYS, Person
from benchmark.simulated_room import LEVEL

NO_WALLS = np.ones(1, np.float32)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "panting"])
def test_nobody_breathes_out_twice_at_once(way):
    """Whoever holds a breath lets it out late, and then has no air at the next cue."""
    person = Person(way, NO_WALLS, np.random.default_rng(1), -10.0)
    for number in range(30):
        person.follow("Breathe out.", 8.0 * number)
    for before, after in pairwise(person.breaths):
        assert after.began >= before.ended + BREATHES_IN


def test_a_recorded_breath_is_breathed_as_it_was_recorded():
    """Its loudness is the person's, whatever that of the recording was."""
    rng = np.random.default_rng(1)
    recording = 0.001 * rng.standard_normal(32000).astype(np.float32)
    person = Person(RECORDED, NO_WALLS, rng, -10.0, (recording,))
    person.follow("Breathe out.", 0.0)
    (breath,) = person.breaths
    assert breath.seconds == pytest.approx(2.0, abs=0.1)
    sound = person.track[np.flatnonzero(person.track)[0] :][:32000]
    assert np.corrcoef(sound, recording)[0, 1] > 0.99
    assert np.std(sound) == pytest.approx(LEVEL * 10 ** (-10 / 20), rel=0.01)
