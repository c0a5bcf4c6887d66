"""Made-up people breathe as people can."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from benchmark.breathing import BREATHES_IN, WAYS, Person

NO_WALLS = np.ones(1, np.float32)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "panting"])
def test_nobody_breathes_out_twice_at_once(way):
    """Whoever holds a breath lets it out late, and then has no air at the next cue."""
    person = Person(way, NO_WALLS, np.random.default_rng(1), -10.0)
    for number in range(30):
        person.follow("Breathe out.", 8.0 * number)
    for (_, ended), (begins, _) in pairwise(person.breaths):
        assert begins >= ended + BREATHES_IN
