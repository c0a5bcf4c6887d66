"""Masking: whether the room is so loud that the person could not be heard.

The noise floor is compared with the loudness at which this person gave commands; the stop test
makes sure that there is one before a press or a twist. Both are levels of the microphone without
the coach's echo, so a loud coach is no noise.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np

from voice_coach.core.ports import BLOCK_SECONDS

Masking = Literal["", "hard", "deaf"]
"""Whether the person is hard to hear in the noise, or not to be heard at all."""

FLOOR_SHARE = 0.2
"""This share of the blocks is below the noise floor: pauses between words are softer."""
HARD, HARD_SECONDS = 6.0, 3.0
"""The person is hard to hear if they are less than HARD decibels above the floor of
HARD_SECONDS."""
DEAF, DEAF_SECONDS = 0.0, 1.5
"""The same, for not being heard at all. What the VAD takes for speech does not count as noise here:
a scream lasts as long, and the coach asks about it."""
LASTING = 5.0
"""A sound without a pause is noise after this many seconds, even if the VAD takes it for speech."""
LOUDEST = -10.0
"""Loudness of a person who has said nothing yet, in dB of full scale: nobody is louder."""


class MaskingWatch:
    """Follows one stream of blocks."""

    def __init__(self) -> None:
        blocks = round(LASTING / BLOCK_SECONDS)
        self._levels: deque[float] = deque(maxlen=blocks)
        self._noises: deque[float] = deque(maxlen=blocks)
        """The same, but for what may be speech."""

    def step(self, level: float, person: float | None, *, speech: bool) -> Masking:
        """Take the level of the next block and the person's loudness, in dB of full scale."""
        self._levels.append(level)
        self._noises.append(-np.inf if speech else level)
        loudest = (LOUDEST if person is None else person) - DEAF
        noise, lasting = _floor(self._noises, DEAF_SECONDS), _floor(self._levels, LASTING)
        if max(noise, lasting) > loudest:
            return "deaf"
        if person is not None and _floor(self._levels, HARD_SECONDS) > person - HARD:
            return "hard"
        return ""


def _floor(levels: deque[float], seconds: float) -> float:
    """Give the noise floor of the last seconds; nothing is known of less."""
    blocks = round(seconds / BLOCK_SECONDS)
    if len(levels) < blocks:
        return -np.inf
    latest = np.fromiter(levels, float)[-blocks:]
    return float(np.partition(latest, int(FLOOR_SHARE * blocks))[int(FLOOR_SHARE * blocks)])
