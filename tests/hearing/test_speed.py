"""How fast a computer hears is known before the session."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from voice_coach.hearing.speed import real_time_factor


@pytest.mark.parametrize("seconds", [0.004, 0.02, 0.03])
def test_the_time_that_a_block_takes_is_told_as_a_share_of_its_length(seconds):
    now = [0.0]

    def hear(microphone, far_end):
        assert microphone.shape == far_end.shape == (320,)
        now[0] += seconds
        return []

    listener = SimpleNamespace(hear=hear)
    for speech in (np.ones(7000, np.float32), np.ones(70_000, np.float32)):
        factor = real_time_factor(listener, speech, lambda: now[0])
        assert factor == pytest.approx(seconds / 0.02)
