"""How fast this computer hears, measured before a session needs it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voice_coach.hearing.listener import Listener

MEASURED = 1.5
"""Seconds of sound that are heard for it; they take 0.25 on an idle laptop."""
BUSY = 0.6
"""Real-time factor from which on other programs may make the coach fall behind."""


def real_time_factor(
    listener: Listener,
    speech: NDArray[np.float32],
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Give the seconds that a second of sound takes, with the coach's `speech` in both streams."""
    sound = np.resize(speech, round(MEASURED * SAMPLE_RATE)).astype(np.float32)
    blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    began = clock()
    for block in blocks:
        listener.hear(block, block)
    return (clock() - began) * SAMPLE_RATE / blocks.size
